#include "cli/gradcheck_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "cli/describe.h"
#include "cli/text.h"
#include "model/model.h"

/* Rows of each kind that a check of everything lists. */
static const size_t most_listed[CHECK_VERDICTS] = {[CHECK_KINK] = 5, [CHECK_WRONG] = 20};

/* Columns for names of numbers and of groups, at least. */
#define NAME_COLUMNS 16
#define GROUP_COLUMNS 5

const char *gradcheck_verdict(CheckVerdict verdict)
{
    static const char *const names[CHECK_VERDICTS] = {
        [CHECK_EQUAL] = "equal", [CHECK_ZERO] = "zero",   [CHECK_KINK] = "kink",
        [CHECK_STEP] = "step",   [CHECK_WRONG] = "wrong",
    };
    return names[verdict];
}

/* ---- Head ---------------------------------------------------------------------------------------------------------- */

static void print_head(const GradcheckReport *report)
{
    describe_network(stdout, report->model);
    printf(", %s\n%s, the first %s%s of the training part\nengine %s in float64",
           report->trained ? "trained" : "initial weights", report->data,
           report->examples > 1 ? text_count(report->examples).text : "example",
           report->examples > 1 ? " examples" : "", report->engine);
}

/* ---- Rows ---------------------------------------------------------------------------------------------------------- */

static size_t wider(size_t columns, const char *name)
{
    return strlen(name) > columns ? strlen(name) : columns;
}

/* Columns that the names of listed entries fit in. */
static size_t name_columns(const GradcheckReport *report)
{
    size_t columns = NAME_COLUMNS;
    for (size_t i = 0; i < report->check.entry_count; i++) {
        char name[CHECK_NAME_SIZE];
        if (report->whole && most_listed[report->check.entries[i].verdict] == 0)
            continue;
        check_name(&report->model->network, report->check.entries[i].number, name);
        columns = wider(columns, name);
    }
    return columns;
}

static void print_rows_head(CheckMethod method, size_t columns)
{
    text_left(stdout, "", columns);
    printf("%20s%20s%12s\n", "gradient", method == CHECK_COMPLEX ? "complex step" : "difference",
           method == CHECK_COMPLEX ? "rel. error" : "ratio");
}

static void print_ratio(double ratio)
{
    printf(fabs(ratio) < 1000 ? "%12.7f" : "%12.2e", ratio);
}

static void print_row(const GradcheckReport *report, const CheckEntry *entry, size_t columns)
{
    char name[CHECK_NAME_SIZE];
    const double gradient = entry->gradient, difference = entry->difference;
    check_name(&report->model->network, entry->number, name);
    text_left(stdout, name, columns);
    printf("%20.10e%20.10e", gradient, difference);
    if (entry->verdict == CHECK_ZERO) /* two columns narrower than its bytes */
        printf("%14s", "\xE2\x80\x93");
    else if (report->check.method == CHECK_COMPLEX)
        printf("%12.1e", fabs(gradient - difference) / fmax(fabs(gradient), fabs(difference)));
    else
        print_ratio(difference / gradient);
    if (entry->verdict == CHECK_WRONG)
        fputs("  WRONG", stdout);
    else if (entry->verdict == CHECK_KINK || entry->verdict == CHECK_STEP)
        printf("  %s", gradcheck_verdict(entry->verdict));
    putchar('\n');
}

/* All rows, or for a whole check only some of each interesting kind. */
static void print_rows(const GradcheckReport *report)
{
    size_t listed[CHECK_VERDICTS] = {0};
    const size_t columns = name_columns(report);
    bool any = false;
    for (size_t i = 0; i < report->check.entry_count; i++) {
        const CheckEntry *entry = &report->check.entries[i];
        if (report->whole && listed[entry->verdict]++ >= most_listed[entry->verdict])
            continue;
        if (!any)
            print_rows_head(report->check.method, columns);
        any = true;
        print_row(report, entry, columns);
    }
    for (size_t v = 0; report->whole && v < CHECK_VERDICTS; v++)
        if (most_listed[v] > 0 && listed[v] > most_listed[v])
            printf("... and %s more: %s\n", text_count(listed[v] - most_listed[v]).text,
                   gradcheck_verdict((CheckVerdict)v));
    if (any)
        putchar('\n');
}

/* ---- Groups -------------------------------------------------------------------------------------------------------- */

