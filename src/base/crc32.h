/* CRC-32 (ISO 3309; that of gzip, ZIP and PNG): finds bytes that changed on a disk. */
#ifndef BASE_CRC32_H
#define BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* The sum of some bytes and these behind them, where `sum` is that of the bytes before; 0 of none. */
uint32_t crc32_extend(uint32_t sum, const void *bytes, size_t size);

#endif
