/* SPDX-License-Identifier: BSD-2-Clause */
#include "genio.h"

size_t
genio_chunk(uint8_t *dst, const uint8_t *template, size_t tlen, size_t lenoff,
    int bigendian, uint32_t fixed, const uint8_t *src, size_t srclen, size_t chunk)
{
	uint8_t *at = dst;
	size_t cnt;

	do {
		cnt = srclen < chunk ? srclen : chunk;
		memcpy(at, template, tlen);
		genio_put(at + lenoff, 4, fixed + (uint32_t)cnt, bigendian);
		memcpy(at + tlen, src, cnt);
		at += tlen + cnt;
		src += cnt;
		srclen -= cnt;
	} while (srclen > 0);

	return (size_t)(at - dst);
}
