#include "report/sections.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"

void section_begin(Page *page, const ReportOptions *options, const char *heading)
{
    if (options->inside)
        page_subheading(page, heading);
    else
        page_heading(page, heading);
}

void section_recipe(Page *page, const Record *record)
{
    char *path = NULL;
    uint8_t *bytes = NULL;
    size_t size = 0;
    Buffer text = {0};
    percept_error error;
    percept_status status = file_join(record->folder, "recipe.yaml", &path, &error);
    if (status == PERCEPT_OK)
        status = file_read(path, &bytes, &size, &error);
    if (status == PERCEPT_OK)
        status = buffer_reserve(&text, size + 1, "the recipe", &error);
    if (status == PERCEPT_OK) {
        memcpy(text.bytes, bytes, size);
        text.bytes[size] = '\0';
        page_text(page, "Every setting of the run; percept train on this file gives the same bits again.");
        page_details_begin(page, "recipe.yaml");
        page_code(page, (const char *)text.bytes);
        page_details_end(page);
    } else {
        page_fail(page, &error);
    }
    buffer_clear(&text);
    memory_free(bytes);
    memory_free(path);
}
