/* Text, facts, tiles and pictures of a page. */
#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"
#include "report/page_body.h"
#include "report/picture.h"

void page_heading(Page *page, const char *text)
{
    page->headings++;
    html_format(&page->body, "<h2 id=\"section-%zu\">", page->headings);
    html_text(&page->body, text);
    html_markup(&page->body, "</h2>\n");
    html_format(&page->contents, "<li><a href=\"#section-%zu\">", page->headings);
    html_text(&page->contents, text);
    html_markup(&page->contents, "</a></li>\n");
}

void page_subheading(Page *page, const char *text)
{
    page_write_element(&page->body, "h3", text);
}

void page_text(Page *page, const char *paragraph)
{
    page_write_element(&page->body, "p", paragraph);
}

void page_text_format(Page *page, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    percept_error error;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    if (memory_allocate((size_t)length + 1, 1, "a paragraph", &text, &error) != PERCEPT_OK) {
        html_fail(&page->body, &error);
        return;
    }
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    page_text(page, text);
    memory_free(text);
}

void page_notice(Page *page, PageTone tone, const char *text)
{
    html_format(&page->body, "<p class=\"notice %s\">%s", page_tones[tone].name, page_tones[tone].sign);
    html_text(&page->body, text);
    html_markup(&page->body, "</p>\n");
}

void page_code(Page *page, const char *text)
{
    html_markup(&page->body, "<pre tabindex=\"0\"><code>");
    html_text(&page->body, text);
    html_markup(&page->body, "</code></pre>\n");
}

void page_details_begin(Page *page, const char *summary)
{
    html_markup(&page->body, "<details>\n");
    page_write_element(&page->body, "summary", summary);
    html_markup(&page->body, "<div class=\"inside\">\n");
}

void page_details_end(Page *page)
{
    html_markup(&page->body, "</div>\n</details>\n");
}

/* ---- Facts and metrics ------------------------------------------------------------------------------------------- */

void page_facts_begin(Page *page)
{
    html_markup(&page->body, "<dl class=\"facts\">\n");
}

void page_fact(Page *page, const char *name, const char *value)
{
    html_markup(&page->body, "<div>");
    page_write_element(&page->body, "dt", name);
    page_write_element(&page->body, "dd", value);
    html_markup(&page->body, "</div>\n");
}

void page_facts_end(Page *page)
{
    html_markup(&page->body, "</dl>\n");
}

void page_tiles_begin(Page *page)
{
    html_markup(&page->body, "<ul class=\"tiles\">\n");
}

void page_tile(Page *page, const char *value, const char *label, const char *note, PageTone tone)
{
    Html *html = &page->body;
    html_format(html, "<li class=\"%s\"><span class=\"label\">", page_tones[tone].name);
    html_text(html, label);
    html_format(html, "</span><span class=\"value\">%s", page_tones[tone].sign);
    html_text(html, value);
    html_markup(html, "</span>");
    if (note != NULL) {
        html_markup(html, "<span class=\"note\">");
        html_text(html, note);
        html_markup(html, "</span>");
    }
    html_markup(html, "</li>\n");
}

void page_tiles_end(Page *page)
{
    html_markup(&page->body, "</ul>\n");
}

/* ---- Pictures ---------------------------------------------------------------------------------------------------- */

/* On a narrow screen a picture is as large as its words need, and scrolls; a touch ticks the box, which fits it into the
 * width (page/style.css). */
void page_picture(Page *page, const char *folder, const char *name, const char *caption)
{
    Html *html = &page->body;
    html_markup(html, "<figure class=\"picture\"><label class=\"canvas\"><input type=\"checkbox\" aria-label=\"show "
                      "the whole picture\">");
    picture_write(html, folder, name, caption != NULL ? caption : name);
    html_markup(html, "</label>");
    if (caption != NULL)
        page_write_element(html, "figcaption", caption);
    html_markup(html, "</figure>\n");
}

bool page_picture_exists(const char *folder, const char *name)
{
    return picture_exists(folder, name);
}
