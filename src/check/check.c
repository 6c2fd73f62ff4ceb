#include "check/check.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "check/differences.h"
#include "check/kinks.h"
#include "engine/reference/reference.h"
#include "nn/members.h"

/* Roundings of the loss, over ε, that a difference may be off by. */
#define ROUNDINGS 64

/* The complex step's error is of order h², and its numbers, times h, must not underflow. */
#define MOST_COMPLEX_STEP 1e-10
#define LEAST_COMPLEX_STEP 1e-100

/* A check under way. Arrays have an entry for each number. */
typedef struct Check {
    const CheckSubject *subject;
    const CheckOptions *options;
    const Network *network;
    size_t count;
    double *gradient;
    double *up, *down;  /* to both sides; the complex step has only one */
    double *difference; /* the method's */
    double *exact;      /* by the complex step, of those in doubt; NULL if there are none */
    uint8_t *doubtful;
    CheckReport *report;
} Check;

/* ---- Differences -------------------------------------------------------------------------------------------------- */

static Differences differences_of(const Check *check, const uint8_t *chosen, double step, double *up, double *down)
{
    return (Differences){.network = check->network,
                         .parameters = check->subject->parameters,
                         .batch = check->subject->batch,
                         .team = check->subject->team,
                         .step = step,
                         .inputs = check->options->inputs,
                         .chosen = chosen,
                         .up = up,
                         .down = down};
}

/* The loss and the differences of the method for all chosen numbers. */
static percept_status differ(Check *check, percept_error *error)
{
    CheckReport *report = check->report;
    const bool central = report->method == CHECK_CENTRAL, complex_step = report->method == CHECK_COMPLEX;
    const Differences task =
        differences_of(check, check->options->chosen, report->step, check->up, complex_step ? NULL : check->down);
    percept_status status =
        complex_step ? differences_c128(&task, &report->loss, error) : differences_f64(&task, &report->loss, error);
    for (size_t p = 0; p < check->count && status == PERCEPT_OK; p++)
        if (check->options->chosen[p])
            check->difference[p] = central ? (check->up[p] + check->down[p]) / 2 : check->up[p];
    return status;
}

/* The complex step for the numbers in doubt. */
static percept_status differ_again(Check *check, percept_error *error)
{
    percept_status status = memory_allocate(check->count, sizeof(double), "exact derivatives", &check->exact, error);
    if (status != PERCEPT_OK)
        return status;
    const Differences task =
        differences_of(check, check->doubtful, check_method_step(CHECK_COMPLEX), check->exact, NULL);
    return differences_c128(&task, NULL, error);
}

/* The reference engine's loss, of members the mean. */
typedef struct ReferenceLoss {
    const CheckSubject *subject;
    size_t members;
    double loss;
} ReferenceLoss;

/* MemberVisit */
static percept_status add_loss(void *context, const Network *member, size_t offset, percept_error *error)
{
    ReferenceLoss *all = context;
    const double *parameters = all->subject->parameters + offset;
    Engine *engine = NULL;
    const percept_status status = reference_pass_f64(member, parameters, all->subject->batch, &engine, error);
    if (status == PERCEPT_OK)
        all->loss += reference_loss_f64(engine, parameters, all->subject->batch) / (double)all->members;
    engine_free(engine);
    return status;
}

static percept_status reference_loss(const Check *check, double *loss, percept_error *error)
{
    ReferenceLoss all = {.subject = check->subject, .members = check->network->members};
    const percept_status status = network_each_member(check->network, add_loss, &all, error);
    *loss = all.loss;
    return status;
}

/* The loss that was followed must be the engine's: differences of another would prove nothing. */
static percept_status check_loss(const Check *check, percept_error *error)
{
    double loss = 0;
    const double ours = check->report->loss;
    percept_status status = reference_loss(check, &loss, error);
    if (status != PERCEPT_OK)
        return status;
    if (!isfinite(loss))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the loss is %g, which has no gradient; check with smaller weights or scaled features", loss);
    if (!(fabs(loss - ours) <= 1e-10 * fmax(1, fabs(loss))))
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the loss has a part that the check cannot follow: it is %.15g, and %.15g without that part",
                         loss, ours);
    return PERCEPT_OK;
}

/* ---- Groups ------------------------------------------------------------------------------------------------------- */

static size_t count_groups(const Check *check)
{
    size_t count = check->options->inputs;
    for (size_t t = 0; t < check->network->tensor_count; t++)
        count += check->network->tensors[t].role != ROLE_STATISTIC;
    return count;
}

/* The largest difference of each group. Of a network with stages, of all of them: a normalization behind a bias takes the
 * bias out of the loss, and its gradient is what rounding leaves of terms as large as those of other groups. */
