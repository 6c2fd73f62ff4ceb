/* Search spaces for tests, from text. */
#ifndef TESTS_SPACES_H
#define TESTS_SPACES_H

#include "base/memory.h"
#include "scratch.h"
#include "search/strategy.h"

/* Reads a space from text; the error is the caller's. */
static inline percept_status read_space(const char *text, Space **out, percept_error *error)
{
    Scratch scratch;
    char path[SCRATCH_PATH];
    scratch_open(&scratch);
    scratch_write(scratch_path(&scratch, "space.yaml", path), text, strlen(text));
    const percept_status status = space_read(path, out, error);
    scratch_remove(scratch.folder);
    return status;
}

static inline Space *make_space(const char *text)
{
    Space *space = NULL;
    assert_ok(read_space(text, &space, error));
    return space;
}

/* The strategy of a space whose every point is allowed. */
static inline Strategy *make_strategy(const Space *space)
{
    const Candidates candidates = {.space = space};
    Strategy *strategy = NULL;
    assert_ok(strategy_create(&candidates, &strategy, error));
    return strategy;
}

#endif
