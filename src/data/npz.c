#include "data/npz.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <zip.h>

#include "base/file.h"
#include "base/memory.h"
#include "data/npy.h"

/* The most that deflate can make of one byte: a match of 258 bytes takes at least two bits. */
#define LARGEST_EXPANSION 1032
#define ENDING ".npy"
#define NAME_SIZE 64
#define LIST_SIZE 128
/* Letters that a part's word and "_" take at most. */
#define LONGEST_PART 16

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
        return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has %s bytes than the %zu in the directory of the archive",
                         name, got < size ? "fewer" : "more", size);
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

/* Reads the array of a name, if the archive has it. */
static percept_status read_array(const Archive *archive, const char *name, NpyArray *out, bool *found,
                                 percept_error *error)
{
    char member[NAME_SIZE + sizeof ENDING], title[512];
    uint8_t *bytes = NULL;
    size_t size = 0;
    snprintf(member, sizeof member, "%s" ENDING, name);
    const zip_int64_t index = zip_name_locate(archive->zip, member, ZIP_FL_NOCASE);
    *found = index >= 0;
    if (index < 0)
        return PERCEPT_OK;
    snprintf(title, sizeof title, "%.400s: %s", archive->path, name);
    percept_status status = read_bytes(archive, (zip_uint64_t)index, title, &bytes, &size, error);
    return status == PERCEPT_OK ? npy_parse(title, bytes, size, out, error) : status;
}

/* ---- Parts ----------------------------------------------------------------------------------------------------- */

/* What arrays of features and of answers are called, and the parts they belong to; lists end with NULL. */
static const char *const feature_words[] = {"x", "images", "data", "features", NULL};
static const char *const answer_words[] = {"y", "labels", "label", "targets", "target", NULL};
static const char *const whole_features[] = {"x", "features", "data", "images", "arr_0", NULL};
static const char *const whole_answers[] = {"y", "labels", "label", "targets", "target", "arr_1", NULL};
static const char *const train_words[] = {"train", "training", NULL};
static const char *const valid_words[] = {"val", "valid", "validation", "dev", NULL};
static const char *const test_words[] = {"test", "testing", NULL};

/* Writes one of the forms that the name of a part's array may have: x_train, train_x, xtrain. */
#define FORMS 3
static void write_name(size_t form, const char *word, const char *part, char name[NAME_SIZE])
{
    const bool turned = form == 1;
    snprintf(name, NAME_SIZE, "%s%s%s", turned ? part : word, form < 2 ? "_" : "", turned ? word : part);
}

/* Reads the first array that is called by a word alone, where `parts` is NULL, or by a word and a part: x_train, train_x,
 * xtrain. */
static percept_status read_first(const Archive *archive, const char *const *words, const char *const *parts,
                                 NpyArray *out, bool *found, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    *found = false;
    for (size_t w = 0; words[w] != NULL; w++) {
        if (parts == NULL)
            status = read_array(archive, words[w], out, found, error);
        for (size_t p = 0; parts != NULL && parts[p] != NULL && !*found && status == PERCEPT_OK; p++)
            for (size_t f = 0; f < FORMS && !*found && status == PERCEPT_OK; f++) {
                char name[NAME_SIZE];
                write_name(f, words[w], parts[p], name);
                status = read_array(archive, name, out, found, error);
            }
        if (*found || status != PERCEPT_OK)
            return status;
    }
    return status;
}

/* Refuses an archive without an array of features, or without the array `wanted`, and lists those that there are. */
static percept_status refuse_names(const Archive *archive, percept_status status, const char *wanted,
                                   percept_error *error)
{
    char list[sizeof error->message / 2] = "";
    const zip_int64_t count = zip_get_num_entries(archive->zip, 0);
    size_t used = 0;
    for (zip_int64_t i = 0; i < count && used < sizeof list; i++) {
        const char *name = zip_get_name(archive->zip, (zip_uint64_t)i, 0);
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", name != NULL ? name : "?");
    }
    if (wanted != NULL)
        return error_set(error, status, "'%.200s' has no array %.64s; there are: %s", archive->path, wanted,
                         count > 0 ? list : "none");
    return error_set(
        error, status,
        "'%.200s' has no array named x, features, data or images, nor x_train; name one so, and its labels "
        "y; there are: %s",
        archive->path, count > 0 ? list : "none");
}