static void scale_groups(const Check *check)
{
    CheckReport *report = check->report;
    double most = 0;
    for (CheckGroup *group = report->groups; group < report->groups + report->group_count; group++) {
        group->ratio_low = group->ratio_high = NAN;
        for (size_t p = group->first; p < group->end; p++)
            if (check->options->chosen[p] && isfinite(check->difference[p]))
                group->scale = fmax(group->scale, fabs(check->difference[p]));
        most = fmax(most, group->scale);
    }
    for (size_t g = 0; g < report->group_count && check->network->stage_count > 0; g++)
        report->groups[g].scale = most;
}

/* Tensors lie in the order of the numbers, the statistics at the end. */
static void make_groups(const Check *check)
{
    const Network *network = check->network;
    CheckGroup *group = check->report->groups;
    for (size_t t = 0; t < network->tensor_count; t++) {
        const NetworkTensor *tensor = &network->tensors[t];
        if (tensor->role != ROLE_STATISTIC)
            *group++ = (CheckGroup){.first = tensor->offset, .end = tensor->offset + tensor_size(tensor)};
    }
    if (check->options->inputs)
        *group++ = (CheckGroup){.first = network->parameter_count, .end = check->count};
    scale_groups(check);
}

static void count_entry(CheckGroup *group, const CheckEntry *entry)
{
    const double error = fabs(entry->gradient - entry->difference), ratio = entry->difference / entry->gradient;
    group->checked++;
    group->counts[entry->verdict]++;
    group->largest_error = isnan(error) ? INFINITY : fmax(group->largest_error, error);
    if (entry->gradient != 0 && (entry->verdict == CHECK_EQUAL || entry->verdict == CHECK_WRONG)) {
        group->ratio_low = fmin(group->ratio_low, ratio);
        group->ratio_high = fmax(group->ratio_high, ratio);
    }
}

static void add_group(CheckGroup *all, const CheckGroup *group)
{
    all->end = group->end;
    all->checked += group->checked;
    for (size_t v = 0; v < CHECK_VERDICTS; v++)
        all->counts[v] += group->counts[v];
    all->ratio_low = fmin(all->ratio_low, group->ratio_low);
    all->ratio_high = fmax(all->ratio_high, group->ratio_high);
    all->largest_error = fmax(all->largest_error, group->largest_error);
    all->scale = fmax(all->scale, group->scale);
}

/* ---- Verdicts ----------------------------------------------------------------------------------------------------- */

/* What the method alone says; CHECK_WRONG is no last word for differences. */
static CheckVerdict first_verdict(const Check *check, const CheckGroup *group, size_t p)
{
    const double gradient = check->gradient[p], difference = check->difference[p];
    if (gradient == 0 && difference == 0)
        return CHECK_ZERO;
    if (check->report->method == CHECK_COMPLEX)
        return fabs(gradient - difference) <= CHECK_COMPLEX_TOLERANCE * group->scale ? CHECK_EQUAL : CHECK_WRONG;
    return fabs(difference / gradient - 1) <= CHECK_RATIO_TOLERANCE ? CHECK_EQUAL : CHECK_WRONG;
}

static bool sides_agree(const Check *check, size_t p)
{
    const double up = check->up[p], down = check->down[p];
    return fabs(up - down) <= CHECK_RATIO_TOLERANCE * fmax(fabs(up), fabs(down));
}

/* The last word on a number in doubt. */
static CheckVerdict last_verdict(const Check *check, const CheckGroup *group, size_t p)
{
    const CheckReport *report = check->report;
    const double gradient = check->gradient[p], exact = check->exact[p];
    const double relative =
        fmax(CHECK_RATIO_TOLERANCE * fmax(fabs(gradient), fabs(exact)), CHECK_COMPLEX_TOLERANCE * group->scale);
    const double tolerance =
        fmax(relative, ROUNDINGS * DBL_EPSILON); /* outputs are rounded to about ε, and a loss near 0
                                                                       * differentiates what is left of their digits */
    const CheckVerdict first = first_verdict(check, group, p);
    if (!(fabs(gradient - exact) <= tolerance))
        return CHECK_WRONG;
    if (first != CHECK_WRONG)
        return first;
    const double rounding = ROUNDINGS * DBL_EPSILON * (1 + fabs(report->loss)) / report->step;
    const double miss = fabs(gradient - check->difference[p]);
    return miss > rounding && fabs(check->up[p] - check->down[p]) >= miss ? CHECK_KINK : CHECK_STEP;
}

/* What the method alone calls wrong is in doubt; so is a forward difference that the backward one differs from: at a
 * kink it looks at one side, and would agree with a derivative taken at the wrong one. False if there is nothing. */
static bool mark_doubtful(Check *check)
{
    const CheckMethod method = check->report->method;
    bool any = false;
    for (size_t g = 0; g < check->report->group_count && method != CHECK_COMPLEX; g++) {
        const CheckGroup *group = &check->report->groups[g];
        for (size_t p = group->first; p < group->end; p++) {
            check->doubtful[p] = check->options->chosen[p] && (first_verdict(check, group, p) == CHECK_WRONG ||
                                                               (method == CHECK_FORWARD && !sides_agree(check, p)));
            any = any || check->doubtful[p];
        }
    }
    return any;
}

