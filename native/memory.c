/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Part of native._record: memory that is free is kept for the next who wants some.
 *
 * The interpreter has the frames of a context in chunks, which it takes from the system and gives
 * back at once; for a context that runs for a moment that is most of what it costs.
 */
#include "record.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#define MOST 64		/* chunks that can be kept */

static PyObjectArenaAllocator before;	/* the interpreter's own */
static void *chunks[MOST];	/* exchanged as a whole: not all who come here hold one lock */
static size_t chunk_size;	/* bytes; 0: nobody has asked yet */
static int chunk_count;		/* that are kept at most */

static void *
chunk_alloc(void *Py_UNUSED(context), size_t size)
{
	void *memory;
	int i;

	for (i = 0; size == chunk_size && i < chunk_count; i++) {
		memory = __atomic_exchange_n(&chunks[i], NULL, __ATOMIC_ACQ_REL);
		if (memory != NULL)
			return memory;
	}
	return before.alloc(before.ctx, size);
}

static void
chunk_free(void *Py_UNUSED(context), void *memory, size_t size)
{
	void *none;
	int i;

	for (i = 0; size == chunk_size && i < chunk_count; i++) {
		none = NULL;
		if (__atomic_compare_exchange_n(&chunks[i], &none, memory, 0, __ATOMIC_ACQ_REL,
		    __ATOMIC_RELAXED))
			return;
	}
	before.free(before.ctx, memory, size);
}

/*
 * Let free(3) keep up to kept bytes for the next malloc(3), blocks of up to size bytes too; and
 * the interpreter up to count chunks of chunk bytes, which can be said once.
 */
PyObject *
keep_freed(PyObject *Py_UNUSED(module), PyObject *args)
{
	PyObjectArenaAllocator ours = {NULL, chunk_alloc, chunk_free};
	int kept, size, chunk, count;

	if (!PyArg_ParseTuple(args, "iiii:keep_freed", &kept, &size, &chunk, &count))
		return NULL;
	if (chunk <= 0 || count < 0 || count > MOST) {
		PyErr_SetString(PyExc_ValueError, "no such chunks");
		return NULL;
	}
#ifdef __GLIBC__
	(void)mallopt(M_MMAP_THRESHOLD, size);
	(void)mallopt(M_TRIM_THRESHOLD, kept);
#endif
	if (chunk_size == 0) {
		chunk_count = count;
		chunk_size = chunk;
		PyObject_GetArenaAllocator(&before);
		PyObject_SetArenaAllocator(&ours);
	}
	Py_RETURN_NONE;
}
