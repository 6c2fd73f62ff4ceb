#include "cli/data_columns.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "cli/json.h"
#include "cli/text.h"
#include "data/column_stats.h"

/* Columns that are printed, if there are more than that and a few. */
#define MOST_LINES 40
#define LINES_OF_MANY 32
/* Widths of the columns of the output: names and values share what the others leave. */
#define LEAST_NAME 10
#define MOST_NAME 18
#define KIND_WIDTH 8
#define MISSING_WIDTH 8
#define DISTINCT_WIDTH 9
#define SHARED_WIDTH (TEXT_WIDTH - 1 - KIND_WIDTH - MISSING_WIDTH - DISTINCT_WIDTH - 2 - COLUMN_BINS - 2)
#define DIGITS 5
/* Integers of this many digits are shown as a whole. */
#define WHOLE_DIGITS 9
#define MOST_WHOLE 1e9
/* Numbers that may be codes: integers of so few values, each of them so often on average. */
#define MOST_CODES 24
#define LEAST_OF_EACH 10
#define DAY_SECONDS 86400.0

/* A column: its name, its kind, and what its values are. */
typedef struct Line {
    const char *name, *kind;
    bool boolean;
    const DateFeature *date;      /* of a part of a date, or NULL */
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
    line->date = schema_is_date(schema, column) ? &schema->dates[column] : NULL;
    line->vocabulary = schema_is_category(schema, column) ? &schema->vocabularies[column] : NULL;
    line->kind = feature_kind_name(schema->kinds != NULL ? schema->kinds[column] : FEATURE_NUMBER);
    return column_stats_feature(storage, column, &line->stats, error);
}

/* ---- Values for people ----------------------------------------------------------------------------------------- */

/* Text of a limited number of columns. */
typedef struct Words {
    char text[4 * TEXT_WIDTH];
    size_t used, room; /* bytes; columns that are left */
} Words;

/* Adds a piece as a whole if there is room for it, and for `more` columns behind it. */
static bool add_words(Words *words, const char *piece, size_t more)
{
    const size_t columns = text_columns(piece), bytes = strlen(piece);
    if (columns + more > words->room || words->used + bytes >= sizeof words->text)
        return false;
    memcpy(words->text + words->used, piece, bytes + 1);
    words->used += bytes;
    words->room -= columns;
    return true;
}

/* Adds as much of a piece as there is room for; the last column then says that something is missing. */
static void add_cut(Words *words, const char *piece)
{
    char cut[sizeof words->text];
    if (add_words(words, piece, 0) || words->room == 0)
        return;
    snprintf(cut, sizeof cut, "%.*s…", (int)text_prefix(piece, words->room - 1), piece);
    add_words(words, cut, 0);
}

static void write_value(const Line *line, double value, char text[NUMBER_SIZE])
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    Moment moment;
    if (line->boolean)
        snprintf(text, NUMBER_SIZE, "%s", value != 0 ? "true" : "false");
    else if (line->date != NULL && line->date->part == DATE_MONTH && value >= 1 && value <= 12)
        snprintf(text, NUMBER_SIZE, "%s", months[(size_t)value - 1]);
    else if (line->date != NULL && line->date->part == DATE_WEEKDAY && value >= 1 && value <= 7)
        snprintf(text, NUMBER_SIZE, "%s", days[(size_t)value - 1]);
    else if (line->date != NULL && line->date->part == DATE_TIME) {
        date_of_seconds((double)date_days(2000, 1, 1) * DAY_SECONDS + value * DAY_SECONDS, &moment);
        snprintf(text, NUMBER_SIZE, "%04d-%02d-%02d", moment.year % 10000, moment.month, moment.day);
    } else
        number_format_digits(value, value == floor(value) && fabs(value) < MOST_WHOLE ? WHOLE_DIGITS : DIGITS, text);
}

/* "0.5 to 3"; two dates that are too long without their days. */
static void write_range(const Line *line, Words *words)
{
    char low[NUMBER_SIZE], high[NUMBER_SIZE], text[2 * NUMBER_SIZE + 8];
    if (line->stats.count == 0)
        return;
    write_value(line, line->stats.low, low);
    write_value(line, line->stats.high, high);
    if (line->date != NULL && line->date->part == DATE_TIME && strlen(low) + strlen(high) + 4 > words->room)
        low[strlen("2000-01")] = high[strlen("2000-01")] = '\0';
    snprintf(text, sizeof text, line->stats.low < line->stats.high ? "%s to %s" : "%s", low, high);
    add_cut(words, text);
}

