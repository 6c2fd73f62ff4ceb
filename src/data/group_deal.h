/* Deals whole groups of rows to parts: no group is in two of them. */
#ifndef DATA_GROUP_DEAL_H
#define DATA_GROUP_DEAL_H

#include "data/dataset.h"

/* Gives each row of a view, whose storage has groups, its part: owner[row] < parts. sizes[p] (sum n) is what part p should
 * have; a part of size 0 gets nothing. `order`: all rows.
 *
 * Groups are dealt one by one, the largest first, and those of equal size as their first rows come in the order. A group
 * goes where it makes Σ (have − want)²/want smallest, over parts and, with `by_class` and classes, the classes within them;
 * want is the class's share of the part's size. But when as many groups are left as parts are empty, each of these gets
 * one. So every part has a group if there are as many; *used receives the number of groups. */
percept_status group_deal(const percept_dataset *data, const uint32_t *order, const size_t *sizes, size_t parts,
                          bool by_class, uint32_t *owner, size_t *used, percept_error *error);

#endif
