#include "data/csv_refuse.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"

/* Bytes of a cell, and of a file's path, that a message shows; and of the list of columns in it. */
#define SHOWN 32
#define PATH_SHOWN 64
#define LIST_SIZE 72

/* A cell, and its position. */
typedef struct Place {
    const CsvReader *reader;
    const Columns *columns;
    size_t c;
    ColumnRole role;
    const CsvCell *cell;
    char where[PATH_SHOWN + 2 * COLUMN_TEXT]; /* "file.csv, line 2, column 3 (width)" */
} Place;

static int shown(const CsvCell *cell)
{
    return (int)(cell->length < SHOWN ? cell->length : SHOWN);
}

/* A path that is too long for a message is shown from its last folders on. */
static const char *short_path(const char *path)
{
    const size_t length = strlen(path);
    const char *end = length > PATH_SHOWN ? path + length - PATH_SHOWN : path;
    const char *slash = length > PATH_SHOWN ? strchr(end, '/') : NULL;
    return slash != NULL ? slash + 1 : end;
}

/* ---- Cells --------------------------------------------------------------------------------------------------- */

static percept_status refuse_missing(const Place *place, percept_error *error)
{
    static const char *const whats[] = {[COLUMN_FEATURE] = "value",
                                        [COLUMN_LABEL] = "label",
                                        [COLUMN_TARGET] = "target",
                                        [COLUMN_WEIGHT] = "weight",
                                        [COLUMN_UNUSED] = "value"};
    const char *advice = place->role == COLUMN_FEATURE ? "; data.missing (--missing) mean or zero fills such cells"
                                                       : "; a value must be there";
    if (place->cell->length == 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "%s: the %s is missing%s", place->where, whats[place->role],
                         advice);
    return error_set(error, PERCEPT_ERROR_FORMAT, "%s: the %s is missing ('%.*s')%s", place->where, whats[place->role],
                     shown(place->cell), place->cell->text, advice);
}

/* A number that is written as one, but for its size. */
static bool is_infinite(const CsvCell *cell)
{
    const char *text = cell->text;
    size_t length = cell->length;
    if (length > 0 && (*text == '-' || *text == '+')) {
        text++;
        length--;
    }
    if ((length == 3 && strncasecmp(text, "inf", 3) == 0) || (length == 8 && strncasecmp(text, "infinity", 8) == 0))
        return true;
    bool exponent = false;
    for (size_t i = 0; i < length; i++) {
        exponent |= text[i] == 'e' || text[i] == 'E';
        if (strchr("0123456789.,eE+-", text[i]) == NULL)
            return false;
    }
    return exponent && length > 2 && isdigit((unsigned char)text[0]) && isdigit((unsigned char)text[length - 1]);
}

static char other_point(const CsvDialect *dialect)
{
    return dialect->point == '.' ? ',' : '.';
}

/* True if the cell is a number with the other decimal point. */
static bool has_other_point(const CsvCell *cell, const CsvDialect *dialect)
{
    CsvDialect other = *dialect;
    double number = 0;
    other.point = other_point(dialect);
    return csv_cell_number(cell, &other, &number);
}

/* A minus that is not that of a keyboard, as word processors and some spreadsheets write it. */
static bool has_long_minus(const CsvCell *cell)
{
    static const char minus[] = "\xE2\x88\x92"; /* U+2212 */
    return cell->length > strlen(minus) && memcmp(cell->text, minus, strlen(minus)) == 0 &&
           isdigit((unsigned char)cell->text[strlen(minus)]);
}

/* What stands in numbers of other programs: signs that are removed, and separators of thousands under one name. */
static const struct {
    const char *text;
    char becomes; /* 0: nothing */
} otherwise[] = {
    {"%", 0},
    {"$", 0},
    {"\xE2\x82\xAC", 0}, /* euro */
    {"\xC2\xA3", 0},     /* pound */
    {"\xC2\xA5", 0},     /* yen */
    {"USD", 0},
    {"EUR", 0},
    {"GBP", 0},
    {"CHF", 0},
    {"\xC2\xA0", ' '}, /* spaces that do not break a line: wide, narrow, thin */
    {"\xE2\x80\xAF", ' '},
    {"\xE2\x80\x89", ' '},
    {"\xE2\x80\x99", '\''}, /* an apostrophe of word processors */
};

/* Copies a cell without signs, and without spaces around the rest; returns whether there was a sign. */
static bool strip_signs(const CsvCell *cell, char text[SHOWN + 1])
{
    size_t used = 0;
    bool sign = false;
    for (size_t i = 0, length = 1; i < cell->length && used < SHOWN; i += length) {
        char byte = cell->text[i];
        length = 1;
        for (size_t s = 0; s < sizeof otherwise / sizeof otherwise[0]; s++)
            if (cell->length - i >= strlen(otherwise[s].text) &&
                memcmp(cell->text + i, otherwise[s].text, strlen(otherwise[s].text)) == 0) {
                length = strlen(otherwise[s].text);
                byte = otherwise[s].becomes;
                sign |= byte == 0;
            }
        if (byte != 0 && (byte != ' ' || used > 0))
            text[used++] = byte;
    }
    while (used > 0 && text[used - 1] == ' ')
        used--;
    text[used] = '\0';
    return sign;
}