/* "W1", "b1", …, "layers.0.batch-norm.weight", …, "x" */
static void group_name(const GradcheckReport *report, const CheckGroup *group, char name[CHECK_NAME_SIZE])
{
    check_name(&report->model->network, group->first, name);
    name[strcspn(name, "[")] = '\0';
}

static void print_group(const CheckReport *check, const CheckGroup *group, const char *name, size_t columns)
{
    text_left(stdout, name, columns);
    text_right(stdout, text_count(group->checked).text, 10);
    for (int v = 0; v < CHECK_VERDICTS; v++)
        text_right(stdout, text_count(group->counts[v]).text, v <= CHECK_ZERO ? 10 : 7);
    if (check->method == CHECK_COMPLEX)
        printf("%12.1e\n", group->scale > 0 ? group->largest_error / group->scale : group->largest_error);
    else if (isnan(group->ratio_low))
        putchar('\n');
    else
        printf("%11.6f%11.6f\n", group->ratio_low, group->ratio_high);
}

static void print_groups(const GradcheckReport *report)
{
    const CheckReport *check = &report->check;
    size_t columns = GROUP_COLUMNS;
    for (size_t g = 0; g < check->group_count; g++) {
        char name[CHECK_NAME_SIZE];
        group_name(report, &check->groups[g], name);
        columns = check->groups[g].checked > 0 ? wider(columns, name) : columns;
    }
    text_left(stdout, "", columns);
    printf("%10s%10s%10s%7s%7s%7s", "checked", "equal", "both 0", "kink", "step", "wrong");
    puts(check->method == CHECK_COMPLEX ? "  rel. error" : "     ratios from  to");
    for (size_t g = 0; g < check->group_count; g++) {
        char name[CHECK_NAME_SIZE];
        group_name(report, &check->groups[g], name);
        if (check->groups[g].checked > 0)
            print_group(check, &check->groups[g], name, columns);
    }
    putchar('\n');
}

/* ---- The verdict --------------------------------------------------------------------------------------------------- */

/* "unit 3 of layer 1", "input 3 of prelu in layer 1", "input 3 of piecewise-linear" */
static void name_place(const CheckKinks *kinks, char *text, size_t size)
{
    if (kinks->kind == NULL)
        snprintf(text, size, "unit %zu of layer %zu", kinks->unit, kinks->side);
    else if (kinks->side > 0)
        snprintf(text, size, "input %zu of %s in layer %zu", kinks->unit, kinks->kind->name, kinks->side);
    else
        snprintf(text, size, "input %zu of %s", kinks->unit, kinks->kind->name);
}

static void print_kinks(const CheckReport *check)
{
    const CheckKinks *kinks = &check->kinks;
    const bool complex_step = check->method == CHECK_COMPLEX, many = kinks->count > 1;
    char text[400], place[96];
    if (kinks->count == 0)
        return;
    name_place(kinks, place, sizeof place);
    snprintf(text, sizeof text, "%s weighted sum%s %s %s a kink; the nearest is %s, example %zu, with %.3g. %s",
             text_count(kinks->count).text, many ? "s" : "", many ? "lie" : "lies",
             complex_step ? "exactly at" : "within the step of", place, kinks->example, kinks->z,
             complex_step ? "There the complex step takes the side that the engines take."
                          : "Differences there may mix both sides.");
    text_wrapped(stdout, 0, text);
}

static void print_notes(const CheckReport *check)
{
    char text[400];
    print_kinks(check);
    if (check->all.counts[CHECK_KINK] > 0) {
        snprintf(text, sizeof text,
                 "kink: forward and backward differences disagree in %s of them, a kink or a sharp bend lies between; "
                 "the complex step confirms the gradient.",
                 text_count(check->all.counts[CHECK_KINK]).text);
        text_wrapped(stdout, 0, text);
    }
    if (check->all.counts[CHECK_STEP] > 0) {
        snprintf(text, sizeof text,
                 "step: %s of them are too small for differences with this step, which lose them in the rounding of "
                 "the loss; the complex step confirms the gradient.",
                 text_count(check->all.counts[CHECK_STEP]).text);
        text_wrapped(stdout, 0, text);
    }
}

