/* The confusion matrix of a part of the data. */
#include "plot/confusion.h"

#include <stdio.h>

#include "show/from_run.h"
#include "show/kinds.h"

percept_status show_confusion(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                              const char *name, percept_error *error)
{
    percept_dataset *data = NULL;
    percept_metrics metrics = {.struct_size = sizeof metrics};
    const char *part = NULL;
    char title[160];
    (void)count;
    percept_status status = show_check_classes(&runs[0], error);
    if (status == PERCEPT_OK)
        status = show_part(&runs[0], options, &data, &part, error);
    if (status == PERCEPT_OK)
        status = percept_model_evaluate(runs[0].model, data, 0, &metrics, error);
    if (status == PERCEPT_OK) {
        snprintf(title, sizeof title, "%zu examples of the %s part, %.2f %% right", metrics.count, part,
                 100 * metrics.accuracy);
        const ConfusionPicture picture = {.title = options->title != NULL ? options->title : title,
                                          .class_names = (const char *const *)runs[0].model->class_names,
                                          .class_count = metrics.classes,
                                          .counts = metrics.confusion};
        status = plot_confusion(folder, name, &picture, error);
    }
    percept_metrics_clear(&metrics);
    return status;
}
