/* What the main job costs on this machine: the time from process start to the first training step, the peak of memory
 * against its budget, and the share of the arithmetic peak that a large network reaches over whole epochs.
 *
 * Each trial is a process of its own (this program, with a word that says which), so that nothing is warm and the
 * peak of memory is that trial's alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/team.h"
#include "bench/peak.h"
#include "percept/percept.h"

#define ROUNDS 5
#define MEBIBYTE (1024.0 * 1024.0)
#define TOLD 3 /* the descriptor on which a trial tells its figure */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* ---- Trials, in the child process ------------------------------------------------------------------------------ */

static void tell(double figure)
{
    if (write(TOLD, &figure, sizeof figure) != sizeof figure)
        exit(1);
}

static int at_the_first_step(const percept_progress *progress, void *user)
{
    (void)user;
    if (progress->epoch == 0 && progress->step == 1)
        tell(now());
    return 0;
}

static int fail(const percept_error *error)
{
    fprintf(stderr, "cost: %s\n", error->message);
    return 1;
}

/* Trains one epoch of the default network on Fashion-MNIST. */
static int trial_start(void)
{
    percept_error error;
    percept_recipe *recipe = NULL;
    percept_data data = {0};
    percept_model *model = NULL;
    if (percept_recipe_create(&recipe, &error) || percept_recipe_set(recipe, "train.epochs", "1", &error) ||
        percept_data_load(recipe, &data, &error) || percept_model_create(recipe, &data, &model, &error) ||
        percept_model_train(model, recipe, &data, at_the_first_step, NULL, NULL, &error))
        return fail(&error);
    return 0;
}

typedef struct Epochs {
    double begin;
    size_t count;
} Epochs;

/* Counts whole epochs after the first, which warms up. */
static int count_epochs(const percept_progress *progress, void *user)
{
    Epochs *epochs = user;
    if (progress->epoch_done && epochs->begin == 0)
        epochs->begin = progress->seconds;
    else if (progress->epoch_done)
        epochs->count++;
    return 0;
}

/* 784-512-768-10, ReLU, softmax, batch 128, SGD, float32: seconds per epoch of 60,000 pictures. */
static int trial_train(void)
{
    percept_error error;
    percept_recipe *recipe = NULL;
    percept_data data = {0};
    percept_model *model = NULL;
    percept_result result = {.struct_size = sizeof result};
    Epochs epochs = {0};
    if (percept_recipe_create(&recipe, &error) ||
        percept_recipe_set(recipe, "model.layers", "784-512-768-10", &error) ||
        percept_recipe_set(recipe, "data.validation", "0", &error) ||
        percept_recipe_set(recipe, "train.optimizer", "sgd", &error) ||
        percept_recipe_set(recipe, "train.epochs", "4", &error) || percept_data_load(recipe, &data, &error) ||
        percept_model_create(recipe, &data, &model, &error) ||
        percept_model_train(model, recipe, &data, count_epochs, &epochs, &result, &error))
        return fail(&error);
    tell((result.seconds - epochs.begin) / (double)epochs.count);
    return 0;
}

/* ---- Measuring, in the parent ---------------------------------------------------------------------------------- */

typedef struct Trial {
    double started; /* when the process was made */
    double figure;  /* what it told */
    double bytes;   /* its peak of resident memory */
} Trial;

static Trial run_trial(const char *program, const char *which)
{
    Trial trial = {.started = now()};
    int ends[2], status = 0;
    struct rusage usage;
    if (pipe(ends) != 0)
        exit(1);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], TOLD);
        execl(program, program, which, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    const ssize_t got = read(ends[0], &trial.figure, sizeof trial.figure);
    close(ends[0]);
    if (child < 0 || wait4(child, &status, 0, &usage) < 0 || status != 0 || got != sizeof trial.figure)
        exit(1);
    trial.bytes = 1024.0 * (double)usage.ru_maxrss;
    return trial;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* "median (least … most)" of ROUNDS figures */
static void print_spread(const char *what, double *figures, const char *format, const char *goal)
{
    char median[32], least[32], most[32];
    qsort(figures, ROUNDS, sizeof *figures, ascending);
    snprintf(median, sizeof median, format, figures[ROUNDS / 2]);
    snprintf(least, sizeof least, format, figures[0]);
    snprintf(most, sizeof most, format, figures[ROUNDS - 1]);
    printf("%-38s %10s  (%s … %s)   goal %s\n", what, median, least, most, goal);
}

/* Operations of an epoch: n (Σ_layers 6 in out - 2 in₁ out₁) */
static double epoch_operations(double examples, const size_t *layers, size_t count)
{
    double sum = -2.0 * (double)layers[0] * (double)layers[1];
    for (size_t l = 0; l + 1 < count; l++)
        sum += 6.0 * (double)layers[l] * (double)layers[l + 1];
    return examples * sum;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "start") == 0)
        return trial_start();
    if (argc == 2 && strcmp(argv[1], "train") == 0)
        return trial_train();

    const size_t large[] = {784, 512, 768, 10};
    /* Fashion-MNIST's bytes and labels, five times the default network 784-256-128-10 and two batches, in float32 */
    const double budget = 70000.0 * (784 + 4) + 5 * 4.0 * 235146 + 2 * 4.0 * 128 * 784 + 64 * MEBIBYTE;
    double first[ROUNDS], memory[ROUNDS], share[ROUNDS];
    percept_error error;
    Team *team = NULL;
    if (team_create(0, &team, &error) != PERCEPT_OK)
        return fail(&error);
    for (int round = 0; round < ROUNDS; round++) {
        const Trial start = run_trial(argv[0], "start");
        first[round] = start.figure - start.started;
        memory[round] = start.bytes / MEBIBYTE;
        const double peak = peak_measure(PERCEPT_FLOAT32, team, 0.5);
        const Trial train = run_trial(argv[0], "train");
        share[round] = 100 * epoch_operations(60000, large, 4) / train.figure / peak;
    }
    char goal[32];
    snprintf(goal, sizeof goal, "≤ %.1f", budget / MEBIBYTE);
    printf("median of %d rounds (least … most), %zu threads, %s\n", ROUNDS, team_size(team), peak_isa());
    print_spread("process start to first step, seconds", first, "%.3f", "< 1");
    print_spread("peak memory, MiB", memory, "%.1f", goal);
    print_spread("784-512-768-10, % of the FMA peak", share, "%.1f", "≥ 45");
    team_free(team);
    return 0;
}
