/* For programs whose tests have a scratch folder of their own each, `scratch`:
 *
 *     IN_SCRATCH(name) in place of cmocka_unit_test(name)
 *
 * A test that wants more before it begins has its own set-up, which opens the folder, and takes remove_scratch. */
#ifndef TESTS_IN_SCRATCH_H
#define TESTS_IN_SCRATCH_H

#include "scratch.h"

static Scratch scratch;

static inline int open_scratch(void **state)
{
    (void)state;
    scratch_open(&scratch);
    return 0;
}

static inline int remove_scratch(void **state)
{
    (void)state;
    scratch_remove(scratch.folder);
    return 0;
}

#define IN_SCRATCH(name) cmocka_unit_test_setup_teardown(name, open_scratch, remove_scratch)

#endif
