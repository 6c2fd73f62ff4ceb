/* Labels that are probably no classes are warned of, others are not. */
#include "scratch.h"

#include "data/class_review.h"

/* The warning about `count` examples that are of `classes` classes, named by the form; NULL without one. */
static const char *review(size_t count, size_t classes, const char *form, Storage **storage)
{
    static char texts[256][16];
    const char *names[256];
    for (size_t k = 0; k < classes; k++) {
        snprintf(texts[k], sizeof texts[k], "%s%zu", form, k);
        names[k] = texts[k];
    }
    assert_ok(storage_create(PERCEPT_UINT8, count, 1, classes, storage, error));
    assert_ok(storage_name_classes(*storage, names, error));
    assert_ok(class_review(*storage, "y", error));
    assert_true((*storage)->notes.count <= 1);
    return (*storage)->notes.count > 0 ? (*storage)->notes.list[0].text : NULL;
}

static void test_many_classes_of_few_examples_are_warned_of(void **state)
{
    (void)state;
    static const struct {
        size_t count, classes;
        const char *form, *message;
    } cases[] = {
        {20, 20, "",
         "holds 20 different whole numbers, about 1 of each; to learn numbers instead of classes add "
         "--targets y"},
        {442, 214, "", "--targets y"},
        {100, 20, "id", "column y holds 20 different labels, about 5 of each; if these are no classes, --label NAME"},
        {8, 8, "", "--targets y"},
        {6, 3, "", NULL},   /* a small example of a table */
        {150, 3, "", NULL}, /* iris */
        {100, 10, "", NULL},
        {260, 26, "letter", NULL},
        {5, 1, "", "all labels (column y) are '0'; --label first"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        Storage *storage = NULL;
        const char *found = review(cases[c].count, cases[c].classes, cases[c].form, &storage);
        if ((found == NULL) != (cases[c].message == NULL) || (found != NULL && strstr(found, cases[c].message) == NULL))
            fail_msg("%zu of %zu: '%s'", cases[c].classes, cases[c].count, found != NULL ? found : "none");
        storage_release(storage);
    }
}

static void test_names_that_differ_in_case_only_are_warned_of(void **state)
{
    (void)state;
    static const char *const alike[] = {"no", "Yes", "yes"}, *const others[] = {"no", "yes", "yes."};
    Storage *storage = NULL;
    assert_ok(storage_create(PERCEPT_UINT8, 30, 1, 3, &storage, error));
    assert_ok(storage_name_classes(storage, alike, error));
    assert_ok(class_review(storage, "y", error));
    assert_int_equal(storage->notes.count, 1);
    assert_non_null(strstr(storage->notes.list[0].text, "classes 'Yes' and 'yes' differ in upper and lower case only"));
    storage_release(storage);
    assert_ok(storage_create(PERCEPT_UINT8, 30, 1, 3, &storage, error));
    assert_ok(storage_name_classes(storage, others, error));
    assert_ok(class_review(storage, "y", error));
    assert_int_equal(storage->notes.count, 0);
    storage_release(storage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_classes_of_few_examples_are_warned_of),
        cmocka_unit_test(test_names_that_differ_in_case_only_are_warned_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