/* Removes separators between groups of three digits before the decimal point, where there are 1 to 3 digits before the
 * first, behind a minus or not. Returns how many there were; SIZE_MAX if they stand elsewhere. */
static size_t strip_thousands(char *text, char separator, char decimal)
{
    size_t kept = 0, separators = 0, since = 0;
    bool point = false;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == separator && (point || (separators > 0 ? since != 3 : kept == 0 || kept > 4)))
            return SIZE_MAX;
        separators += *at == separator;
        point |= *at == decimal;
        if (!point)
            since = *at == separator ? 0 : since + (isdigit((unsigned char)*at) != 0);
        if (*at != separator)
            text[kept++] = *at == decimal ? '.' : *at;
    }
    text[kept] = '\0';
    return separators > 0 && since != 3 ? SIZE_MAX : separators;
}

/* What must be removed from a number with signs or separators, such as "1,000 €"; NULL if the text is no such number. A
 * single comma outside quotes may be the decimal point of another country. */
static const char *written_otherwise(const CsvCell *cell, char decimal)
{
    const struct {
        char separator;
        const char *name;
    } all[] = {{decimal == '.' ? ',' : '.', decimal == '.' ? "commas between thousands" : "points between thousands"},
               {' ', "spaces between thousands"},
               {'\'', "apostrophes between thousands"}};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
        char text[SHOWN + 1];
        double number = 0;
        const bool sign = strip_signs(cell, text), point = strchr(text, decimal) != NULL;
        const size_t separators = strip_thousands(text, all[k].separator, decimal);
        if (separators == SIZE_MAX || (separators > 0 && text[0] == '0') || !number_parse(text, &number))
            continue;
        if (separators == 1 && k == 0 && !sign && !cell->quoted && !point)
            return NULL;
        return sign ? "its sign" : separators > 0 ? all[k].name : NULL;
    }
    return NULL;
}

bool csv_cell_is_like_number(const CsvCell *cell, const CsvDialect *dialect)
{
    return is_infinite(cell) || has_long_minus(cell) || written_otherwise(cell, dialect->point) != NULL ||
           written_otherwise(cell, other_point(dialect)) != NULL || has_other_point(cell, dialect);
}

/* ---- Text columns -------------------------------------------------------------------------------------------- */

/* What --drop calls a column: its name if that needs no quotes, else its number. */
static int write_column(const Place *place, size_t c, char *text, size_t size)
{
    const char *name = place->reader->names != NULL ? place->reader->names[c] : "";
    bool plain = name[0] != '\0' && name[0] != '-';
    for (const char *at = name; *at != '\0'; at++)
        plain = plain && (isalnum((unsigned char)*at) || strchr("_.-", *at) != NULL);
    return plain ? snprintf(text, size, "%s", name) : snprintf(text, size, "%zu", c + 1);
}

/* True if the file's beginning has more numbers than texts in the column, so that its texts are the exception. */
static bool has_numbers(const Place *place, size_t c)
{
    const CsvSurvey *survey = &place->reader->start.survey;
    return c < survey->columns && survey->list[c].numbers > survey->list[c].texts;
}

/* True if the file's beginning has nothing but booleans in the column. */
static bool has_booleans(const Place *place, size_t c)
{
    const CsvSurvey *survey = &place->reader->start.survey;
    return !place->columns->for_model && c < survey->columns && survey->list[c].booleans + survey->list[c].truths > 0 &&
           survey->list[c].booleans == survey->list[c].texts;
}

/* True for a feature that cannot be one. */
static bool is_text_feature(const Place *place, size_t c)
{
    const Column *column = &place->columns->list[c];
    return column->role == COLUMN_FEATURE && (c == place->c || column->free_text);
}

/* Writes the text columns as --drop takes them, "name,sex,ticket", or the first of them and "..."; returns how many there
 * are. */
static size_t list_texts(const Place *place, char list[LIST_SIZE])
{
    size_t count = 0, used = 0;
    bool full = false;
    list[0] = '\0';
    for (size_t c = 0; c < place->columns->count; c++) {
        char text[LIST_SIZE];
        if (!is_text_feature(place, c))
            continue;
        count++;
        const int length = write_column(place, c, text, sizeof text);
        full = full || used + (size_t)length + sizeof ",..." > LIST_SIZE;
        if (!full)
            used += (size_t)snprintf(list + used, LIST_SIZE - used, "%s%s", used > 0 ? "," : "", text);
    }
    if (full)
        snprintf(list + used, LIST_SIZE - used, "%s...", used > 0 ? "," : "");
    return count;
}

