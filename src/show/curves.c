/* Learning curves, from metrics.csv. */
#include "plot/curves.h"

#include "base/file.h"
#include "base/memory.h"
#include "show/from_run.h"
#include "show/kinds.h"

percept_status show_curves(const ShowRun *runs, size_t count, const ShowOptions *options, const char *folder,
                           const char *name, percept_error *error)
{
    const CurvesOptions how = {options->title, options->figures, options->log};
    CurvesRun *curves = NULL;
    char **paths = NULL;
    percept_status status = memory_allocate_zeroed(count, sizeof *curves, "the runs", &curves, error);
    if (status == PERCEPT_OK)
        status = memory_allocate_zeroed(count, sizeof *paths, "the runs", &paths, error);
    for (size_t r = 0; r < count && status == PERCEPT_OK; r++) {
        status = file_join(runs[r].folder, "metrics.csv", &paths[r], error);
        curves[r] = (CurvesRun){runs[r].name, paths[r], show_best_epoch(&runs[r])};
    }
    if (status == PERCEPT_OK)
        status = curves_draw(curves, count, &how, folder, name, error);
    for (size_t r = 0; paths != NULL && r < count; r++)
        memory_free(paths[r]);
    memory_free(paths);
    memory_free(curves);
    return status;
}
