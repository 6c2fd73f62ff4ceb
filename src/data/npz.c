#include "data/npz.h"

#include <stdio.h>
#include <string.h>

#include <zip.h>

#include "base/file.h"
#include "base/memory.h"
#include "data/npy.h"

/* The most that deflate can make of one byte: a match of 258 bytes takes at least two bits. */
#define LARGEST_EXPANSION 1032
#define ENDING ".npy"
#define MOST_NAMES 7

/* An open archive. */
typedef struct Archive {
    zip_t *zip;
    const char *path;
    size_t size; /* bytes of the file */
} Archive;

/* ---- Members --------------------------------------------------------------------------------------------------- */

static const char *reason(const Archive *archive)
{
    return zip_error_strerror(zip_get_error(archive->zip));
}

/* A member that can be read, and whose size is not more than its bytes can hold. */
static percept_status check_member(const Archive *archive, const char *name, const zip_stat_t *facts,
                                   percept_error *error)
{
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    const bool stored = facts->comp_method == ZIP_CM_STORE;
    if ((facts->valid & needed) != needed)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has no size in the archive; get the file again", name);
    if (facts->encryption_method != ZIP_EM_NONE)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' is encrypted; save it without a password", name);
    if (!stored && facts->comp_method != ZIP_CM_DEFLATE)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' is packed by method %u; save it with numpy.savez or numpy.savez_compressed", name,
                         facts->comp_method);
    if (facts->comp_size > archive->size)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' claims %llu packed bytes in an archive of %zu", name,
                         (unsigned long long)facts->comp_size, archive->size);
    if (facts->size > SIZE_MAX || facts->size / (stored ? 1 : LARGEST_EXPANSION) > facts->comp_size)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' claims %llu bytes, more than its %llu packed ones can hold",
                         name, (unsigned long long)facts->size, (unsigned long long)facts->comp_size);
    return PERCEPT_OK;
}

/* Reads all of an open member. libzip checks the CRC-32 when it meets the end. */
static percept_status read_open(zip_file_t *member, const char *name, uint8_t *bytes, size_t size, percept_error *error)
{
    uint8_t beyond = 0;
    size_t got = 0;
    zip_int64_t count = 1;
    while (got < size && count > 0) {
        count = zip_fread(member, bytes + got, size - got);
        got += count > 0 ? (size_t)count : 0;
    }
    if (count > 0 || size == 0)
        count = zip_fread(member, &beyond, 1);
    if (count < 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' is corrupt: %s; get the file again", name,
                         zip_error_strerror(zip_file_get_error(member)));
    if (got < size || count > 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has %s bytes than the %zu that the archive tells of", name,
                         got < size ? "fewer" : "more", size);
    return PERCEPT_OK;
}

