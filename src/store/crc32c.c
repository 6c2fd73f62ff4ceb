#include "store/crc32c.h"

#define POLYNOMIAL 0x82f63b78u /* its bits in reverse */

/* Bit by bit: a few kilobytes an epoch are not worth a table. */
uint32_t crc32c(const void *bytes, size_t size)
{
    const uint8_t *byte = bytes;
    uint32_t rest = UINT32_MAX;
    for (size_t i = 0; i < size; i++) {
        rest ^= byte[i];
        for (int bit = 0; bit < 8; bit++)
            rest = (rest >> 1) ^ (POLYNOMIAL & (0 - (rest & 1)));
    }
    return ~rest;
}
