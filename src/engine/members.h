/* Networks with members (nn/members.h) in any engine: an engine for each member, each done by one rank, so that no bit depends
 * on the number of threads. Predictions are means of the members' outputs, and losses of evaluation are of these means. A step
 * or a gradient is that of each member as if it were alone; losses are then means over the members. */
#ifndef ENGINE_MEMBERS_H
#define ENGINE_MEMBERS_H

#include "engine/engine.h"

/* EngineKind.create of the members' engines. */
typedef percept_status MemberCreate(const EngineConfig *config, Engine **out, percept_error *error);

/* As EngineKind.create, for config->network->members > 1; the members' engines are made by `create`. */
percept_status members_create(MemberCreate *create, const EngineConfig *config, Engine **out, percept_error *error);

#define REAL_HEADER "engine/members_real.h"
#include "base/each_real.h"

#endif
