#include "study/part.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

percept_status part_read(const StudyWork *work, const Part *part, const Field *fields, size_t count,
                         percept_error *error)
{
    return fields_read(&work->study->source, part->node, fields, count, error);
}

percept_status part_refuse(const StudyWork *work, const Part *part, percept_error *error, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return fields_refuse(&work->study->source, part->node, error, "%s", text);
}

void part_name(const char *kind, const Part *part, const char *given, char name[PART_NAME_SIZE])
{
    if (given != NULL)
        snprintf(name, PART_NAME_SIZE, "%s", given);
    else if (part->number > 1)
        snprintf(name, PART_NAME_SIZE, "%s-%zu", kind, part->number);
    else
        snprintf(name, PART_NAME_SIZE, "%s", kind);
}

percept_status part_drawn(StudyWork *work, percept_status drawn, const char *name, const char *caption,
                          percept_error *error)
{
    if (drawn == PERCEPT_OK)
        page_picture(work->page, work->plots, name, caption);
    if (drawn == PERCEPT_OK || drawn == PERCEPT_ERROR_MEMORY)
        return drawn;
    const percept_error why = error != NULL ? *error : (percept_error){drawn, "it could not be drawn"};
    if (work->undrawn++ == 0)
        work->why = why;
    page_text_format(work->page, "There is no picture '%s': %s.", name, why.message);
    return PERCEPT_OK;
}

/* True if the run is of one of the names, or there are none. */
static bool is_named(const StudyRun *run, const FieldTexts *names)
{
    for (size_t n = 0; n < names->count; n++)
        if (study_run_is(run, names->items[n]))
            return true;
    return names->count == 0;
}

percept_status part_runs(const StudyWork *work, const Part *part, const FieldTexts *names, size_t **indices,
                         size_t *count, percept_error *error)
{
    const Study *study = work->study;
    *count = 0;
    for (size_t n = 0; n < names->count; n++) {
        const FieldTexts one = {.count = 1, .items = {names->items[n]}};
        bool found = false;
        for (size_t r = 0; r < study->run_count; r++)
            found = found || is_named(&study->runs[r], &one);
        if (!found)
            return part_refuse(work, part, error, "there is no run '%s'", names->items[n]);
    }
    percept_status status = memory_allocate(study->run_count, sizeof **indices, "the runs", indices, error);
    for (size_t r = 0; status == PERCEPT_OK && r < study->run_count; r++)
        if (study->runs[r].wanted && is_named(&study->runs[r], names))
            (*indices)[(*count)++] = r;
    return status;
}

percept_status study_run_folder(const StudyWork *work, const StudyRun *run, char **out, percept_error *error)
{
    return file_join(work->folder, run->name, out, error);
}

percept_status part_figure(StudyWork *work, const StudyRun *run, const char *figure, double value, percept_error *error)
{
    return results_add(&work->results, run != NULL ? run->name : "", RESULT_WHOLE, figure, value, error);
}
