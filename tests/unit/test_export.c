/* Models in other formats: every file answers as Percept does, on rows that nobody has seen. */
#include "in_scratch.h"

#include <string.h>

#include "base/file.h"
#include "data/npz.h"
#include "export/export.h"
#include "export/formats.h"
#include "exports.h"

#define ROWS 200

/* Sums in another order differ by a few roundings of numbers near 1. Targets are sums themselves, and these networks have
 * large weights: numbers that are several times as large cancel in them. */
#define BOUND_FLOAT32 2e-6
#define BOUND_FLOAT64 1e-12
#define TARGETS 4

/* Exports the model and returns the largest difference. */
static double export_difference(const ExportFormat *format, const percept_model *model, const ExportOptions *options,
                                const char *path)
{
    double *rows = NULL;
    ExportCheck check = {0};
    assert_ok(memory_allocate(ROWS * network_inputs(&model->network), sizeof *rows, "rows", &rows, error));
    export_draw_rows(model, ROWS, rows);
    assert_ok(export_write(format, model, options, &(ExportRows){.values = rows, .count = ROWS}, path, &check, error));
    memory_free(rows);
    assert_int_equal(check.rows, ROWS);
    assert_int_equal(check.labels, 0);
    return check.skipped.text[0] == '\0' ? check.difference : 0;
}

static void every_format_answers_as_the_model_does(void **state)
{
    (void)state;
    char path[SCRATCH_PATH], name[32];
    for (size_t f = 0; export_format_at(f) != NULL; f++)
        for (size_t i = 0; i < 4 * STAGE_CASES; i++) {
            const ExportFormat *format = export_format_at(f);
            const percept_type precision = i % 2 == 0 ? PERCEPT_FLOAT32 : PERCEPT_FLOAT64;
            percept_model *model = make_export_model(&stage_cases[i / 4], precision, i / 2 % 2 == 0 ? 1 : 3, i);
            snprintf(name, sizeof name, "model.%s", format->extension);
            const double difference = export_difference(format, model, &(ExportOptions){.precision = precision},
                                                        scratch_path(&scratch, name, path));
            const double times = percept_model_classes(model) > 0 ? 1 : TARGETS;
            if (difference > times * (precision == PERCEPT_FLOAT32 ? BOUND_FLOAT32 : BOUND_FLOAT64))
                fail_msg("%s, case %zu: %g", format->name, i, difference);
            percept_model_free(model);
        }
}

/* A folder for the check is created beside the file; nothing of it stays. */
static void nothing_is_left_beside_the_file(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    percept_model *model = make_export_model(&stage_cases[0], PERCEPT_FLOAT32, 1, 1);
    (void)export_difference(export_format_find("npz"), model, &(ExportOptions){.precision = PERCEPT_FLOAT32},
                            scratch_path(&scratch, "model.npz", path));
    assert_int_equal(scratch_count(scratch.folder), 1);
    percept_model_free(model);
}

static percept_status write_wrongly(const percept_model *model, const ExportOptions *options, const char *path,
                                    percept_error *error)
{
    (void)model, (void)options;
    return file_write(path, "wrong", 5, error);
}

static percept_status answer_wrongly(const percept_model *model, const ExportOptions *options, const char *path,
                                     const ExportRows *rows, double *answers, ExportReason *skipped,
                                     percept_error *error)
{
    (void)options, (void)path, (void)skipped, (void)error;
    for (size_t i = 0; i < rows->count * export_answers(model); i++)
        answers[i] = 0.25;
    return PERCEPT_OK;
}

static void a_file_that_answers_otherwise_is_not_handed_over(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    uint8_t *bytes = NULL;
    size_t size = 0;
    double rows[10 * 6];
    ExportCheck check;
    const ExportFormat wrong = {.name = "wrong", .write = write_wrongly, .run = answer_wrongly};
    percept_model *model = make_export_model(&stage_cases[0], PERCEPT_FLOAT32, 1, 1);
    export_draw_rows(model, 10, rows);
    scratch_write(scratch_path(&scratch, "model.wrong", path), "old", 3);
    assert_refused(export_write(&wrong, model, &(ExportOptions){.precision = PERCEPT_FLOAT32},
                                &(ExportRows){.values = rows, .count = 10}, path, &check, error),
                   PERCEPT_ERROR_FORMAT, "does not compute what the model does");
    assert_ok(file_read(path, &bytes, &size, error));
    assert_int_equal(size, 3);
    assert_memory_equal(bytes, "old", 3);
    assert_int_equal(scratch_count(scratch.folder), 1);
    memory_free(bytes);
    percept_model_free(model);
}

/* Texts and numbers of an archive as NumPy reads them. */
static void npz_holds_names_and_numbers(void **state)
{
    (void)state;
    char path[SCRATCH_PATH];
    Buffer text = {0};
    NpyArray array = {0};
    percept_model *model = make_export_model(&stage_cases[6], PERCEPT_FLOAT32, 1, 1);
    (void)export_difference(export_format_find("npz"), model, &(ExportOptions){.precision = PERCEPT_FLOAT32},
                            scratch_path(&scratch, "model.npz", path));
    assert_ok(npz_read_array(path, "categories.1", &array, error));
    assert_int_equal(array.shape[0], 3);
    assert_ok(buffer_reserve(&text, 64, "text", error));
    assert_ok(npy_text(&array, 1, false, &text, error));
    assert_string_equal((const char *)text.bytes, "b\xc3\xa9 1");
    npy_clear(&array);
    assert_ok(npz_read_array(path, "layers.0.weight", &array, error));
    assert_int_equal(array.item.size, 4);
    assert_int_equal(array.shape[0], 6);
    npy_clear(&array);
    buffer_clear(&text);
    percept_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(every_format_answers_as_the_model_does),
        IN_SCRATCH(nothing_is_left_beside_the_file),
        IN_SCRATCH(a_file_that_answers_otherwise_is_not_handed_over),
        IN_SCRATCH(npz_holds_names_and_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
