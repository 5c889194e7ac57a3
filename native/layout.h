/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the fields of a trace's record headers are, in bytes, and how they are read. */
#ifndef NATIVE_LAYOUT_H
#define NATIVE_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

struct layout {
	uint8_t bigendian, word, header, type_size, pid_at, comm_at;
	uint8_t sec_at, sec_size, frac_at, frac_size, lid_at; /* lid_at 0: there is none */
	uint8_t comm_len;
	uint32_t stamp; /* what types are counted from */
	uint32_t longest; /* payload */
	uint32_t unit; /* nanoseconds of the fraction */
};

#define LAYOUT_SECONDS 4000000000 /* farther from 1970 a time is left to the caller */

struct header {
	int64_t type;
	int64_t sec, frac;
	int32_t pid, lid;
	uint32_t len; /* bytes of the payload */
};

static inline uint64_t
layout_get(const struct layout *l, const uint8_t *at, int size)
{
	uint64_t value = 0;
	int i;

	for (i = 0; i < size; i++)
		value |= (uint64_t)at[l->bigendian ? size - 1 - i : i] << 8 * i;
	return value;
}

static inline uint32_t
layout_get4(const struct layout *l, const uint8_t *at)
{
	if (l->bigendian)
		return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
	return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

/* A word of 4 or 8 bytes, unsigned. */
static inline uint64_t
layout_word(const struct layout *l, const uint8_t *at, int size)
{
	uint64_t low, high;

	if (size == 4)
		return layout_get4(l, at);
	low = layout_get4(l, at + (l->bigendian ? 4 : 0));
	high = layout_get4(l, at + (l->bigendian ? 0 : 4));
	return high << 32 | low;
}

static inline int64_t
layout_signed(const struct layout *l, const uint8_t *at, int size)
{
	uint64_t value = layout_word(l, at, size);

	return size == 4 ? (int32_t)value : (int64_t)value;
}

/* Read the header at `at`, where left bytes are; 0 if it or its payload is not whole or is odd. */
static inline int
layout_header(const struct layout *l, const uint8_t *at, size_t left, struct header *h)
{
	if (left < l->header)
		return 0;
	h->len = layout_get4(l, at);
	if (h->len > l->longest || left - l->header < h->len)
		return 0;
	h->type = l->type_size == 2 ? (int16_t)layout_get(l, at + 4, 2) :
	    (int64_t)layout_get4(l, at + 4) - l->stamp;
	h->sec = layout_signed(l, at + l->sec_at, l->sec_size);
	h->frac = layout_signed(l, at + l->frac_at, l->frac_size);
	h->pid = (int32_t)layout_get4(l, at + l->pid_at);
	h->lid = l->lid_at ? (int32_t)layout_get4(l, at + l->lid_at) : 0;
	return h->type > 0 && h->type < 0x8000 && h->frac >= 0 &&
	    h->frac < 1000000000 / (int64_t)l->unit && h->sec >= -LAYOUT_SECONDS &&
	    h->sec <= LAYOUT_SECONDS;
}

#endif
