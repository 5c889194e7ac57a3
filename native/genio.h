/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying and chunking for ktrgenio: compiled by genio.c, and read by cffi as the cdef. */

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
