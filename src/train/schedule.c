#include "train/schedule.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define PI 3.14159265358979323846

/* Of the best score: what a better one must be better by. */
#define PLATEAU_THRESHOLD 1e-4

/* One-cycle's last rate, as a part of its first. */
#define ONE_CYCLE_FINAL 1e-4

static double constant_rate(const ScheduleOptions *options, const ScheduleMoment *moment)
{
    (void)moment;
    return options->base;
}

static double exponential_rate(const ScheduleOptions *options, const ScheduleMoment *moment)
{
    return options->base * pow(options->decay, (double)moment->epoch);
}

static double inverse_rate(const ScheduleOptions *options, const ScheduleMoment *moment)
{
    return options->base / (1 + options->decay * (double)moment->epoch / (double)moment->epochs);
}

static double step_rate(const ScheduleOptions *options, const ScheduleMoment *moment)
{
    const size_t drops = moment->epoch / options->every;
    return options->base * pow(options->decay, (double)drops);
}

/* From `from` to `to` along half a cosine, `part` of the way. */
static double along_cosine(double from, double to, double part)
{
    return to + (from - to) * (1 + cos(PI * part)) / 2;
}

/* I. Loshchilov, F. Hutter, 2017, eq. 5, without restarts: one period over all steps. */
static double cosine_rate(const ScheduleOptions *options, const ScheduleMoment *moment)
{
    return along_cosine(options->base, options->base * options->decay, (double)moment->step / (double)moment->steps);
}

/* The cycle that an epoch lies in: how many ended before it, its first epoch and its length. */
typedef struct Cycle {
    size_t number, first, length;
} Cycle;

static Cycle cycle_of(const ScheduleOptions *options, size_t epoch)
{
    if (options->growth <= 1)
        return (Cycle){epoch / options->every, epoch - epoch % options->every, options->every};
    Cycle cycle = {.length = options->every};
    while (epoch - cycle.first >= cycle.length) {
        cycle.first += cycle.length;
        cycle.number++;
        if (__builtin_mul_overflow(cycle.length, options->growth, &cycle.length))
            cycle.length = SIZE_MAX;
    }
    return cycle;
}

size_t schedule_cycles(const ScheduleOptions *options, size_t epochs)
{
    return cycle_of(options, epochs).number;
}

/* I. Loshchilov, F. Hutter, 2017, eq. 5, with restarts, step by step. Examples that are fed may make an epoch longer. */
static double cosine_restarts_rate(const ScheduleOptions *options, const ScheduleMoment *moment)
{
    const Cycle cycle = cycle_of(options, moment->epoch);
    const size_t whole = moment->steps / moment->epochs; /* steps of an epoch */
    const double steps = (double)whole;
    const double done = ((double)moment->step - (double)moment->epoch * steps) / steps;
    const double part = ((double)(moment->epoch - cycle.first) + fmax(fmin(done, 1), 0)) / (double)cycle.length;
    return along_cosine(options->base, options->base * options->decay, part);
}

/* L. Smith, N. Topin, 2018, with cosines for straight lines, as PyTorch's OneCycleLR has it: up to the base rate in the
 * first part of the steps, then down to nearly nothing. */
static double one_cycle_rate(const ScheduleOptions *options, const ScheduleMoment *moment)
{
    const double first = options->base * options->decay, last = first * ONE_CYCLE_FINAL;
    const double step = (double)moment->step, end = (double)moment->steps - 1;
    const double top = fmax(options->rise * (double)moment->steps - 1, 0);
    if (step < top)
        return along_cosine(first, options->base, step / top);
    return end > top ? along_cosine(options->base, last, (step - top) / (end - top)) : options->base;
}

static double part_of(const ScheduleMoment *moment)
{
    return (double)moment->step / (double)moment->steps;
}

/* Half of the steps at the base rate, then half a cosine (D. Holzmüller et al., 2024, flat_cos). */
static double flat_cosine_rate(const ScheduleOptions *options, const ScheduleMoment *moment)
{
    return along_cosine(options->base, options->base * options->decay, fmax(2 * part_of(moment) - 1, 0));
}

/* Four waves, each twice as long as the one before it (D. Holzmüller et al., 2024, coslog4). */
static double coslog4_rate(const ScheduleOptions *options, const ScheduleMoment *moment)
{
    return along_cosine(0, options->base, 2 * log2(1 + 15 * part_of(moment)));
}

static double plateau_rate(const ScheduleOptions *options, const ScheduleMoment *moment)
{
    return options->base * moment->reduction;
}

static const Schedule table[] = {
    {"constant", "learning_rate", 1, false, false, false, constant_rate},
    {"exponential", "learning_rate * decay^epoch", 0.95, false, false, false, exponential_rate},
    {"inverse", "learning_rate / (1 + decay * epoch / epochs)", 1, false, true, false, inverse_rate},
    {"step", "learning_rate * decay^floor(epoch / decay_every)", 0.1, false, false, false, step_rate},
    {"cosine", "learning_rate * (decay + (1 - decay) * (1 + cos(pi * step / steps)) / 2)", 0, false, true, false,
     cosine_rate},
    {"cosine-restarts",
     "cosine down to learning_rate * decay in decay_every epochs, again and again, each cycle_growth times as long", 0,
     false, false, true, cosine_restarts_rate},
    {"one-cycle", "from learning_rate * decay up to learning_rate, then down to learning_rate * decay / 10000", 0.04,
     false, true, false, one_cycle_rate},
    {"flat-cosine", "learning_rate in the first half of the steps, then as cosine has it in all", 0, false, true, false,
     flat_cosine_rate},
    {"coslog4", "learning_rate * (1 - cos(2 pi log2(1 + 15 step / steps))) / 2", 1, false, true, false, coslog4_rate},
    {"plateau", "learning_rate * decay^(times that decay_patience was used up)", 0.1, true, false, false, plateau_rate},
};

double schedule_rate(const Schedule *schedule, const ScheduleOptions *options, const ScheduleMoment *moment)
{
    const double rate = schedule->rate(options, moment);
    if (moment->step + 1 >= options->warmup)
        return rate;
    return rate * ((double)(moment->step + 1) / (double)options->warmup);
}

double schedule_factor(const Schedule *schedule, const ScheduleMoment *moment)
{
    const ScheduleOptions options = {.base = 1, .decay = schedule->decay};
    return schedule->rate(&options, moment);
}

const Schedule *schedule_factor_at(size_t index)
{
    static const char *const names[] = {"constant", "cosine", "flat-cosine", "coslog4"};
    return index < sizeof names / sizeof *names ? schedule_at((size_t)schedule_find(names[index])) : NULL;
}

void plateau_see(Plateau *plateau, const ScheduleOptions *options, double score)
{
    if (plateau->epochs++ == 0 || score > plateau->score + PLATEAU_THRESHOLD * fabs(plateau->score)) {
        plateau->score = score;
        plateau->count = 0;
    } else if (++plateau->count > options->patience) {
        plateau->reduction *= options->decay;
        plateau->count = 0;
    }
}

const Schedule *schedule_at(size_t index)
{
    return index < sizeof table / sizeof table[0] ? &table[index] : NULL;
}

int schedule_find(const char *name)
{
    for (size_t i = 0; schedule_at(i) != NULL; i++)
        if (strcmp(table[i].name, name) == 0)
            return (int)i;
    return -1;
}
