/* A recipe. One that is taken holds values that are taken again when they are written as text, and to the same text. */
#include "recipe/recipe.h"

#include "fuzz.h"

static void check_key(const percept_recipe *recipe, const char *name, percept_recipe *copy)
{
    char *text = NULL, *again = NULL;
    percept_error error = {PERCEPT_OK, ""};
    fuzz_assert(recipe_format(recipe, name, &text, &error) == PERCEPT_OK);
    if (recipe_is_set(recipe, name)) {
        fuzz_assert(recipe_set(copy, name, text, "the copy", &error) == PERCEPT_OK);
        fuzz_assert(recipe_format(copy, name, &again, &error) == PERCEPT_OK);
        fuzz_assert(strcmp(text, again) == 0);
    } else {
        fuzz_assert(text[0] == '\0');
    }
    memory_free(again);
    memory_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzFile file;
    percept_error error = {PERCEPT_OK, ""};
    percept_recipe *recipe = NULL, *copy = NULL;

    fuzz_file_open(&file, bytes, size);
    const percept_status status = percept_recipe_load(file.path, &recipe, &error);
    fuzz_file_close(&file);
    if (status != PERCEPT_OK) {
        fuzz_check_failure(status, &error);
        fuzz_assert(recipe == NULL);
        return 0;
    }
    fuzz_assert(percept_recipe_create(&copy, &error) == PERCEPT_OK);
    for (size_t i = 0; i < recipe_key_count(); i++)
        check_key(recipe, recipe_key_at(i)->name, copy);
    percept_recipe_free(copy);
    percept_recipe_free(recipe);
    return 0;
}
