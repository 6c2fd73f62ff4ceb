/* Groups are dealt as a whole, near to the sizes and shares that are asked for; dates are read as times. */
#include "unit.h"

#include <string.h>

#include "base/memory.h"
#include "data/cut.h"
#include "data/folds.h"
#include "data/group_deal.h"
#include "data/row_marks.h"

#define ROWS 300
#define GROUPS 62
#define CLASSES 3

/* Groups of 1 to 9 rows, each of one class. */
static percept_dataset *make_grouped(void)
{
    Storage *storage = NULL;
    percept_dataset *data = NULL;
    assert_ok(storage_create(PERCEPT_UINT8, ROWS, 1, CLASSES, &storage, error));
    assert_ok(memory_allocate(ROWS, sizeof *storage->groups, "groups", &storage->groups, error));
    storage->group_count = GROUPS;
    for (size_t i = 0, g = 0, in_group = 0; i < ROWS; i++, in_group++) {
        if (in_group == 1 + g % 9) {
            g++;
            in_group = 0;
        }
        assert_true(g < GROUPS);
        storage->groups[i] = (int32_t)g;
        storage->labels[i] = (int32_t)(g % CLASSES);
        ((uint8_t *)storage->features)[i] = 0;
    }
    assert_ok(dataset_view(storage, 0, ROWS, &data, error));
    storage_release(storage);
    return data;
}

/* Marks the groups of a part; none may have been in an earlier one. */
static void mark_groups(const percept_dataset *part, size_t number, size_t *owner)
{
    for (size_t i = 0; i < percept_dataset_count(part); i++) {
        const size_t group = (size_t)part->storage->groups[part->rows[i]];
        assert_true(owner[group] == 0 || owner[group] == number);
        owner[group] = number;
    }
}

static void parts_keep_groups_whole_and_classes_balanced(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++) {
        percept_dataset *data = make_grouped(), *parts[CUT_PARTS] = {NULL, NULL, NULL};
        RandomStream stream;
        size_t sizes[CUT_PARTS] = {192, 48, 60}, owner[GROUPS] = {0}, seen = 0;
        random_spawn(&stream, seed, 0);
        assert_ok(cut_rows(data, sizes, &(CutOptions){.shuffle = true, .stratify = true}, &stream, parts, error));
        for (size_t p = 0; p < CUT_PARTS; p++) {
            static const size_t wanted[CUT_PARTS] = {192, 48, 60};
            size_t of_class[CLASSES] = {0};
            mark_groups(parts[p], p + 1, owner);
            seen += sizes[p];
            assert_int_equal(percept_dataset_count(parts[p]), sizes[p]);
            for (size_t i = 0; i < sizes[p]; i++)
                of_class[percept_dataset_label(parts[p], i)]++;
            /* No class misses its share by more than a group of the largest size. */
            for (size_t c = 0; c < CLASSES; c++)
                assert_close((double)of_class[c], (double)wanted[p] / CLASSES, 9);
            percept_dataset_free(parts[p]);
        }
        assert_int_equal(seen, ROWS);
        percept_dataset_free(data);
    }
}

static void each_fold_has_whole_groups_and_each_row_is_validated_once(void **state)
{
    (void)state;
    size_t validated = 0, owner[GROUPS] = {0};
    for (size_t fold = 0; fold < 4; fold++) {
        percept_dataset *train = make_grouped(), *valid = NULL;
        RandomStream stream;
        random_spawn(&stream, 0, 4);
        assert_ok(folds_cut(&train, &valid, 4, fold, &stream, error));
        mark_groups(valid, fold + 1, owner);
        for (size_t i = 0; i < train->count; i++)
            assert_true(owner[train->storage->groups[train->rows[i]]] != fold + 1);
        assert_close((double)valid->count, ROWS / 4.0, 9);
        validated += valid->count;
        percept_dataset_free(train);
        percept_dataset_free(valid);
    }
    assert_int_equal(validated, ROWS);
}

