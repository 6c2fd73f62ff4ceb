/* CRC-32 is that of gzip, at every length and place, and may be taken in pieces. */
#include "unit.h"

#include <libdeflate.h>

#include "base/crc32.h"

#define SIZE 300

static void fill(uint8_t bytes[SIZE])
{
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (uint8_t)(i * i + 13 * i + (i >> 3));
}

static void test_the_sum_is_that_of_gzip(void **state)
{
    (void)state;
    uint8_t bytes[SIZE];
    fill(bytes);
    assert_int_equal(crc32_extend(0, "123456789", 9), 0xcbf43926); /* the check value of the standard's catalogues */
    for (size_t begin = 0; begin < 9; begin++)
        for (size_t size = 0; begin + size <= SIZE; size++)
            assert_int_equal(crc32_extend(0, bytes + begin, size), libdeflate_crc32(0, bytes + begin, size));
}

static void test_pieces_give_the_sum_of_the_whole(void **state)
{
    (void)state;
    uint8_t bytes[SIZE];
    fill(bytes);
    const uint32_t whole = crc32_extend(0, bytes, SIZE);
    for (size_t cut = 0; cut <= SIZE; cut++)
        assert_int_equal(crc32_extend(crc32_extend(0, bytes, cut), bytes + cut, SIZE - cut), whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_sum_is_that_of_gzip),
        cmocka_unit_test(test_pieces_give_the_sum_of_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
