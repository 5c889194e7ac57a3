/* SPDX-License-Identifier: BSD-2-Clause */
#include "kdump.h"

enum { LEAVE, OMIT, CALL, RET, PATH, DATA, SWITCH };

#define NELEM(a) (sizeof(a) / sizeof((a)[0]))
#define ERRORS 0xffffffffU /* the kind of words that errors are */
#define ROOM 4096 /* bytes that a line takes beside 8 for each byte of its payload */

static uint8_t *
put(uint8_t *dst, const void *text, size_t len)
{
	memcpy(dst, text, len);
	return dst + len;
}

/* Decimal, with zeros in front up to width. */
static uint8_t *
putzeros(uint8_t *dst, uint64_t value, int width)
{
	uint8_t digits[24];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (uint8_t)('0' + value % 10);
		value /= 10;
		width--;
	} while (value != 0);
	while (width-- > 0)
		digits[--at] = '0';
	return put(dst, digits + at, sizeof(digits) - at);
}

static uint8_t *
putsigned(uint8_t *dst, int64_t value)
{
	if (value < 0) {
		*dst++ = '-';
		return putzeros(dst, 0 - (uint64_t)value, 1);
	}
	return putzeros(dst, (uint64_t)value, 1);
}

/* A number and a blank, with blanks in front up to width. */
static uint8_t *
putcolumn(uint8_t *dst, int64_t value, int width)
{
	uint8_t digits[24];
	size_t len = (size_t)(putsigned(digits, value) - digits);

	for (; (size_t)width > len; width--)
		*dst++ = ' ';
	dst = put(dst, digits, len);
	*dst++ = ' ';
	return dst;
}

static uint8_t *
puthex(uint8_t *dst, uint64_t value, int width)
{
	uint8_t digits[16];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (uint8_t)"0123456789abcdef"[value & 15];
		value >>= 4;
		width--;
	} while (value != 0 || width > 0);
	return put(dst, digits + at, sizeof(digits) - at);
}

/* A register in hexadecimal, as C's %#x has it. */
static uint8_t *
putregister(const struct kdump *k, uint8_t *dst, uint64_t value)
{
	if (k->bits == 32)
		value &= 0xffffffffU;
	if (value != 0) {
		*dst++ = '0';
		*dst++ = 'x';
	}
	return puthex(dst, value, 1);
}

static uint8_t *
putdecimal(const struct kdump *k, uint8_t *dst, uint64_t value)
{
	return putsigned(dst, k->bits == 32 ? (int32_t)(uint32_t)value : (int64_t)value);
}

static uint8_t *
putargument(const struct kdump *k, uint8_t *dst, uint64_t value)
{
	if (value <= 9 && k->small)
		*dst++ = (uint8_t)('0' + value);
	else if (k->decimal)
		dst = putdecimal(k, dst, value);
	else
		dst = putregister(k, dst, value);
	return dst;
}

static uint8_t *
putvalue(const struct kdump *k, uint8_t *dst, uint64_t value)
{
	if (value <= 9 && k->small_value) {
		*dst++ = (uint8_t)('0' + value);
		return dst;
	}
	if (k->forms & 1)
		dst = putdecimal(k, dst, value);
	if (k->forms == 3)
		*dst++ = '/';
	if (k->forms & 2)
		dst = putregister(k, dst, value);
	return dst;
}

static uint32_t
slot(uint32_t kind, uint64_t value)
{
	uint64_t hash = (value ^ (uint64_t)kind << 40 ^ kind) * 0x9e3779b97f4a7c15ULL;

	return (uint32_t)(hash >> 52);
}

static const struct kdump_word *
find(const struct kdump *k, uint32_t kind, uint64_t value)
{
	const struct kdump_word *word;
	uint32_t at;

	for (at = slot(kind, value);; at = (at + 1) % NELEM(k->words)) {
		word = &k->words[at];
		if (word->kind == 0)
			return NULL;
		if (word->kind == kind && word->value == value)
			return word;
	}
}

int
kdump_name(struct kdump *k, struct kdump_name *name, const char *text, size_t len)
{
	if (len > UINT8_MAX || sizeof(k->texts) - k->ntexts < len)
		return 0;
	name->at = k->ntexts;
	name->len = (uint8_t)len;
	name->known = 1;
	memcpy(k->texts + k->ntexts, text, len);
	k->ntexts += (uint32_t)len;
	return 1;
}

