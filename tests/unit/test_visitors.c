/* Connections to the live page: one that trickles is ended in time, one client cannot take all places, and whoever is new is
 * let in. */
#include <arpa/inet.h>
#include <stdio.h>

#include "unit.h"
#include "watch/visitors.h"

static struct sockaddr_in address(const char *text)
{
    struct sockaddr_in out = {.sin_family = AF_INET};
    assert_int_equal(inet_pton(AF_INET, text, &out.sin_addr), 1);
    return out;
}

static int enter(Visitors *visitors, int descriptor, const char *from, double now)
{
    const struct sockaddr_in client = address(from);
    return visitors_enter(visitors, descriptor, (const struct sockaddr *)&client, now);
}

static void a_request_that_does_not_end_is_ended(void **state)
{
    (void)state;
    Visitors visitors = {0};
    assert_int_equal(enter(&visitors, 5, "127.0.0.1", 0), VISITORS_NOBODY);
    assert_int_equal(enter(&visitors, 6, "127.0.0.1", 0), VISITORS_NOBODY);
    visitors_ask(&visitors, 6, 20);
    assert_int_equal(visitors_overdue(&visitors, VISITORS_SECONDS), VISITORS_NOBODY);
    assert_int_equal(visitors_overdue(&visitors, VISITORS_SECONDS + 1), 5);
    assert_int_equal(visitors_overdue(&visitors, VISITORS_SECONDS + 1), VISITORS_NOBODY); /* each once */
    assert_int_equal(visitors_overdue(&visitors, VISITORS_SECONDS + 21), 6);
    visitors_leave(&visitors, 5);
    visitors_leave(&visitors, 6);
    visitors_leave(&visitors, 7);
    assert_int_equal(visitors.count, 0);
}

static void one_client_leaves_room_for_others(void **state)
{
    (void)state;
    Visitors visitors = {0};
    for (int i = 0; i < VISITORS_OF_ONE; i++)
        assert_int_equal(enter(&visitors, 100 + i, "10.0.0.1", i), VISITORS_NOBODY);
    assert_int_equal(enter(&visitors, 50, "10.0.0.2", 90), VISITORS_NOBODY);
    visitors_ask(&visitors, 100, 91);
    assert_int_equal(enter(&visitors, 200, "10.0.0.1", 92), 101); /* the oldest that never asked */
    visitors_leave(&visitors, 101);
    assert_int_equal(visitors.count, VISITORS_OF_ONE + 1);
}

static void whoever_is_new_is_let_in(void **state)
{
    (void)state;
    Visitors visitors = {0};
    char client[32];
    for (int i = 0; i < VISITORS_MOST; i++) {
        snprintf(client, sizeof client, "10.0.1.%d", i);
        assert_int_equal(enter(&visitors, i, client, i), VISITORS_NOBODY);
        visitors_ask(&visitors, i, 1000 - i);
    }
    assert_int_equal(enter(&visitors, 500, "127.0.0.1", 1001), VISITORS_MOST - 1); /* its last request is longest ago */
    for (int i = 1; i < VISITORS_LEAVING; i++)
        assert_int_equal(enter(&visitors, 500 + i, "127.0.0.1", 1001 + i), 499 + i); /* never asked for anything */
    assert_int_equal(enter(&visitors, 600, "127.0.0.1", 2000), 600);                 /* nobody is gone yet */
    visitors_leave(&visitors, VISITORS_MOST - 1);
    assert_int_equal(enter(&visitors, 601, "127.0.0.1", 2001), 500 + VISITORS_LEAVING - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_that_does_not_end_is_ended),
        cmocka_unit_test(one_client_leaves_room_for_others),
        cmocka_unit_test(whoever_is_new_is_let_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
