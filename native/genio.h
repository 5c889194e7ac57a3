/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying and chunking for ktrgenio. */
#ifndef NATIVE_GENIO_H
#define NATIVE_GENIO_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define GENIO_BIGENDIAN 1
#else
#define GENIO_BIGENDIAN 0
#endif

/* Store the size lowest bytes of value, at most 8, in big-endian order if bigendian. */
static inline void
genio_put(uint8_t *at, size_t size, uint64_t value, int bigendian)
{
	const uint8_t *bytes = (const uint8_t *)&value;

	if (bigendian != GENIO_BIGENDIAN)
		value = __builtin_bswap64(value);
	bytes += bigendian ? 8 - size : 0;
	if (size == 8)
		memcpy(at, bytes, 8);
	else if (size == 4)
		memcpy(at, bytes, 4);
	else
		memcpy(at, bytes, size);
}

/*
 * Write src as records to dst; return the bytes written.
 *
 * A record is the tlen bytes of template and up to chunk bytes of src after
 * them.  At lenoff of each template goes fixed plus the record's share of src,
 * a 32-bit number, its bytes in big-endian order if bigendian.  An empty src
 * makes one record.  dst has room; chunk is not 0.
 */
size_t genio_chunk(uint8_t *dst, const uint8_t *template, size_t tlen, size_t lenoff,
    int bigendian, uint32_t fixed, const uint8_t *src, size_t srclen, size_t chunk);

#endif
