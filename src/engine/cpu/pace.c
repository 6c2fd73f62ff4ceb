#include "engine/cpu/pace.h"

static size_t clamp_wait(size_t wait)
{
    return wait < PACE_SHORTEST_WAIT ? PACE_SHORTEST_WAIT : wait > PACE_LONGEST_WAIT ? PACE_LONGEST_WAIT : wait;
}

/* After a trial, or where sharing has become the slower way. */
static void judge(Pace *pace)
{
    const bool shared = pace->last[1] < pace->last[0];
    pace->vain = shared ? 0 : clamp_wait(2 * pace->vain);
    pace->wait = shared ? PACE_SHARED_WAIT : pace->vain;
    pace->windows = 0;
    pace->shared = shared;
    pace->trial = false;
}

static void end_window(Pace *pace)
{
    pace->last[pace->shared] = pace->time;
    pace->windows++;
    const bool due = pace->last[!pace->shared] <= 0 || pace->windows >= pace->wait;
    if (pace->trial || (pace->shared && pace->last[1] >= pace->last[0])) {
        judge(pace);
    } else if (due) {
        pace->shared = !pace->shared;
        pace->trial = true;
    }
    pace->steps = 0;
    pace->time = 0;
}

void pace_note(Pace *pace, double ns)
{
    const size_t warm = pace->trial ? PACE_WARM : 0;
    if (pace->steps++ >= warm)
        pace->time += ns;
    /* Sharing that takes longer than a whole window alone ends at once: a rank may wait for its core for milliseconds. */
    const bool hopeless = pace->shared && pace->last[0] > 0 && pace->time >= pace->last[0];
    if (pace->steps >= warm + PACE_WINDOW || hopeless)
        end_window(pace);
}