int
kdump_learn(struct kdump *k, uint32_t kind, uint64_t value, const char *text, size_t len)
{
	struct kdump_word *word;
	uint32_t at;

	if (k->nwords >= NELEM(k->words) / 2 || len > 255 || sizeof(k->texts) - k->ntexts < len)
		return 0;
	if (find(k, kind, value) != NULL)
		return 1;
	for (at = slot(kind, value); k->words[at].kind != 0;)
		at = (at + 1) % NELEM(k->words);
	word = &k->words[at];
	word->kind = kind;
	word->value = value;
	word->at = k->ntexts;
	word->len = (uint32_t)len;
	memcpy(k->texts + k->ntexts, text, len);
	k->ntexts += (uint32_t)len;
	k->nwords++;
	return 1;
}

/* Name and arguments; NULL: it is left to the caller. */
static uint8_t *
call(const struct kdump *k, uint8_t *dst, const uint8_t *payload, size_t len)
{
	const struct kdump_name *name;
	const struct kdump_word *word;
	int32_t code, size;
	uint64_t value;
	uint32_t i, count;

	if (len < 8)
		return NULL;
	code = (int32_t)layout_get4(&k->l, payload);
	size = (int32_t)layout_get4(&k->l, payload + 4);
	if (code < 0 || (size_t)code >= NELEM(k->call) || !k->call[code].known)
		return NULL;
	name = &k->call[code];
	dst = put(dst, k->texts + name->at, name->len);
	if (size > 0 && (size_t)size > len - 8)
		size = (int32_t)(len - 8);
	count = size > 0 ? (uint32_t)size / k->l.word : 0;
	for (i = 0; i < count; i++) {
		*dst++ = i == 0 ? '(' : ',';
		value = layout_word(&k->l, payload + 8 + i * k->l.word, k->l.word);
		if (i >= 8 || count < name->least || !(name->named >> i & 1)) {
			dst = putargument(k, dst, value);
			continue;
		}
		word = find(k, ((uint32_t)code << 3 | i) + 1, value);
		if (word == NULL)
			return NULL;
		dst = put(dst, k->texts + word->at, word->len);
	}
	if (count != 0)
		*dst++ = ')';
	*dst++ = '\n';
	return dst;
}

/* Name and what it came to. */
static uint8_t *
ret(const struct kdump *k, uint8_t *dst, const uint8_t *payload, size_t len)
{
	const struct kdump_word *word;
	uint64_t second;
	int32_t error;
	int16_t code;

	if (len < 8U + k->l.word)
		return NULL;
	code = (int16_t)layout_get(&k->l, payload, 2);
	if (code < 0 || (size_t)code >= NELEM(k->ret) || !k->ret[code].known)
		return NULL;
	dst = put(dst, k->texts + k->ret[code].at, k->ret[code].len);
	*dst++ = ' ';
	error = (int32_t)layout_get4(&k->l, payload + 4);
	if (error != 0) {
		word = find(k, ERRORS, (uint64_t)(int64_t)error);
		if (word == NULL)
			return NULL;
		dst = put(dst, k->texts + word->at, word->len);
	} else {
		dst = putvalue(k, dst, (uint64_t)layout_signed(&k->l, payload + 8, k->l.word));
		if (len >= 8U + 2 * k->l.word) {
			second = (uint64_t)layout_signed(&k->l, payload + 8 + k->l.word, k->l.word);
			if (second != 0) {
				*dst++ = ',';
				*dst++ = ' ';
				dst = putvalue(k, dst, second);
			}
		}
	}
	*dst++ = '\n';
	return dst;
}