/* The answers of the training part are of the name that the options give; y is any usual name. */
static percept_status read_chosen(const Archive *archive, const char *const *parts, const char *chosen, NpyPart *part,
                                  percept_error *error)
{
    const char *const words[] = {chosen, NULL};
    percept_status status = read_array(archive, chosen, &part->answers, &part->answered, error);
    if (status == PERCEPT_OK && !part->answered && parts != NULL)
        status = read_first(archive, words, parts, &part->answers, &part->answered, error);
    if (status != PERCEPT_OK || part->answered)
        return status;
    return strcasecmp(chosen, "y") == 0 ? PERCEPT_OK : refuse_names(archive, PERCEPT_ERROR_ARGUMENT, chosen, error);
}

/* Reads the answers of a part that has features. */
static percept_status read_answers(const Archive *archive, const char *const *parts, const SourceOptions *options,
                                   NpyPart *part, percept_error *error)
{
    const char *chosen = options->target_count > 0 ? options->targets[0] : options->label;
    percept_status status = PERCEPT_OK;
    if (options->target_count > 1)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "data.targets: '%.100s' has its answers in one array; name one",
                         archive->path);
    if (chosen != NULL && strcmp(chosen, "none") == 0)
        return PERCEPT_OK;
    if (chosen != NULL && strlen(chosen) + LONGEST_PART < NAME_SIZE && (parts == NULL || parts == train_words))
        status = read_chosen(archive, parts, chosen, part, error);
    if (status != PERCEPT_OK || part->answered)
        return status;
    return read_first(archive, parts != NULL ? answer_words : whole_answers, parts, &part->answers, &part->answered,
                      error);
}

static percept_status read_part(const Archive *archive, const char *const *features, const char *const *parts,
                                const SourceOptions *options, NpyPart *part, bool *found, percept_error *error)
{
    percept_status status = read_first(archive, features, parts, &part->features, found, error);
    return status == PERCEPT_OK && *found ? read_answers(archive, parts, options, part, error) : status;
}

/* Reads a validation or test part behind `count` others. One without answers, beside training examples that have some, is
 * left out. */
static percept_status read_other(const Archive *archive, const char *const *words, const SourceOptions *options,
                                 NpyPart *parts, size_t *count, Notes *notes, percept_error *error)
{
    NpyPart *part = &parts[*count];
    bool found = false;
    percept_status status = read_part(archive, feature_words, words, options, part, &found, error);
    if (status != PERCEPT_OK || !found)
        return status;
    if (part->answered || !parts[0].answered) {
        ++*count;
        return PERCEPT_OK;
    }
    const char *colon = strrchr(part->features.name, ' ');
    status =
        notes_add(notes, NOTE_TAKEN, error, "the array%s has no labels and was left out", colon != NULL ? colon : "");
    npy_part_clear(part);
    return status;
}

static percept_status read_parts(const Archive *archive, const SourceOptions *options, NpyPart parts[NPY_MOST_PARTS],
                                 size_t *valid, size_t *count, Notes *notes, percept_error *error)
{
    bool found = false;
    *count = 1;
    percept_status status = read_part(archive, feature_words, train_words, options, &parts[0], &found, error);
    if (status == PERCEPT_OK && !found)
        status = read_part(archive, whole_features, NULL, options, &parts[0], &found, error);
    if (status == PERCEPT_OK && !found)
        status = refuse_names(archive, PERCEPT_ERROR_FORMAT, NULL, error);
    if (status == PERCEPT_OK)
        status = read_other(archive, valid_words, options, parts, count, notes, error);
    *valid = *count - 1;
    if (status == PERCEPT_OK)
        status = read_other(archive, test_words, options, parts, count, notes, error);
    return status;
}

