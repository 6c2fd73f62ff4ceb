/* The list of strategies. Adding one: a row here, and its StrategyKind in a file strategy_NAME.c. */
#ifndef SEARCH_STRATEGY_NAMES_H
#define SEARCH_STRATEGY_NAMES_H

#include <stddef.h>

#define STRATEGY_EACH(ROW) ROW(random) ROW(grid) ROW(halving) ROW(tpe) ROW(around)

/* The name of strategy `index`, or NULL past the end. */
const char *strategy_name(size_t index);

#endif
