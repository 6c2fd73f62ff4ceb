#include "cli/checksum.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/memory.h"
#include "base/stream.h"

#define PIECE ((size_t)1 << 16)

static percept_status fail_sum(percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_MEMORY, "the SHA-256 of a file cannot be computed: libcrypto refuses");
}

/* Feeds the digest with all of the stream, but at most one byte more than `size`. */
static percept_status digest_stream(ByteStream *stream, const char *path, size_t size, EVP_MD_CTX *digest,
                                    percept_error *error)
{
    uint8_t *piece = NULL;
    size_t total = 0, got = 1;
    percept_status status = memory_allocate(PIECE, 1, "a piece of a file", &piece, error);
    while (status == PERCEPT_OK && got > 0 && total <= size) {
        const size_t left = size - total;
        status = byte_stream_read(stream, piece, left < PIECE ? left + 1 : PIECE, &got, error);
        if (status == PERCEPT_OK && EVP_DigestUpdate(digest, piece, got) != 1)
            status = fail_sum(error);
        total += got;
    }
    memory_free(piece);
    if (status == PERCEPT_OK && total != size)
        status = error_set(error, PERCEPT_ERROR_FORMAT, "'%s' has %s bytes than the expected %zu", path,
                           total < size ? "fewer" : "more", size);
    return status;
}

static percept_status compare(EVP_MD_CTX *digest, const char *path, const OriginFile *file, percept_error *error)
{
    uint8_t sum[EVP_MAX_MD_SIZE];
    char text[2 * EVP_MAX_MD_SIZE + 1] = "";
    unsigned length = 0;
    if (EVP_DigestFinal_ex(digest, sum, &length) != 1)
        return fail_sum(error);
    for (size_t b = 0; b < length; b++)
        snprintf(text + 2 * b, 3, "%02x", sum[b]);
    if (strcmp(text, file->sha256) != 0)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' has other content than %s: its SHA-256 is %.16s..., not %.16s...", path, file->name,
                         text, file->sha256);
    return PERCEPT_OK;
}

percept_status checksum_compare(const char *path, const OriginFile *file, percept_error *error)
{
    ByteStream *stream = NULL;
    percept_status status = byte_stream_open(path, &stream, error);
    if (status != PERCEPT_OK)
        return status;
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (digest == NULL || EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1)
        status = fail_sum(error);
    if (status == PERCEPT_OK)
        status = digest_stream(stream, path, file->size, digest, error);
    if (status == PERCEPT_OK)
        status = compare(digest, path, file, error);
    EVP_MD_CTX_free(digest);
    byte_stream_close(stream);
    return status;
}
