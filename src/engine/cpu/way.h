#ifndef ENGINE_CPU_WAY_H
#define ENGINE_CPU_WAY_H

/* How an engine works: on units of a layer that a team shares out, or on one rank, for small networks (small.h). */
typedef enum CpuWay { CPU_BY_SHAPE, CPU_SHARED, CPU_SMALL } CpuWay;

#endif