/* Data in quotes, made visible, folded where the screen ends. */
static uint8_t *
text(const struct kdump *k, uint8_t *dst, const uint8_t *data, size_t len, int column)
{
	int limit = k->screen - 2, width;
	const char *shown;
	size_t i;

	*dst++ = '"';
	column++;
	for (i = 0; i < len; i++) {
		shown = k->vis[data[i]];
		width = k->vis_len[data[i]];
		if (data[i] == '\n' && k->newlines) {
			*dst++ = '\n';
			if (i == len - 1) {
				dst = put(dst, "       ", 7);
				break;
			}
			*dst++ = '\t';
			column = 8;
			continue;
		}
		if (data[i] == '\t') {
			width = 8 - (column & 7);
		} else if (data[i] == 0 && i + 1 < len && data[i + 1] >= '0' && data[i + 1] <= '7') {
			shown = "\\000";
			width = 4;
		}
		if (column + width > limit) {
			dst = put(dst, "\\\n\t", 3);
			column = 8;
			if (data[i] == '\t' && k->tab_restarts)
				width = 8;
		}
		column += width;
		if (data[i] == '\t')
			*dst++ = '\t';
		else
			dst = put(dst, shown, (size_t)width);
	}
	*dst++ = '"';
	*dst++ = '\n';
	return dst;
}

/* The hexadecimal columns of a line, with the blanks around; at least len bytes, at most 16. */
static uint8_t *
columns(const struct kdump *k, uint8_t *dst, const uint8_t *line, size_t len)
{
	size_t size = k->dump, at, i, end, from;
	uint8_t *word = dst + k->gap;
	size_t whole = size == 1 ? k->gap + 49U : (k->gap + 2 * size) * (16 / size) + 2;

	memset(dst, ' ', whole);
	for (at = 0; at < len; at += size) {
		end = len - at < size ? len - at : size;
		/* A cut word stands where its digits would: right of the gap, or at the word's left. */
		from = k->l.bigendian || size == 1 ? 0 : 2 * (size - end);
		for (i = 0; i < end; i++)
			puthex(word + from + 2 * i,
			    line[at + (k->l.bigendian || size == 1 ? i : end - 1 - i)], 2);
		word += size == 1 ? (at == 7 ? 4 : 3) : 2 * size + k->gap;
	}
	return dst + whole;
}

static uint8_t *
offset(const struct kdump *k, uint8_t *dst, size_t at)
{
	uint8_t *start = dst + 1;

	*dst++ = '\t';
	for (dst = puthex(dst, at, 3); dst - start < k->offset_width;)
		*dst++ = ' ';
	return dst;
}

static uint8_t *
characters(uint8_t *dst, const uint8_t *line, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		*dst++ = line[i] >= 0x21 && line[i] <= 0x7e ? line[i] : '.';
	*dst++ = '\n';
	return dst;
}

/* Data in hexadecimal. */
static uint8_t *
dump(const struct kdump *k, uint8_t *dst, const uint8_t *data, size_t len)
{
	size_t at, size, skipped = 0, stars;
	uint8_t digits[16];

	for (at = 0; at < len; at += 16) {
		size = len - at < 16 ? len - at : 16;
		if (k->repeats && at != 0 && at + 16 < len && memcmp(data + at, data + at - 16, 16) == 0) {
			skipped++;
			continue;
		}
		if (skipped == 1) {
			dst = offset(k, dst, at - 16);
			dst = columns(k, dst, data, 0);
			dst = characters(dst, data + at - 16, 16);
		} else if (skipped != 0) {
			stars = (size_t)(puthex(digits, at, 3) - digits);
			*dst++ = '\t';
			for (stars = stars < 5 ? stars : 5; stars > 0; stars--)
				*dst++ = '*';
			*dst++ = '\n';
		}
		skipped = 0;
		dst = offset(k, dst, at);
		dst = columns(k, dst, data + at, size);
		dst = characters(dst, data + at, size);
	}
	return dst;
}

/* What moved. */
static uint8_t *
moved(const struct kdump *k, uint8_t *dst, const uint8_t *payload, size_t len)
{
	int32_t fd;

	if (len < 8)
		return NULL;
	fd = (int32_t)layout_get4(&k->l, payload);
	if (fd != -1 || !k->no_minus_one) {
		dst = putsigned(put(dst, "fd ", 3), fd);
		*dst++ = ' ';
	}
	dst = layout_get4(&k->l, payload + 4) == 0 ? put(dst, "read ", 5) : put(dst, "wrote ", 6);
	dst = put(putzeros(dst, len - 8, 1), " bytes\n", 7);
	if (k->maxdata == 0)
		return dst;
	len -= 8;
	if (k->maxdata >= 0 && (uint64_t)k->maxdata < len)
		len = (size_t)k->maxdata;
	if (k->dump)
		return dump(k, dst, payload + 8, len);
	return text(k, put(dst, "       ", 7), payload + 8, len, 7);
}

