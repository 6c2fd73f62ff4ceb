#include "cli/train_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/describe.h"
#include "cli/message.h"
#include "cli/shell.h"
#include "cli/text.h"
#include "engine/blocks.h"
#include "recipe/recipe.h"

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static bool keeps_best(const TrainReport *report)
{
    return recipe_is(report->recipe, "train.keep", "best");
}

/* Blocks of a batch that is full. */
static void print_ranks(const TrainReport *report, size_t ranks)
{
    const BlocksOptions options = {.blocks = (size_t)recipe_integer(report->recipe, "train.blocks")};
    const size_t batch = (size_t)recipe_integer(report->recipe, "train.batch_size");
    const size_t examples = percept_dataset_count(report->data->train);
    const size_t blocks = blocks_of_batch(&options, batch < examples ? batch : examples);
    fprintf(stderr, "ranks     %zu, which share the %zu block%s of a batch\n", ranks, blocks, plural(blocks));
    if (blocks < ranks)
        fprintf(stderr, "note: %zu of %zu ranks have no block; set train.blocks to a multiple of %zu\n", ranks - blocks,
                ranks, ranks);
}

void report_head(const TrainReport *report, size_t threads, size_t ranks)
{
    const percept_recipe *recipe = report->recipe;
    const size_t epochs = (size_t)recipe_integer(recipe, "train.epochs");
    fprintf(stderr, "data      %s: ", text_plain(file_below_here(recipe_text(recipe, "data.name"))).text);
    describe_parts(stderr, report->data);
    fputs("\nnetwork   ", stderr);
    describe_network(stderr, report->model);
    fprintf(stderr, "\ntraining  %s, learning rate %g, batches of %lld, %s epoch%s\n",
            recipe_text(recipe, "train.optimizer"), recipe_number(recipe, "train.learning_rate"),
            (long long)recipe_integer(recipe, "train.batch_size"), text_count(epochs).text, plural(epochs));
    fprintf(stderr, "engine    %s, %s, %zu thread%s\n", recipe_text(recipe, "engine"), recipe_text(recipe, "precision"),
            threads, plural(threads));
    if (ranks > 1)
        print_ranks(report, ranks);
    fprintf(stderr, "folder    %s\n\n", text_plain(report->folder).text);
}

void report_resumption(size_t epochs, size_t step)
{
    fprintf(stderr, "continuing after %s epoch%s", text_count(epochs).text, plural(epochs));
    if (step > 0)
        fprintf(stderr, " and %s step%s", text_count(step).text, plural(step));
    fputs("\n\n", stderr);
}

/* What was trained, on what, and which epoch the model is of. */
static void print_training(const TrainReport *report)
{
    const percept_result *result = &report->result;
    fputs("trained   ", stdout);
    describe_network(stdout, report->model);
    const size_t examples = percept_dataset_count(report->data->train);
    printf("\non        %s, %s example%s, %s epoch%s",
           text_plain(file_below_here(recipe_text(report->recipe, "data.name"))).text, text_count(examples).text,
           plural(examples), text_count(result->epochs).text, plural(result->epochs));
    putchar('\n');
    const size_t patience = (size_t)recipe_integer(report->recipe, "train.patience");
    if (result->stopped_early)
        printf("stopped   early, after %zu epoch%s without improvement\n", patience, plural(patience));
    if (result->best_epoch >= 0 && keeps_best(report))
        printf("kept      epoch %ld (counted from 0), the best on the validation part\n", result->best_epoch);
    else if (result->best_epoch >= 0)
        printf("kept      the last epoch; epoch %ld (counted from 0) was the best in validation\n", result->best_epoch);
    putchar('\n');
}

static void print_part(const char *part, double loss, double accuracy)
{
    if (!isnan(accuracy))
        printf("%s accuracy %s\n", part, text_percent(accuracy).text);
    printf("%s loss %s\n", part, text_loss(loss).text);
}

static void print_place(const TrainReport *report, const char *what, const char *file)
{
    printf("%-9s %s/%s\n", what, text_plain(report->folder).text, file);
}

void report_speed(const TrainReport *report)
{
    const percept_result *result = &report->result;
    fprintf(stderr, "%.1f s, %s examples a second\n\n", result->seconds,
            text_count((size_t)result->examples_per_second).text);
}

/* The validation part again, with and without the temperature. */
static void print_calibration(const percept_result *result)
{
    if (!(result->temperature > 0))
        return;
    printf("calibrated with temperature %.3f\n", result->temperature);
    printf("validation log loss %s, %s before\n", text_loss(result->log_loss_after).text,
           text_loss(result->log_loss_before).text);
    printf("validation calibration error %s, %s before\n", text_percent(result->calibration_error_after).text,
           text_percent(result->calibration_error_before).text);
}

/* What was held out; the training part alone is named as such. */
static void print_metrics(const TrainReport *report)
{
    const percept_result *result = &report->result;
    if (!isnan(report->test_r2))
        printf("test R² %.4f\n", report->test_r2);
    if (!isnan(report->test_coverage))
        printf("test intervals for %g %% hold %s of the targets\n",
               100 * recipe_number(report->recipe, "model.intervals"), text_percent(report->test_coverage).text);
    if (report->test.count > 0)
        print_part("test", report->test.loss, report->test.accuracy);
    if (!isnan(result->valid_loss))
        print_part("validation", result->valid_loss, result->valid_accuracy);
    print_calibration(result);
    if (report->test.count > 0 || !isnan(result->valid_loss))
        return;
    print_part("training", result->train_loss, result->train_accuracy);
    puts("no example was held out: how good the model is on others was not measured");
}

void report_result(const TrainReport *report)
{
    print_training(report);
    print_metrics(report);
    putchar('\n');
    print_place(report, "model", "model.safetensors");
    print_place(report, "metrics", "metrics.csv");
    if (report->curves)
        print_place(report, "curves", "plots/curves.svg");
    print_place(report, "recipe", "recipe.yaml");
    if (recipe_is_set(report->recipe, "tensorboard")) {
        fputs("events    tensorboard --logdir ", stdout);
        shell_print_path(stdout, recipe_text(report->recipe, "tensorboard"));
        putchar('\n');
    }
    fputs("\nnext      ", stdout);
    shell_print_command(stdout, "evaluate", report->folder);
}

void report_interrupt(const TrainReport *report)
{
    const percept_result *result = &report->result;
    const bool best = result->best_epoch >= 0 && keeps_best(report);
    complain("%s after %zu epoch%s", report->stopped ? "stopped by request" : "interrupted", result->epochs,
             plural(result->epochs));
    fprintf(stderr, "kept      %s/checkpoint.safetensors", text_plain(report->folder).text);
    if (result->epochs > 0 && best)
        fprintf(stderr, ", and model.safetensors of epoch %ld, the best so far", result->best_epoch);
    else if (result->epochs > 0)
        fputs(", and model.safetensors as it was then", stderr);
    fputc('\n', stderr);
    report_way_on(report);
}

void report_way_on(const TrainReport *report)
{
    fputs("continue  ", stderr);
    shell_print_command(stderr, "train --resume", report->resume);
}
