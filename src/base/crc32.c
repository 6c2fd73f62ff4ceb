#include "base/crc32.h"

#define POLYNOMIAL 0xedb88320u /* its bits in reverse */
#define STRIDE 8

/* Eight bytes a step (M. E. Kounavis and F. L. Berry, 2005, "slicing by 8"): table[k][b] is what remains of byte b when k
 * bytes of zeros follow it. It takes microseconds to fill, so no table outlives a call. */
static void fill(uint32_t table[STRIDE][256])
{
    for (uint32_t b = 0; b < 256; b++) {
        uint32_t rest = b;
        for (int bit = 0; bit < 8; bit++)
            rest = (rest >> 1) ^ (POLYNOMIAL & (0 - (rest & 1)));
        table[0][b] = rest;
    }
    for (size_t k = 1; k < STRIDE; k++)
        for (size_t b = 0; b < 256; b++)
            table[k][b] = (table[k - 1][b] >> 8) ^ table[0][table[k - 1][b] & 0xff];
}

uint32_t crc32_extend(uint32_t sum, const void *bytes, size_t size)
{
    uint32_t table[STRIDE][256];
    const uint8_t *byte = bytes;
    uint32_t rest = ~sum;
    fill(table);
    for (; size >= STRIDE; size -= STRIDE, byte += STRIDE) {
        uint32_t next = 0;
        for (size_t i = 0; i < 4; i++) {
            const uint8_t first = (uint8_t)(byte[i] ^ (rest >> 8 * i));
            next ^= table[STRIDE - 1 - i][first] ^ table[STRIDE - 5 - i][byte[i + 4]];
        }
        rest = next;
    }
    for (; size > 0; size--, byte++)
        rest = (rest >> 8) ^ table[0][(rest ^ *byte) & 0xff];
    return ~rest;
}
