/* Flags and keys that were renamed. The former name is still accepted, without a message: scripts, recipes and search
 * spaces of earlier releases continue to work. Help, messages and new files show today's name only. */
#ifndef BASE_RENAMED_H
#define BASE_RENAMED_H

/* Today's name of a flag ("--metrics") or key ("search.metric"), as a constant; `name` itself if it was not renamed. */
const char *renamed(const char *name);

#endif
