/* The roofline of a training step (S. Williams and others, 2009): each product's rate against the operations that it does
 * for a byte of its operands and result, under what arithmetic units and memory allow. */
#ifndef BENCH_ROOFLINE_H
#define BENCH_ROOFLINE_H

#include "bench/explain.h"

/* Writes folder/roofline.csv (layer, product, operations, bytes, intensity, gflops) and draws it: roofline.gp,
 * roofline.svg, roofline.png. The folder must exist. PERCEPT_ERROR_ARGUMENT where no product has a time; the CSV is
 * written all the same. */
percept_status roofline_draw(const Explanation *explanation, const char *folder, percept_error *error);

#endif