static percept_status read_bytes(const Archive *archive, zip_uint64_t index, const char *name, uint8_t **out,
                                 size_t *size, percept_error *error)
{
    zip_stat_t facts;
    uint8_t *bytes = NULL;
    if (zip_stat_index(archive->zip, index, 0, &facts) != 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' cannot be read: %s", name, reason(archive));
    percept_status status = check_member(archive, name, &facts, error);
    if (status != PERCEPT_OK)
        return status;
    *size = (size_t)facts.size;
    zip_file_t *member = zip_fopen_index(archive->zip, index, 0);
    if (member == NULL)
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' cannot be read: %s", name, reason(archive));
    status = memory_allocate(*size, 1, name, &bytes, error);
    if (status == PERCEPT_OK)
        status = read_open(member, name, bytes, *size, error);
    (void)zip_fclose(member);
    if (status != PERCEPT_OK)
        memory_free(bytes);
    else
        *out = bytes;
    return status;
}

/* Reads the first member whose name, without .npy, is one of `names`; *found tells whether there is one. */
static percept_status read_array(const Archive *archive, const char *const names[MOST_NAMES], NpyArray *out,
                                 bool *found, percept_error *error)
{
    *found = false;
    for (size_t n = 0; n < MOST_NAMES && names[n] != NULL; n++) {
        char member[64], title[512];
        uint8_t *bytes = NULL;
        size_t size = 0;
        snprintf(member, sizeof member, "%s" ENDING, names[n]);
        const zip_int64_t index = zip_name_locate(archive->zip, member, ZIP_FL_NOCASE);
        if (index < 0)
            continue;
        *found = true;
        snprintf(title, sizeof title, "%.400s: %s", archive->path, names[n]);
        percept_status status = read_bytes(archive, (zip_uint64_t)index, title, &bytes, &size, error);
        return status == PERCEPT_OK ? npy_parse(title, bytes, size, out, error) : status;
    }
    return PERCEPT_OK;
}

/* ---- Parts ----------------------------------------------------------------------------------------------------- */

/* What the arrays of a part are called. */
typedef struct Names {
    const char *features[MOST_NAMES];
    const char *answers[MOST_NAMES];
} Names;

static const Names train_names = {{"x_train", "train_images", "train_x"}, {"y_train", "train_labels", "train_y"}};
static const Names test_names = {{"x_test", "test_images", "test_x"}, {"y_test", "test_labels", "test_y"}};
static const Names whole_names = {{"x", "features", "data", "images", "arr_0"},
                                  {"y", "labels", "label", "targets", "target", "arr_1"}};

static percept_status refuse_names(const Archive *archive, percept_error *error)
{
    char list[sizeof error->message / 2] = "";
    const zip_int64_t count = zip_get_num_entries(archive->zip, 0);
    size_t used = 0;
    for (zip_int64_t i = 0; i < count && used < sizeof list; i++) {
        const char *name = zip_get_name(archive->zip, (zip_uint64_t)i, 0);
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", name != NULL ? name : "?");
    }
    return error_set(
        error, PERCEPT_ERROR_FORMAT,
        "'%.200s' has no array named x, features, data or images, nor x_train; name one so, and its labels "
        "y; there are: %s",
        archive->path, count > 0 ? list : "none");
}

static percept_status read_part(const Archive *archive, const Names *names, NpyPart *part, bool *found,
                                percept_error *error)
{
    percept_status status = read_array(archive, names->features, &part->features, found, error);
    if (status == PERCEPT_OK && *found)
        status = read_array(archive, names->answers, &part->answers, &part->answered, error);
    return status;
}

static percept_status read_archive(const Archive *archive, size_t class_count, Storage **out, size_t counts[2],
                                   percept_error *error)
{
    NpyPart parts[2] = {0};
    bool has_train = false, has_test = false, has_whole = false;
    counts[0] = counts[1] = 0;
    percept_status status = read_part(archive, &train_names, &parts[0], &has_train, error);
    if (status == PERCEPT_OK && has_train)
        status = read_part(archive, &test_names, &parts[1], &has_test, error);
    if (status == PERCEPT_OK && !has_train)
        status = read_part(archive, &whole_names, &parts[0], &has_whole, error);
    if (status == PERCEPT_OK && !has_train && !has_whole)
        status = refuse_names(archive, error);
    if (status == PERCEPT_OK)
        status = npy_join(parts, has_test ? 2 : 1, class_count, out, counts, error);
    npy_part_clear(&parts[0]);
    npy_part_clear(&parts[1]);
    return status;
}

static percept_status open_archive(const char *path, Archive *out, percept_error *error)
{
    int code = 0;
    zip_error_t failure;
    *out = (Archive){.path = path};
    percept_status status = file_size_hint(path, &out->size, error);
    if (status != PERCEPT_OK)
        return status;
    out->zip = zip_open(path, ZIP_RDONLY, &code);
    if (out->zip != NULL)
        return PERCEPT_OK;
    zip_error_init_with_code(&failure, code);
    status =
        error_set(error, PERCEPT_ERROR_FORMAT, "cannot read the archive '%s': %s", path, zip_error_strerror(&failure));
    zip_error_fini(&failure);
    return status;
}

percept_status npz_read(const char *path, size_t class_count, Storage **out, size_t counts[2], percept_error *error)
{
    Archive archive;
    percept_status status = open_archive(path, &archive, error);
    if (status != PERCEPT_OK)
        return status;
    status = read_archive(&archive, class_count, out, counts, error);
    zip_discard(archive.zip);
    return status;
}
