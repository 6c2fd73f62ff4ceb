#include "study/join.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "plot/table.h"

/* Significant digits. */
#define DIGITS 12

/* Adds a run's rows, cells in the order of the columns. */
static void join_rows(FileWriter *writer, const Table *table, const char *run, const char *const *columns, size_t count)
{
    for (size_t r = 0; r < table->rows; r++) {
        file_writer_print(writer, "%s", run);
        for (size_t c = 0; c < count; c++) {
            const int at = table_find(table, columns[c]);
            char number[NUMBER_SIZE] = "";
            if (at >= 0)
                number_format_digits(table->values[r * table->columns + (size_t)at], DIGITS, number);
            file_writer_print(writer, ",%s", number);
        }
        file_writer_print(writer, "\n");
    }
}

#define MOST_COLUMNS 32

/* The columns that any of the tables has, in the order in which they are met. */
static size_t find_columns(const Table *tables, size_t count, const char *columns[MOST_COLUMNS])
{
    size_t found = 0;
    for (size_t t = 0; t < count; t++)
        for (size_t c = 0; c < tables[t].columns; c++) {
            bool seen = false;
            for (size_t f = 0; f < found; f++)
                seen = seen || strcmp(columns[f], tables[t].names[c]) == 0;
            if (!seen && found < MOST_COLUMNS)
                columns[found++] = tables[t].names[c];
        }
    return found;
}

static percept_status read_tables(const StudyWork *work, Table *tables, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t r = 0; status == PERCEPT_OK && r < work->study->run_count; r++) {
        char *folder = NULL, *path = NULL;
        if (!work->study->runs[r].wanted)
            continue;
        status = study_run_folder(work, &work->study->runs[r], &folder, error);
        if (status == PERCEPT_OK)
            status = file_join(folder, "metrics.csv", &path, error);
        if (status == PERCEPT_OK)
            status = table_read(path, &tables[r], error);
        memory_free(path);
        memory_free(folder);
    }
    return status;
}

percept_status join_metrics(const StudyWork *work, percept_error *error)
{
    const Study *study = work->study;
    const char *columns[MOST_COLUMNS];
    char *path = NULL;
    Table *tables = NULL;
    FileWriter *writer = NULL;
    percept_status status =
        memory_allocate_zeroed(study->run_count, sizeof *tables, "the metrics of the runs", &tables, error);
    if (status == PERCEPT_OK)
        status = read_tables(work, tables, error);
    if (status == PERCEPT_OK)
        status = file_join(work->folder, "metrics.csv", &path, error);
    if (status == PERCEPT_OK)
        status = file_writer_open(path, &writer, error);
    if (status == PERCEPT_OK) {
        const size_t count = find_columns(tables, study->run_count, columns);
        file_writer_print(writer, "run");
        for (size_t c = 0; c < count; c++)
            file_writer_print(writer, ",%s", columns[c]);
        file_writer_print(writer, "\n");
        for (size_t r = 0; r < study->run_count; r++)
            join_rows(writer, &tables[r], study->runs[r].name, columns, count);
        status = file_writer_commit(writer, error);
    }
    for (size_t r = 0; tables != NULL && r < study->run_count; r++)
        table_clear(&tables[r]);
    memory_free(tables);
    memory_free(path);
    return status;
}
