/* A gnuplot script as it grows, and the data file beside it. */
#ifndef PLOT_SCRIPT_H
#define PLOT_SCRIPT_H

#include "base/buffer.h"
#include "base/file.h"
#include "plot/gnuplot.h"

/* {0} is an empty script. Failures are remembered and reported by script_draw, so calls need not be checked one by
 * one. */
typedef struct Script {
    Buffer text;
    percept_status status;
    percept_error error;
} Script;

void script_add(Script *script, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes folder/NAME.csv, whose first line holds names, the script's `data`; there is no key. */
void script_add_data(Script *script, const char *name);

/* Adds text as a quoted string of gnuplot's: its content is shown and never executed. Control characters and invalid
 * UTF-8 become spaces. For titles and labels, but not for the words beside an axis: */
void script_add_quoted(Script *script, const char *text);

/* The same for the words of `set xtics ("…" 0)`, which gnuplot reads as formats of a number where they
 * contain a %. Of those it keeps 49 bytes; longer ones are cut here, and end in "…". */
void script_add_tic(Script *script, const char *text);

/* Adds a number with eight digits; values that are not finite as NaN. */
void script_add_number(Script *script, double value);

/* Releases the script without drawing it. */
void script_clear(Script *script);

/* Draws folder/NAME.{gp,svg,png} on a canvas and releases the script, also where it fails. */
percept_status script_draw(Script *script, const char *folder, const char *name, Canvas canvas, percept_error *error);

/* Opens folder/NAME.csv, or folder/NAME-SUFFIX.csv where suffix is not NULL. */
percept_status script_open_data(const char *folder, const char *name, const char *suffix, FileWriter **out,
                                percept_error *error);

/* A cell of the data: a comma before it unless it is the line's first. Texts are quoted if necessary; numbers have 12
 * digits. */
void script_write_text(FileWriter *writer, bool first, const char *text);
void script_write_number(FileWriter *writer, bool first, double value);

#endif
