/* Progress: what is on the screen after each event, on terminals of every width and on none. */
#include <stdlib.h>
#include <string.h>

#include "plot/progress.h"
#include "unit.h"

/* A bar that draws into memory. */
typedef struct Screen {
    FILE *stream;
    char *text;
    size_t size;
    ProgressBar *bar;
} Screen;

static void screen_open(Screen *screen, bool terminal, const char *width)
{
    assert_int_equal(setenv("COLUMNS", width, 1), 0);
    screen->stream = open_memstream(&screen->text, &screen->size);
    assert_non_null(screen->stream);
    assert_ok(progress_bar_create(screen->stream, terminal, &screen->bar, error));
}

static void screen_close(Screen *screen)
{
    progress_bar_free(screen->bar);
    fclose(screen->stream);
}

/* What the cursor's line shows: what was written after the last line start, which clears it. */
static const char *last_line(const Screen *screen)
{
    const char *start = screen->text;
    for (const char *c = screen->text; *c != '\0'; c++)
        if (*c == '\n' || *c == '\r')
            start = c + 1;
    return strncmp(start, "\033[K", 3) == 0 ? start + 3 : start;
}

static size_t columns_of(const char *line)
{
    size_t columns = 0;
    for (; *line != '\0' && *line != '\n'; line++)
        columns += ((unsigned char)*line & 0xC0) != 0x80;
    return columns;
}

/* An environment without surprises. */
static int plain(void **state)
{
    (void)state;
    return setenv("NO_COLOR", "1", 1) || setenv("LC_ALL", "C.UTF-8", 1) || setenv("TERM", "xterm", 1);
}

static const percept_progress midway = {.epoch = 7,
                                        .epochs = 20,
                                        .step = 195,
                                        .steps = 390,
                                        .examples = 1840000,
                                        .train_loss = 0.28714,
                                        .train_accuracy = 0.89523,
                                        .valid_loss = NAN,
                                        .valid_accuracy = NAN,
                                        .seconds = 10};

static percept_progress finished(size_t epoch, size_t epochs, double seconds, bool best)
{
    return (percept_progress){.epoch = epoch,
                              .epochs = epochs,
                              .step = 390,
                              .steps = 390,
                              .epoch_done = 1,
                              .best = best,
                              .train_loss = 0.25,
                              .train_accuracy = 0.9,
                              .valid_loss = 0.5,
                              .valid_accuracy = 0.8,
                              .seconds = seconds};
}

static void a_bar_shows_where_training_is(void **state)
{
    (void)state;
    Screen screen;
    screen_open(&screen, true, "200");
    progress_bar_update(screen.bar, &midway);
    /* 7.5 of 20 epochs took 10 s: 16.7 s are left */
    assert_string_equal(last_line(&screen), "epoch  7/20 ━━━━━━━━━━━━━━━─────────────── 195/390  loss 0.2871  "
                                            "accuracy 89.52 %  0:17 left  184k examples/s");
    screen_close(&screen);
    free(screen.text);
}

static void a_bar_fits_every_width(void **state)
{
    (void)state;
    size_t before = SIZE_MAX;
    for (unsigned width = 120; width >= 1; width--) {
        Screen screen;
        char text[16];
        snprintf(text, sizeof text, "%u", width);
        screen_open(&screen, true, text);
        progress_bar_update(screen.bar, &midway);
        assert_true(columns_of(last_line(&screen)) < width);
        /* fields leave from the right, and none comes back */
        static const char *const words[] = {"195/390", "loss", "accuracy", "left", "examples/s"};
        size_t fields = 0;
        while (fields < 5 && strstr(screen.text, words[fields]) != NULL)
            fields++;
        for (size_t f = fields; f < 5; f++)
            assert_null(strstr(screen.text, words[f]));
        assert_true(fields <= before);
        before = fields;
        screen_close(&screen);
        free(screen.text);
    }
    assert_int_equal(before, 0);
}

