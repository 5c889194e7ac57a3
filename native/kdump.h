/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Printing the records of a trace that come most often.  What a record is called, which are
 * shown and with which words is told by the caller; a record that it has told nothing of is
 * left to it.
 */
#ifndef NATIVE_KDUMP_H
#define NATIVE_KDUMP_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "layout.h"

/* A name: len bytes of texts from at on. */
struct kdump_name {
	uint32_t at;
	uint8_t len;
	uint8_t known; /* 0: leave a call of this name to the caller */
	uint8_t named; /* bits of the arguments that are shown by name */
	uint8_t least; /* with fewer arguments none is */
};

/* What the value of one kind is called. */
struct kdump_word {
	uint64_t value;
	uint32_t kind; /* 0 is a free entry */
	uint32_t at;
	uint32_t len;
};

struct kdump {
	struct layout l;

	/* Which records, by type: 0 leave it to the caller, 1 leave it out, then KDUMP_ kinds. */
	uint8_t how[32];
	char start[32][8]; /* the word of each type, with the blanks after it */
	uint8_t start_len[32];
	int32_t only; /* pid that is shown, if one */
	uint8_t one;

	/* The start of a line. */
	uint8_t show_lid;
	uint8_t absolute, elapsed, relative;
	uint8_t floor; /* negative times: seconds rounded down, the fraction positive */
	uint8_t digits; /* of a fraction of a second */
	uint32_t tick; /* nanoseconds of the last digit */
	int64_t since, previous; /* in ticks; below a second they are not set */

	/* Numbers. */
	uint8_t bits; /* of a register that is shown */
	uint8_t small; /* 0 to 9 are decimal among arguments */
	uint8_t small_value; /* and among values */
	uint8_t decimal; /* arguments */
	uint8_t forms; /* of values: 1 decimal, 2 hexadecimal, 3 both */

	/* Data. */
	int64_t maxdata; /* bytes of it; -1 is all */
	uint8_t no_minus_one; /* descriptor -1 is not shown */
	uint8_t newlines; /* a newline in data ends the line */
	uint8_t tab_restarts; /* a tab that is folded is 8 wide */
	int32_t screen; /* columns */
	char vis[256][4];
	uint8_t vis_len[256];
	uint8_t dump; /* bytes of a hexadecimal word; 0 is text */
	uint8_t repeats; /* equal lines are left out */
	uint8_t offset_width;
	uint8_t gap; /* blanks before each word, or with words of a byte before the first */

	/* Names, by number of the call. */
	struct kdump_name call[1024], ret[1024];
	struct kdump_word words[4096];
	uint32_t nwords;
	uint32_t ntexts;
	char texts[131072];

	/* What kdump_lines has done. */
	size_t taken; /* bytes of records */
	int full; /* it stopped because dst is */
};

/*
 * Print records from src, as many as it can, to dst; return the bytes written.  It stops at the
 * first record that is to be left to the caller, or is broken or not whole, or for which dst
 * may be too small.
 */
size_t kdump_lines(struct kdump *k, const uint8_t *src, size_t srclen, uint8_t *dst,
    size_t dstlen);

/* Keep the name of a call; return 0 if there is no room for it. */
int kdump_name(struct kdump *k, struct kdump_name *name, const char *text, size_t len);

/* Keep what a value is called; return 0 if there is no more room. */
int kdump_learn(struct kdump *k, uint32_t kind, uint64_t value, const char *text, size_t len);

#endif
