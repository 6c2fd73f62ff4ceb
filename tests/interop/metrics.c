/* Prints the figures of outputs and answers read from standard input: metrics CLASSES WIDTH COUNT, then float64 outputs
 * (COUNT × WIDTH), then int32 labels (COUNT), or, with CLASSES 0, float64 targets (COUNT × WIDTH). */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "train/metrics.h"

static bool read_numbers(void *numbers, size_t size, size_t count)
{
    return fread(numbers, size, count, stdin) == count;
}

static void print_classes(const percept_report *report)
{
    for (size_t k = 0; k < report->metrics->classes; k++) {
        const percept_class_report *class = &report->classes[k];
        printf("%.17g %.17g %.17g %.17g %llu\n", class->precision, class->recall, class->f1, class->auc,
               (unsigned long long)class->support);
    }
    printf("%.17g %.17g %.17g %.17g\n", report->macro.precision, report->macro.recall, report->macro.f1,
           report->macro.auc);
    printf("%.17g %.17g %.17g %.17g\n", report->weighted.precision, report->weighted.recall, report->weighted.f1,
           report->weighted.auc);
    printf("%.17g %.17g %.17g\n", report->metrics->accuracy, report->brier, report->calibration_error);
}

static void print_targets(const percept_report *report)
{
    for (size_t j = 0; j < report->target_count; j++)
        printf("%.17g %.17g %.17g\n", report->targets[j].r2, report->targets[j].mean_absolute_error,
               report->targets[j].root_mean_squared_error);
    printf("%.17g %.17g %.17g\n", report->overall.r2, report->overall.mean_absolute_error,
           report->overall.root_mean_squared_error);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    const size_t classes = strtoul(argv[1], NULL, 10), width = strtoul(argv[2], NULL, 10),
                 count = strtoul(argv[3], NULL, 10);
    double *outputs = NULL, *targets = NULL;
    int32_t *labels = NULL;
    Metrics metrics;
    percept_report report = {.struct_size = sizeof report};
    percept_error error;
    if (memory_allocate(count, width * sizeof *outputs, "outputs", &outputs, &error) != PERCEPT_OK ||
        memory_allocate(count, width * sizeof *targets, "targets", &targets, &error) != PERCEPT_OK ||
        memory_allocate(count, sizeof *labels, "labels", &labels, &error) != PERCEPT_OK ||
        metrics_create(classes, width, true, count, &metrics, &error) != PERCEPT_OK)
        return 1;
    if (!read_numbers(outputs, sizeof *outputs, count * width) ||
        !(classes > 0 ? read_numbers(labels, sizeof *labels, count)
                      : read_numbers(targets, sizeof *targets, count * width)))
        return 1;
    if (classes > 0)
        metrics_add_labels(&metrics, count, outputs, NULL, labels);
    else
        metrics_add_targets(&metrics, count, outputs, targets);
    if (metrics_report(&metrics, &report, &error) != PERCEPT_OK)
        return 1;
    if (classes > 0)
        print_classes(&report);
    else
        print_targets(&report);
    percept_report_clear(&report);
    metrics_clear(&metrics);
    memory_free(outputs);
    memory_free(targets);
    memory_free(labels);
    return 0;
}
