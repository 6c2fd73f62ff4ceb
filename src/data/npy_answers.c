#include "data/npy_answers.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "data/label_table.h"

/* All answers while they are read. */
typedef struct Reading {
    const NpyPart *parts;
    size_t part_count, count; /* examples of all parts */
    const SourceOptions *options;
    bool *missing; /* of each example; all false at first */
    Unanswered unanswered;
} Reading;

static const NpyArray *first_array(const Reading *all)
{
    return &all->parts[0].answers;
}

static bool count_answer(Reading *all, size_t part, size_t row, size_t place, bool answered)
{
    all->missing[place] = !answered;
    return unanswered_count(&all->unanswered, answered, all->parts[part].answers.name, row + 1);
}

/* ---- Numbers --------------------------------------------------------------------------------------------------- */

/* Refuses infinite values, counts missing ones, and moves the rows that have an answer together. */
static percept_status keep_answered(Reading *all, double *values, size_t *kept, percept_error *error)
{
    const size_t width = first_array(all)->width;
    *kept = 0;
    for (size_t p = 0, place = 0; p < all->part_count; p++)
        for (size_t i = 0; i < all->parts[p].answers.shape[0]; i++, place++) {
            const double *row = values + place * width;
            bool answered = true;
            for (size_t j = 0; j < width; j++) {
                if (isinf(row[j]))
                    return error_set(
                        error, PERCEPT_ERROR_FORMAT,
                        "'%.100s', row %zu: the answer is infinite; give a number, or NaN if it is missing",
                        all->parts[p].answers.name, i + 1);
                answered = answered && !isnan(row[j]);
            }
            if (count_answer(all, p, i, place, answered))
                memmove(values + (*kept)++ * width, row, width * sizeof *values);
        }
    return PERCEPT_OK;
}

static percept_status settle(const Reading *all, Notes *notes, percept_error *error)
{
    return unanswered_settle(&all->unanswered, all->options->missing_label,
                             all->options->target_count > 0 ? "target" : "label", NULL, "row", notes, error);
}

static percept_status read_numbers(Reading *all, size_t class_count, Notes *notes, Answers *out, percept_error *error)
{
    const NpyArray *first = first_array(all);
    double *values = NULL;
    size_t items = 0, kept = 0;
    if (__builtin_mul_overflow(all->count, first->width, &items))
        return error_set(error, PERCEPT_ERROR_MEMORY, "the labels are more than can be addressed");
    percept_status status = memory_allocate(items, sizeof *values, "the labels", &values, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t p = 0, at = 0; p < all->part_count; at += all->parts[p++].answers.shape[0] * first->width)
        npy_convert(&all->parts[p].answers, PERCEPT_FLOAT64, values + at);
    status = keep_answered(all, values, &kept, error);
    if (status == PERCEPT_OK)
        status = settle(all, notes, error);
    if (status != PERCEPT_OK) {
        memory_free(values);
        return status;
    }
    const AnswersWanted wanted = {class_count, all->options->target_count > 0, first->name};
    return answers_decide(values, kept, first->width, &wanted, out, error);
}

/* ---- Texts ----------------------------------------------------------------------------------------------------- */

/* Reads a part's texts into the table; numbers[] gets those of the examples that have a label. */
static percept_status read_part_texts(Reading *all, size_t part, size_t place, LabelTable *table, Answers *out,
                                      percept_error *error)
{
    const NpyArray *array = &all->parts[part].answers;
    percept_status status = PERCEPT_OK;
    Buffer text = {0};
    for (size_t i = 0; status == PERCEPT_OK && i < array->shape[0]; i++) {
        status = npy_text(array, i, all->options->encoding == ENCODING_LATIN1, &text, error);
        if (status != PERCEPT_OK)
            break;
        const char *label = (const char *)text.bytes;
        const bool missing = missing_label(&all->options->missing_tokens, label, text.size);
        if (count_answer(all, part, i, place + i, !missing))
            status = label_table_add(table, label, text.size, &out->labels[out->count++], error);
    }
    buffer_clear(&text);
    return status;
}

/* Classes instead of the numbers of texts. */
static percept_status make_classes(const Reading *all, const LabelTable *table, Answers *out, percept_error *error)
{
    const LabelSource source = {first_array(all)->name, "y"};
    int32_t *class_of = NULL;
    percept_status status = label_table_classes(table, &source, &class_of, &out->class_names, &out->class_count, error);
    for (size_t i = 0; status == PERCEPT_OK && i < out->count; i++)
        out->labels[i] = class_of[out->labels[i]];
    memory_free(class_of);
    return status;
}

static percept_status read_texts(Reading *all, Notes *notes, Answers *out, percept_error *error)
{
    const NpyArray *first = first_array(all);
    LabelTable table = {0};
    if (all->options->target_count > 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%.100s' holds texts, not numbers to learn; leave --targets out",
                         first->name);
    if (first->width > 1)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%.100s' has %zu texts for each example, where one is a label",
                         first->name, first->width);
    percept_status status = memory_allocate(all->count, sizeof *out->labels, "the labels", &out->labels, error);
    for (size_t p = 0, place = 0; status == PERCEPT_OK && p < all->part_count; p++) {
        status = read_part_texts(all, p, place, &table, out, error);
        place += all->parts[p].answers.shape[0];
    }
    if (status == PERCEPT_OK)
        status = settle(all, notes, error);
    if (status == PERCEPT_OK)
        status = make_classes(all, &table, out, error);
    label_table_clear(&table);
    return status;
}

/* ---- Both ------------------------------------------------------------------------------------------------------ */

/* Texts of one part and numbers of another are refused; *exact: the answers must be read as texts. */
static percept_status choose_way(const Reading *all, bool *exact, percept_error *error)
{
    const bool texts = npy_is_text(first_array(all));
    bool floating = false, large = false;
    for (size_t p = 0; p < all->part_count; p++) {
        const NpyArray *array = &all->parts[p].answers;
        if (npy_is_text(array) != texts)
            return error_set(error, PERCEPT_ERROR_FORMAT, "'%.100s' holds %s, but '%.100s' %s; save both with one type",
                             first_array(all)->name, texts ? "texts" : "numbers", array->name,
                             texts ? "numbers" : "texts");
        floating = floating || (!texts && npy_is_floating(array));
        large = large || (!texts && npy_has_large_integers(array));
    }
    *exact = texts || (large && !floating && first_array(all)->width == 1 && all->options->target_count == 0);
    return PERCEPT_OK;
}

percept_status npy_answers(const NpyPart *parts, size_t count, const SourceOptions *options, size_t class_count,
                           Notes *notes, Answers *out, bool **missing, percept_error *error)
{
    Reading all = {.parts = parts, .part_count = count, .options = options};
    Answers made = {0};
    bool exact = false;
    for (size_t p = 0; p < count; p++)
        all.count += parts[p].answers.shape[0];
    percept_status status = choose_way(&all, &exact, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(all.count, sizeof *all.missing, "the labels", &all.missing, error);
    if (status == PERCEPT_OK)
        status = exact ? read_texts(&all, notes, &made, error) : read_numbers(&all, class_count, notes, &made, error);
    if (status != PERCEPT_OK || all.unanswered.count == 0) {
        memory_free(all.missing);
        all.missing = NULL;
    }
    if (status != PERCEPT_OK)
        answers_clear(&made);
    else
        *out = made;
    *missing = all.missing;
    return status;
}
