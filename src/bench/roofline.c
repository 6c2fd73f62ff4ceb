#include "bench/roofline.h"

#include <math.h>

#include "plot/layout.h"

#define NAME "roofline"

/* Points have their layer's number beside them. */
static const char style[] = "set datafile separator comma\n"
                            "set datafile columnheaders\n"
                            "unset key\n"
                            "data = \"" NAME ".csv\"\n"
                            "rate(p) = strcol(\"product\") eq p ? column(\"gflops\") : NaN\n"
                            "roof(x) = slope * x < peak ? slope * x : peak\n"
                            "set samples 500\n";

static const char points[] =
    "plot roof(x) with lines linewidth 2.2 linecolor \"" COLOUR_BLACK "\", \\\n"
    "     data using (column(\"intensity\")):(rate(\"forward\")) \\\n"
    "         with points pointtype 7 pointsize 1.3 * dot linecolor \"" COLOUR_BLUE "\", \\\n"
    "     data using (column(\"intensity\")):(rate(\"weight gradient\")) \\\n"
    "         with points pointtype 5 pointsize 1.3 * dot linecolor \"" COLOUR_ORANGE "\", \\\n"
    "     data using (column(\"intensity\")):(rate(\"input gradient\")) \\\n"
    "         with points pointtype 9 pointsize 1.5 * dot linecolor \"" COLOUR_GREEN "\", \\\n"
    "     data using (column(\"intensity\")):(column(\"gflops\")):(sprintf(\"%d\", column(\"layer\"))) \\\n"
    "         with labels offset 1.2, 0.4 textcolor \"" COLOUR_INK "\"\n";

static const LegendEntry legend[] = {
    {"what memory and arithmetic allow", COLOUR_BLACK, LEGEND_LINE, 0},
    {"forward", COLOUR_BLUE, LEGEND_DOT, 7},
    {"weight gradient", COLOUR_ORANGE, LEGEND_DOT, 5},
    {"input gradient", COLOUR_GREEN, LEGEND_DOT, 9},
};

static double intensity(const ExplainRow *row)
{
    return row->operations / row->bytes;
}

static percept_status write_points(const Explanation *explanation, const char *folder, percept_error *error)
{
    FileWriter *writer = NULL;
    percept_status status = script_open_data(folder, NAME, NULL, &writer, error);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "layer,product,operations,bytes,intensity,gflops\n");
    for (size_t r = 0; r < explanation->row_count; r++) {
        const ExplainRow *row = &explanation->rows[r];
        script_write_number(writer, true, (double)row->layer + 1);
        script_write_text(writer, false, explain_product_name(row->product));
        script_write_number(writer, false, row->operations);
        script_write_number(writer, false, row->bytes);
        script_write_number(writer, false, intensity(row));
        script_write_number(writer, false, row->gflops);
        file_writer_print(writer, "\n");
    }
    return file_writer_commit(writer, error);
}

percept_status roofline_draw(const Explanation *explanation, const char *folder, percept_error *error)
{
    Script script = {0};
    Range x = RANGE_EMPTY, y = RANGE_EMPTY;
    percept_status status = write_points(explanation, folder, error);
    if (status != PERCEPT_OK)
        return status;
    for (size_t r = 0; r < explanation->row_count; r++) {
        range_add(&x, intensity(&explanation->rows[r]), true);
        range_add(&y, explanation->rows[r].gflops, true);
    }
    if (range_is_empty(y))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "there is nothing to draw: this engine measures no times");
    const double ridge = explanation->peak / explanation->memory;
    range_add(&x, ridge / 2, true);
    range_add(&x, ridge * 2, true);
    range_add(&y, 1e-9 * explanation->peak, true);
    Layout layout = {.count = 1,
                     .columns = 1,
                     .width = 790,
                     .height = 360,
                     .left = 90,
                     .right = 20,
                     .above = 16,
                     .below = 58,
                     .legend_height = LEGEND_ROW + 8};
    layout_finish(&layout);
    const Box box = layout_box(&layout, 0);
    script_add(&script, "peak = %.8g\nslope = %.8g\n%s", 1e-9 * explanation->peak, 1e-9 * explanation->memory, style);
    axis_add(&script, "x", axis_widen(x, true), true, 8);
    axis_add(&script, "y", axis_widen(y, true), true, 8);
    layout_add_box(&script, box);
    layout_add_labels(&script, &layout, box, "operations a byte", "GFLOP/s", NULL);
    legend_add(&script, &layout, legend, sizeof legend / sizeof legend[0]);
    script_add(&script, "%s", points);
    return script_draw(&script, folder, NAME, layout.canvas, error);
}