static void every_part_has_a_group_while_there_are_as_many(void **state)
{
    (void)state;
    percept_dataset *data = make_grouped();
    uint32_t order[ROWS], owner[ROWS];
    const size_t sizes[] = {298, 1, 1};
    size_t used = 0, count[3] = {0};
    for (uint32_t i = 0; i < ROWS; i++)
        order[i] = i;
    for (size_t i = 0; i < ROWS; i++) /* three groups, of which one has nearly all rows */
        data->storage->groups[i] = i < 290 ? 0 : i < 295 ? 1 : 2;
    assert_ok(group_deal(data, order, sizes, 3, true, owner, &used, error));
    assert_int_equal(used, 3);
    for (size_t i = 0; i < ROWS; i++)
        count[owner[i]]++;
    assert_int_equal(count[0], 290);
    assert_int_equal(count[1], 5);
    assert_int_equal(count[2], 5);
    percept_dataset_free(data);
}

/* The times of texts, one after the other; NULL ends them. The last one fits as `fits` says. */
static void check_times(const char *const *texts, DateForm given, bool fits, const double *seconds)
{
    RowMarks marks = {.form = given, .fixed = given != DATE_UNKNOWN};
    Storage *storage = NULL;
    size_t count = 0;
    bool fitted = true;
    for (; texts[count] != NULL; count++) {
        assert_true(fitted);
        assert_ok(row_marks_time(&marks, NULL, texts[count], strlen(texts[count]), 0, &fitted, error));
    }
    assert_int_equal(fitted, fits);
    assert_ok(storage_create(PERCEPT_FLOAT32, count, 1, 0, &storage, error));
    assert_ok(row_marks_finish(&marks, storage, error));
    for (size_t i = 0; fits && i < count; i++)
        assert_close(storage->times[i], seconds[i], 1e-6);
    assert_int_equal(storage->notes.count, marks.either && !marks.fixed ? 1 : 0);
    storage_release(storage);
    row_marks_clear(&marks);
}

#define TIMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define DAY 86400.0

static void dates_become_seconds(void **state)
{
    (void)state;
    check_times(TIMES("1970-01-01", "1970-01-02T00:00", "2000-02-29 12:30:15", "1969-12-31 23:59:59.5Z"), DATE_UNKNOWN,
                true, (const double[]){0, DAY, 951827415, -0.5});
    check_times(TIMES("1/2/1970", "1/13/1970"), DATE_UNKNOWN, true, (const double[]){DAY, 12 * DAY});
    check_times(TIMES("1/2/1970", "13/1/1970"), DATE_UNKNOWN, true,
                (const double[]){31 * DAY, 12 * DAY}); /* late proof */
    check_times(TIMES("1/2/1970", "2/2/1970"), DATE_UNKNOWN, true,
                (const double[]){DAY, 32 * DAY}); /* with a warning */
    check_times(TIMES("1.2.1970", "2/1/1970"), DATE_UNKNOWN, true, (const double[]){31 * DAY, DAY});
    check_times(TIMES("1/2/1970", "2/2/1970"), DATE_DMY, true, (const double[]){31 * DAY, 32 * DAY});
    check_times(TIMES("00:00", "12:30"), DATE_UNKNOWN, true, (const double[]){946684800, 946684800 + 45000});
    check_times(TIMES("1/13/1970", "13/1/1970"), DATE_UNKNOWN, false, NULL);
    check_times(TIMES("1/13/1970", "12:30"), DATE_UNKNOWN, false, NULL);
    check_times(TIMES("13/1/1970"), DATE_MDY, false, NULL);
    double seconds = 0;
    assert_true(row_marks_date("1970-01-02", 10, &seconds) && seconds == DAY);
    assert_false(row_marks_date("1/13/1970", 9, &seconds));
    check_times(TIMES("2024-05-32"), DATE_UNKNOWN, false, NULL);
    check_times(TIMES("now"), DATE_UNKNOWN, false, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_keep_groups_whole_and_classes_balanced),
        cmocka_unit_test(each_fold_has_whole_groups_and_each_row_is_validated_once),
        cmocka_unit_test(every_part_has_a_group_while_there_are_as_many),
        cmocka_unit_test(dates_become_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
