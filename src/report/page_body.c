#include "report/page_body.h"

const PageToneMark page_tones[] = {
    [PAGE_PLAIN] = {"plain", ""},
    [PAGE_GOOD] = {"good", "<span class=\"sign\" role=\"img\" aria-label=\"good\">\xE2\x9C\x93</span> "},
    [PAGE_BAD] = {"bad", "<span class=\"sign\" role=\"img\" aria-label=\"bad\">\xE2\x9C\x97</span> "},
    [PAGE_QUIET] = {"quiet", ""},
};

void page_write_element(Html *html, const char *tag, const char *text)
{
    html_format(html, "<%s>", tag);
    html_text(html, text);
    html_format(html, "</%s>\n", tag);
}
