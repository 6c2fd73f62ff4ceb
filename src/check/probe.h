/* What a small change of one number does to the loss, computed as cheaply as it can be: a change of one weight changes
 * one unit, so that a kept pass through the network is computed again from that unit on only. Nothing is derived: what
 * comes out are values of the loss, for differences of it.
 *
 * There is a probe in float64 and one in complex double (for the complex step); none in float32, in which differences
 * of a loss say nothing. */
#ifndef CHECK_PROBE_H
#define CHECK_PROBE_H

#include "data/batch.h"
#include "nn/loss.h"
#include "nn/network.h"

/* Changes that are followed at once, side by side. */
#define PROBE_LANES 16

#define REAL_HEADER "check/probe_real.h"
#include "base/each_real.h"

#endif
