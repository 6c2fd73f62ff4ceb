#include "data/columns.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"

/* The columns while they get their roles. */
typedef struct Assignment {
    const char *file;
    char *const *names;
    Columns *columns;
    const ColumnLeft *left; /* NULL: no column is to be left out */
} Assignment;

const char *column_describe(size_t c, char *const *names, char text[COLUMN_TEXT])
{
    if (names != NULL && names[c][0] != '\0')
        snprintf(text, COLUMN_TEXT, "column %zu (%.32s)", c + 1, names[c]);
    else
        snprintf(text, COLUMN_TEXT, "column %zu", c + 1);
    return text;
}

/* ---- Finding ------------------------------------------------------------------------------------------------- */

static percept_status refuse_name(const Assignment *all, const char *key, const char *name, percept_error *error)
{
    const size_t count = all->columns->count;
    if (all->names == NULL)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "%s: '%s' has no header, so columns have no names but numbers from 1 to %zu, and '%.64s' is "
                         "none",
                         key, all->file, count, name);
    const char *nearest = nearest_word(name, (const char *const *)all->names, count);
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s: '%s' has no column '%.64s'; %s%.64s%s", key, all->file, name,
                     nearest != NULL ? "did you mean '" : "its header begins with '",
                     nearest != NULL ? nearest : all->names[0], nearest != NULL ? "'?" : "'");
}

/* The column of a name, or of a number. */
static percept_status find(const Assignment *all, const char *key, const char *name, size_t *out, percept_error *error)
{
    const size_t count = all->columns->count;
    size_t found = count;
    int64_t number = 0;
    for (size_t c = 0; all->names != NULL && c < count; c++) {
        if (strcmp(all->names[c], name) != 0)
            continue;
        if (found < count)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "%s: '%s' has two columns '%.64s', %zu and %zu; give the number of one", key, all->file,
                             name, found + 1, c + 1);
        found = c;
    }
    if (found == count && integer_parse(name, &number) == INTEGER_OK && number >= 1 && (uint64_t)number <= count)
        found = (size_t)number - 1;
    if (found == count)
        return refuse_name(all, key, name, error);
    *out = found;
    return PERCEPT_OK;
}

percept_status columns_find(const char *file, size_t count, char *const *names, const char *key, const char *name,
                            size_t *out, percept_error *error)
{
    Columns columns = {.count = count};
    const Assignment all = {file, names, &columns, NULL};
    return find(&all, key, name, out, error);
}

static percept_status give(const Assignment *all, size_t c, ColumnRole role, const char *key, percept_error *error)
{
    char text[COLUMN_TEXT];
    Column *column = &all->columns->list[c];
    if (column->role != COLUMN_FEATURE)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "%s: %s of '%s' is given twice, or for two things", key,
                         column_describe(c, all->names, text), all->file);
    column->role = role;
    return PERCEPT_OK;
}

static percept_status give_named(const Assignment *all, const char *name, ColumnRole role, const char *key,
                                 percept_error *error)
{
    size_t c = 0;
    percept_status status = find(all, key, name, &c, error);
    return status == PERCEPT_OK ? give(all, c, role, key, error) : status;
}

/* ---- The label ----------------------------------------------------------------------------------------------- */

/* The only column with one of the names that labels usually have; else the last that is not taken. */
static size_t usual_label(const Assignment *all, bool *named)
{
    static const char *const usual[] = {"label", "class", "target"};
    const Columns *columns = all->columns;
    size_t last = columns->count, found = last, matches = 0;
    for (size_t c = 0; c < columns->count; c++) {
        if (columns->list[c].role != COLUMN_FEATURE)
            continue;
        last = c;
        for (size_t u = 0; all->names != NULL && u < sizeof usual / sizeof usual[0]; u++) {
            if (strcasecmp(all->names[c], usual[u]) == 0) {
                found = c;
                matches++;
            }
        }
    }
    *named = matches == 1;
    return *named ? found : last;
}