static uint8_t *
puttime(const struct kdump *k, uint8_t *dst, int64_t ticks)
{
	int64_t second = 1000000000 / k->tick, whole = ticks / second, rest = ticks % second;

	if (rest < 0 && k->floor) {
		whole--;
		rest += second;
	}
	if (ticks < 0 && !k->floor)
		*dst++ = '-';
	dst = putsigned(dst, ticks < 0 && !k->floor ? -whole : whole);
	*dst++ = '.';
	dst = putzeros(dst, (uint64_t)(rest < 0 ? -rest : rest), k->digits);
	*dst++ = ' ';
	return dst;
}

/* The times asked for; since and previous are set to what they are after this record. */
static uint8_t *
times(const struct kdump *k, uint8_t *dst, int64_t time, int64_t *since, int64_t *previous)
{
	int64_t second = 1000000000 / k->tick;

	if (k->absolute)
		dst = puttime(k, dst, time);
	if (k->elapsed) {
		if (*since >= 0 && *since < second)
			*since = time;
		dst = puttime(k, dst, time - *since);
	}
	if (k->relative) {
		if (*previous >= 0 && *previous < second)
			*previous = time;
		dst = puttime(k, dst, time - *previous);
		*previous = time;
	}
	return dst;
}

/* A record to its end; NULL: it is left to the caller. */
static uint8_t *
record(struct kdump *k, uint8_t *dst, const uint8_t *src, const struct header *h)
{
	const uint8_t *comm = src + k->l.comm_at, *payload = src + k->l.header, *end;
	int64_t since = k->since, previous = k->previous, time;
	uint32_t len = h->len;
	size_t size;

	dst = putcolumn(dst, h->pid, 6);
	if (k->show_lid)
		dst = putcolumn(dst, h->lid, 6);
	end = memchr(comm, 0, k->l.comm_len);
	size = end == NULL ? k->l.comm_len : (size_t)(end - comm);
	dst = put(dst, comm, size);
	for (; size < 8; size++)
		*dst++ = ' ';
	*dst++ = ' ';
	time = h->sec * 1000000000 + h->frac * k->l.unit;
	if (k->tick != 1)
		time = time / k->tick - (time % k->tick < 0);
	dst = times(k, dst, time, &since, &previous);
	dst = put(dst, k->start[h->type], k->start_len[h->type]);
	switch (k->how[h->type]) {
	case CALL:
		dst = call(k, dst, payload, len);
		break;
	case RET:
		dst = ret(k, dst, payload, len);
		break;
	case PATH:
		end = memchr(payload, 0, len);
		*dst++ = '"';
		dst = put(dst, payload, end == NULL ? len : (size_t)(end - payload));
		dst = put(dst, "\"\n", 2);
		break;
	case DATA:
		dst = moved(k, dst, payload, len);
		break;
	case SWITCH:
		if (len < 8)
			return NULL;
		dst = layout_get4(&k->l, payload) ? put(dst, "stop ", 5) : put(dst, "resume ", 7);
		dst = layout_get4(&k->l, payload + 4) ? put(dst, "user\n", 5) : put(dst, "kernel\n", 7);
		break;
	default:
		return NULL;
	}
	if (dst != NULL) {
		k->since = since;
		k->previous = previous;
	}
	return dst;
}

size_t
kdump_lines(struct kdump *k, const uint8_t *src, size_t srclen, uint8_t *dst, size_t dstlen)
{
	const uint8_t *at = src, *end = src + srclen;
	uint8_t *to = dst, *after;
	struct header h;
	size_t left;

	k->full = 0;
	for (; layout_header(&k->l, at, (size_t)(end - at), &h); at += k->l.header + h.len) {
		if (h.type >= (int64_t)NELEM(k->how))
			break;
		if (k->how[h.type] == OMIT || (k->one && h.pid != k->only))
			continue;
		if (k->how[h.type] == LEAVE)
			break;
		left = (size_t)(dst + dstlen - to);
		if (left < ROOM || left - ROOM < 8 * (size_t)h.len) {
			k->full = 1;
			break;
		}
		after = record(k, to, at, &h);
		if (after == NULL)
			break;
		to = after;
	}
	k->taken = (size_t)(at - src);
	return (size_t)(to - dst);
}
