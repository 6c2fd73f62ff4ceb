/* Messages of Protocol Buffers: what is written is read, and what is damaged is noticed. */
#include "unit.h"

#include <string.h>

#include "base/protobuf.h"

static void fields_come_back(void **state)
{
    (void)state;
    ProtoWriter writer = {0};
    ProtoField field;
    uint64_t bits = 0;
    const double values[] = {1.5, -2};
    proto_integer(&writer, 1, 300);
    const size_t message = proto_begin(&writer, 5);
    proto_text(&writer, 2,
               "gr\xc3\xb6\xc3\x9f"
               "e");
    proto_integer(&writer, 3, (uint64_t)-7);
    proto_end(&writer, message);
    proto_float(&writer, 4, 0.5F);
    proto_doubles(&writer, 6, values, 2);
    assert_ok(proto_status(&writer, error));
    ProtoReader reader = {writer.buffer.bytes, writer.buffer.bytes + writer.buffer.size, false};
    assert_true(proto_next(&reader, &field) && field.number == 1 && field.integer == 300 && field.bytes == NULL);
    assert_true(proto_next(&reader, &field) && field.number == 5);
    ProtoReader inside = proto_inside(&field);
    assert_true(proto_next(&inside, &field) && field.number == 2 && field.size == 7);
    assert_memory_equal(field.bytes,
                        "gr\xc3\xb6\xc3\x9f"
                        "e",
                        7);
    assert_true(proto_next(&inside, &field) && field.number == 3 && (int64_t)field.integer == -7);
    assert_false(proto_next(&inside, &field));
    assert_false(inside.damaged);
    assert_true(proto_next(&reader, &field) && field.number == 4 && field.integer == 0x3f000000);
    assert_true(proto_next(&reader, &field) && field.number == 6 && field.size == 16);
    inside = proto_inside(&field);
    assert_true(proto_next_fixed(&inside, 8, &bits) && bits == 0x3ff8000000000000);
    assert_true(proto_next_fixed(&inside, 8, &bits) && bits == 0xc000000000000000);
    assert_false(proto_next_fixed(&inside, 8, &bits));
    assert_false(proto_next(&reader, &field));
    assert_false(reader.damaged);
    proto_clear(&writer);
}

/* A number without an end, a text longer than the message, a group, and field 0. */
static void damage_is_noticed(void **state)
{
    (void)state;
    static const uint8_t messages[][5] = {
        {0x08, 0xff}, {0x12, 5, 'a', 'b', 'c'}, {0x0b, 0x08, 1}, {0x02, 1}, {0x09, 1, 2}};
    static const size_t sizes[] = {2, 5, 3, 2, 3};
    for (size_t m = 0; m < 5; m++) {
        ProtoReader reader = {messages[m], messages[m] + sizes[m], false};
        ProtoField field;
        while (proto_next(&reader, &field))
            assert_true(field.number > 0);
        assert_true(reader.damaged);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_come_back),
        cmocka_unit_test(damage_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
