#include "cli/train_json.h"

#include "base/file.h"
#include "cli/json.h"
#include "data/source.h"
#include "recipe/recipe.h"

/* Adds an item to a list; on failure the list is released and becomes NULL. */
static void append(json_t **list, json_t *item)
{
    if (json_array_append_new(*list, item) == 0)
        return;
    json_decref(*list);
    *list = NULL;
}

static void append_notes(json_t **list, const Notes *notes, NoteKind kind)
{
    for (size_t n = 0; n < notes->count; n++)
        if (notes->list[n].kind == kind)
            append(list, json_words(notes->list[n].text));
}

/* Null for a part that does not exist. */
static json_t *part(const percept_dataset *data, double loss, double accuracy)
{
    if (data == NULL)
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "accuracy", json_figure(accuracy), "count",
                     json_count(percept_dataset_count(data)), "loss", json_figure(loss));
}

static json_t *epoch_number(long epoch)
{
    return epoch < 0 ? json_null() : json_count((uint64_t)epoch);
}

/* The test part is measured when training is over. */
static json_t *test_part(const TrainReport *report)
{
    return report->test.count == 0 ? json_null() : part(report->data->test, report->test.loss, report->test.accuracy);
}

/* Of the validation part; null where the model was not calibrated. */
static json_t *calibration(const percept_result *result)
{
    if (!(result->temperature > 0))
        return json_null();
    return json_pack("{s:{s:o, s:o}, s:{s:o, s:o}, s:o}", "after", "expected_error",
                     json_figure(result->calibration_error_after), "log_loss", json_figure(result->log_loss_after),
                     "before", "expected_error", json_figure(result->calibration_error_before), "log_loss",
                     json_figure(result->log_loss_before), "temperature", json_figure(result->temperature));
}

percept_status train_json_print(const TrainReport *report, const Notes *warnings, bool interrupted,
                                percept_error *error)
{
    const percept_result *result = &report->result;
    const Notes *notes = &report->data->train->storage->notes;
    json_t *understood = json_array(), *warned = json_array();
    append_notes(&understood, notes, NOTE_TAKEN);
    append_notes(&warned, notes, NOTE_WARNING);
    append_notes(&warned, warnings, NOTE_WARNING);
    json_t *answer =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:b, s:o, s:o, s:o, s:o}", "best_epoch",
                  epoch_number(result->best_epoch), "calibration", calibration(result), "data",
                  json_words(recipe_text(report->recipe, "data.name")), "epochs", json_count(result->epochs), "folder",
                  json_words(report->folder), "notes", understood, "parameters",
                  json_count(percept_model_parameters(report->model)), "seconds", json_figure(result->seconds), "state",
                  interrupted ? "interrupted" : "done", "stopped_early", result->stopped_early, "test",
                  test_part(report), "train", part(report->data->train, result->train_loss, result->train_accuracy),
                  "valid", part(report->data->valid, result->valid_loss, result->valid_accuracy), "warnings", warned);
    return json_print(answer, JSON_DIGITS, error);
}

percept_status train_json_print_finished(const char *folder, percept_error *error)
{
    return json_print(json_pack("{s:o, s:s}", "folder", json_words(folder), "state", "finished"), JSON_DIGITS, error);
}

static json_t *spread(const FoldFigures *folds, size_t count, bool accuracy)
{
    const FoldSpread spread = fold_spread(folds, count, accuracy);
    return json_pack("{s:o, s:o}", "deviation", json_figure(spread.deviation), "mean", json_figure(spread.mean));
}

percept_status train_json_print_folds(const char *folder, const FoldFigures *folds, size_t count, percept_error *error)
{
    json_t *list = json_array();
    for (size_t f = 0; f < count; f++)
        append(&list, json_pack("{s:o, s:o, s:o}", "accuracy", json_figure(folds[f].accuracy), "best_epoch",
                                epoch_number(folds[f].best_epoch), "loss", json_figure(folds[f].loss)));
    json_t *valid =
        json_pack("{s:o, s:o}", "accuracy", spread(folds, count, true), "loss", spread(folds, count, false));
    return json_print(
        json_pack("{s:o, s:o, s:s, s:o}", "folder", json_words(folder), "folds", list, "state", "done", "valid", valid),
        JSON_DIGITS, error);
}
