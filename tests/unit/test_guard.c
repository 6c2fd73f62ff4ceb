/* Who may ask the live page: names that are this server's, pages that are its own, the token. */
#include <string.h>

#include "scratch.h"
#include "watch/guard.h"

static Guard guard_at(const char *address)
{
    Guard guard;
    assert_ok(guard_create(address, &guard, error));
    return guard;
}

static void this_machine_alone_is_known_by_its_own_names(void **state)
{
    (void)state;
    const Guard guard = guard_at("127.0.0.1");
    static const char *const allowed[] = {"127.0.0.1", "127.0.0.1:8765", "localhost",         "LocalHost:80",
                                          "[::1]",     "[::1]:8765",     "[0:0:0:0:0:0:0:1]", "localhost:0"};
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (!guard_host_allowed(&guard, allowed[i]))
            fail_msg("%s is refused", allowed[i]);
    assert_true(guard.loopback && !guard.any);
}

static void other_names_are_refused(void **state)
{
    (void)state;
    const Guard guard = guard_at("localhost");
    static const char *const refused[] = {"",
                                          ":",
                                          ":8765",
                                          "evil.example",
                                          "evil.example:8765",
                                          "localhost.evil.example",
                                          "127.0.0.1.evil.example",
                                          "localhost.",
                                          "localhost:",
                                          "localhost:80a",
                                          "localhost:80:80",
                                          " localhost",
                                          "localhost ",
                                          "localhost@evil.example",
                                          "127.0.0.2",
                                          "0.0.0.0",
                                          "192.168.0.1:8765",
                                          "0x7f000001",
                                          "2130706433",
                                          "127.1",
                                          "::1",
                                          "[::1",
                                          "[::1]x",
                                          "[localhost]",
                                          "[127.0.0.1]",
                                          "[]",
                                          "[::]",
                                          "[::ffff:192.168.0.1]",
                                          "11111111111111111111111111111111111111111111111111111111111111111111111111"};
    assert_false(guard_host_allowed(&guard, NULL));
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (guard_host_allowed(&guard, refused[i]))
            fail_msg("'%s' is allowed", refused[i]);
}

static void an_address_that_is_listened_on_is_known(void **state)
{
    (void)state;
    const Guard guard = guard_at("192.168.0.7"), six = guard_at("2001:DB8::0:1");
    assert_false(guard.loopback);
    assert_true(guard_host_allowed(&guard, "192.168.0.7:8765") && guard_host_allowed(&guard, "localhost"));
    assert_false(guard_host_allowed(&guard, "192.168.0.8:8765"));
    assert_true(guard_host_allowed(&six, "[2001:db8::1]:80"));
}

/* A name is what an attacker can point at this machine; an address is not. */
static void on_all_addresses_every_address_is_known_but_no_name(void **state)
{
    (void)state;
    static const char *const all[] = {"0.0.0.0", "::"};
    for (size_t i = 0; i < 2; i++) {
        const Guard guard = guard_at(all[i]);
        assert_true(guard.any && !guard.loopback);
        assert_true(guard_host_allowed(&guard, "192.168.0.8:1") && guard_host_allowed(&guard, "[fe80::1]:1"));
        assert_false(guard_host_allowed(&guard, "evil.example"));
    }
}

static void what_is_no_address_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "example.org", "127.1", "300.0.0.1", "[::1]", "127.0.0.1:80"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        Guard guard;
        assert_refused(guard_create(wrong[i], &guard, error), PERCEPT_ERROR_ARGUMENT, "is no address");
    }
}

static void scripts_of_other_pages_are_refused(void **state)
{
    (void)state;
    const char *host = "127.0.0.1:8765";
    static const char *const foreign[] = {"",
                                          "null",
                                          "http://",
                                          "http://evil.example",
                                          "http://127.0.0.1",
                                          "http://127.0.0.1:87650",
                                          "http://127.0.0.1:8766",
                                          "https://127.0.0.1:8765",
                                          "http://127.0.0.1:8765/",
                                          "http://127.0.0.1:8765@evil.example",
                                          "127.0.0.1:8765",
                                          "http://localhost:8765"};
    assert_true(guard_origin_allowed(NULL, host));
    assert_true(guard_origin_allowed("http://127.0.0.1:8765", host));
    assert_true(guard_origin_allowed("http://localhost", "LOCALHOST"));
    assert_false(guard_origin_allowed("http://localhost", NULL));
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
        if (guard_origin_allowed(foreign[i], host))
            fail_msg("'%s' is allowed", foreign[i]);
}

static void each_start_has_a_token_of_its_own(void **state)
{
    (void)state;
    const Guard guard = guard_at("127.0.0.1"), other = guard_at("127.0.0.1");
    char longer[GUARD_TOKEN_SIZE + 1], wrong[GUARD_TOKEN_SIZE];
    snprintf(longer, sizeof longer, "%s0", guard.token);
    assert_int_equal(strlen(guard.token), GUARD_TOKEN_SIZE - 1);
    assert_int_equal(strspn(guard.token, "0123456789abcdef"), GUARD_TOKEN_SIZE - 1);
    assert_true(guard_token_right(&guard, guard.token));
    assert_false(guard_token_right(&guard, other.token));
    assert_false(guard_token_right(&guard, NULL));
    assert_false(guard_token_right(&guard, ""));
    assert_false(guard_token_right(&guard, longer));
    for (size_t i = 0; i < GUARD_TOKEN_SIZE - 1; i++) {
        memcpy(wrong, guard.token, sizeof wrong);
        wrong[i] ^= 1;
        assert_false(guard_token_right(&guard, wrong));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(this_machine_alone_is_known_by_its_own_names),
        cmocka_unit_test(other_names_are_refused),
        cmocka_unit_test(an_address_that_is_listened_on_is_known),
        cmocka_unit_test(on_all_addresses_every_address_is_known_but_no_name),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(scripts_of_other_pages_are_refused),
        cmocka_unit_test(each_start_has_a_token_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