static bool has_column(const Assignment *all, const char *name)
{
    for (size_t c = 0; all->names != NULL && c < all->columns->count; c++)
        if (strcmp(all->names[c], name) == 0)
            return true;
    return false;
}

static percept_status assign_label(const Assignment *all, const SourceOptions *options, percept_error *error)
{
    static const char key[] = "data.label";
    const char *label = options->label;
    const size_t count = all->columns->count;
    const bool word = label != NULL && !has_column(all, label); /* a header's name wins over a word */
    if (word && strcmp(label, "none") == 0)
        return PERCEPT_OK;
    if (label != NULL && options->target_count > 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "data.label and data.targets are both given; classes and numbers cannot both be learned");
    if (options->target_count > 0)
        return PERCEPT_OK;
    all->columns->label = true;
    all->columns->label_why = options->schema != NULL ? "as for the model" : "as data.label says";
    if (label == NULL) {
        bool named = false;
        const size_t usual = usual_label(all, &named);
        all->columns->label_why = named ? "by its name" : "the last column";
        return usual < count ? give(all, usual, COLUMN_LABEL, key, error) : PERCEPT_OK;
    }
    if (word && strcmp(label, "first") == 0)
        return give(all, 0, COLUMN_LABEL, key, error);
    if (word && strcmp(label, "last") == 0)
        return give(all, count - 1, COLUMN_LABEL, key, error);
    return give_named(all, label, COLUMN_LABEL, key, error);
}

/* ---- All ----------------------------------------------------------------------------------------------------- */

/* For a model: what it learned from is called as it was then, unless the options say something else. */
static SourceOptions by_schema(const Assignment *all, const SourceOptions *options)
{
    SourceOptions chosen = *options;
    const Schema *schema = options->schema;
    if (schema == NULL || all->names == NULL)
        return chosen;
    if (options->of_other_file && schema->names != NULL) {
        chosen.label = NULL;
        chosen.target_count = chosen.id_count = 0;
    }
    if (chosen.label != NULL || chosen.target_count > 0)
        return chosen;
    chosen.label = schema->label;
    chosen.targets = (const char *const *)schema->targets;
    chosen.target_count = schema->targets != NULL ? schema->target_width : 0;
    return chosen;
}

static percept_status assign_id(const Assignment *all, const char *name, percept_error *error)
{
    size_t c = 0;
    percept_status status = find(all, "data.id", name, &c, error);
    if (status == PERCEPT_OK)
        status = give(all, c, COLUMN_UNUSED, "data.id", error);
    if (status == PERCEPT_OK)
        all->columns->list[c].id = true;
    return status;
}

/* The columns that the options name; without any, those of the model's that the file has. */
static percept_status assign_ids(const Assignment *all, const SourceOptions *options, percept_error *error)
{
    const Schema *schema = options->schema;
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; i < options->id_count && status == PERCEPT_OK; i++)
        status = assign_id(all, options->ids[i], error);
    if (options->id_count > 0 || schema == NULL)
        return status;
    for (size_t i = 0; i < schema->id_count && status == PERCEPT_OK; i++)
        if (has_column(all, schema->ids[i]))
            status = assign_id(all, schema->ids[i], error);
    return status;
}

/* The column of groups or of times, which may identify rows, too; NULL if there is none. A model does without them. */
static percept_status assign_mark(const Assignment *all, const SourceOptions *options, const char *name,
                                  const char *key, Column **out, percept_error *error)
{
    const Schema *schema = options->schema;
    size_t c = 0;
    *out = NULL;
    if (name == NULL ||
        (schema != NULL && (all->names != NULL ? !has_column(all, name) : all->columns->count == schema->width)))
        return PERCEPT_OK;
    percept_status status = find(all, key, name, &c, error);
    if (status == PERCEPT_OK && !all->columns->list[c].id)
        status = give(all, c, COLUMN_UNUSED, key, error);
    *out = &all->columns->list[c];
    return status;
}

