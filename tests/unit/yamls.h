/* Recipes as files, for tests. */
#ifndef TESTS_YAMLS_H
#define TESTS_YAMLS_H

#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/number.h"
#include "failing_memory.h"
#include "recipe/recipe.h"
#include "recipe/value.h"
#include "recipe/yaml.h"

/* A stream of bits that is the same everywhere (G. Marsaglia, 2003: xorshift64). */
static uint64_t bits = 88172645463325252u;

static inline uint64_t next_bits(void)
{
    bits ^= bits << 13;
    bits ^= bits >> 7;
    bits ^= bits << 17;
    return bits;
}

static inline size_t below(size_t bound)
{
    return bound > 0 ? (size_t)(next_bits() >> 11) % bound : 0;
}

static char folder[] = "/tmp/percept-yaml-XXXXXX";
static char first_path[64], second_path[64];

static inline int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(first_path, sizeof first_path, "%s/a.yaml", folder);
    snprintf(second_path, sizeof second_path, "%s/b.yaml", folder);
    return 0;
}

static inline int remove_folder(void **state)
{
    (void)state;
    unlink(first_path);
    unlink(second_path);
    return rmdir(folder);
}

static inline void write_bytes(const char *bytes, size_t size)
{
    FILE *file = fopen(first_path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* The file's bytes, 0 at their end; released with free. */
static inline char *read_bytes(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = calloc(size + 1, 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return text;
}

static inline percept_status load_text(const char *text, percept_recipe **out, percept_error *error)
{
    write_bytes(text, strlen(text));
    return percept_recipe_load(first_path, out, error);
}

static inline void assert_value(const percept_recipe *recipe, const char *name, const char *wanted)
{
    char *text = NULL;
    assert_ok(recipe_format(recipe, name, &text, error));
    assert_string_equal(text, wanted);
    memory_free(text);
}

static inline void assert_equal_recipes(const percept_recipe *a, const percept_recipe *b)
{
    for (size_t i = 0; i < recipe_key_count(); i++) {
        char *text = NULL;
        assert_ok(recipe_format(a, recipe_key_at(i)->name, &text, error));
        assert_value(b, recipe_key_at(i)->name, text);
        memory_free(text);
    }
}

#endif
