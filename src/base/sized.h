/* Public structs that begin with struct_size: the caller's may be shorter or longer than the library's. */
#ifndef BASE_SIZED_H
#define BASE_SIZED_H

#include <stddef.h>

#include "base/error.h"

/* Bytes of a struct up to the end of a member: the least that a caller of the first release has. */
#define SIZED_UP_TO(type, member) (offsetof(type, member) + sizeof((type){0}.member))

/* Refuses a struct of the caller's whose struct_size, `given`, is below `least`: "percept_model_train: struct_size of result
 * is 0; set it to sizeof(percept_result) before the call". */
percept_status sized_check(const char *function, const char *argument, const char *type, size_t given, size_t least,
                           percept_error *error);

/* Copies a struct of `size` bytes into the caller's, as much of it as fits there; the caller's struct_size stays. */
void sized_give(const void *from, size_t size, void *to);

/* Copies the caller's struct into one of the library's of `size` bytes, with zeros behind what the caller's has. */
void sized_take(const void *from, size_t size, void *to);

/* Zeroes the caller's struct, of which the library knows `size` bytes, but for its struct_size. */
void sized_clear(void *of_caller, size_t size);

#endif