static void print_verdict(const GradcheckReport *report)
{
    const CheckReport *check = &report->check;
    const size_t wrong = check->all.counts[CHECK_WRONG];
    const size_t settled = check->all.counts[CHECK_KINK] + check->all.counts[CHECK_STEP];
    const TextNumber checked = text_count(check->all.checked), right = text_count(check->all.checked - settled);
    if (wrong > 0) {
        char name[CHECK_NAME_SIZE];
        const CheckEntry *entry = check->entries;
        while (entry->verdict != CHECK_WRONG)
            entry++;
        check_name(&report->model->network, entry->number, name);
        printf("WRONG: %s of %s gradients, the first at %s\n", text_count(wrong).text, checked.text, name);
    } else if (check->method == CHECK_COMPLEX) {
        printf("right: %s gradients equal the complex step to %g\n", checked.text, CHECK_COMPLEX_TOLERANCE);
    } else {
        printf("right: %s gradients, every ratio in [%g, %g]%s", right.text, 1 - CHECK_RATIO_TOLERANCE,
               1 + CHECK_RATIO_TOLERANCE, settled > 0 ? ";\n       " : "\n");
        if (settled > 0)
            printf("%s by the complex step\n", text_count(settled).text);
    }
}

static void print_sweep(const GradcheckReport *report)
{
    printf("\nLargest |gradient - difference| over %s numbers\n%12s%12s%14s%14s\n",
           text_count(report->check.all.checked).text, "1/step", "step", "forward", "central");
    for (size_t i = 0; i < report->point_count; i++)
        printf("%12g%12g%14.3e%14.3e\n", report->points[i].inverse, report->points[i].step, report->points[i].forward,
               report->points[i].central);
}

void gradcheck_print(const GradcheckReport *report)
{
    const CheckReport *check = &report->check;
    print_head(report);
    printf(", loss %s\n%s%s with step %g\n\n", text_loss(check->loss).text, check_method_name(check->method),
           check->method == CHECK_COMPLEX ? " differentiation" : " differences", check->step);
    print_rows(report);
    print_groups(report);
    print_notes(check);
    print_verdict(report);
    if (report->point_count > 0)
        print_sweep(report);
}

/* ---- Loop form and matrix form ------------------------------------------------------------------------------------- */

void gradcheck_print_loop(const GradcheckReport *report, const LoopReport *loop, const uint8_t *chosen)
{
    GradcheckReport own = *report;
    own.examples = loop->examples;
    print_head(&own);
    size_t columns = NAME_COLUMNS;
    for (size_t p = 0; p < report->model->network.parameter_count; p++) {
        char name[CHECK_NAME_SIZE];
        check_name(&report->model->network, p, name);
        columns = chosen[p] ? wider(columns, name) : columns;
    }
    printf("\n\n");
    text_left(stdout, "", columns);
    printf("%26s%26s\n", "loop form", "matrix form");
    for (size_t p = 0; p < report->model->network.parameter_count; p++) {
        char name[CHECK_NAME_SIZE];
        if (!chosen[p])
            continue;
        check_name(&report->model->network, p, name);
        text_left(stdout, name, columns);
        printf("%26.16e%26.16e\n", loop->loop[p], loop->matrix[p]);
    }
    printf("\n%s: all %s parameters; they differ by %.1e at most, %.1e of the largest\n",
           loop->equal ? "equal" : "WRONG", text_count(report->model->network.parameter_count).text, loop->largest,
           loop->scale > 0 ? loop->largest / loop->scale : loop->largest);
}

/* ---- CSV ----------------------------------------------------------------------------------------------------------- */

percept_status gradcheck_write_csv(const GradcheckReport *report, const char *folder, percept_error *error)
{
    char *path = NULL;
    FileWriter *writer = NULL;
    percept_status status = file_join(folder, "gradcheck.csv", &path, error);
    if (status == PERCEPT_OK)
        status = file_writer_open(path, &writer, error);
    memory_free(path);
    if (status != PERCEPT_OK)
        return status;
    file_writer_print(writer, "parameter,gradient,difference,verdict\n");
    for (size_t i = 0; i < report->check.entry_count; i++) {
        const CheckEntry *entry = &report->check.entries[i];
        char name[CHECK_NAME_SIZE], gradient[NUMBER_SIZE], difference[NUMBER_SIZE];
        check_name(&report->model->network, entry->number, name);
        number_format_digits(entry->gradient, 17, gradient);
        number_format_digits(entry->difference, 17, difference);
        file_writer_print(writer, "\"%s\",%s,%s,%s\n", name, gradient, difference, gradcheck_verdict(entry->verdict));
    }
    return file_writer_commit(writer, error);
}
