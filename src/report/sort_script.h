/* The only script that a page may have: it sorts the rows of tables of the class "sortable" by a column. */
#ifndef REPORT_SORT_SCRIPT_H
#define REPORT_SORT_SCRIPT_H

/* A whole <script> element. Headings become buttons; a click sorts, another one reverses the order. Numbers are
 * compared as numbers, also inside words ("64" before "128"); empty cells come last. */
extern const char page_sort_script[];

#endif
