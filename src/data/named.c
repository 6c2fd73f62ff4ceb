/* The datasets known by name, and where they lie. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "data/source.h"

#define PLACES 4
#define LIST_SIZE 512 /* half of what a message holds */
#define SYSTEM_PLACE "/usr/share/datasets"

static const char *const fashion_classes[] = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                              "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
static const char *const digit_classes[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

#define MNIST_FILES                                                                                                    \
    {                                                                                                                  \
        {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"},                                                        \
        {                                                                                                              \
            "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"                                                         \
        }                                                                                                              \
    }

static const NamedDataset named_table[] = {
    {.name = "fashion-mnist",
     .summary = "70,000 grey 28x28 pictures of clothes in 10 classes (Xiao, Rasul, Vollgraf, 2017)",
     .folder = "fashion-mnist",
     .format = "idx",
     .parts = 2,
     .files = MNIST_FILES,
     .train_count = 60000,
     .test_count = 10000,
     .class_names = fashion_classes,
     .class_count = 10,
     .validation_count = 10000,
     .hint = "install the package dataset-fashion-mnist, or run: percept data get fashion-mnist"},
    {.name = "mnist",
     .summary = "70,000 grey 28x28 pictures of handwritten digits (LeCun, Cortes, Burges, 1998)",
     .folder = "mnist",
     .format = "idx",
     .parts = 2,
     .files = MNIST_FILES,
     .train_count = 60000,
     .test_count = 10000,
     .class_names = digit_classes,
     .class_count = 10,
     .validation_count = 10000,
     .hint = "run: percept data get mnist"},
    {.name = "digits",
     .summary = "1,797 grey 8x8 pictures of handwritten digits, in 17 shades (Alpaydin, Kaynak, 1998)",
     .folder = "digits",
     .loose = true,
     .format = "csv",
     .options = {.header = HEADER_NO, .label = "last"},
     .parts = 1,
     .files = {{"digits.csv"}},
     .train_count = 1797,
     .class_names = digit_classes,
     .class_count = 10,
     .split = {0.7, 0.15, 0.15},
     .image_height = 8,
     .image_width = 8,
     .divisor = 16,
     .hint = "run: percept data get digits"},
};

const NamedDataset *named_datasets(size_t *count)
{
    *count = sizeof named_table / sizeof named_table[0];
    return named_table;
}

const NamedDataset *named_dataset_find(const char *name)
{
    for (size_t d = 0; d < sizeof named_table / sizeof named_table[0]; d++)
        if (strcmp(named_table[d].name, name) == 0)
            return &named_table[d];
    return NULL;
}

/* The value of an environment variable, NULL if it is unset or empty. */
static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Relative paths in XDG_DATA_HOME are to be ignored, says the XDG Base Directory Specification. */
percept_status source_user_folder(char **folder, percept_error *error)
{
    const char *base = environment("XDG_DATA_HOME"), *home = environment("HOME");
    *folder = NULL;
    if (base != NULL && base[0] == '/')
        return file_join(base, "percept", folder, error);
    return home != NULL ? file_join(home, ".local/share/percept", folder, error) : PERCEPT_OK;
}

percept_status source_find_file(const char *folder, const char *name, char **path, percept_error *error)
{
    static const char *const endings[] = {"", ".gz"};
    char *joined = NULL;
    *path = NULL;
    percept_status status = file_join(folder, name, &joined, error);
    for (size_t e = 0; status == PERCEPT_OK && *path == NULL && e < sizeof endings / sizeof endings[0]; e++) {
        size_t size = strlen(joined) + strlen(endings[e]) + 1;
        status = memory_allocate(size, 1, "a path", path, error);
        if (status != PERCEPT_OK)
            break;
        snprintf(*path, size, "%s%s", joined, endings[e]);
        if (!file_exists(*path)) {
            memory_free(*path);
            *path = NULL;
        }
    }
    memory_free(joined);
    return status;
}

/* The first file of a dataset that `folder` lacks; NULL if it has all. */
static percept_status find_missing(const NamedDataset *named, const char *folder, const char **missing,
                                   percept_error *error)
{
    percept_status status = PERCEPT_OK;
    *missing = NULL;
    for (size_t f = 0; status == PERCEPT_OK && *missing == NULL && f < named->parts * SOURCE_FILES; f++) {
        const char *name = named->files[f / SOURCE_FILES][f % SOURCE_FILES];
        char *path = NULL;
        if (name == NULL)
            continue;
        status = source_find_file(folder, name, &path, error);
        if (status == PERCEPT_OK && path == NULL)
            *missing = name;
        memory_free(path);
    }
    return status;
}

/* Looks in one folder. *folder stays NULL if the dataset is not, or not wholly, there: `looked` (a text of
 * `size` bytes) then gets the place, and the file that it lacks if it has others. */
static percept_status look_in(const NamedDataset *named, const char *place, const char *inside, char **folder,
                              char *looked, size_t size, percept_error *error)
{
    char *candidate = NULL;
    const char *missing = NULL;
    percept_status status = file_join(place, inside, &candidate, error);
    if (status != PERCEPT_OK)
        return status;
    status = find_missing(named, candidate, &missing, error);
    if (status == PERCEPT_OK && missing == NULL) {
        *folder = candidate;
        return status;
    }
    size_t used = strlen(looked);
    const char *comma = used > 0 ? ", " : "";
    if (status == PERCEPT_OK && inside[0] != '\0' && file_exists(candidate))
        snprintf(looked + used, size - used, "%s%s (lacks %s)", comma, candidate, missing);
    else if (status == PERCEPT_OK)
        snprintf(looked + used, size - used, "%s%s", comma, candidate);
    memory_free(candidate);
    return status;
}

percept_status named_dataset_locate(const NamedDataset *named, const char *directory, char **folder,
                                    percept_error *error)
{
    char looked[LIST_SIZE] = "";
    char *user = NULL, *found = NULL;
    percept_status status = source_user_folder(&user, error);
    const char *places[PLACES] = {directory, environment("PERCEPT_DATA"), user, SYSTEM_PLACE};
    for (size_t p = 0; status == PERCEPT_OK && found == NULL && p < PLACES; p++) {
        if (places[p] == NULL)
            continue;
        status = look_in(named, places[p], named->folder, &found, looked, sizeof looked, error);
        if (status == PERCEPT_OK && found == NULL && named->loose)
            status = look_in(named, places[p], "", &found, looked, sizeof looked, error);
    }
    memory_free(user);
    if (status == PERCEPT_OK && found == NULL)
        status =
            error_set(error, PERCEPT_ERROR_IO, "the dataset '%s' is not in %s; %s", named->name, looked, named->hint);
    if (status == PERCEPT_OK)
        *folder = found;
    return status;
}
