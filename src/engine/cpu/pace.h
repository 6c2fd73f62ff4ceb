/* Whether a team shares the steps of a small network, or one rank does them alone. Sharing saves half of the arithmetic and
 * costs what the cores hand to each other: a few µs where they share a cache, more than it saves where they are far apart or
 * have other work to do, which changes from minute to minute. No bit depends on it. So it is measured: steps are timed in
 * windows, the slower way is tried again from time to time, and less and less often where it stays the slower one. */
#ifndef ENGINE_CPU_PACE_H
#define ENGINE_CPU_PACE_H

#include <stdbool.h>
#include <stddef.h>

#define PACE_WINDOW 8          /* steps … */
#define PACE_WARM 4            /* … after these, for which caches change and a rank wakes */
#define PACE_SHARED_WAIT 64    /* windows shared until one alone is tried */
#define PACE_SHORTEST_WAIT 8   /* windows alone until sharing is tried, twice as many after each vain trial … */
#define PACE_LONGEST_WAIT 1024 /* … at most */

/* Zero before the first step. */
typedef struct Pace {
    bool shared;          /* how the next step is done */
    bool trial;           /* the window at hand tries this way */
    size_t steps;         /* done in it … */
    double time;          /* … and their ns, without those that warm a trial */
    double last[2];       /* ns of the last window alone and shared; 0: none yet */
    size_t windows, wait; /* since the other way was tried, and how many to wait for it … */
    size_t vain;          /* … after the last vain trial of sharing; 0: none since it paid */
} Pace;

/* A step, done as pace->shared said, has taken so many ns. */
void pace_note(Pace *pace, double ns);

#endif
