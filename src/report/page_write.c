/* Making a page and writing it. */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "report/page_body.h"
#include "report/report_files.h"
#include "store/leftovers.h"

/* A page with fewer headings needs no list of contents. */
#define CONTENTS_LEAST 4

percept_status page_create(const char *title, const char *subtitle, Page **out, percept_error *error)
{
    Page *page = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *page, "the page", &page, error);
    if (status == PERCEPT_OK)
        status = memory_copy_string(title, &page->title, error);
    if (status == PERCEPT_OK && subtitle != NULL)
        status = memory_copy_string(subtitle, &page->subtitle, error);
    if (status == PERCEPT_OK)
        *out = page;
    else
        page_free(page);
    return status;
}

void page_free(Page *page)
{
    if (page == NULL)
        return;
    html_clear(&page->body);
    html_clear(&page->contents);
    memory_free(page->numeric);
    memory_free(page->title);
    memory_free(page->subtitle);
    memory_free(page);
}

/* A file of the folder page/. */
static void write_file(Html *html, const char *path)
{
    for (size_t i = 0; i < report_file_count; i++)
        if (strcmp(report_files[i].path, path) == 0)
            html_write(html, (const char *)report_files[i].bytes, report_files[i].size);
}

static void write_head(const Page *page, Html *html)
{
    html_markup(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"color-scheme\" content=\"light dark\">\n"
                      "<meta name=\"generator\" content=\"Percept " PERCEPT_VERSION "\">\n<title>");
    html_text(html, page->title);
    html_markup(html, "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n");
    write_file(html, "/style.css");
    html_markup(html, "</style>\n</head>\n");
}

static void write_top(const Page *page, Html *html)
{
    const bool contents = page->headings >= CONTENTS_LEAST;
    html_markup(html, contents ? "<body class=\"long\">\n<header>\n<h1>" : "<body>\n<header>\n<h1>");
    html_text(html, page->title);
    html_markup(html, "</h1>\n");
    if (page->subtitle != NULL) {
        html_markup(html, "<p class=\"subtitle\">");
        html_text(html, page->subtitle);
        html_markup(html, "</p>\n");
    }
    html_markup(html, "</header>\n");
    if (contents) {
        html_markup(html, "<nav aria-label=\"Contents\">\n<ol>\n");
        html_write(html, page->contents.buffer.bytes, page->contents.buffer.size);
        html_markup(html, "</ol>\n</nav>\n");
    }
    html_markup(html, "<main>\n");
}

static void write_end(const Page *page, Html *html)
{
    html_markup(html, "</main>\n<footer>Written by Percept " PERCEPT_VERSION "</footer>\n");
    if (page->sortable) {
        html_markup(html, "<script>\n");
        write_file(html, "/sort.js");
        html_markup(html, "</script>\n");
    }
    html_markup(html, "</body>\n</html>\n");
}

/* Of reports that were killed, in the folder that the page goes to. */
static percept_status clear_leftovers(const char *path, percept_error *error)
{
    char *folder = NULL;
    const char *slash = strrchr(path, '/');
    percept_status status = memory_copy_string(slash != NULL ? path : ".", &folder, error);
    if (status != PERCEPT_OK)
        return status;
    if (slash != NULL)
        folder[slash - path + 1] = '\0';
    status = leftovers_clear(folder, false, error);
    memory_free(folder);
    return status;
}

percept_status page_write(Page *page, const char *path, percept_error *error)
{
    Html top = {0}, end = {0};
    FileWriter *writer = NULL;
    percept_status status = PERCEPT_OK;
    html_fail(&page->body, &page->contents.error);
    write_head(page, &top);
    write_top(page, &top);
    write_end(page, &end);
    html_fail(&top, &page->body.error);
    html_fail(&top, &end.error);
    if (top.error.status != PERCEPT_OK)
        status = error_set(error, top.error.status, "%s", top.error.message);
    if (status == PERCEPT_OK)
        status = clear_leftovers(path, error);
    if (status == PERCEPT_OK)
        status = file_writer_open(path, &writer, error);
    if (status == PERCEPT_OK) {
        file_writer_write(writer, top.buffer.bytes, top.buffer.size);
        file_writer_write(writer, page->body.buffer.bytes, page->body.buffer.size);
        file_writer_write(writer, end.buffer.bytes, end.buffer.size);
        status = file_writer_commit(writer, error);
    }
    html_clear(&top);
    html_clear(&end);
    return status;
}

void page_fail(Page *page, const percept_error *error)
{
    html_fail(&page->body, error);
}