static void a_bar_is_redrawn_at_most_every_50_ms(void **state)
{
    (void)state;
    Screen screen;
    percept_progress progress = midway;
    screen_open(&screen, true, "100");
    progress_bar_update(screen.bar, &progress);
    const size_t once = screen.size;
    progress.seconds += 0.04;
    progress.step++;
    progress_bar_update(screen.bar, &progress);
    assert_int_equal(screen.size, once);
    progress.seconds += 0.02;
    progress_bar_update(screen.bar, &progress);
    assert_true(screen.size > once);
    assert_non_null(strstr(last_line(&screen), "196/390"));
    screen_close(&screen);
    free(screen.text);
}

static void a_finished_epoch_leaves_a_line_above_the_bar(void **state)
{
    (void)state;
    Screen screen;
    percept_progress first = finished(0, 2, 1, true), second = finished(1, 2, 2, false);
    screen_open(&screen, true, "100");
    progress_bar_update(screen.bar, &first);
    assert_non_null(strstr(screen.text, "epoch   train loss   accuracy   valid loss   accuracy    time\n"
                                        "    0       0.2500    90.00 %       0.5000    80.00 %    0:01  ★\n"
                                        "epoch 1/2 ─"));
    progress_bar_update(screen.bar, &second);
    assert_non_null(strstr(screen.text, "\r\033[K    1       0.2500    90.00 %       0.5000    80.00 %    0:02\n"));
    screen_close(&screen);
    assert_string_equal(last_line(&screen), ""); /* the cursor is on a new line */
    free(screen.text);
}

static void without_validation_and_classes_there_are_no_such_columns(void **state)
{
    (void)state;
    Screen screen;
    percept_progress progress = finished(0, 1, 1, false);
    progress.train_accuracy = progress.valid_accuracy = progress.valid_loss = NAN;
    screen_open(&screen, true, "100");
    progress_bar_update(screen.bar, &progress);
    screen_close(&screen);
    assert_string_equal(screen.text, "\r\033[Kepoch   train loss    time\n    0       0.2500    0:01\n");
    free(screen.text);
}

static void elsewhere_each_epoch_is_a_sentence(void **state)
{
    (void)state;
    Screen screen;
    screen_open(&screen, false, "100");
    for (size_t epoch = 0; epoch < 1000; epoch++) {
        const percept_progress progress = finished(epoch, 1000, (double)epoch, epoch == 0);
        progress_bar_update(screen.bar, &midway);
        progress_bar_update(screen.bar, &progress);
    }
    screen_close(&screen);
    static const char beginning[] =
        "epoch 0: loss 0.2500, accuracy 90.00 %, validation loss 0.5000, accuracy 80.00 %, best so far\n"
        "epoch 1: loss 0.2500, accuracy 90.00 %, validation loss 0.5000, accuracy 80.00 %\n";
    assert_memory_equal(screen.text, beginning, strlen(beginning));
    size_t lines = 0;
    for (const char *c = screen.text; *c != '\0'; c++) {
        lines += *c == '\n';
        assert_true(*c != '\033' && *c != '\r');
    }
    assert_int_equal(lines, 1000);
    free(screen.text);
}

static void many_epochs_leave_few_lines_and_the_last(void **state)
{
    (void)state;
    Screen screen;
    screen_open(&screen, true, "100");
    for (size_t epoch = 0; epoch < 777; epoch++) { /* of 1000: it stops early */
        const percept_progress progress = finished(epoch, 1000, 0.001 * (double)epoch, false);
        progress_bar_update(screen.bar, &progress);
    }
    screen_close(&screen);
    size_t lines = 0;
    for (const char *c = screen.text; *c != '\0'; c++)
        lines += *c == '\n';
    assert_true(lines > 20 && lines < 52);
    assert_non_null(strstr(screen.text, "\033[K  760 "));
    assert_null(strstr(screen.text, "\033[K  761 "));
    assert_non_null(strstr(screen.text, "  776       0.2500"));
    assert_string_equal(last_line(&screen), "");
    free(screen.text);
}

static void an_interrupted_epoch_stays_on_the_screen(void **state)
{
    (void)state;
    Screen screen;
    screen_open(&screen, true, "100");
    progress_bar_update(screen.bar, &midway);
    screen_close(&screen);
    assert_non_null(strstr(screen.text, "195/390"));
    assert_string_equal(last_line(&screen), "");
    free(screen.text);
}

