/* An engine around another one that trains on examples which are moved against the network: of the fraction
 * config.adversarial_share of each batch, spread evenly over it, every scaled feature is moved by config.adversarial in the
 * direction in which the loss rises (fast gradient sign method; I. Goodfellow, J. Shlens and C. Szegedy, 2015). A step takes a
 * second pass, without the gradients of the weights. Sums are those of the examples as they are trained on. */
#ifndef ENGINE_ADVERSARY_H
#define ENGINE_ADVERSARY_H

#include "engine/engine.h"

/* config->adversarial > 0, and no members: each has an engine of its own, with an adversary of its own. */
percept_status adversary_create(const EngineKind *kind, const EngineConfig *config, Engine **out, percept_error *error);

#endif
