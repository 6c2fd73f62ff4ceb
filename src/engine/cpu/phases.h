/* A call of the engine, run on one rank or on the team. */
#ifndef ENGINE_CPU_PHASES_H
#define ENGINE_CPU_PHASES_H

#include "engine/cpu/state.h"

/* Stores outputs, losses, correct answers and penalties in pass->cpu, and gradients and updates as pass says. */
void ISA(run)(Pass *pass);

#endif
