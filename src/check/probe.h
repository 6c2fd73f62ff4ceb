/* Computes the loss after a small change of one number, with little work: a change of one weight changes one unit, so a
 * stored pass through the network is recomputed only from that unit on. The results are values of the loss, for
 * differences; no derivative formula is used.
 *
 * There is a probe in float64 and one in complex double (for the complex step); none in float32, which is too inexact
 * for differences of a loss. */
#ifndef CHECK_PROBE_H
#define CHECK_PROBE_H

#include "data/batch.h"
#include "engine/engine.h"
#include "nn/loss.h"
#include "nn/network.h"

/* Number of changes that are computed side by side. */
#define PROBE_LANES 16

#define REAL_HEADER "check/probe_real.h"
#include "base/each_real.h"

#endif
