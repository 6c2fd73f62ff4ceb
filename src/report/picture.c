#include "report/picture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"

/* An SVG over this many bytes gives way to a smaller PNG. */
#define LARGE_SVG 1048576

/* Number of first bytes of a picture in which its size is searched. */
#define HEAD_SIZE 4096

typedef struct Picture {
    uint8_t *bytes;
    size_t size;
    bool svg;
    double width, height; /* in CSS pixels; 0: unknown */
} Picture;

/* ---- Dark pages --------------------------------------------------------------------------------------------------- */

/* Pictures that show examples: on a dark page, which inverts pictures (page/style.css), these are to stay as they are. */
static bool shows_examples(const char *name)
{
    static const char *const kinds[] = {"gallery", "mistakes", "saliency", "augmented"};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        if (strncmp(name, kinds[k], strlen(kinds[k])) == 0)
            return true;
    return false;
}

/* Turns the images inside an SVG round once more. */
static percept_status keep_images(Picture *picture, percept_error *error)
{
    static const char style[] = "<style>@media screen and (prefers-color-scheme:dark){image{filter:invert(1) "
                                "hue-rotate(180deg)}}</style>";
    const size_t extra = sizeof style - 1;
    const uint8_t *place = memmem(picture->bytes, picture->size, "<desc>", strlen("<desc>"));
    uint8_t *bytes = NULL;
    if (place == NULL)
        return PERCEPT_OK;
    const size_t before = (size_t)(place - picture->bytes);
    percept_status status = memory_allocate(picture->size + extra, 1, "a picture", &bytes, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(bytes, picture->bytes, before);
    memcpy(bytes + before, style, extra);
    memcpy(bytes + before + extra, place, picture->size - before);
    memory_free(picture->bytes);
    picture->bytes = bytes;
    picture->size += extra;
    return PERCEPT_OK;
}

/* ---- Size -------------------------------------------------------------------------------------------------------- */

/* The size from `viewBox="0 0 900 420"`, which the charts have. */
static void measure_svg(Picture *picture)
{
    char head[HEAD_SIZE + 1];
    double values[4] = {0};
    const size_t size = picture->size < HEAD_SIZE ? picture->size : HEAD_SIZE;
    memcpy(head, picture->bytes, size);
    head[size] = '\0';
    const char *at = strstr(head, "viewBox=\"");
    at = at != NULL ? at + strlen("viewBox=\"") : NULL;
    for (size_t i = 0; at != NULL && i < 4; i++) {
        at += strspn(at, " ,\n\t");
        at = number_scan(at, '.', &values[i]);
    }
    if (at == NULL || !(values[2] >= 1) || !(values[3] >= 1))
        return;
    picture->width = values[2];
    picture->height = values[3];
}

static uint32_t read_big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* The size from the header (ISO/IEC 15948, 11.2.2: behind the signature, a length and "IHDR"). */
static void measure_png(Picture *picture)
{
    enum { WIDTH = 16, HEIGHT = 20, HEADER = 24 };
    if (picture->size < HEADER || memcmp(picture->bytes + 12, "IHDR", 4) != 0)
        return;
    picture->width = read_big_endian(picture->bytes + WIDTH);
    picture->height = read_big_endian(picture->bytes + HEIGHT);
}

/* ---- Which ------------------------------------------------------------------------------------------------------- */

static percept_status picture_path(const char *folder, const char *name, const char *ending, char **out,
                                   percept_error *error)
{
    char *file = NULL;
    const size_t size = strlen(name) + strlen(ending) + 1;
    percept_status status = memory_allocate(size, 1, "a name", &file, error);
    if (status == PERCEPT_OK) {
        snprintf(file, size, "%s%s", name, ending);
        status = file_join(folder, file, out, error);
    }
    memory_free(file);
    return status;
}

/* The whole file; *bytes stays NULL if there is none. */
static percept_status read_if_there(const char *folder, const char *name, const char *ending, uint8_t **bytes,
                                    size_t *size, percept_error *error)
{
    char *path = NULL;
    percept_status status = picture_path(folder, name, ending, &path, error);
    if (status == PERCEPT_OK && file_exists(path))
        status = file_read(path, bytes, size, error);
    memory_free(path);
    return status;
}

static percept_status read_picture(const char *folder, const char *name, Picture *picture, percept_error *error)
{
    uint8_t *svg = NULL, *png = NULL;
    size_t svg_size = 0, png_size = 0;
    percept_status status = read_if_there(folder, name, ".svg", &svg, &svg_size, error);
    if (status == PERCEPT_OK && (svg == NULL || svg_size > LARGE_SVG))
        status = read_if_there(folder, name, ".png", &png, &png_size, error);
    if (status == PERCEPT_OK && svg == NULL && png == NULL)
        status = error_set(error, PERCEPT_ERROR_IO, "there is no picture '%s.svg' or '%s.png' in '%s'; draw it first",
                           name, name, folder);
    const bool sharp = svg != NULL && (png == NULL || svg_size <= png_size);
    if (status == PERCEPT_OK)
        *picture = (Picture){sharp ? svg : png, sharp ? svg_size : png_size, sharp, 0, 0};
    memory_free(status == PERCEPT_OK && sharp ? NULL : svg);
    memory_free(status == PERCEPT_OK && !sharp ? NULL : png);
    if (status == PERCEPT_OK && sharp)
        measure_svg(picture);
    else if (status == PERCEPT_OK)
        measure_png(picture);
    return status;
}

void picture_write(Html *html, const char *folder, const char *name, const char *words)
{
    Picture picture = {0};
    percept_error error;
    if (html->error.status != PERCEPT_OK)
        return;
    if (read_picture(folder, name, &picture, &error) != PERCEPT_OK) {
        html_fail(html, &error);
        return;
    }
    if (picture.svg && shows_examples(name) && keep_images(&picture, &error) != PERCEPT_OK) {
        memory_free(picture.bytes);
        html_fail(html, &error);
        return;
    }
    html_markup(html, !picture.svg && shows_examples(name) ? "<img class=\"kept\" alt=\"" : "<img alt=\"");
    html_text(html, words);
    if (picture.width > 0)
        html_format(html, "\" width=\"%.0f\" height=\"%.0f", ceil(picture.width), ceil(picture.height));
    html_format(html, "\" src=\"data:image/%s;base64,", picture.svg ? "svg+xml" : "png");
    html_base64(html, picture.bytes, picture.size);
    html_markup(html, "\">");
    memory_free(picture.bytes);
}

bool picture_exists(const char *folder, const char *name)
{
    static const char *const endings[] = {".svg", ".png"};
    bool found = false;
    for (size_t e = 0; e < sizeof endings / sizeof endings[0] && !found; e++) {
        char *path = NULL;
        if (picture_path(folder, name, endings[e], &path, NULL) == PERCEPT_OK)
            found = file_exists(path);
        memory_free(path);
    }
    return found;
}
