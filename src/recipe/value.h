/* The value of a key, read from text and written as text; and the private form of a recipe, one value per key. */
#ifndef RECIPE_VALUE_H
#define RECIPE_VALUE_H

#include "base/quote.h"
#include "recipe/key_index.h"

typedef struct Value {
    size_t count; /* number of items; 1 if the key is no list; 0: unset, without a block */
    bool chosen;  /* set by someone, and not only the default of the key */
    union {
        void *block;        /* one allocation holds all of a value */
        const char **texts; /* KEY_TEXT; KEY_CHOICE (names in a room's table) */
        int64_t *integers;  /* KEY_INTEGER; KEY_BOOLEAN (0 or 1) */
        double *numbers;    /* KEY_NUMBER */
    } items;
} Value;

struct percept_recipe {
    Value *values; /* recipe_key_count(), in the table's order */
    KeyIndex index;
};

/* Reads a value from text as recipe_set does, or from `count` texts of one item each. *out is set on success only and
 * released with value_clear. Messages begin with the key's name. */
percept_status value_parse(const Key *key, const char *text, Value *out, percept_error *error);
percept_status value_parse_items(const Key *key, const char *const *texts, size_t count, Value *out,
                                 percept_error *error);

/* Refuses a value ("a mapping") of a key: "KEY: expected …, found FOUND" and the hint. */
percept_status value_refuse(const Key *key, const char *found, const char *hint, percept_error *error);

/* Item i < count as text that reads back to the same item: a text itself, or a number with as few digits as possible,
 * written to `buffer`. */
#define VALUE_ITEM_SIZE 32
const char *value_item_text(const Key *key, const Value *value, size_t i, char buffer[VALUE_ITEM_SIZE]);

/* The whole value as text that reads back to the same value; "" of an unset one. *out is released with memory_free. */
percept_status value_format(const Key *key, const Value *value, char **out, percept_error *error);

percept_status value_copy(const Key *key, const Value *from, Value *out, percept_error *error);
void value_clear(Value *value);

#endif