/* "north (12), east (3), …": as many of the most frequent values as there is room for; false if not even two of several
 * numbers. */
static bool write_frequent(const Line *line, Words *words)
{
    const ColumnStats *stats = &line->stats;
    size_t v = 0;
    for (; v < stats->listed; v++) {
        char number[NUMBER_SIZE] = "", piece[sizeof words->text];
        const size_t more = v + 1 < stats->distinct ? strlen(", ") + 1 : 0;
        if (line->vocabulary == NULL)
            write_value(line, stats->values[v], number);
        snprintf(piece, sizeof piece, "%s%.*s (%s)", v > 0 ? ", " : "", 4 * MOST_NAME,
                 line->vocabulary != NULL ? line->vocabulary->values[(size_t)stats->values[v]] : number,
                 text_count(stats->counts[v]).text);
        if (!add_words(words, piece, more)) {
            if (v == 0 && line->vocabulary != NULL)
                add_cut(words, piece);
            break;
        }
    }
    if (v > 0 && v < stats->distinct)
        add_words(words, ", …", 0);
    return v == stats->distinct || line->vocabulary != NULL;
}

/* The most frequent values where they are few, else the range. */
static void write_values(const Line *line, size_t room, Words *words)
{
    *words = (Words){.room = room};
    if (line->vocabulary == NULL && (line->stats.distinct > line->stats.listed || line->date != NULL)) {
        write_range(line, words);
        return;
    }
    if (write_frequent(line, words))
        return;
    *words = (Words){.room = room};
    if (line->boolean && line->stats.distinct == 2) {
        char text[TEXT_WIDTH];
        snprintf(text, sizeof text, "true in %.3g %%", 100 * line->stats.mean);
        add_words(words, text, 0);
    } else {
        write_range(line, words);
    }
}

/* A long name is cut; of a part of a date, its column's name. */
static void write_name(const Line *line, size_t room, Words *words)
{
    const char *part = line->date != NULL ? strrchr(line->name, ':') : NULL;
    *words = (Words){.room = room};
    if (part == NULL || text_columns(line->name) <= room) {
        add_cut(words, line->name);
        return;
    }
    char cut[sizeof words->text];
    snprintf(cut, sizeof cut, "%.*s…%s", (int)text_prefix(line->name, room - text_columns(part) - 1), line->name, part);
    add_words(words, cut, 0);
}

/* The height of a bin's bar. The last bin of integers may have less of them than the others, which its bar makes up for. */
static double height(const ColumnStats *stats, size_t b)
{
    const double width = stats->bin_width, inside = stats->high - stats->low - width * (double)b + 1;
    const bool last = b + 1 == stats->bin_count && width >= 2 && inside < width && inside >= width / 4;
    return (double)stats->bins[b] * (last ? width / inside : 1);
}

/* A bar of an eighth to a whole line high for each bin; a bin without values has none. */
static void print_histogram(const ColumnStats *stats)
{
    static const char *const bars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double most = 1;
    for (size_t b = 0; b < stats->bin_count; b++)
        most = fmax(most, height(stats, b));
    for (size_t b = 0; b < COLUMN_BINS; b++)
        fputs(bars[b < stats->bin_count ? (size_t)ceil(8 * height(stats, b) / most) : 0], stdout);
}

static void print_line(const Line *line, size_t name_width)
{
    Words name, values;
    write_name(line, name_width, &name);
    write_values(line, SHARED_WIDTH - name_width, &values);
    text_left(stdout, name.text, name_width);
    printf(" %-*s%*s", KIND_WIDTH, line->kind, MISSING_WIDTH, text_count(line->stats.missing).text);
    if (line->vocabulary == NULL && line->stats.distinct > COLUMN_DISTINCT)
        printf("%*s  ", DISTINCT_WIDTH, "> 1,000");
    else
        printf("%*s  ", DISTINCT_WIDTH, text_count(line->stats.distinct).text);
    print_histogram(&line->stats);
    printf("  ");
    text_left(stdout, values.text, text_columns(values.text));
    putchar('\n');
}

/* ---- The table for people -------------------------------------------------------------------------------------- */

