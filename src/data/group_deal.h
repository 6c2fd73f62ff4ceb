/* Assigns whole groups of rows to parts: no group is in two of them. */
#ifndef DATA_GROUP_DEAL_H
#define DATA_GROUP_DEAL_H

#include "data/dataset.h"

/* Gives each row of a view, whose storage has groups, its part: owner[row] < parts. sizes[p] (sum n) is the wanted size
 * of part p; a part of size 0 gets nothing. `order`: all rows.
 *
 * Groups are assigned one by one, the largest first; groups of equal size in the order of their first rows. A group
 * goes to the part for which Σ (have − want)²/want becomes smallest, summed over parts and, with `by_class` and
 * classes, over the classes within them; want is the class's share of the part's size. If only as many groups are left
 * as there are empty parts, each of these gets one. So every part has a group if there are enough; *used receives the
 * number of groups. */
percept_status group_deal(const percept_dataset *data, const uint32_t *order, const size_t *sizes, size_t parts,
                          bool by_class, uint32_t *owner, size_t *used, percept_error *error);

#endif
