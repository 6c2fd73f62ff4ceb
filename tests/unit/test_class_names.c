/* Classes are found by name, by value where all are numbers, and by label number where a named dataset has words. */
#include "scratch.h"

#include "base/memory.h"
#include "data/class_names.h"

#define MANY 50000

static Storage *make(const char *const *names, size_t count, bool numbered)
{
    Storage *storage = NULL;
    assert_ok(storage_create(PERCEPT_UINT8, 1, 1, count, &storage, error));
    assert_ok(storage_name_classes(storage, names, error));
    storage->numbered = numbered;
    return storage;
}

static void check(const Storage *storage, const char *word, int32_t expected)
{
    int32_t *classes = NULL;
    assert_ok(class_names_find(storage, &word, 1, &classes, error));
    assert_int_equal(classes[0], expected);
    memory_free(classes);
}

static void refuse(const Storage *storage, const char *word, const char *message)
{
    int32_t *classes = NULL;
    assert_refused(class_names_find(storage, &word, 1, &classes, error), PERCEPT_ERROR_ARGUMENT, message);
    assert_null(classes);
}

static void test_numbers_are_names_of_classes(void **state)
{
    (void)state;
    const char *const names[] = {"-1", "1", "2", "10"};
    Storage *storage = make(names, 4, false);
    check(storage, "1", 1);
    check(storage, "2", 2);
    check(storage, "10.0", 3);
    check(storage, "+1", 1);
    check(storage, "002", 2);
    check(storage, "-1.00", 0);
    refuse(storage, "0", "there is no class '0'");
    refuse(storage, "3", "the classes are -1, 1, 2, 10");
    refuse(storage, "1e0", "there is no class '1e0'");
    storage_release(storage);
}

static void test_labels_that_are_texts_are_meant_as_written(void **state)
{
    (void)state;
    const char *const names[] = {"01", "1", "Iris-setosa", "Iris-virginica"};
    Storage *storage = make(names, 4, false);
    check(storage, "01", 0);
    check(storage, "1", 1);
    refuse(storage, "1.0", "there is no class '1.0'");
    refuse(storage, "2", "there is no class '2'"); /* no place in a list that nobody sees */
    refuse(storage, "iris-setosa", "did you mean 'Iris-setosa'?");
    const char *const twice[] = {"1", "01", "1"};
    int32_t *classes = NULL;
    assert_refused(class_names_find(storage, twice, 3, &classes, error), PERCEPT_ERROR_ARGUMENT,
                   "class '1' is given twice");
    storage_release(storage);
}

static void test_words_of_a_named_dataset_have_numbers_beside_them(void **state)
{
    (void)state;
    const char *const names[] = {"Sandal", "Shirt", "Bag"}, *const both[] = {"2", "Bag"};
    Storage *storage = make(names, 3, true);
    int32_t *classes = NULL;
    check(storage, "2", 2);
    check(storage, "Shirt", 1);
    refuse(storage, "3", "there is no class '3'; the classes are Sandal, Shirt, Bag");
    refuse(storage, "-1", "there is no class");
    assert_refused(class_names_find(storage, both, 2, &classes, error), PERCEPT_ERROR_ARGUMENT,
                   "class 'Bag' is given twice");
    storage_release(storage);
}

static void test_data_without_classes_have_none_to_choose(void **state)
{
    (void)state;
    const char *const word = "1";
    Storage *storage = NULL;
    int32_t *classes = NULL;
    assert_ok(storage_create(PERCEPT_UINT8, 1, 1, 0, &storage, error));
    assert_refused(class_names_find(storage, &word, 1, &classes, error), PERCEPT_ERROR_ARGUMENT, "no classes");
    storage_release(storage);
}

/* With a comparison of all pairs this test would take minutes. */
static void test_many_names_are_matched_at_once(void **state)
{
    (void)state;
    static char texts[MANY][16];
    static const char *names[MANY], *turned[MANY];
    int32_t *places = NULL;
    for (size_t k = 0; k < MANY; k++) {
        snprintf(texts[k], sizeof texts[k], "id%zu", k);
        names[k] = turned[MANY - 1 - k] = texts[k];
    }
    assert_ok(class_names_match(names, MANY, turned, MANY, &places, error));
    for (size_t k = 0; k < MANY; k++)
        assert_int_equal(places[k], MANY - 1 - k);
    memory_free(places);
    const char *const strange[] = {"id", "id0", "id50000"};
    assert_ok(class_names_match(names, MANY, strange, 3, &places, error));
    assert_true(places[0] == -1 && places[1] == 0 && places[2] == -1);
    memory_free(places);
}

static void test_lists_of_classes_are_cut(void **state)
{
    (void)state;
    const char *const three[] = {"a", "b", "c"};
    char text[CLASS_LIST_SIZE];
    class_names_list(three, 3, text);
    assert_string_equal(text, "a, b, c");
    const char *many[100];
    for (size_t k = 0; k < 100; k++)
        many[k] = "class";
    class_names_list(many, 100, text);
    assert_string_equal(text, "class, class, class, class, class, class, class, class, class, ... (100 in all)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_names_of_classes),
        cmocka_unit_test(test_labels_that_are_texts_are_meant_as_written),
        cmocka_unit_test(test_words_of_a_named_dataset_have_numbers_beside_them),
        cmocka_unit_test(test_data_without_classes_have_none_to_choose),
        cmocka_unit_test(test_many_names_are_matched_at_once),
        cmocka_unit_test(test_lists_of_classes_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
