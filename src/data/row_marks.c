#include "data/row_marks.h"

#include "base/memory.h"

static percept_status append(RowStore *store, double value, size_t expected, percept_error *error)
{
    if (store->width == 0)
        *store = (RowStore){.type = PERCEPT_FLOAT64, .width = 1};
    return row_store_append(store, &value, expected, error);
}

percept_status row_marks_group(RowMarks *marks, const char *text, size_t length, size_t expected, percept_error *error)
{
    int32_t number = 0;
    percept_status status = label_table_add(&marks->names, text, length, &number, error);
    return status == PERCEPT_OK ? append(&marks->groups, number, expected, error) : status;
}

bool row_marks_date(const char *text, size_t length, double *seconds)
{
    DateText date;
    if (!date_scan(text, length, &date) || date.form != DATE_YMD)
        return false;
    *seconds = date_seconds(&date.moment);
    return true;
}

/* Learns from a date; false if it does not fit what was learned before. */
static bool learn_form(RowMarks *marks, const DateText *date)
{
    if (date->form == DATE_YMD || date->form == DATE_CLOCK)
        return true;
    if (date->form == DATE_COMPACT || (!date->either && marks->fixed && date->form != marks->form))
        return false;
    marks->either = marks->either || date->either;
    if (!marks->fixed && (marks->form == DATE_UNKNOWN || !date->either))
        marks->form = date->form;
    marks->fixed = marks->fixed || !date->either;
    return true;
}

static percept_status append_date(RowMarks *marks, const DateText *date, size_t expected, percept_error *error)
{
    Moment moment = date->moment;
    if (date->either && date->form == DATE_DMY)
        date_exchange(&moment);
    percept_status status = append(&marks->times, date_seconds(&moment), expected, error);
    if (date->either)
        date_exchange(&moment);
    return status == PERCEPT_OK ? append(&marks->exchanged, date_seconds(&moment), expected, error) : status;
}

percept_status row_marks_time(RowMarks *marks, const double *number, const char *text, size_t length, size_t expected,
                              bool *fits, percept_error *error)
{
    DateText date = {0};
    const bool is_date = number == NULL && date_scan(text, length, &date);
    const TimeKind kind = number != NULL ? TIME_NUMBER : date.form == DATE_CLOCK ? TIME_CLOCK : TIME_DATE;
    *fits = (number != NULL || is_date) && (marks->kind == TIME_UNKNOWN || marks->kind == kind);
    if (*fits && is_date)
        *fits = learn_form(marks, &date);
    if (!*fits)
        return PERCEPT_OK;
    marks->kind = kind;
    return number != NULL ? append(&marks->times, *number, expected, error)
                          : append_date(marks, &date, expected, error);
}

percept_status row_marks_finish(RowMarks *marks, Storage *storage, percept_error *error)
{
    RowStore *times = marks->form == DATE_DMY ? &marks->exchanged : &marks->times;
    if (times->width > 0) {
        storage->times = times->block;
        times->block = NULL;
    }
    if (marks->either && !marks->fixed) {
        percept_status status =
            notes_add(&storage->notes, NOTE_WARNING, error,
                      "no date of data.time shows whether the month or the day comes first; the %s is taken to, "
                      "--columns TIME=%s "
                      "means the other",
                      marks->form == DATE_DMY ? "day" : "month", marks->form == DATE_DMY ? "mdy" : "dmy");
        if (status != PERCEPT_OK)
            return status;
    }
    if (marks->groups.width == 0)
        return PERCEPT_OK;
    percept_status status =
        memory_allocate(storage->count, sizeof *storage->groups, "the groups", &storage->groups, error);
    for (size_t i = 0; status == PERCEPT_OK && i < storage->count; i++)
        storage->groups[i] = (int32_t)((const double *)marks->groups.block)[i];
    storage->group_count = marks->names.count;
    return status;
}

void row_marks_clear(RowMarks *marks)
{
    row_store_clear(&marks->groups);
    row_store_clear(&marks->times);
    row_store_clear(&marks->exchanged);
    label_table_clear(&marks->names);
    *marks = (RowMarks){0};
}
