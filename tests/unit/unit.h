/* What every unit test needs: cmocka with its headers, and checks that print both numbers. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

#include "percept/percept.h"

/* The call succeeded; prints the library's message if not. */
#define assert_ok(call)                                                                                                \
    do {                                                                                                               \
        percept_error assert_error = {PERCEPT_OK, ""};                                                                 \
        percept_error *error = &assert_error;                                                                          \
        if ((call) != PERCEPT_OK)                                                                                      \
            fail_msg("%s: %s", #call, assert_error.message);                                                           \
    } while (0)

/* |a - b| ≤ tolerance · max(1, |a|, |b|); not-a-number never passes. */
#define assert_close(a, b, tolerance)                                                                                  \
    do {                                                                                                               \
        const double assert_a = (a), assert_b = (b);                                                                   \
        const double assert_scale = fmax(1, fmax(fabs(assert_a), fabs(assert_b)));                                     \
        if (!(fabs(assert_a - assert_b) <= (tolerance)*assert_scale))                                                  \
            fail_msg("%s = %.17g, %s = %.17g, tolerance %g", #a, assert_a, #b, assert_b, (double)(tolerance));         \
    } while (0)

#endif
