#include "data/png.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "base/file.h"
#include "base/memory.h"

/* The most that deflate can make of one byte: a match of 258 bytes takes at least two bits. */
#define LARGEST_EXPANSION 1032
/* Pixels of a picture: 8192 × 8192, far more than a network takes. */
#define MOST_PIXELS ((size_t)1 << 26)
#define SMALLEST_STEP ((size_t)1 << 16)

/* A file while it is read. Nothing that must outlive libpng's jumps is in a function's own variables. */
typedef struct Decoder {
    png_struct *png;
    png_info *info;
    const uint8_t *bytes;
    size_t size, at;
    char reason[128]; /* libpng's, when it has given up */
    size_t height, width, channels, row;
    uint8_t *image; /* height × row */
} Decoder;

/* ---- What libpng calls ----------------------------------------------------------------------------------------- */

static _Noreturn void give_up(png_struct *png, const char *message)
{
    Decoder *decoder = png_get_error_ptr(png);
    snprintf(decoder->reason, sizeof decoder->reason, "%s", message);
    png_longjmp(png, 1);
}

static void ignore_warning(png_struct *png, const char *message)
{
    (void)png;
    (void)message;
}

static void *allocate(png_struct *png, png_alloc_size_t size)
{
    void *block = NULL;
    (void)png;
    return memory_allocate(size, 1, "a picture", &block, NULL) == PERCEPT_OK ? block : NULL;
}

static void release(png_struct *png, void *block)
{
    (void)png;
    memory_free(block);
}

static void read_bytes(png_struct *png, uint8_t *out, size_t count)
{
    Decoder *decoder = png_get_io_ptr(png);
    if (count > decoder->size - decoder->at)
        png_error(png, "it ends early");
    memcpy(out, decoder->bytes + decoder->at, count);
    decoder->at += count;
}

/* ---- Reading --------------------------------------------------------------------------------------------------- */

/* Chunks that do not change the grey pixels; they are skipped. */
static void leave_out_chunks(png_struct *png)
{
    static const uint8_t unused[] =
        "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0"
        "tEXt\0tIME\0zTXt";
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, unused, (int)(sizeof unused / 5));
}

/* Reads up to the pixels; false if libpng gave up. */
static bool read_header(Decoder *decoder)
{
    png_struct *png = decoder->png;
    if (setjmp(png_jmpbuf(png)) != 0)
        return false;
    png_set_read_fn(png, decoder, read_bytes);
    leave_out_chunks(png);
    png_read_info(png, decoder->info);
    decoder->height = png_get_image_height(png, decoder->info);
    decoder->width = png_get_image_width(png, decoder->info);
    decoder->row = png_get_rowbytes(png, decoder->info);
    return true;
}

/* Asks for 8 bits of grey or of three colours; false if libpng gave up. */
static bool choose_form(Decoder *decoder)
{
    png_struct *png = decoder->png;
    if (setjmp(png_jmpbuf(png)) != 0)
        return false;
    const int colours = png_get_color_type(png, decoder->info);
    if (colours == PNG_COLOR_TYPE_PALETTE)
        png_set_palette_to_rgb(png);
    else if (colours == PNG_COLOR_TYPE_GRAY)
        png_set_expand_gray_1_2_4_to_8(png);
    png_set_scale_16(png);
    png_set_strip_alpha(png);
    (void)png_set_interlace_handling(png);
    png_read_update_info(png, decoder->info);
    decoder->channels = png_get_channels(png, decoder->info);
    decoder->row = png_get_rowbytes(png, decoder->info);
    return true;
}

/* Unpacks the pixels and checks the rest of the file; false if libpng gave up. */
static bool read_pixels(Decoder *decoder)
{
    png_struct *png = decoder->png;
    if (setjmp(png_jmpbuf(png)) != 0)
        return false;
    const int passes =
        png_get_interlace_type(png, decoder->info) == PNG_INTERLACE_NONE ? 1 : PNG_INTERLACE_ADAM7_PASSES;
    for (int pass = 0; pass < passes; pass++)
        for (size_t y = 0; y < decoder->height; y++)
            png_read_row(png, decoder->image + y * decoder->row, NULL);
    png_read_end(png, NULL);
    return true;
}

