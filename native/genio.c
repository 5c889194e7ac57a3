/* SPDX-License-Identifier: BSD-2-Clause */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "genio.h"

static void
put32(uint8_t *at, uint32_t value, int bigendian)
{
	int i;

	for (i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (bigendian ? 24 - 8 * i : 8 * i));
}

size_t
genio_chunk(uint8_t *dst, const uint8_t *template, size_t tlen, size_t lenoff,
    int bigendian, uint32_t fixed, const uint8_t *src, size_t srclen, size_t chunk)
{
	uint8_t *at = dst;
	size_t cnt;

	do {
		cnt = srclen < chunk ? srclen : chunk;
		memcpy(at, template, tlen);
		put32(at + lenoff, fixed + (uint32_t)cnt, bigendian);
		memcpy(at + tlen, src, cnt);
		at += tlen + cnt;
		src += cnt;
		srclen -= cnt;
	} while (srclen > 0);

	return (size_t)(at - dst);
}