/* The features in the order of the file, then the targets. */
static percept_status order_columns(const Storage *storage, size_t **order, percept_error *error)
{
    const Schema *schema = &storage->schema;
    const size_t count = storage->width + storage->target_width;
    size_t *starts = NULL;
    percept_status status = memory_allocate(count, sizeof **order, "the columns", order, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(storage->width + 1, sizeof *starts, "the columns", &starts, error);
    for (size_t j = 0; status == PERCEPT_OK && j < storage->width; j++)
        starts[(schema->places != NULL ? schema->places[j] : j) + 1]++;
    for (size_t p = 0; status == PERCEPT_OK && p < storage->width; p++)
        starts[p + 1] += starts[p];
    for (size_t c = 0; status == PERCEPT_OK && c < count; c++) {
        if (c < storage->width)
            (*order)[starts[schema->places != NULL ? schema->places[c] : c]++] = c;
        else
            (*order)[c] = c;
    }
    memory_free(starts);
    return status;
}

static size_t find_name_width(const Storage *storage)
{
    size_t width = LEAST_NAME;
    for (size_t j = 0; j < storage->width; j++) {
        char text[SCHEMA_NAME_SIZE];
        const size_t columns = text_columns(schema_feature_name(&storage->schema, j, text));
        width = columns > width ? columns : width;
    }
    return width < MOST_NAME ? width : MOST_NAME;
}

/* True for numbers that may be codes. */
static bool may_be_codes(const Line *line)
{
    const ColumnStats *stats = &line->stats;
    bool integers = strcmp(line->kind, feature_kind_name(FEATURE_NUMBER)) == 0;
    for (size_t v = 0; v < stats->listed; v++)
        integers = integers && stats->values[v] == floor(stats->values[v]);
    return integers && stats->distinct > 2 && stats->distinct <= MOST_CODES &&
           stats->count >= LEAST_OF_EACH * stats->distinct;
}

percept_status data_columns_print(const Storage *storage, percept_error *error)
{
    const size_t shown = storage->width > MOST_LINES ? LINES_OF_MANY : storage->width;
    const size_t name_width = find_name_width(storage);
    size_t *order = NULL;
    size_t codes = 0;
    char first[SCHEMA_NAME_SIZE];
    if (!storage->table)
        return PERCEPT_OK;
    percept_status status = order_columns(storage, &order, error);
    printf("\n%-*s %-*s%*s%*s  %-*s  %s\n", (int)name_width, "column", KIND_WIDTH, "kind", MISSING_WIDTH, "missing",
           DISTINCT_WIDTH, "distinct", COLUMN_BINS, "histogram", "values or range");
    for (size_t c = 0; status == PERCEPT_OK && c < storage->width + storage->target_width; c++) {
        char name[SCHEMA_NAME_SIZE];
        Line line = {0};
        if (c >= shown && c < storage->width)
            continue;
        status = describe(storage, order[c], name, &line, error);
        if (status == PERCEPT_OK)
            print_line(&line, name_width);
        if (status == PERCEPT_OK && may_be_codes(&line) && codes++ == 0)
            snprintf(first, sizeof first, "%s", line.name);
        if (c + 1 == shown && shown < storage->width)
            printf("... and %s more; --json has all\n", text_count(storage->width - shown).text);
    }
    memory_free(order);
    if (status == PERCEPT_OK && codes > 0) {
        char hint[4 * TEXT_WIDTH];
        snprintf(hint, sizeof hint,
                 "Integers stay numbers, however few they are; if those of %.48s are codes: --columns "
                 "NAME=category makes a column a category.",
                 text_plain(first).text);
        putchar('\n');
        text_wrapped(stdout, 0, hint);
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

/* Of numbers; NULL for lack of memory. */
static json_t *list_bins(const ColumnStats *stats)
{
    json_t *counts = json_array();
    bool complete = counts != NULL;
    for (size_t b = 0; complete && b < stats->bin_count; b++)
        complete = json_array_append_new(counts, json_count(stats->bins[b])) == 0;
    if (complete)
        return json_pack("{s:o, s:o}", "counts", counts, "width", json_figure(stats->bin_width));
    json_decref(counts);
    return NULL;
}

static json_t *object_of(const Line *line)
{
    const ColumnStats *stats = &line->stats;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "distinct",
                     line->vocabulary == NULL && stats->distinct > COLUMN_DISTINCT ? json_null()
                                                                                   : json_count(stats->distinct),
                     "frequent", list_frequent(stats, line->vocabulary), "high", json_figure(stats->high), "histogram",
                     line->vocabulary != NULL ? json_null() : list_bins(stats), "kind", json_words(line->kind), "low",
                     json_figure(stats->low), "mean", json_figure(stats->mean), "missing", json_count(stats->missing),
                     "name", json_words(line->name));
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