/* True for the member NAME.npy of an array whose title is "PATH: NAME". */
static bool is_member(const NpyArray *array, const char *member)
{
    const char *blank = strrchr(array->name, ' ');
    const size_t length = blank != NULL ? strlen(blank + 1) : 0;
    return length > 0 && strncasecmp(member, blank + 1, length) == 0 && strcasecmp(member + length, ENDING) == 0;
}

/* Notes the arrays that no part is made of, such as weights, which someone may believe to be used. */
static percept_status note_unused(const Archive *archive, const NpyPart *parts, size_t count, Notes *notes,
                                  percept_error *error)
{
    char list[LIST_SIZE] = "";
    const zip_int64_t members = zip_get_num_entries(archive->zip, 0);
    size_t used = 0;
    for (zip_int64_t i = 0; i < members && used < sizeof list; i++) {
        const char *name = zip_get_name(archive->zip, (zip_uint64_t)i, 0);
        bool taken = name == NULL;
        for (size_t p = 0; p < count && !taken; p++)
            taken = is_member(&parts[p].features, name) || (parts[p].answered && is_member(&parts[p].answers, name));
        if (!taken)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%.*s", used > 0 ? ", " : "",
                                     (int)strcspn(name, "."), name);
    }
    return used == 0 ? PERCEPT_OK : notes_add(notes, NOTE_TAKEN, error, "arrays that are not used: %s", list);
}

static percept_status read_archive(const Archive *archive, const SourceOptions *options, size_t class_count,
                                   Storage **out, size_t counts[2], percept_error *error)
{
    NpyPart parts[NPY_MOST_PARTS] = {0};
    size_t sizes[NPY_MOST_PARTS] = {0}, count = 0, valid = 0;
    Notes notes = {0};
    percept_status status = read_parts(archive, options, parts, &valid, &count, &notes, error);
    if (status == PERCEPT_OK && options->schema == NULL)
        status = note_unused(archive, parts, count, &notes, error);
    if (status == PERCEPT_OK)
        status = npy_join(parts, count, options, class_count, out, sizes, error);
    if (status == PERCEPT_OK) {
        (*out)->own_valid = valid > 0 ? sizes[1] : 0;
        counts[0] = sizes[0] + (*out)->own_valid;
        counts[1] = count > valid + 1 ? sizes[valid + 1] : 0;
        status = notes_append(&(*out)->notes, &notes, error);
        if (status != PERCEPT_OK)
            storage_release(*out);
    }
    notes_clear(&notes);
    for (size_t p = 0; p < NPY_MOST_PARTS; p++)
        npy_part_clear(&parts[p]);
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

percept_status npz_read(const char *path, const SourceOptions *options, size_t class_count, Storage **out,
                        size_t counts[2], percept_error *error)
{
    Archive archive;
    counts[0] = counts[1] = 0;
    percept_status status = open_archive(path, &archive, error);
    if (status != PERCEPT_OK)
        return status;
    status = read_archive(&archive, options, class_count, out, counts, error);
    zip_discard(archive.zip);
    return status;
}

percept_status npz_read_array(const char *path, const char *name, NpyArray *out, percept_error *error)
{
    Archive archive;
    bool found = false;
    percept_status status = open_archive(path, &archive, error);
    if (status != PERCEPT_OK)
        return status;
    status = read_array(&archive, name, out, &found, error);
    if (status == PERCEPT_OK && !found)
        status = error_set(error, PERCEPT_ERROR_FORMAT, "the archive '%s' has no array '%s'", path, name);
    zip_discard(archive.zip);
    return status;
}
