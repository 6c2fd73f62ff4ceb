#include "cli/data_columns.h"

#include <stdio.h>

#include "base/number.h"
#include "cli/json.h"
#include "cli/text.h"
#include "data/column_stats.h"

/* Features that are printed, if there are more than that and a few. */
#define MOST_LINES 40
#define LINES_OF_MANY 32
/* Widths of the columns of the output. */
#define NAME_WIDTH 24
#define KIND_WIDTH 8
#define COUNT_WIDTH 10
#define VALUES_WIDTH (TEXT_WIDTH - NAME_WIDTH - 1 - KIND_WIDTH - 2 * COUNT_WIDTH - 2)
#define DIGITS 5

/* A column: its name, its kind, and what its values are. */
typedef struct Line {
    const char *name, *kind;
    bool boolean;
    const Vocabulary *vocabulary; /* of a category, or NULL */
    ColumnStats stats;
} Line;

static percept_status describe(const Storage *storage, size_t column, char name[SCHEMA_NAME_SIZE], Line *line,
                               percept_error *error)
{
    const Schema *schema = &storage->schema;
    if (column >= storage->width) {
        const size_t t = column - storage->width;
        line->name = schema_target_name(schema, t, name);
        line->kind = "target";
        return column_stats_target(storage, t, &line->stats, error);
    }
    line->name = schema_feature_name(schema, column, name);
    line->boolean = schema->kinds != NULL && schema->kinds[column] == FEATURE_BOOLEAN;
    line->vocabulary = schema_is_category(schema, column) ? &schema->vocabularies[column] : NULL;
    line->kind = feature_kind_name(schema->kinds != NULL ? schema->kinds[column] : FEATURE_NUMBER);
    return column_stats_feature(storage, column, &line->stats, error);
}

/* ---- For people ------------------------------------------------------------------------------------------------ */

/* "north (12), east (3)": as many of the most frequent texts as there is room for. */
static void write_texts(const ColumnStats *stats, const Vocabulary *vocabulary, char text[TEXT_WIDTH])
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t v = 0; v < stats->listed; v++) {
        char one[TEXT_WIDTH];
        const char *value = text_plain(vocabulary->values[(size_t)stats->values[v]]).text;
        const int length = snprintf(one, sizeof one, "%s%.48s (%zu)", v > 0 ? ", " : "", value, stats->counts[v]);
        const size_t more = v + 1 < stats->distinct ? sizeof ", ..." : 0;
        if (v > 0 && used + (size_t)length + more > VALUES_WIDTH) {
            snprintf(text + used, TEXT_WIDTH - used, ", ...");
            return;
        }
        used += (size_t)snprintf(text + used, TEXT_WIDTH - used, "%s", one);
    }
    if (stats->distinct > stats->listed)
        snprintf(text + used, TEXT_WIDTH - used, ", ...");
}

/* "1 (12), 0 (3)" where the values are few, else "0.5 to 3". */
static void write_values(const ColumnStats *stats, bool boolean, char text[TEXT_WIDTH])
{
    char low[NUMBER_SIZE], high[NUMBER_SIZE];
    size_t used = 0;
    text[0] = '\0';
    for (size_t v = 0; v < stats->listed; v++) {
        if (boolean)
            snprintf(low, sizeof low, "%s", stats->values[v] != 0 ? "true" : "false");
        else
            number_format_digits(stats->values[v], DIGITS, low);
        used +=
            (size_t)snprintf(text + used, TEXT_WIDTH - used, "%s%s (%zu)", v > 0 ? ", " : "", low, stats->counts[v]);
        if (used > VALUES_WIDTH)
            break;
    }
    if (stats->distinct <= stats->listed && used <= VALUES_WIDTH)
        return;
    number_format_digits(stats->low, DIGITS, low);
    number_format_digits(stats->high, DIGITS, high);
    snprintf(text, TEXT_WIDTH, "%s to %s", low, high);
}

static void print_line(const Line *line)
{
    char values[TEXT_WIDTH];
    if (line->vocabulary != NULL)
        write_texts(&line->stats, line->vocabulary, values);
    else
        write_values(&line->stats, line->boolean, values);
    text_left(stdout, line->name, NAME_WIDTH);
    printf(" %-*s%*s", KIND_WIDTH, line->kind, COUNT_WIDTH, text_count(line->stats.missing).text);
    if (line->vocabulary == NULL && line->stats.distinct > COLUMN_DISTINCT)
        printf("%*s", COUNT_WIDTH, "> 1,000");
    else
        printf("%*s", COUNT_WIDTH, text_count(line->stats.distinct).text);
    printf("  %s\n", values);
}

percept_status data_columns_print(const Storage *storage, percept_error *error)
{
    const size_t shown = storage->width > MOST_LINES ? LINES_OF_MANY : storage->width;
    percept_status status = PERCEPT_OK;
    if (!storage->table)
        return PERCEPT_OK;
    printf("\n%-*s %-*s%*s%*s  %s\n", NAME_WIDTH, "column", KIND_WIDTH, "kind", COUNT_WIDTH, "missing", COUNT_WIDTH,
           "distinct", "values (rows) or range");
    for (size_t c = 0; status == PERCEPT_OK && c < storage->width + storage->target_width; c++) {
        char name[SCHEMA_NAME_SIZE];
        Line line = {0};
        if (c >= shown && c < storage->width)
            continue;
        status = describe(storage, c, name, &line, error);
        if (status == PERCEPT_OK)
            print_line(&line);
        if (c + 1 == shown && shown < storage->width)
            printf("... and %s more; --json has all\n", text_count(storage->width - shown).text);
    }
    return status;
}

/* ---- For programs ---------------------------------------------------------------------------------------------- */

/* NULL for lack of memory. */
static json_t *list_frequent(const ColumnStats *stats, const Vocabulary *vocabulary)
{
    json_t *list = json_array();
    bool complete = list != NULL;
    for (size_t v = 0; complete && v < stats->listed; v++)
        complete = json_array_append_new(list, json_pack("{s:o, s:o}", "count", json_count(stats->counts[v]), "value",
                                                         vocabulary != NULL
                                                             ? json_words(vocabulary->values[(size_t)stats->values[v]])
                                                             : json_figure(stats->values[v]))) == 0;
    if (complete)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *object_of(const Line *line)
{
    const ColumnStats *stats = &line->stats;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "distinct",
                     line->vocabulary == NULL && stats->distinct > COLUMN_DISTINCT ? json_null()
                                                                                   : json_count(stats->distinct),
                     "frequent", list_frequent(stats, line->vocabulary), "high", json_figure(stats->high), "kind",
                     json_words(line->kind), "low", json_figure(stats->low), "mean", json_figure(stats->mean),
                     "missing", json_count(stats->missing), "name", json_words(line->name));
}

percept_status data_columns_json(const Storage *storage, json_t **out, percept_error *error)
{
    json_t *list = storage->table ? json_array() : json_null();
    percept_status status = PERCEPT_OK;
    for (size_t c = 0; storage->table && status == PERCEPT_OK && c < storage->width + storage->target_width; c++) {
        char name[SCHEMA_NAME_SIZE];
        Line line = {0};
        status = describe(storage, c, name, &line, error);
        if (status == PERCEPT_OK && json_array_append_new(list, object_of(&line)) != 0)
            status = error_set(error, PERCEPT_ERROR_MEMORY, "there is no memory for the columns as JSON");
    }
    if (status == PERCEPT_OK)
        *out = list;
    else
        json_decref(list);
    return status;
}
