/* Pictures of data in memory: each kind is drawn, its words stand in it, and its data lie beside it. */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "failing_memory.h"
#include "in_scratch.h"
#include "plot/chart.h"
#include "plot/confusion.h"
#include "plot/curves.h"
#include "plot/descent.h"
#include "plot/figure.h"
#include "plot/histogram.h"
#include "plot/mosaic.h"
#include "plot/regions.h"
#include "plot/trials.h"

/* Runs `gnuplot --version`. */
static bool has_gnuplot(void)
{
    int state = 0;
    const pid_t process = fork();
    if (process == 0) {
        execlp("gnuplot", "gnuplot", "--version", (char *)NULL);
        _exit(127);
    }
    return process > 0 && waitpid(process, &state, 0) == process && WIFEXITED(state) && WEXITSTATUS(state) == 0;
}

/* The beginning of a file of the scratch folder. */
static const char *read_text(const char *name)
{
    static char text[1 << 20];
    char path[SCRATCH_PATH];
    scratch_path(&scratch, name, path);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("there is no %s", name);
    else {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    }
    return text;
}

/* A PNG of the canvas' size, twice its units, and a whole SVG that says the words. */
static void expect_picture(const char *name, const char *const *words, size_t count)
{
    char file[64];
    snprintf(file, sizeof file, "%s.png", name);
    const unsigned char *png = (const unsigned char *)read_text(file);
    assert_memory_equal(png, "\x89PNG\r\n\x1a\n", 8);
    const unsigned width = (unsigned)png[18] << 8 | png[19], height = (unsigned)png[22] << 8 | png[23];
    snprintf(file, sizeof file, "%s.svg", name);
    const char *svg = read_text(file);
    char box[64];
    snprintf(box, sizeof box, "viewBox=\"0 0 %u %u\"", width / 2, height / 2);
    assert_non_null(strstr(svg, box));
    assert_non_null(strstr(svg, "</svg>"));
    for (size_t i = 0; i < count; i++)
        if (strstr(svg, words[i]) == NULL)
            fail_msg("%s does not say '%s'", file, words[i]);
}

