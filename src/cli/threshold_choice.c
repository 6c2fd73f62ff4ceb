#include "cli/threshold_choice.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "store/run_folder.h"
#include "train/curve.h"

/* The part that a threshold is chosen on; never the test part, on which it is then measured. */
static percept_status find_part(const DataChoice *choice, const percept_data *data, const percept_dataset **out,
                                percept_error *error)
{
    *out = data->valid != NULL ? data->valid : data_choice_is_whole(choice, data) ? data->train : NULL;
    return *out != NULL ? PERCEPT_OK
                        : error_set(error, PERCEPT_ERROR_ARGUMENT,
                                    "'%.80s' has no validation part to choose a threshold on; give other data with "
                                    "--data FILE, or a threshold with --threshold",
                                    choice->source);
}

percept_status threshold_choose(const DataChoice *choice, const char *rule, const percept_data *data, size_t threads,
                                percept_model *model, percept_error *error)
{
    ThresholdRule parsed;
    Curve curve = {0};
    CurvePoint point = {0};
    const percept_dataset *part = NULL;
    percept_status status = percept_model_set_threshold(model, 0, error);
    if (status != PERCEPT_OK || strcmp(rule, "none") == 0)
        return status;
    status = threshold_rule_parse(rule, &parsed, error);
    if (status == PERCEPT_OK)
        status = find_part(choice, data, &part, error);
    if (status == PERCEPT_OK)
        status = curve_measure(model, part, threads, &curve, error);
    if (status == PERCEPT_OK && !curve_choose(&curve, &parsed, &point))
        status =
            error_set(error, PERCEPT_ERROR_ARGUMENT,
                      curve.positives == 0 || curve.negatives == 0
                          ? "the validation part of '%.80s' has examples of one class alone, or outputs that are NaN"
                          : "no threshold reaches that on the validation part of '%.80s'",
                      choice->source);
    if (status == PERCEPT_OK && !(point.threshold > 0)) /* all are positive; 0 would mean that there is no threshold */
        point.threshold = fmax(curve.points[curve.count - 1].threshold, DBL_MIN);
    if (status == PERCEPT_OK)
        status = percept_model_set_threshold(model, point.threshold, error);
    curve_clear(&curve);
    return status;
}

percept_status threshold_store(const DataChoice *choice, const percept_model *model, percept_error *error)
{
    char *path = NULL;
    percept_status status = run_folder_model(choice->source, &path, error);
    if (status == PERCEPT_OK)
        status = percept_model_save(model, path, error);
    memory_free(path);
    return status;
}
