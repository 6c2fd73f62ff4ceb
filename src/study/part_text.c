/* Text between the other parts: `text: a paragraph`, `heading: a heading`. */
#include "study/part_runs.h"

static percept_status read_words(const StudyWork *work, const Part *part, const char **out, percept_error *error)
{
    const Field field = {part->kind->name, out, FIELD_TEXT, true};
    return field_read_value(&work->study->source, &field, part->node, error);
}

percept_status part_text(StudyWork *work, const Part *part, percept_error *error)
{
    const char *words = NULL;
    percept_status status = read_words(work, part, &words, error);
    if (status == PERCEPT_OK)
        page_text(work->page, words);
    return status;
}

percept_status part_heading(StudyWork *work, const Part *part, percept_error *error)
{
    const char *words = NULL;
    percept_status status = read_words(work, part, &words, error);
    if (status == PERCEPT_OK)
        page_heading(work->page, words);
    return status;
}