#define EXPECT_PICTURE(name, ...)                                                                                      \
    expect_picture(name, (const char *const[]){__VA_ARGS__},                                                           \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void chart_with(const double *x, const double *y, size_t rows, ChartAxis axis, const char *const *names)
{
    const ChartSeries series = {.column = "a, \"b\"", .y = y, .colour = COLOUR_BLUE, .mark = LEGEND_LINE};
    const ChartPanel panel = {
        .y_label = "loss", .may_log = true, .limits = {-INFINITY, INFINITY}, .series = &series, .count = 1};
    const LegendEntry legend = {.label = "`ls` <b> \"q\" \\", .colour = COLOUR_BLUE, .mark = LEGEND_LINE};
    const Chart chart = {.title = "100 % {/=99 x}",
                         .x_name = "epoch",
                         .x_label = "epoch",
                         .x = x,
                         .rows = rows,
                         .axis = axis,
                         .names = names,
                         .panels = &panel,
                         .panel_count = 1,
                         .legend = &legend,
                         .legend_count = 1};
    assert_ok(plot_chart(scratch.folder, "chart", &chart, error));
}

static void words_are_shown_as_they_are(void **state)
{
    (void)state;
    const double x[] = {0, 1, 2}, y[] = {1, 0.5, 0.25};
    chart_with(x, y, 3, CHART_WHOLE, NULL);
    EXPECT_PICTURE("chart", ">100 % {/=99 x}<", "&lt;b>", "\"q\" \\<", ">loss<", ">epoch<");
    assert_int_equal(strncmp(read_text("chart.csv"), "epoch,\"a, \"\"b\"\"\"\n0,1\n1,0.5\n", 25), 0);
}

/* What gnuplot could take for something else: formats, octal numbers, commands, macros, marks of enhanced text, comments. */
#define ODD_WORDS "5% %d%s%% \\140 `i` \"q\" 'p' {/=9 _b^c} @x&e~f#g"
#define ODD_WORDS_IN_SVG "5% %d%s%% \\140 `i` \"q\" 'p' {/=9 _b^c} @x&amp;e~f#g"
#define LONG_WORDS "A % among words, of which gnuplot would keep forty-nine bytes"

static void every_word_stands_for_itself_wherever_it_goes(void **state)
{
    (void)state;
    static const char *const names[] = {ODD_WORDS, "open { [ ( \" ' `", "a\nb\xc2\x9b\143\xff"};
    static const char *const shown[] = {ODD_WORDS_IN_SVG, "open { [ ( \" ' `<", "a b c <"};
    const double x[] = {0, 1, 2}, y[] = {1, 0.5, 0.25}, pixels[] = {0, 1};
    const uint64_t counts[] = {9, 8, 7, 6, 5, 4, 3, 2, 1};
    const size_t numbers[] = {0, 1, 2};
    const TrialsTone tones[] = {TRIAL_STOPPED, TRIAL_FINISHED, TRIAL_BEST};
    const char *const long_names[] = {LONG_WORDS, "b", "c"};
    chart_with(x, y, 3, CHART_NAMES, long_names);
    EXPECT_PICTURE("chart", ">A % among words, of which gnuplot would keep f…<");
    for (size_t i = 0; i < 3; i++) {
        const char *word = names[i], *svg = shown[i];
        chart_with(x, y, 3, CHART_NAMES, names);
        EXPECT_PICTURE("chart", svg);
        const ConfusionPicture matrix = {word, names, 3, counts};
        assert_ok(plot_confusion(scratch.folder, "confusion", &matrix, error));
        EXPECT_PICTURE("confusion", svg);
        const MosaicTile tile = {.pixels = pixels, .first = word, .second = word};
        const MosaicPicture mosaic = {.title = word,
                                      .note = word,
                                      .tiles = &tile,
                                      .rows = 1,
                                      .columns = 1,
                                      .height = 1,
                                      .width = 2,
                                      .row_names = &word,
                                      .column_names = &word,
                                      .group = 1,
                                      .high = 1,
                                      .scale = MOSAIC_DIVERGING,
                                      .scale_label = word};
        assert_ok(plot_mosaic(scratch.folder, "mosaic", &mosaic, error));
        EXPECT_PICTURE("mosaic", svg);
        const TrialsAxis axis = {.label = word, .names = names, .name_count = 3, .values = x};
        const TrialsPicture trials = {.title = word,
                                      .axes = &axis,
                                      .axis_count = 1,
                                      .figure = {.label = word, .values = y},
                                      .numbers = numbers,
                                      .tones = tones,
                                      .count = 3};
        assert_ok(plot_parallel(scratch.folder, "parallel", &trials, error));
        EXPECT_PICTURE("parallel", svg);
        assert_ok(plot_scatter(scratch.folder, "scatter", &trials, error));
        EXPECT_PICTURE("scatter", svg);
    }
}

static void one_bad_trial_does_not_squash_the_axis(void **state)
{
    (void)state;
    const double good[] = {0.90, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98}, x[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    const size_t numbers[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    const TrialsTone tones[9] = {TRIAL_FINISHED, TRIAL_FINISHED, TRIAL_FINISHED, TRIAL_FINISHED, TRIAL_FINISHED,
                                 TRIAL_FINISHED, TRIAL_FINISHED, TRIAL_FINISHED, TRIAL_BEST};
    double figures[9];
    size_t beyond = 0;
    const TrialsAxis axis = {.label = "width", .values = x};
    TrialsPicture picture = {.axes = &axis,
                             .axis_count = 1,
                             .figure = {.label = "accuracy", .values = figures},
                             .larger_better = true,
                             .numbers = numbers,
                             .tones = tones,
                             .count = 9};
    memcpy(figures, good, sizeof figures);
    assert_close(trials_figure_range(&picture, &beyond).low, 0.90, 0);
    assert_int_equal(beyond, 0);
    figures[0] = 0.1;
    assert_close(trials_figure_range(&picture, &beyond).low, 0.91, 0);
    assert_close(trials_figure_range(&picture, &beyond).high, 0.98, 0);
    assert_int_equal(beyond, 1);
    assert_ok(plot_parallel(scratch.folder, "parallel", &picture, error));
    EXPECT_PICTURE("parallel", ">▾ 1 worse<", ">8 finished, from the worst to the best<");
    for (size_t i = 0; i < 9; i++)
        figures[i] = i == 0 ? 1000 : 1 - good[i];
    picture.larger_better = false; /* a loss */
    assert_close(trials_figure_range(&picture, &beyond).high, 1 - 0.91, 0);
    assert_int_equal(beyond, 1);
    figures[8] = 1e-9; /* an outlier that is good is what was searched for */
    assert_close(trials_figure_range(&picture, &beyond).low, 1e-9, 0);
}

static void every_axis_and_every_hole_is_drawn(void **state)
{
    (void)state;
    static const char *const names[] = {"relu", "a rather long name of a hyperparameter's value", "tanh", "gelu"};
    const double x[] = {0, 1, 2, 3}, values[] = {0.001, 0.1, 1, 10};
    const double ys[][4] = {{NAN, NAN, NAN, NAN}, {1, NAN, INFINITY, 2}, {-1, 0, 1e300, -INFINITY}, {0, 0, 0, 0}};
    for (size_t i = 0; i < 4; i++)
        for (int axis = CHART_WHOLE; axis <= CHART_NAMES; axis++) {
            chart_with(axis == CHART_VALUES ? values : x, ys[i], 4, (ChartAxis)axis, names);
            EXPECT_PICTURE("chart", ">loss<");
            assert_int_equal(strstr(read_text("chart.svg"), "nothing finite to draw") != NULL, i == 0);
        }
}

static void a_value_that_dwarfs_the_rest_makes_the_axis_logarithmic(void **state)
{
    (void)state;
    const double x[] = {0, 1, 2}, far[] = {1000, 1, 1}, near[] = {3, 1, 1}, below[] = {1000, 1, -1};
    chart_with(x, far, 3, CHART_WHOLE, NULL);
    assert_non_null(strstr(read_text("chart.gp"), "\nset logscale y"));
    chart_with(x, near, 3, CHART_WHOLE, NULL);
    assert_null(strstr(read_text("chart.gp"), "\nset logscale y"));
    chart_with(x, below, 3, CHART_WHOLE, NULL);
    assert_null(strstr(read_text("chart.gp"), "\nset logscale y"));
}

static void a_descent_shows_map_and_values(void **state)
{
    (void)state;
    double values[7 * 5];
    for (size_t i = 0; i < 35; i++)
        values[i] = i == 3 ? NAN : (double)i * (double)i;
    const double path[] = {0.5, 0.5, 0.25, 0.1}, path_values[] = {9, NAN};
    DescentPicture picture = {"x^2 + y", -1, 1, 0, 2, 7, 5, values, 2, path, path_values};
    assert_ok(plot_descent(scratch.folder, "descent", &picture, error));
    EXPECT_PICTURE("descent", ">x^2 + y<", ">x<", ">y<", ">step<", ">value<");
    assert_int_equal(strncmp(read_text("descent.csv"), "step,x,y,value\n0,0.5,0.5,9\n1,0.25,0.1,nan\n", 40), 0);
    assert_int_equal(strncmp(read_text("descent-grid.csv"), "7,-1,", 5), 0);
    for (size_t i = 0; i < 35; i++)
        values[i] = 3; /* a plain */
    assert_ok(plot_descent(scratch.folder, "descent", &picture, error));
    for (size_t i = 0; i < 35; i++)
        values[i] = INFINITY;
    assert_refused(plot_descent(scratch.folder, "descent", &picture, error), PERCEPT_ERROR_ARGUMENT, "not finite");
    picture.x_high = -1;
    assert_refused(plot_descent(scratch.folder, "descent", &picture, error), PERCEPT_ERROR_ARGUMENT, "ranges");
    picture.columns = 1;
    assert_refused(plot_descent(scratch.folder, "descent", &picture, error), PERCEPT_ERROR_ARGUMENT, "2 × 2");
}

static void a_confusion_matrix_counts_while_there_is_room(void **state)
{
    (void)state;
    static const char *const names[40] = {"cat", "a dog with a long name"};
    const char *many[40];
    uint64_t counts[40 * 40];
    for (size_t k = 0; k < 40; k++)
        many[k] = "class";
    for (size_t i = 0; i < 40 * 40; i++)
        counts[i] = i;
    counts[1] = 4711;
    const ConfusionPicture two = {"two", names, 2, counts}, forty = {NULL, many, 40, counts};
    assert_ok(plot_confusion(scratch.folder, "confusion", &two, error));
    EXPECT_PICTURE("confusion", ">4711<", ">cat<", ">label<", ">prediction<", ">recall<");
    assert_non_null(strstr(read_text("confusion.csv"), "label,prediction,count,share\n0,0,0,0\n0,1,4711,1\n"));
    assert_ok(plot_confusion(scratch.folder, "confusion", &forty, error));
    assert_null(strstr(read_text("confusion.svg"), ">4711<"));
}

static void pictures_stand_in_rows_with_their_words(void **state)
{
    (void)state;
    const double pixels[2 * 3] = {0, 1, 2, 3, 4, 5};
    const MosaicTile tiles[] = {{.pixels = pixels, .first = "seven", .second = "→ one", .wrong = true},
                                {.pixels = NULL, .first = "none"},
                                {.pixels = pixels, .heat = true},
                                {.pixels = NULL}};
    static const char *const rows[] = {"first row", "second row"}, *const columns[] = {"left", "right"};
    MosaicPicture picture = {.title = "title",
                             .note = "note",
                             .tiles = tiles,
                             .rows = 2,
                             .columns = 2,
                             .height = 2,
                             .width = 3,
                             .row_names = rows,
                             .column_names = columns,
                             .group = 1,
                             .high = 5};
    for (int scale = MOSAIC_GREY; scale <= MOSAIC_HEAT; scale++) {
        picture.scale = (MosaicScale)scale;
        assert_ok(plot_mosaic(scratch.folder, "mosaic", &picture, error));
        EXPECT_PICTURE("mosaic", ">title<", ">note<", ">seven<", ">→ one<", ">none<", ">second row<", ">right<",
                       "image-rendering");
    }
    picture.scale = MOSAIC_GREY;
    assert_ok(plot_mosaic(scratch.folder, "mosaic", &picture, error));
    assert_int_equal(strncmp(read_text("mosaic.csv"), "0,1,2,nan", 9), 0);
}

static void regions_have_a_panel_for_each_model(void **state)
{
    (void)state;
    static int32_t classes[REGIONS_GRID * REGIONS_GRID];
    static double confidence[REGIONS_GRID * REGIONS_GRID];
    static const char *const names[] = {"0", "ring"};
    const double points[] = {0, 0, 1, 1};
    const int32_t labels[] = {0, 1};
    RegionsPanel panels[4];
    for (size_t i = 0; i < REGIONS_GRID * REGIONS_GRID; i++)
        classes[i] = i % 2 == 0;
    for (size_t p = 0; p < 4; p++)
        panels[p] =
            (RegionsPanel){p == 0 ? "wide" : "narrow", {-1, 1}, {-2, 2}, classes, confidence, points, labels, 2};
    const RegionsPicture picture = {"title", "feature 1", "feature 2", names, 2, panels, 4};
    assert_ok(plot_regions(scratch.folder, "regions", &picture, error));
    EXPECT_PICTURE("regions", ">wide<", ">narrow<", ">feature 1<", ">class 0<", ">ring<", ">title<");
    assert_int_equal(strncmp(read_text("regions-points.csv"), "panel,x,y,class\n0,0,0,0\n0,1,1,1\n1,", 34), 0);
    assert_true(regions_place((Range){-2, 2}, REGIONS_GRID - 1) == 2);
}

static void a_histogram_counts_every_finite_value_once(void **state)
{
    (void)state;
    const double values[] = {-1, -0.999, 0, 0, 0.5, 1, NAN, INFINITY}, same[] = {3, 3, 3};
    const HistogramSeries series[] = {{"a", values, 8}, {"b", same, 3}};
    HistogramPanel panel = {"panel", series, 1};
    double counts[HISTOGRAM_BINS], sum = 0;
    const Range range = histogram_range(&panel);
    assert_true(range.low == -1 && range.high == 1);
    histogram_count(&series[0], range, counts);
    for (size_t b = 0; b < HISTOGRAM_BINS; b++)
        sum += counts[b];
    assert_true(sum == 6 && counts[0] == 2 && counts[HISTOGRAM_BINS / 2] == 2 && counts[HISTOGRAM_BINS - 1] == 1);
    panel.series = &series[1];
    histogram_count(&series[1], histogram_range(&panel), counts);
    assert_true(counts[HISTOGRAM_BINS / 2] == 3);
    for (size_t count = 1; count <= 2; count++) {
        panel = (HistogramPanel){"panel", series, count};
        const HistogramPicture picture = {NULL, "weight", "how many", count == 2, &panel, 1};
        assert_ok(plot_histogram(scratch.folder, "histogram", &picture, error));
        EXPECT_PICTURE("histogram", ">panel<", ">weight<", ">how many<");
        assert_int_equal(strstr(read_text("histogram.svg"), ">b<") != NULL, count == 2);
    }
}

static void columns_of_metrics_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *column, *label, *unit;
        bool known;
    } cases[] = {
        {"train_loss", "training", "loss", true},
        {"valid_accuracy", "validation", "accuracy (%)", true},
        {"test_error", "test", "error (%)", true},
        {"loss_sum", "training", "loss (sum)", true},
        {"train_loss_naive", "training, naive", "loss", true},
        {"learning_rate", "learning rate", "learning rate", false},
        {"epoch", "epoch", "epoch", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Figure figure;
        assert_int_equal(figure_of(cases[i].column, &figure), cases[i].known);
        assert_string_equal(figure.label, cases[i].label);
        assert_string_equal(figure.unit, cases[i].unit);
    }
}

static void curves_show_any_figures_of_several_runs(void **state)
{
    (void)state;
    static const char a[] = "epoch,loss_sum,train_accuracy,test_loss,test_accuracy,learning_rate\n"
                            "0,1382,0.5,0.7,0.5,0.1\n1,900,0.9,0.5,0.8,0.1\n";
    static const char b[] = "epoch,train_loss,train_accuracy\n0,nan,0.5\n2,0.25,0.75\n";
    char first[SCRATCH_PATH], second[SCRATCH_PATH];
    scratch_path(&scratch, "a.csv", first);
    scratch_path(&scratch, "b.csv", second);
    scratch_write(first, a, strlen(a));
    scratch_write(second, b, strlen(b));
    const CurvesRun runs[] = {{"run a", first, -1}, {"run b", second, -1}};
    CurvesOptions options = {0};
    assert_ok(curves_draw(runs, 2, &options, scratch.folder, "curves", error));
    EXPECT_PICTURE("curves", ">loss (sum)<", ">loss<", ">accuracy (%)<", ">run a<", ">run b<", ">training<", ">test<");
    assert_null(strstr(read_text("curves.svg"), "learning rate"));
    options = (CurvesOptions){.figures = "test_error,learning_rate", .log = true};
    assert_ok(curves_draw(runs, 2, &options, scratch.folder, "curves", error));
    EXPECT_PICTURE("curves", ">error (%)<", ">learning rate<");
    assert_int_equal(strncmp(read_text("curves.csv"),
                             "epoch,run a test_error,run b test_error,run a learning_rate,run b learning_rate\n"
                             "0,50,nan,0.1,nan\n1,20,nan,0.1,nan\n2,nan,nan,nan,nan\n",
                             140),
                     0);
    options.figures = "tst_loss";
    assert_refused(curves_draw(runs, 2, &options, scratch.folder, "curves", error), PERCEPT_ERROR_ARGUMENT,
                   "did you mean test_loss?");
    options.figures = "xyzzy,";
    assert_refused(curves_draw(runs, 2, &options, scratch.folder, "curves", error), PERCEPT_ERROR_ARGUMENT,
                   "there are loss_sum, train_accuracy");
    options.figures = "test_loss,";
    assert_refused(curves_draw(runs, 2, &options, scratch.folder, "curves", error), PERCEPT_ERROR_ARGUMENT, "no list");
}

static void many_runs_are_drawn_without_their_training_part(void **state)
{
    (void)state;
    static const char metrics[] = "epoch,train_loss,valid_loss\n0,1,2\n1,0.5,1\n";
    char path[SCRATCH_PATH];
    CurvesRun runs[9];
    const CurvesOptions options = {0};
    scratch_path(&scratch, "metrics.csv", path);
    scratch_write(path, metrics, strlen(metrics));
    for (size_t r = 0; r < 9; r++)
        runs[r] = (CurvesRun){"run", path, -1};
    assert_ok(curves_draw(runs, 8, &options, scratch.folder, "curves", error));
    EXPECT_PICTURE("curves", ">training<", ">validation<");
    assert_ok(curves_draw(runs, 9, &options, scratch.folder, "curves", error));
    EXPECT_PICTURE("curves", ">validation<");
    assert_null(strstr(read_text("curves.svg"), ">training<"));
}

static percept_status draw_mosaic(percept_error *error)
{
    const double pixels[] = {0, 1, 2, 3};
    const MosaicTile tile = {.pixels = pixels, .first = "words"};
    const MosaicPicture picture = {.tiles = &tile, .rows = 1, .columns = 1, .height = 2, .width = 2, .high = 3};
    return plot_mosaic(scratch.folder, "picture", &picture, error);
}

static percept_status draw_regions(percept_error *error)
{
    static int32_t classes[REGIONS_GRID * REGIONS_GRID];
    static double confidence[REGIONS_GRID * REGIONS_GRID];
    static const char *const names[] = {"a", "b"};
    const RegionsPanel panel = {NULL, {-1, 1}, {-1, 1}, classes, confidence, NULL, NULL, 0};
    const RegionsPicture picture = {NULL, "x", "y", names, 2, &panel, 1};
    return plot_regions(scratch.folder, "picture", &picture, error);
}

static percept_status draw_histogram(percept_error *error)
{
    const double values[] = {1, 2, 3};
    const HistogramSeries series = {"a", values, 3};
    const HistogramPanel panel = {NULL, &series, 1};
    const HistogramPicture picture = {NULL, "weight", "how many", false, &panel, 1};
    return plot_histogram(scratch.folder, "picture", &picture, error);
}

static percept_status draw_curves(percept_error *error)
{
    char path[SCRATCH_PATH];
    const CurvesOptions options = {0};
    scratch_path(&scratch, "metrics.csv", path);
    const CurvesRun run = {"run", path, 0};
    return curves_draw(&run, 1, &options, scratch.folder, "picture", error);
}

static percept_status draw_descent(percept_error *error)
{
    const double values[] = {0, 1, 2, 3}, path[] = {0, 0}, path_values[] = {0};
    const DescentPicture picture = {NULL, 0, 1, 0, 1, 2, 2, values, 1, path, path_values};
    return plot_descent(scratch.folder, "picture", &picture, error);
}

static void every_lack_of_memory_is_told(void **state)
{
    (void)state;
    static percept_status (*const draws[])(percept_error *) = {draw_mosaic, draw_regions, draw_histogram, draw_curves,
                                                               draw_descent};
    static const char metrics[] = "epoch,train_loss,valid_loss\n0,1,2\n";
    char path[SCRATCH_PATH];
    scratch_path(&scratch, "metrics.csv", path);
    scratch_write(path, metrics, strlen(metrics));
    for (size_t d = 0; d < sizeof draws / sizeof *draws; d++) {
        percept_status status = PERCEPT_ERROR_MEMORY;
        for (long allowed = 0; status != PERCEPT_OK; allowed++) {
            percept_error error = {PERCEPT_OK, ""};
            memory_left = allowed;
            status = draws[d](&error);
            memory_left = -1;
            assert_true(status == PERCEPT_OK || status == PERCEPT_ERROR_MEMORY);
            assert_int_equal(error.message[0] != '\0', status != PERCEPT_OK);
        }
        EXPECT_PICTURE("picture", "<svg");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(words_are_shown_as_they_are),
        IN_SCRATCH(every_word_stands_for_itself_wherever_it_goes),
        IN_SCRATCH(one_bad_trial_does_not_squash_the_axis),
        IN_SCRATCH(every_axis_and_every_hole_is_drawn),
        IN_SCRATCH(a_value_that_dwarfs_the_rest_makes_the_axis_logarithmic),
        IN_SCRATCH(a_descent_shows_map_and_values),
        IN_SCRATCH(a_confusion_matrix_counts_while_there_is_room),
        IN_SCRATCH(pictures_stand_in_rows_with_their_words),
        IN_SCRATCH(regions_have_a_panel_for_each_model),
        IN_SCRATCH(a_histogram_counts_every_finite_value_once),
        IN_SCRATCH(columns_of_metrics_are_understood),
        IN_SCRATCH(curves_show_any_figures_of_several_runs),
        IN_SCRATCH(many_runs_are_drawn_without_their_training_part),
        IN_SCRATCH(every_lack_of_memory_is_told),
    };
    if (!has_gnuplot()) {
        puts("skipped: gnuplot is missing");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
