/* A search space. One that is taken can be drawn from, its points make recipes that its keys allow, and what is written of it
 * is the same space. */
#include "search/strategy.h"

#include "base/file.h"

#include "fuzz.h"

/* A point of the space lies in it, and can be set and told. */
static void check_point(const Space *space, const double *point)
{
    percept_recipe *recipe = NULL;
    percept_error error = {PERCEPT_OK, ""};
    const char *refused_by = NULL;
    for (size_t d = 0; d < space->count; d++) {
        const Dimension *dimension = &space->dimensions[d];
        if (isnan(point[d]))
            fuzz_assert(!space_has(space, point, d));
        else if (dimension->choices != NULL)
            fuzz_assert(point[d] >= 0 && point[d] < (double)dimension->choice_count);
        else
            fuzz_assert(point[d] >= dimension->low && point[d] <= dimension->high);
    }
    fuzz_assert(recipe_copy(space->base, &recipe, &error) == PERCEPT_OK);
    const percept_status status = space_apply(space, point, 7, 3, recipe, &error);
    if (status != PERCEPT_OK)
        fprintf(stderr, "%s\n", error.message);
    fuzz_assert(status == PERCEPT_OK);
    fuzz_assert(space_refuses(space, recipe, &refused_by, &error) == PERCEPT_OK);
    for (size_t c = 0; c < space_columns(space); c++) {
        char *text = NULL;
        fuzz_assert(space_column_text(space, c, point, &text, &error) == PERCEPT_OK && text[0] != '\0');
        memory_free(text);
    }
    percept_recipe_free(recipe);
}

static void check_draws(const Space *space)
{
    const Candidates candidates = {.space = space};
    Strategy *strategy = NULL;
    percept_error error = {PERCEPT_OK, ""};
    double point[SPACE_MOST_DIMENSIONS];
    RandomStream stream;
    const Strategy random = {.kind = &strategy_random, .candidates = candidates};
    random_default_rng(&stream, 0);
    for (size_t i = 0; i < 4; i++) {
        strategy_draw_uniformly(&random, NULL, &stream, point);
        check_point(space, point);
    }
    if (strcmp(search_setting_text(&space->settings, "strategy"), "grid") == 0)
        return; /* which may be large */
    const percept_status status = strategy_create(&candidates, &strategy, &error);
    if (status != PERCEPT_OK)
        fuzz_check_failure(status, &error);
    strategy_free(strategy);
}

static void check_written(const Space *space)
{
    Buffer text = {0}, second = {0};
    FuzzFile file;
    Space *again = NULL;
    percept_error error = {PERCEPT_OK, ""};
    fuzz_assert(space_write(space, &text, &error) == PERCEPT_OK);
    fuzz_file_open(&file, text.bytes, text.size);
    const percept_status status = space_read(file.path, &again, &error);
    fuzz_file_close(&file);
    /* What is written may be longer than what is read. */
    if (status != PERCEPT_OK && strstr(error.message, "more than") == NULL)
        fprintf(stderr, "%s\n%s\n", error.message, (const char *)text.bytes);
    fuzz_assert(status == PERCEPT_OK || strstr(error.message, "more than") != NULL);
    if (status == PERCEPT_OK) {
        fuzz_assert(space_write(again, &second, &error) == PERCEPT_OK);
        fuzz_assert(text.size == second.size && memcmp(text.bytes, second.bytes, text.size) == 0);
    }
    space_free(again);
    buffer_clear(&text);
    buffer_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzFile file;
    percept_error error = {PERCEPT_OK, ""};
    Space *space = NULL;
    fuzz_file_open(&file, bytes, size);
    const percept_status status = space_read(file.path, &space, &error);
    fuzz_file_close(&file);
    if (status != PERCEPT_OK) {
        fuzz_check_failure(status, &error);
        fuzz_assert(space == NULL);
        return 0;
    }
    check_draws(space);
    check_written(space);
    space_free(space);
    return 0;
}