static percept_status judge(Check *check, percept_error *error)
{
    CheckReport *report = check->report;
    percept_status status = PERCEPT_OK;
    make_groups(check);
    if (mark_doubtful(check))
        status = differ_again(check, error);
    if (status != PERCEPT_OK)
        return status;
    CheckEntry *entry = report->entries;
    report->all = (CheckGroup){.ratio_low = NAN, .ratio_high = NAN};
    for (size_t g = 0; g < report->group_count; g++) {
        CheckGroup *group = &report->groups[g];
        for (size_t p = group->first; p < group->end; p++) {
            if (!check->options->chosen[p])
                continue;
            const bool settle = check->exact != NULL && check->doubtful[p];
            *entry = (CheckEntry){p, check->gradient[p], check->difference[p],
                                  settle ? last_verdict(check, group, p) : first_verdict(check, group, p)};
            count_entry(group, entry++);
        }
        add_group(&report->all, group);
    }
    return PERCEPT_OK;
}

/* ---- The check ---------------------------------------------------------------------------------------------------- */

static percept_status allocate(Check *check, percept_error *error)
{
    CheckReport *report = check->report;
    for (size_t p = 0; p < check->count; p++)
        report->entry_count += check->options->chosen[p] != 0;
    report->group_count = count_groups(check);
    double **const arrays[] = {&check->gradient, &check->up, &check->down, &check->difference};
    percept_status status = PERCEPT_OK;
    for (size_t a = 0; a < sizeof arrays / sizeof *arrays && status == PERCEPT_OK; a++)
        status = memory_allocate(check->count, sizeof(double), "gradient and differences", arrays[a], error);
    if (status == PERCEPT_OK)
        status = memory_allocate(check->count, 1, "gradient and differences", &check->doubtful, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(report->entry_count, sizeof *report->entries, "the report", &report->entries, error);
    if (status == PERCEPT_OK)
        status = memory_allocate(report->group_count, sizeof *report->groups, "the report", &report->groups, error);
    return status;
}

static percept_status check_arguments(const Check *check, percept_error *error)
{
    const EngineConfig *config = &check->subject->engine->config;
    const double step = check->report->step;
    if (config->precision != PERCEPT_FLOAT64 || !config->training)
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "gradients are checked in float64, of an engine for training");
    if (!(step > 0) || !isfinite(step))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the step of differences must be above 0, but is %g", step);
    if (check->report->method == CHECK_COMPLEX && (step > MOST_COMPLEX_STEP || step < LEAST_COMPLEX_STEP))
        return error_set(error, PERCEPT_ERROR_ARGUMENT, "the complex step is exact from %g to %g, but not with %g",
                         LEAST_COMPLEX_STEP, MOST_COMPLEX_STEP, step);
    return PERCEPT_OK;
}

static percept_status run(Check *check, percept_error *error)
{
    const CheckSubject *subject = check->subject;
    EngineSums sums;
    percept_status status = check_arguments(check, error);
    if (status == PERCEPT_OK)
        status = allocate(check, error);
    if (status != PERCEPT_OK)
        return status;
    engine_gradient(subject->engine, subject->parameters, subject->batch, check->gradient,
                    check->options->inputs ? check->gradient + check->network->parameter_count : NULL, &sums);
    status = differ(check, error);
    if (status == PERCEPT_OK)
        status = check_loss(check, error);
    if (status == PERCEPT_OK)
        status = kinks_find(check->network, subject->parameters, subject->batch,
                            check->report->method == CHECK_COMPLEX ? 0 : check->report->step, check->options->inputs,
                            &check->report->kinks, error);
    return status == PERCEPT_OK ? judge(check, error) : status;
}

percept_status check_gradient(const CheckSubject *subject, const CheckOptions *options, CheckReport *out,
                              percept_error *error)
{
    const Network *network = subject->engine->config.network;
    CheckReport report = {.method = options->method,
                          .step = options->step != 0 ? options->step : check_method_step(options->method)};
    Check check = {.subject = subject,
                   .options = options,
                   .network = network,
                   .count = differences_count(network, subject->batch->count, options->inputs),
                   .report = &report};
    percept_status status = run(&check, error);
    memory_free(check.gradient);
    memory_free(check.up);
    memory_free(check.down);
    memory_free(check.difference);
    memory_free(check.exact);
    memory_free(check.doubtful);
    if (status == PERCEPT_OK)
        *out = report;
    else
        check_report_clear(&report);
    return status;
}

void check_report_clear(CheckReport *report)
{
    memory_free(report->entries);
    memory_free(report->groups);
    memset(report, 0, sizeof *report);
}