static void an_epoch_that_never_began_does_not_stay(void **state)
{
    (void)state;
    Screen screen;
    const percept_progress progress = finished(0, 3, 1, false); /* and there training stops early */
    screen_open(&screen, true, "100");
    progress_bar_update(screen.bar, &progress);
    assert_non_null(strstr(last_line(&screen), "epoch 1/3"));
    screen_close(&screen);
    assert_string_equal(last_line(&screen), "");
    assert_string_equal(screen.text + strlen(screen.text) - 4, "\r\033[K");
    free(screen.text);
}

static void colour_is_for_terminals_that_want_it(void **state)
{
    (void)state;
    static const struct {
        const char *no_color, *term;
        bool terminal, coloured, redrawn;
    } cases[] = {{"", "xterm", true, true, true},
                 {"1", "xterm", true, false, true},
                 {"", "xterm", false, false, false},
                 {"", "dumb", true, false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Screen screen;
        const percept_progress progress = finished(0, 2, 1, true);
        assert_int_equal(setenv("NO_COLOR", cases[i].no_color, 1), 0);
        assert_int_equal(setenv("TERM", cases[i].term, 1), 0);
        screen_open(&screen, cases[i].terminal, "100");
        progress_bar_update(screen.bar, &midway);
        progress_bar_update(screen.bar, &progress);
        screen_close(&screen);
        assert_int_equal(strstr(screen.text, "m★\033[0m") != NULL, cases[i].coloured);
        assert_int_equal(strchr(screen.text, '\r') != NULL, cases[i].redrawn);
        free(screen.text);
    }
}

static void the_locale_decides_between_unicode_and_ascii(void **state)
{
    (void)state;
    static const struct {
        const char *all, *type, *lang;
        bool unicode;
    } cases[] = {{"", "", "en_GB.UTF-8", true}, {"", "", "de_DE.utf8", true},    {"", "", "C", false},
                 {"", "", "", false},           {"C", "", "en_GB.UTF-8", false}, {"", "C.UTF-8", "C", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Screen screen;
        const percept_progress progress = finished(0, 2, 1, true);
        setenv("LC_ALL", cases[i].all, 1);
        setenv("LC_CTYPE", cases[i].type, 1);
        setenv("LANG", cases[i].lang, 1);
        screen_open(&screen, true, "100");
        progress_bar_update(screen.bar, &midway);
        progress_bar_update(screen.bar, &progress);
        screen_close(&screen);
        bool ascii = true;
        for (const char *c = screen.text; *c != '\0'; c++)
            ascii = ascii && (unsigned char)*c < 128;
        assert_int_equal(ascii, !cases[i].unicode);
        free(screen.text);
    }
}

static void strange_figures_do_no_harm(void **state)
{
    (void)state;
    Screen screen;
    percept_progress progress = midway;
    screen_open(&screen, true, "200");
    progress.train_loss = 1e300;
    progress.examples = SIZE_MAX;
    progress.steps = 0;
    progress.epochs = 0;
    progress_bar_update(screen.bar, &progress);
    assert_non_null(strstr(last_line(&screen), "loss 1.000e+300"));
    progress.train_loss = NAN;
    progress.seconds = 1e12;
    progress_bar_update(screen.bar, &progress);
    assert_non_null(strstr(last_line(&screen), "loss nan"));
    progress.epoch_done = 1;
    progress_bar_update(screen.bar, &progress);
    screen_close(&screen);
    free(screen.text);
    progress_bar_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup(name, plain)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_bar_shows_where_training_is),
        TEST(a_bar_fits_every_width),
        TEST(a_bar_is_redrawn_at_most_every_50_ms),
        TEST(a_finished_epoch_leaves_a_line_above_the_bar),
        TEST(without_validation_and_classes_there_are_no_such_columns),
        TEST(elsewhere_each_epoch_is_a_sentence),
        TEST(many_epochs_leave_few_lines_and_the_last),
        TEST(an_interrupted_epoch_stays_on_the_screen),
        TEST(an_epoch_that_never_began_does_not_stay),
        TEST(colour_is_for_terminals_that_want_it),
        TEST(the_locale_decides_between_unicode_and_ascii),
        TEST(strange_figures_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
