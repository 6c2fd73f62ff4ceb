#include "cli/bench_explain.h"

#include <stdio.h>

#include "cli/bench_subject.h"
#include "cli/json.h"
#include "nn/activation.h"

#define COLUMNS "%-16s%16s %-13s%10s%6s%9s%9s%10s%9s%7s\n"

/* "512x784", or "-" if it is not cut */
static const char *pair(size_t a, size_t b, char text[48])
{
    snprintf(text, 48, a > 0 ? "%zux%zu" : "-", a, b);
    return text;
}

static const char *number(double value, int decimals, char text[48])
{
    snprintf(text, 48, value > 0 ? "%.*f" : "-", decimals, value);
    return text;
}

static void print_row(const ExplainRow *row)
{
    char shape[80], kernel[80], unit[48], depth[48], mflop[48], bytes[48], time[48], rate[48], share[48];
    const EnginePlan *plan = &row->plan;
    snprintf(shape, sizeof shape, "%zux%zux%zu", row->rows, row->columns, row->depth);
    snprintf(kernel, sizeof kernel, plan->tile_rows > 0 ? "%s %zux%zu" : "%s", plan->kernel, plan->tile_rows,
             plan->tile_columns);
    printf(COLUMNS, explain_product_name(row->product), shape, kernel, pair(plan->unit_rows, plan->unit_columns, unit),
           number((double)plan->depth, 0, depth), number(1e-6 * row->operations, 3, mflop),
           number(1e-6 * row->bytes, 3, bytes), number(1e6 * row->seconds, 2, time), number(row->gflops, 1, rate),
           number(100 * row->share_of_peak, 1, share));
}

void bench_print_explanation(const Network *network, const Explanation *explanation)
{
    double products = 0;
    printf("\na step of %zu examples; all threads do %.1f GFLOP/s at most, and read %.1f GB/s from memory\n",
           explanation->batch, 1e-9 * explanation->peak, 1e-9 * explanation->memory);
    for (size_t r = 0; r < explanation->row_count; r++) {
        const ExplainRow *row = &explanation->rows[r];
        const Layer *layer = &network->layers[row->layer];
        if (row->product == ENGINE_FORWARD) {
            printf("\nlayer %zu: %zu to %zu, %s\n", row->layer + 1, layer->inputs, layer->outputs,
                   activation_at_f64(layer->activation)->name);
            printf(COLUMNS, "product", "shape", "kernel", "unit", "k", "MFLOP", "MB", "us", "GFLOP/s", "%");
        }
        print_row(row);
        products += row->seconds;
    }
    if (products > 0)
        printf("\nmicroseconds a step: %.2f products, %.2f gathering, %.2f all else, %.2f in all\n", 1e6 * products,
               1e6 * explanation->gathering, 1e6 * (explanation->step - products - explanation->gathering),
               1e6 * explanation->step);
    else
        printf("\nmicroseconds a step: %.2f; this engine gives no details\n", 1e6 * explanation->step);
}

static json_t *row_json(const ExplainRow *row)
{
    const EnginePlan *plan = &row->plan;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:[o, o, o], s:[o, o], s:[o, o]}", "bytes",
                     json_figure(row->bytes), "depth", json_count(plan->depth), "gflops", json_figure(row->gflops),
                     "kernel", json_words(plan->kernel), "layer", json_count(row->layer + 1), "operations",
                     json_figure(row->operations), "product", json_words(explain_product_name(row->product)), "seconds",
                     json_figure(row->seconds), "shape", json_count(row->rows), json_count(row->columns),
                     json_count(row->depth), "tile", json_count(plan->tile_rows), json_count(plan->tile_columns),
                     "unit", json_count(plan->unit_rows), json_count(plan->unit_columns));
}

json_t *bench_explanation_json(const Explanation *explanation)
{
    json_t *rows = json_array();
    for (size_t r = 0; r < explanation->row_count; r++) {
        const ExplainRow *row = &explanation->rows[r];
        json_t *object = row_json(row);
        if (object != NULL)
            json_object_set_new(object, "share_of_peak", json_figure(row->share_of_peak));
        bench_append(&rows, object);
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "batch", json_count(explanation->batch), "gathering",
                     json_figure(explanation->gathering), "memory_gigabytes_per_second",
                     json_figure(1e-9 * explanation->memory), "peak_gflops", json_figure(1e-9 * explanation->peak),
                     "products", rows, "step", json_figure(explanation->step));
}
