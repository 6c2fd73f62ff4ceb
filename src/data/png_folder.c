#include "data/png_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/quote.h"
#include "data/class_names.h"
#include "data/png.h"

#define ENDING ".png"
#define SMALLEST_STEP 64

/* ---- Names in a folder ----------------------------------------------------------------------------------------- */

typedef enum EntryKind { ENTRY_FOLDER, ENTRY_PICTURE } EntryKind;

typedef struct NameList {
    char **names;
    size_t count, capacity;
} NameList;

static void name_list_clear(NameList *list)
{
    for (size_t i = 0; i < list->count; i++)
        memory_free(list->names[i]);
    memory_free(list->names);
    *list = (NameList){0};
}

static percept_status name_list_add(NameList *list, const char *name, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : SMALLEST_STEP;
        status = memory_grow(&list->names, list->count * sizeof *list->names, capacity, sizeof *list->names,
                             "the names in a folder", error);
        if (status != PERCEPT_OK)
            return status;
        list->capacity = capacity;
    }
    status = memory_copy_string(name, &list->names[list->count], error);
    list->count += status == PERCEPT_OK;
    return status;
}

static int compare_names(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;
    return strcmp(*left, *right);
}

/* Compares digits by their number, without leading zeros, then by the first difference. */
static int compare_numbers(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;
    const char *x = *left + strspn(*left, "0"), *y = *right + strspn(*right, "0");
    const size_t digits = strlen(x), others = strlen(y);
    if (digits != others)
        return digits < others ? -1 : 1;
    const int order = strcmp(x, y);
    return order != 0 ? order : compare_names(a, b);
}

static void sort_names(NameList *list)
{
    bool numbers = true;
    for (size_t i = 0; i < list->count && numbers; i++)
        numbers = list->names[i][strspn(list->names[i], "0123456789")] == '\0';
    if (list->count > 0)
        qsort(list->names, list->count, sizeof *list->names, numbers ? compare_numbers : compare_names);
}

static bool is_kind(const char *path, EntryKind kind)
{
    struct stat facts;
    const size_t length = strlen(path);
    if (stat(path, &facts) != 0)
        return false;
    if (kind == ENTRY_FOLDER)
        return S_ISDIR(facts.st_mode);
    return S_ISREG(facts.st_mode) && length > strlen(ENDING) && strcasecmp(path + length - strlen(ENDING), ENDING) == 0;
}

static percept_status add_entry(const char *folder, const char *name, EntryKind kind, NameList *out,
                                percept_error *error)
{
    char *path = NULL;
    percept_status status = file_join(folder, name, &path, error);
    if (status == PERCEPT_OK && is_kind(path, kind))
        status = name_list_add(out, name, error);
    memory_free(path);
    return status;
}

/* The names of a folder's folders or pictures, sorted. */
static percept_status list_folder(const char *folder, EntryKind kind, NameList *out, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    DIR *entries = opendir(folder);
    if (entries == NULL)
        return error_set(error, PERCEPT_ERROR_IO, "cannot open the folder '%s': %s", folder, strerror(errno));
    const struct dirent *entry = NULL;
    while (status == PERCEPT_OK && (entry = readdir(entries)) != NULL)
        if (entry->d_name[0] != '.')
            status = add_entry(folder, entry->d_name, kind, out, error);
    closedir(entries);
    if (status == PERCEPT_OK)
        sort_names(out);
    return status;
}

bool png_folder_recognize(const char *path)
{
    return is_kind(path, ENTRY_FOLDER);
}

/* ---- Pictures -------------------------------------------------------------------------------------------------- */

/* All parts while they are read. */
typedef struct Reading {
    NameList classes;
    Buffer pixels;
    Buffer labels; /* int32_t */
    PngSize size;
    char *first; /* path of the first picture */
    size_t count;
} Reading;

static void reading_clear(Reading *all)
{
    name_list_clear(&all->classes);
    buffer_clear(&all->pixels);
    buffer_clear(&all->labels);
    memory_free(all->first);
}

static percept_status add_label(Reading *all, size_t label, percept_error *error)
{
    const int32_t number = (int32_t)label;
    const size_t used = all->labels.size, step = used > 0 ? used : SMALLEST_STEP * sizeof number;
    percept_status status = PERCEPT_OK;
    if (all->labels.capacity - used < sizeof number)
        status = buffer_reserve(&all->labels, step, "the labels", error);
    if (status == PERCEPT_OK) {
        memcpy(all->labels.bytes + used, &number, sizeof number);
        all->labels.size += sizeof number;
    }
    return status;
}

/* Reads a picture and notes its label. Takes `path` over. */
static percept_status read_picture(Reading *all, char *path, size_t label, percept_error *error)
{
    const bool is_first = all->size.first == NULL;
    percept_status status = png_append(path, &all->size, &all->pixels, error);
    if (status == PERCEPT_OK)
        status = add_label(all, label, error);
    if (is_first)
        all->first = path; /* the size names it */
    else
        memory_free(path);
    all->count += status == PERCEPT_OK;
    return status;
}