static percept_status check_size(const char *path, const Decoder *decoder, const PngSize *size, percept_error *error)
{
    if (size->first != NULL && (decoder->height != size->height || decoder->width != size->width))
        return error_set(
            error, PERCEPT_ERROR_FORMAT,
            "'%.300s' is %zu pixels high and %zu wide, but '%.300s' is %zu high and %zu wide; all pictures "
            "of a dataset must have one size",
            path, decoder->height, decoder->width, size->first, size->height, size->width);
    if (decoder->width > MOST_PIXELS / decoder->height)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' is %zu pixels high and %zu wide; at most %zu pixels are taken, make it smaller", path,
                         decoder->height, decoder->width, MOST_PIXELS);
    if (decoder->row > (size_t)LARGEST_EXPANSION * decoder->size / decoder->height + 1)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "'%s' claims to be %zu pixels high and %zu wide, more than its %zu bytes can hold", path,
                         decoder->height, decoder->width, decoder->size);
    return PERCEPT_OK;
}

static void append_grey(const Decoder *decoder, Buffer *pixels)
{
    uint8_t *out = pixels->bytes + pixels->size;
    for (size_t y = 0; y < decoder->height; y++) {
        const uint8_t *row = decoder->image + y * decoder->row;
        for (size_t x = 0; x < decoder->width; x++, row += decoder->channels)
            *out++ =
                decoder->channels == 1 ? row[0] : (uint8_t)((299 * row[0] + 587 * row[1] + 114 * row[2] + 500) / 1000);
    }
    pixels->size += decoder->height * decoder->width;
}

/* Room for one more picture: a growing step at a time. */
static percept_status make_room(Buffer *pixels, size_t picture, percept_error *error)
{
    const size_t step = pixels->size > SMALLEST_STEP ? pixels->size : SMALLEST_STEP;
    return buffer_reserve(pixels, picture <= pixels->capacity - pixels->size || picture > step ? picture : step,
                          "the pictures", error);
}

static percept_status refuse(const char *path, const Decoder *decoder, percept_error *error)
{
    return error_set(error, PERCEPT_ERROR_FORMAT, "'%s' cannot be read as a PNG picture: %s", path, decoder->reason);
}

static percept_status decode(const char *path, Decoder *decoder, PngSize *size, Buffer *pixels, percept_error *error)
{
    if (!read_header(decoder))
        return refuse(path, decoder, error);
    percept_status status = check_size(path, decoder, size, error);
    if (status != PERCEPT_OK)
        return status;
    if (!choose_form(decoder))
        return refuse(path, decoder, error);
    status = memory_allocate(decoder->height, decoder->row, "a picture", &decoder->image, error);
    if (status == PERCEPT_OK)
        status = make_room(pixels, decoder->height * decoder->width, error);
    if (status != PERCEPT_OK)
        return status;
    if (!read_pixels(decoder))
        return refuse(path, decoder, error);
    append_grey(decoder, pixels);
    if (size->first == NULL)
        *size = (PngSize){decoder->height, decoder->width, path};
    return PERCEPT_OK;
}

percept_status png_append(const char *path, PngSize *size, Buffer *pixels, percept_error *error)
{
    Decoder decoder = {0};
    uint8_t *bytes = NULL;
    percept_status status = file_read(path, &bytes, &decoder.size, error);
    if (status != PERCEPT_OK)
        return status;
    decoder.bytes = bytes;
    decoder.png =
        png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &decoder, give_up, ignore_warning, NULL, allocate, release);
    if (decoder.png != NULL)
        decoder.info = png_create_info_struct(decoder.png);
    if (decoder.info == NULL)
        status = error_set(error, PERCEPT_ERROR_MEMORY, "not enough memory to read '%s'", path);
    else
        status = decode(path, &decoder, size, pixels, error);
    png_destroy_read_struct(&decoder.png, &decoder.info, NULL);
    memory_free(decoder.image);
    memory_free(bytes);
    return status;
}
