/* Skipping with a reason: the summary of `make test` shows the line that starts with "skipped: ". */
#ifndef TESTS_SKIP_H
#define TESTS_SKIP_H

#include <stdio.h>

/* Ends the running cmocka test as skipped; to be used after <cmocka.h>.
 *     skip_because("MNIST is missing: %s", error.message); */
#define skip_because(...)                                                                                              \
    do {                                                                                                               \
        printf("skipped: " __VA_ARGS__);                                                                               \
        printf("\n");                                                                                                  \
        skip();                                                                                                        \
    } while (0)

#endif
