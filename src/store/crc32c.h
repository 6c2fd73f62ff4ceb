/* CRC-32C (Castagnoli): the checksum of TensorFlow's record files. zlib and libdeflate have only that of gzip. */
#ifndef STORE_CRC32C_H
#define STORE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Polynomial 0x1EDC6F41, reflected, first and last inverted (RFC 3720, appendix B.4). */
uint32_t crc32c(const void *bytes, size_t size);

#endif