static percept_status refuse_text(const Place *place, percept_error *error)
{
    char list[LIST_SIZE];
    const CsvCell *cell = place->cell;
    write_column(place, place->c, list, sizeof list);
    if (has_booleans(place, place->c))
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "%s: '%.*s' is neither true nor false, as those before; --columns %s=category, or "
                         "--missing-tokens '%.*s' if it is missing",
                         place->where, shown(cell), cell->text, list, shown(cell), cell->text);
    if (has_numbers(place, place->c))
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "%s: '%.*s' is not a number; is the line no row? --missing-tokens '%.*s' reads it as missing, "
                         "--columns %s=category makes the column a category",
                         place->where, shown(cell), cell->text, shown(cell), cell->text, list);
    if (place->columns->for_model)
        return error_set(
            error, PERCEPT_ERROR_FORMAT,
            "%s: '%.*s' is not a number, as the model takes here; --missing-tokens '%.*s' reads it as missing",
            place->where, shown(cell), cell->text, shown(cell), cell->text);
    const size_t texts = list_texts(place, list);
    if (texts > 1)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "%s: '%.*s' is not a number; leave out the %zu text columns: --drop %s", place->where,
                         shown(cell), cell->text, texts, list);
    return error_set(error, PERCEPT_ERROR_FORMAT,
                     "%s: '%.*s' is not a number; --drop %s leaves the column out, --label makes it the class",
                     place->where, shown(cell), cell->text, list);
}

/* What else can be done about a number that is written otherwise: a model can do without a feature. */
static const char *advise_without(const Place *place, char text[LIST_SIZE])
{
    char name[LIST_SIZE - 16];
    text[0] = '\0';
    write_column(place, place->c, name, sizeof name);
    if (place->role == COLUMN_FEATURE && !place->columns->for_model)
        snprintf(text, LIST_SIZE, ", or --drop %s", name);
    return text;
}

/* ---- All ----------------------------------------------------------------------------------------------------- */

percept_status csv_refuse_cell(const CsvReader *reader, size_t line, const Columns *columns, size_t c,
                               const CsvCell *cell, percept_error *error)
{
    Place place = {.reader = reader, .columns = columns, .c = c, .role = columns->list[c].role, .cell = cell};
    char column[COLUMN_TEXT], text[LIST_SIZE];
    double number = 0;
    snprintf(place.where, sizeof place.where, "%s, line %zu, %s", short_path(reader->name), line,
             column_describe(c, reader->names, column));
    if (cell->broken)
        return error_set(
            error, PERCEPT_ERROR_FORMAT,
            "%s: the quotes around '%.*s' do not enclose the whole cell; a quote within one is written twice",
            place.where, shown(cell), cell->text);
    if (csv_cell_missing(cell, &reader->dialect))
        return refuse_missing(&place, error);
    if (place.role == COLUMN_FEATURE && csv_cell_padded(cell))
        return error_set(
            error, PERCEPT_ERROR_FORMAT,
            "%s: '%.*s' is a code with leading zeros, and no other feature is left, since codes here hardly "
            "repeat; --columns NAME=number reads numbers",
            place.where, shown(cell), cell->text);
    if (csv_cell_number(cell, &reader->dialect, &number))
        return error_set(error, PERCEPT_ERROR_FORMAT, "%s: the weight %g is negative", place.where, number);
    if (is_infinite(cell))
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "%s: '%.*s' is not a finite number; --missing-tokens can name it as a missing value",
                         place.where, shown(cell), cell->text);
    if (has_long_minus(cell))
        return error_set(error, PERCEPT_ERROR_FORMAT, "%s: '%.*s' is not a number; its minus is U+2212, write '-'",
                         place.where, shown(cell), cell->text);
    const char *gone = written_otherwise(cell, reader->dialect.point);
    if (gone != NULL)
        return error_set(error, PERCEPT_ERROR_FORMAT, "%s: '%.*s' is not a number; write it without %s%s", place.where,
                         shown(cell), cell->text, gone, advise_without(&place, text));
    if (has_other_point(cell, &reader->dialect))
        return error_set(error, PERCEPT_ERROR_FORMAT, "%s: '%.*s' is not a number%s", place.where, shown(cell),
                         cell->text,
                         reader->dialect.point == '.' ? "; if the comma is its decimal point: --decimal comma"
                                                      : " with a comma, as --decimal says");
    gone = written_otherwise(cell, other_point(&reader->dialect));
    if (gone != NULL && reader->dialect.point == '.')
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "%s: '%.*s' is not a number; write it without %s, and add --decimal comma", place.where,
                         shown(cell), cell->text, gone);
    if (place.role == COLUMN_FEATURE)
        return refuse_text(&place, error);
    return error_set(error, PERCEPT_ERROR_FORMAT, "%s: '%.*s' is not a number, as a %s must be", place.where,
                     shown(cell), cell->text, place.role == COLUMN_TARGET ? "target" : "weight");
}

percept_status csv_refuse_count(const CsvReader *reader, const CsvRecord *record, percept_error *error)
{
    const size_t cells = csv_cell_count(record->begin, record->end, &reader->dialect);
    const char *advice = cells < reader->columns ? "is it cut off, or no row of the table?"
                         : reader->columns == 1  ? "delete the lines before the table, or name its --delimiter"
                                                 : "put cells that contain the delimiter in quotes";
    return error_set(error, PERCEPT_ERROR_FORMAT, "%s, line %zu: has %zu value%s, but the first line has %zu; %s",
                     short_path(reader->name), record->line, cells, cells == 1 ? "" : "s", reader->columns, advice);
}