static percept_status assign_marks(const Assignment *all, const SourceOptions *options, percept_error *error)
{
    Column *group = NULL, *time = NULL;
    percept_status status = assign_mark(all, options, options->group, "data.group", &group, error);
    if (status == PERCEPT_OK)
        status = assign_mark(all, options, options->time, "data.time", &time, error);
    all->columns->group = group != NULL;
    all->columns->time = time != NULL;
    if (group != NULL)
        group->group = true;
    if (time != NULL)
        time->time = true;
    return status;
}

static bool may_be_feature(const Assignment *all, size_t c)
{
    const ColumnLeft left = all->left[c];
    const Column *column = &all->columns->list[c];
    return left == COLUMN_NOT_LEFT || left == COLUMN_TEXTS || left == COLUMN_DATES || column->category || column->told;
}

/* Leaves out the columns that hold no feature, if others remain; one more is needed for a `label` yet to be found. */
static void leave_out_guesses(const Assignment *all, bool label)
{
    Columns *columns = all->columns;
    size_t remaining = 0;
    for (size_t c = 0; all->left != NULL && c < columns->count; c++)
        remaining += columns->list[c].role == COLUMN_FEATURE && may_be_feature(all, c);
    for (size_t c = 0; remaining > (label ? 1 : 0) && c < columns->count; c++)
        if (columns->list[c].role == COLUMN_FEATURE && !may_be_feature(all, c)) {
            columns->list[c].role = COLUMN_UNUSED;
            columns->list[c].left = all->left[c];
        }
}

/* A number says where the weights are in the training file; another file with names may have them elsewhere. */
static percept_status assign_weight(const Assignment *all, const SourceOptions *options, percept_error *error)
{
    static const char key[] = "data.weight";
    const bool by_name = options->of_other_file && all->names != NULL && options->schema->names != NULL;
    if (by_name && !has_column(all, options->weight))
        return refuse_name(all, key, options->weight, error);
    return give_named(all, options->weight, COLUMN_WEIGHT, key, error);
}

/* Marks the columns that the options call categories. */
static percept_status mark_categories(const Assignment *all, const SourceOptions *options, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    for (size_t i = 0; options->schema == NULL && i < options->category_count && status == PERCEPT_OK; i++) {
        size_t c = 0;
        status = find(all, "data.categories", options->categories[i], &c, error);
        if (status == PERCEPT_OK)
            all->columns->list[c].category = true;
    }
    return status;
}

/* All roles are known: columns of given kinds must be features, and others are what they look like. */
static percept_status settle_kinds(const Assignment *all, percept_error *error)
{
    char text[COLUMN_TEXT];
    for (size_t c = 0; c < all->columns->count; c++) {
        Column *column = &all->columns->list[c];
        const ColumnLeft left = all->left != NULL ? all->left[c] : COLUMN_NOT_LEFT;
        if (column->role == COLUMN_LABEL && column->told && !column->date) /* classes, or numbers to predict */
            continue;
        if ((column->category || (column->date && !column->time)) && column->role != COLUMN_FEATURE)
            return error_set(error, PERCEPT_ERROR_ARGUMENT,
                             "data.%s: %s of '%.64s' is no feature, but a label, target, weight, id or dropped",
                             column->told ? "columns" : "categories", column_describe(c, all->names, text), all->file);
        if (column->category || column->told || column->role != COLUMN_FEATURE)
            continue;
        column->category = left == COLUMN_TEXTS;
        column->date = left == COLUMN_DATES;
        column->guessed = column->category || column->date;
    }
    return PERCEPT_OK;
}

