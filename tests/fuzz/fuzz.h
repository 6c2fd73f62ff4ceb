/* What the fuzz targets share. A target is one file, fuzz_NAME.c, whose LLVMFuzzerTestOneInput hands any bytes to a reader
 * and ends the process by abort() where the reader's promise is broken: it gives something sound, which can be used, or an
 * error that can be read. Its seeds lie in corpus/NAME/, words that it should know in NAME.dict, if there is one. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"
#include "data/dataset.h"
#include "percept/percept.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* With libFuzzer alone (PERCEPT_FUZZ): a target may say how inputs are changed; the usual changes. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t room);

/* Ends the process, so that the fuzzer keeps the input. */
#define fuzz_assert(condition)                                                                                         \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                             \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* A file without a name that holds the bytes, for readers that take a path. */
typedef struct FuzzFile {
    int descriptor;
    char path[32];
} FuzzFile;

static inline void fuzz_file_open(FuzzFile *file, const uint8_t *bytes, size_t size)
{
    size_t done = 0;
    file->descriptor = memfd_create("fuzz", MFD_CLOEXEC);
    fuzz_assert(file->descriptor >= 0);
    snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->descriptor);
    while (done < size) {
        const ssize_t count = write(file->descriptor, bytes + done, size - done);
        fuzz_assert(count > 0);
        done += (size_t)count;
    }
}

static inline void fuzz_file_close(FuzzFile *file)
{
    close(file->descriptor);
}

/* Takes a number in 0 … 255 from the front of the input, 0 where there is none. */
static inline uint8_t fuzz_take_byte(const uint8_t **bytes, size_t *size)
{
    if (*size == 0)
        return 0;
    (*size)--;
    return *(*bytes)++;
}

/* Cuts the input in two: its first two bytes (little-endian) say how much the first file has, as far as there is. */
static inline void fuzz_split(const uint8_t **bytes, size_t *size, const uint8_t **first, size_t *first_size)
{
    *first_size = fuzz_take_byte(bytes, size);
    *first_size |= (size_t)fuzz_take_byte(bytes, size) << 8;
    if (*first_size > *size)
        *first_size = *size;
    *first = *bytes;
    *bytes += *first_size;
    *size -= *first_size;
}

/* A failure is told as it must be: the status is in the error, with one line that says something. */
static inline void fuzz_check_failure(percept_status status, const percept_error *error)
{
    fuzz_assert(status != PERCEPT_OK && error->status == status);
    fuzz_assert(error->message[0] != '\0' && strlen(error->message) < sizeof error->message);
    fuzz_assert(strchr(error->message, '\n') == NULL);
}

/* Reads all of a block; a checker complains of bytes that are not there or were never set. */
static inline void fuzz_touch(const void *block, size_t size)
{
    const uint8_t *bytes = block;
    volatile uint8_t sum = 0;
    for (size_t i = 0; i < size; i++)
        sum = (uint8_t)(sum + bytes[i]);
}

/* Features that are not a number. */
static inline size_t fuzz_count_missing(const Storage *storage)
{
    size_t missing = 0;
    for (size_t i = 0; i < storage->count; i++)
        for (size_t j = 0; j < storage->width; j++)
            missing += isnan(storage_value(storage, i, j)) ? 1 : 0;
    return missing;
}

/* What a reader of data gives: sound storage of `parts` parts, or a failure. Releases the storage. */
static inline void fuzz_check_storage(percept_status status, const percept_error *error, Storage *storage,
                                      const size_t *counts, size_t parts)
{
    size_t count = 0;
    if (status != PERCEPT_OK) {
        fuzz_check_failure(status, error);
        fuzz_assert(storage == NULL);
        return;
    }
    for (size_t p = 0; p < parts; p++)
        count += counts[p];
    fuzz_assert(storage != NULL && storage->count == count && count > 0 && storage->width > 0);
    fuzz_touch(storage->features, count * storage_row_size(storage));
    for (size_t i = 0; storage->labels != NULL && i < count; i++)
        fuzz_assert(storage->labels[i] >= 0 && (size_t)storage->labels[i] < storage->class_count);
    for (size_t k = 0; storage->class_names != NULL && k < storage->class_count; k++)
        fuzz_touch(storage->class_names[k], strlen(storage->class_names[k]));
    if (storage->targets != NULL)
        fuzz_touch(storage->targets, count * storage->target_width * sizeof *storage->targets);
    if (storage->weights != NULL)
        fuzz_touch(storage->weights, count * sizeof *storage->weights);
    fuzz_assert(storage->missing == 0 || storage->missing == fuzz_count_missing(storage));
    fuzz_assert(storage->image_height * storage->image_width == 0 ||
                storage->image_height * storage->image_width == storage->width);
    storage_release(storage);
}

/* Predicts with a model that was read from the input. A weight takes at least a byte there, and the fuzzer's files are much
 * smaller than this. */
#define FUZZ_MOST_INPUTS 65536
static inline void fuzz_use_model(const percept_model *model)
{
    const size_t inputs = percept_model_inputs(model), outputs = percept_model_outputs(model);
    percept_error error = {PERCEPT_OK, ""};
    fuzz_assert(inputs > 0 && inputs < FUZZ_MOST_INPUTS && outputs > 0 && outputs < FUZZ_MOST_INPUTS);
    for (size_t k = 0; k < percept_model_classes(model); k++)
        fuzz_touch(percept_model_class_name(model, k), strlen(percept_model_class_name(model, k)));
    double *features = calloc(inputs + outputs, sizeof *features);
    fuzz_assert(features != NULL);
    const percept_status status = percept_model_predict(model, features, 1, 1, features + inputs, &error);
    if (status != PERCEPT_OK)
        fuzz_check_failure(status, &error);
    fuzz_touch(features, (inputs + outputs) * sizeof *features);
    free(features);
}

#endif
