/* The nearest word is the one that was meant, or none. */
#include "unit.h"

#include "base/nearest.h"

static const char *const words[] = {"train", "evaluate", "predict", "mnist", "fashion-mnist", "relu"};

static const char *nearest(const char *word)
{
    return nearest_word(word, words, sizeof words / sizeof words[0]);
}

static void test_one_slip_is_understood(void **state)
{
    (void)state;
    assert_string_equal(nearest("trian"), "train");       /* swapped */
    assert_string_equal(nearest("tran"), "train");        /* dropped */
    assert_string_equal(nearest("trrain"), "train");      /* doubled */
    assert_string_equal(nearest("traim"), "train");       /* replaced */
    assert_string_equal(nearest("EVALUATE"), "evaluate"); /* case */
    assert_string_equal(nearest("fashion_mnst"), "fashion-mnist");
    assert_string_equal(nearest("rleu"), "relu");
}

static void test_the_nearer_one_wins(void **state)
{
    (void)state;
    assert_string_equal(nearest("minst"), "mnist");
    static const char *const near[] = {"abcdefx", "abcdefg"};
    assert_string_equal(nearest_word("abcdefg", near, 2), "abcdefg");
    assert_string_equal(nearest_word("abcdefz", near, 2), "abcdefx"); /* a tie: the first */
}

static void test_a_beginning_is_understood_where_it_is_the_only_one(void **state)
{
    (void)state;
    assert_string_equal(nearest("eval"), "evaluate");
    assert_string_equal(nearest("Fas"), "fashion-mnist");
    assert_null(nearest("fa")); /* too little */
    static const char *const alike[] = {"standardize", "standardize-all", "--learning-rate", "--epochs"};
    assert_null(nearest_word("stan", alike, 4));
    assert_string_equal(nearest_word("--learn", alike, 4), "--learning-rate");
    assert_null(nearest_word("--", alike, 4));
}

static void test_other_words_are_near_to_none(void **state)
{
    (void)state;
    assert_null(nearest("banana"));
    assert_null(nearest(""));
    assert_null(nearest("x"));
    assert_null(nearest_word("train", words, 0));
    char longer[200];
    for (size_t i = 0; i < sizeof longer; i++)
        longer[i] = 'a';
    longer[sizeof longer - 1] = '\0';
    assert_null(nearest(longer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_slip_is_understood),
        cmocka_unit_test(test_the_nearer_one_wins),
        cmocka_unit_test(test_a_beginning_is_understood_where_it_is_the_only_one),
        cmocka_unit_test(test_other_words_are_near_to_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
