/* Labels that are texts. */
#include <string.h>

#include "base/memory.h"
#include "base/quote.h"
#include "data/table.h"

/* The number of each row's text among those that occur. */
static percept_status number_rows(const Strided *texts, LabelTable *table, int32_t *labels, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; status == PERCEPT_OK && i < texts->rows; i++) {
        const char *text = strided_text(texts, i);
        if (text == NULL)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "labels, row %zu: the label is missing; leave out examples without it", i + 1);
        status = table_number_text(table, text, i, "labels", &labels[i], error);
    }
    return status;
}

/* The classes are the texts that occur, as files have them. */
static percept_status sort_classes(const LabelTable *table, Answers *made, int32_t **class_of, percept_error *error)
{
    const LabelSource source = {.file = "labels", .column = "y"};
    percept_status status =
        label_table_classes(table, &source, class_of, &made->class_names, &made->class_count, error);
    if (status == PERCEPT_ERROR_FORMAT)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the labels are numbers with decimals, not classes; for regression call "
                         "percept_table_set_targets");
    if (status == PERCEPT_OK && made->class_count > ANSWERS_MOST_CLASSES)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "%zu different labels are more than the %d classes there may be", made->class_count,
                         ANSWERS_MOST_CLASSES);
    return status;
}

/* The classes have names, which the texts must be. */
static percept_status find_classes(const LabelTable *table, const char *const *names, Answers *made, int32_t **class_of,
                                   percept_error *error)
{
    LabelTable known = {0};
    char quoted[QUOTED_SIZE];
    int32_t class = 0;
    percept_status status = memory_allocate(table->count, sizeof **class_of, "the classes", class_of, error);
    for (size_t k = 0; status == PERCEPT_OK && k < made->class_count; k++)
        status = label_table_add(&known, names[k], strlen(names[k]), &class, error);
    for (size_t n = 0; status == PERCEPT_OK && n < table->count; n++) {
        const char *text = label_table_text(table, n);
        (*class_of)[n] = label_table_find(&known, text, strlen(text));
        if ((*class_of)[n] < 0)
            status = error_set(error, PERCEPT_ERROR_ARGUMENT, "the label %s is none of the %zu class names",
                               quote_text(text, quoted), made->class_count);
    }
    label_table_clear(&known);
    return status;
}

percept_status table_text_labels(const Strided *texts, size_t class_count, const char *const *class_names, Answers *out,
                                 percept_error *error)
{
    Answers made = {.count = texts->rows, .class_count = class_count};
    LabelTable table = {0};
    int32_t *class_of = NULL;
    if (class_count > 0 && class_names == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "labels of texts for %zu classes without names; give class_names, or 0 classes", class_count);
    percept_status status = memory_allocate(texts->rows, sizeof *made.labels, "the labels", &made.labels, error);
    if (status == PERCEPT_OK)
        status = number_rows(texts, &table, made.labels, error);
    if (status == PERCEPT_OK)
        status = class_count > 0 ? find_classes(&table, class_names, &made, &class_of, error)
                                 : sort_classes(&table, &made, &class_of, error);
    for (size_t i = 0; status == PERCEPT_OK && i < texts->rows; i++)
        made.labels[i] = class_of[made.labels[i]];
    label_table_clear(&table);
    memory_free(class_of);
    if (status == PERCEPT_OK)
        *out = made;
    else
        answers_clear(&made);
    return status;
}
