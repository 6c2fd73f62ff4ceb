#include "data/npy_header.h"

#include <string.h>

#define MAGIC_SIZE 6
#define VERSION_SIZE 2

/* The dictionary while it is read. */
typedef struct Cursor {
    const char *name; /* of the file */
    const char *at, *end;
} Cursor;

static percept_status refuse(const Cursor *cursor, const char *expected, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_FORMAT,
                     "'%s' is no NPY file: its header has no %s where one should be, %td bytes before its end",
                     cursor->name, expected, cursor->end - cursor->at);
}

static void skip_spaces(Cursor *cursor)
{
    while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\n' || *cursor->at == '\t'))
        cursor->at++;
}

/* Takes the next character, behind spaces, if it is this one. */
static bool take(Cursor *cursor, char wanted)
{
    skip_spaces(cursor);
    if (cursor->at >= cursor->end || *cursor->at != wanted)
        return false;
    cursor->at++;
    return true;
}

static bool take_word(Cursor *cursor, const char *word)
{
    const size_t length = strlen(word);
    skip_spaces(cursor);
    if ((size_t)(cursor->end - cursor->at) < length || memcmp(cursor->at, word, length) != 0)
        return false;
    cursor->at += length;
    return true;
}

/* A text in quotes, without escapes; cut to `size` - 1 bytes. */
static bool take_text(Cursor *cursor, char *text, size_t size)
{
    const char quote = take(cursor, '\'') ? '\'' : take(cursor, '"') ? '"' : '\0';
    size_t length = 0;
    if (quote == '\0')
        return false;
    for (; cursor->at < cursor->end && *cursor->at != quote; cursor->at++)
        if (length + 1 < size)
            text[length++] = *cursor->at;
    text[length] = '\0';
    return take(cursor, quote);
}

/* A whole number; Python 2 wrote some as 12L. */
static bool take_size(Cursor *cursor, size_t *out)
{
    size_t value = 0;
    skip_spaces(cursor);
    const char *start = cursor->at;
    for (; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9'; cursor->at++)
        if (__builtin_mul_overflow(value, (size_t)10, &value) ||
            __builtin_add_overflow(value, (size_t)(*cursor->at - '0'), &value))
            return false;
    if (cursor->at == start)
        return false;
    if (cursor->at < cursor->end && *cursor->at == 'L')
        cursor->at++;
    *out = value;
    return true;
}

/* (), (3,), (3, 4), (3, 4,) */
static percept_status read_shape(Cursor *cursor, NpyHeader *out, percept_error *error)
{
    bool comma = true;
    if (!take(cursor, '('))
        return refuse(cursor, "tuple of sizes", error);
    for (out->dimensions = 0; !take(cursor, ')'); out->dimensions++) {
        if (out->dimensions == NPY_MOST_DIMENSIONS)
            return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has more than %d dimensions", cursor->name,
                             NPY_MOST_DIMENSIONS);
        if (!comma || !take_size(cursor, &out->shape[out->dimensions]))
            return refuse(cursor, "size", error);
        comma = take(cursor, ',');
    }
    if (out->dimensions == 1 && !comma)
        return refuse(cursor, "tuple of sizes", error); /* (3) is a number in Python */
    return PERCEPT_OK;
}

static percept_status read_order(Cursor *cursor, NpyHeader *out, percept_error *error)
{
    out->fortran_order = take_word(cursor, "True");
    return out->fortran_order || take_word(cursor, "False") ? PERCEPT_OK : refuse(cursor, "True or False", error);
}

static percept_status read_description(Cursor *cursor, NpyHeader *out, percept_error *error)
{
    if (!take(cursor, '['))
        return take_text(cursor, out->description, sizeof out->description) ? PERCEPT_OK
                                                                            : refuse(cursor, "type of items", error);
    /* The fields of a record. They are not supported, so the rest is not parsed. */
    memcpy(out->description, "[", 2);
    cursor->at = cursor->end;
    return PERCEPT_OK;
}

/* A key and how its value is read. */
typedef struct Entry {
    const char *key;
    percept_status (*read)(Cursor *cursor, NpyHeader *out, percept_error *error);
} Entry;

static percept_status read_dictionary(Cursor *cursor, NpyHeader *out, percept_error *error)
{
    static const Entry entries[] = {{"descr", read_description}, {"fortran_order", read_order}, {"shape", read_shape}};
    const size_t count = sizeof entries / sizeof entries[0];
    bool seen[sizeof entries / sizeof entries[0]] = {false}, comma = true;
    if (!take(cursor, '{'))
        return refuse(cursor, "dictionary", error);
    while (!take(cursor, '}')) {
        char key[16] = "";
        size_t e = 0;
        if (!comma || !take_text(cursor, key, sizeof key))
            return refuse(cursor, "key", error);
        while (e < count && strcmp(entries[e].key, key) != 0)
            e++;
        if (e == count || seen[e])
            return error_set(error, PERCEPT_ERROR_FORMAT,
                             "'%s' is no NPY file: its header has the key '%s'%s; its keys are descr, fortran_order "
                             "and shape",
                             cursor->name, key, e < count ? " twice" : "");
        if (!take(cursor, ':'))
            return refuse(cursor, "colon", error);
        percept_status status = entries[e].read(cursor, out, error);
        if (status != PERCEPT_OK || out->description[0] == '[')
            return status;
        seen[e] = true;
        comma = take(cursor, ',');
    }
    for (size_t e = 0; e < count; e++)
        if (!seen[e])
            return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' is no NPY file: its header lacks the key '%s'",
                             cursor->name, entries[e].key);
    return PERCEPT_OK;
}

percept_status npy_header_read(const char *name, const uint8_t *bytes, size_t size, NpyHeader *out,
                               percept_error *error)
{
    static const uint8_t magic[MAGIC_SIZE] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
    *out = (NpyHeader){.size = MAGIC_SIZE + VERSION_SIZE};
    if (size < MAGIC_SIZE || memcmp(bytes, magic, MAGIC_SIZE) != 0)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' is no NPY file: it does not start with the bytes 93 'NUMPY'", name);
    const unsigned version = size > MAGIC_SIZE ? bytes[MAGIC_SIZE] : 0;
    const size_t width = version == 1 ? 2 : 4; /* bytes of the dictionary's length, little-endian */
    if (size < out->size + width)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' ends within its header, after %zu bytes", name, size);
    if (version < 1 || version > 3)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has version %u of the NPY format; 1 to 3 are read", name,
                         version);
    size_t length = 0;
    for (size_t b = 0; b < width; b++)
        length |= (size_t)bytes[out->size + b] << (8 * b);
    out->size += width;
    if (length > size - out->size)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' ends within its header, which should have %zu bytes; get the file again", name, length);
    const char *text = (const char *)bytes + out->size;
    Cursor cursor = {name, text, text + length};
    out->size += length;
    percept_status status = read_dictionary(&cursor, out, error);
    if (status != PERCEPT_OK || out->description[0] == '[')
        return status;
    skip_spaces(&cursor);
    return cursor.at == cursor.end ? PERCEPT_OK : refuse(&cursor, "end", error);
}