static percept_status assign_roles(const Assignment *all, const SourceOptions *options, percept_error *error)
{
    percept_status status = assign_ids(all, options, error);
    if (status == PERCEPT_OK)
        status = assign_marks(all, options, error);
    for (size_t d = 0; d < options->drop_count && status == PERCEPT_OK; d++)
        if (!options->of_other_file || find(all, "data.drop", options->drop[d], &(size_t){0}, NULL) == PERCEPT_OK)
            status = give_named(all, options->drop[d], COLUMN_UNUSED, "data.drop", error);
    for (size_t t = 0; t < options->target_count && status == PERCEPT_OK; t++) {
        size_t c = 0;
        status = find(all, "data.targets", options->targets[t], &c, error);
        if (status == PERCEPT_OK)
            status = give(all, c, COLUMN_TARGET, "data.targets", error);
        if (status == PERCEPT_OK)
            all->columns->list[c].place = t;
    }
    if (status == PERCEPT_OK && options->weight != NULL)
        status = assign_weight(all, options, error);
    if (status == PERCEPT_OK)
        status = mark_categories(all, options, error);
    if (status == PERCEPT_OK)
        status = columns_take_kinds(options, all->file, all->names, all->columns, error);
    if (status == PERCEPT_OK && options->label == NULL)
        leave_out_guesses(all, options->target_count == 0);
    if (status == PERCEPT_OK)
        status = assign_label(all, options, error);
    if (status != PERCEPT_OK)
        return status;
    leave_out_guesses(all, false);
    return options->schema == NULL ? settle_kinds(all, error) : PERCEPT_OK;
}

/* ---- The table ------------------------------------------------------------------------------------------------- */

percept_status columns_assign(const SourceOptions *options, const char *file, size_t count, char *const *names,
                              Columns *out, percept_error *error)
{
    return columns_assign_rest(options, file, count, names, NULL, out, error);
}

percept_status columns_assign_rest(const SourceOptions *options, const char *file, size_t count, char *const *names,
                                   const ColumnLeft *left, Columns *out, percept_error *error)
{
    Columns columns = {.count = count, .for_model = options->schema != NULL};
    const Schema *schema = options->schema;
    const bool by_name = names != NULL && schema != NULL && schema->names != NULL;
    const Assignment all = {file, names, &columns, by_name ? NULL : left};
    const SourceOptions chosen = by_schema(&all, options);
    columns.targets = chosen.target_count;
    columns.weight = chosen.weight != NULL;
    percept_status status =
        memory_allocate_zeroed(count, sizeof *columns.list, "the columns of a table", &columns.list, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(count, sizeof *columns.parts, "the columns of a table", &columns.parts, error);
    for (size_t c = 0; status == PERCEPT_OK && c < count; c++)
        columns.list[c].parts = &columns.parts[c];
    if (status == PERCEPT_OK)
        status = assign_roles(&all, &chosen, error);
    if (status == PERCEPT_OK && by_name)
        status = columns_place_by_name(file, names, schema, &columns, error);
    else if (status == PERCEPT_OK)
        status = columns_place_in_order(file, schema, &columns, error);
    for (size_t c = 0; status == PERCEPT_OK && c < count; c++) {
        Column *column = &columns.list[c];
        if (schema != NULL && column->role == COLUMN_FEATURE)
            column->category = schema_is_category(schema, column->place);
        columns.categories += column->role == COLUMN_FEATURE && column->category;
        columns.dates += column->role == COLUMN_FEATURE && column->date;
    }
    if (status == PERCEPT_OK && columns.features == 0)
        status = error_set(
            error, PERCEPT_ERROR_ARGUMENT,
            "'%s' has %zu column%s, and none is left for features; is --delimiter right, and no line before the "
            "table?",
            file, count, count == 1 ? "" : "s");
    if (status == PERCEPT_OK)
        *out = columns;
    else
        columns_clear(&columns);
    return status;
}

void columns_clear(Columns *columns)
{
    memory_free(columns->list);
    memory_free(columns->parts);
    *columns = (Columns){0};
}
