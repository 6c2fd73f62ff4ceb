/* What a person says about a network that a file leaves open. */
#ifndef EXPORT_IMPORT_OPTIONS_H
#define EXPORT_IMPORT_OPTIONS_H

#include <stddef.h>

typedef struct ImportOptions {
    const char *activation;     /* of hidden layers, where the file has only weights; NULL: not given */
    const char *output;         /* of the last layer, where the file ends with its weighted sums; NULL: not given */
    const char *const *classes; /* class_count names, or NULL: those of the file, else 0, 1, … */
    size_t class_count;
} ImportOptions;

#endif