/* Reads the pictures of a class. */
static percept_status read_class(Reading *all, const char *folder, size_t label, bool needed, percept_error *error)
{
    NameList pictures = {0};
    percept_status status = list_folder(folder, ENTRY_PICTURE, &pictures, error);
    if (status == PERCEPT_OK && needed && pictures.count == 0)
        status = error_set(error, PERCEPT_ERROR_FORMAT,
                           "the folder '%s' is that of a class, but holds no file NAME" ENDING "; fill or remove it",
                           folder);
    for (size_t i = 0; status == PERCEPT_OK && i < pictures.count; i++) {
        char *path = NULL;
        status = file_join(folder, pictures.names[i], &path, error);
        if (status == PERCEPT_OK)
            status = read_picture(all, path, label, error);
    }
    name_list_clear(&pictures);
    return status;
}

/* The folder's name is a class's name, which models keep. */
static percept_status check_name(const char *folder, const char *name, percept_error *error)
{
    if (text_is_utf8(name))
        return PERCEPT_OK;
    return error_set(
        error, PERCEPT_ERROR_FORMAT,
        "the folder '%.64s' in '%.100s' has a name that is not UTF-8; rename it (convmv -f latin1 -t utf-8)", name,
        folder);
}

/* Reads a part. The first one's folders are the classes. */
static percept_status read_part(Reading *all, const char *folder, bool first, size_t *count, percept_error *error)
{
    NameList names = {0};
    const size_t before = all->count;
    percept_status status = list_folder(folder, ENTRY_FOLDER, first ? &all->classes : &names, error);
    const NameList *folders = first ? &all->classes : &names;
    int32_t *places = NULL;
    if (status == PERCEPT_OK && folders->count == 0)
        status = error_set(error, PERCEPT_ERROR_FORMAT,
                           "the folder '%s' holds no folders; pictures lie in one folder a class, "
                           "%s/CLASS/NAME" ENDING,
                           folder, folder);
    if (status == PERCEPT_OK)
        status = class_names_match((const char *const *)all->classes.names, all->classes.count,
                                   (const char *const *)folders->names, folders->count, &places, error);
    for (size_t i = 0; status == PERCEPT_OK && i < folders->count; i++) {
        char *path = NULL;
        status = check_name(folder, folders->names[i], error);
        if (status == PERCEPT_OK)
            status = file_join(folder, folders->names[i], &path, error);
        if (status == PERCEPT_OK && places[i] < 0)
            status = error_set(error, PERCEPT_ERROR_FORMAT,
                               "'%s' is the folder of a class that the training part lacks", path);
        if (status == PERCEPT_OK)
            status = read_class(all, path, (size_t)places[i], first, error);
        memory_free(path);
    }
    memory_free(places);
    name_list_clear(&names);
    *count = all->count - before;
    return status;
}

/* Hands the pixels over to a storage and fills in its labels. */
static percept_status finish(Reading *all, size_t class_count, Storage **out, percept_error *error)
{
    const size_t classes = all->classes.count, width = all->size.height * all->size.width;
    Storage *made = NULL;
    if (class_count > 0 && classes != class_count)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' belongs to one of %zu classes, but there must be %zu",
                         all->first, classes, class_count);
    percept_status status =
        storage_adopt(PERCEPT_UINT8, all->count, width, classes, all->pixels.bytes, all->pixels.bytes, &made, error);
    if (status != PERCEPT_OK)
        return status;
    all->pixels = (Buffer){0};
    made->image_height = all->size.height;
    made->image_width = all->size.width;
    memcpy(made->labels, all->labels.bytes, all->labels.size);
    status = storage_name_classes(made, (const char *const *)all->classes.names, error);
    if (status != PERCEPT_OK)
        storage_release(made);
    else
        *out = made;
    return status;
}

/* ---- The folder ------------------------------------------------------------------------------------------------ */

static const char *find_either(const NameList *list, const char *one, const char *other)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->names[i], one) == 0 || strcmp(list->names[i], other) == 0)
            return list->names[i];
    return NULL;
}

/* Reads the folder `name` of `path` as a part. */
static percept_status read_inner_part(Reading *all, const char *path, const char *name, bool first, size_t *count,
                                      percept_error *error)
{
    char *folder = NULL;
    percept_status status = file_join(path, name, &folder, error);
    if (status == PERCEPT_OK)
        status = read_part(all, folder, first, count, error);
    memory_free(folder);
    return status;
}

percept_status png_folder_read(const char *path, size_t class_count, Storage **out, size_t counts[2],
                               percept_error *error)
{
    Reading all = {0};
    NameList folders = {0};
    counts[0] = counts[1] = 0;
    percept_status status = list_folder(path, ENTRY_FOLDER, &folders, error);
    const char *train = find_either(&folders, "train", "training"), *test = find_either(&folders, "test", "testing");
    if (status == PERCEPT_OK && folders.count == 2 && train != NULL && test != NULL) {
        status = read_inner_part(&all, path, train, true, &counts[0], error);
        if (status == PERCEPT_OK)
            status = read_inner_part(&all, path, test, false, &counts[1], error);
    } else if (status == PERCEPT_OK) {
        status = read_part(&all, path, true, &counts[0], error);
    }
    name_list_clear(&folders);
    if (status == PERCEPT_OK)
        status = finish(&all, class_count, out, error);
    reading_clear(&all);
    return status;
}
