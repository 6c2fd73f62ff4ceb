/* Columns of numbers and texts. */
#include "csvs.h"

#define ROWS 400

/* Writes a table whose column `code` holds what `write` writes. */
static const char *table(int (*write)(char *text, size_t i))
{
    static char text[64 * ROWS];
    size_t used = (size_t)sprintf(text, "x,code,y\n");
    for (size_t i = 0; i < ROWS; i++) {
        used += (size_t)sprintf(text + used, "%zu.5,", i * i % 97);
        used += (size_t)write(text + used, i);
        used += (size_t)sprintf(text + used, ",%zu\n", i % 2);
    }
    return text;
}

/* Three of four are numbers, as on the Titanic. */
static int ticket(char *text, size_t i)
{
    return i % 4 == 0 ? sprintf(text, "A/5 %zu", 21000 + i) : sprintf(text, "%zu", 113000 + i * i);
}

static int number_below_a_limit(char *text, size_t i)
{
    return i % 4 == 0 ? sprintf(text, "<%zu", i) : sprintf(text, "%zu", i);
}

static int number_or_a_word(char *text, size_t i)
{
    return i % 4 == 0 ? sprintf(text, "broken") : sprintf(text, "%zu", i);
}

static int number_with_a_few_mistakes(char *text, size_t i)
{
    return i % 25 == 7 ? sprintf(text, "o%zu", i) : sprintf(text, "%zu", i);
}

static void many_different_words_among_numbers_make_a_column_of_texts(void **state)
{
    (void)state;
    Storage *storage = read_text(table(ticket), NULL);
    assert_int_equal(storage->width, 1);
    expect_note(storage, NOTE_TAKEN, "left out, texts that are all different: column 2 (code)");
    storage_release(storage);
    refuse(table(number_below_a_limit), NULL, PERCEPT_ERROR_FORMAT, "line 2, column 2 (code): '<0' is not a number");
    refuse(table(number_or_a_word), NULL, PERCEPT_ERROR_FORMAT, "--missing-tokens 'broken' reads it as missing");
    refuse(table(number_with_a_few_mistakes), NULL, PERCEPT_ERROR_FORMAT, "line 9, column 2 (code): 'o7' is not a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(many_different_words_among_numbers_make_a_column_of_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
