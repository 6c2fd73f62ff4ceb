/* The ranks behind rank 0: they read data and train along as rank 0 tells them. They write no file and print nothing. */
#ifndef DIST_FOLLOW_H
#define DIST_FOLLOW_H

#include "dist/world.h"

/* Works until rank 0 has no more to do. A failure is one in the middle of a training, which no other rank knows of. */
percept_status follow(const World *world, percept_error *error);

#endif
