/* SPDX-License-Identifier: BSD-2-Clause */
/* native._record: records put together from forms, and generic I/O cut into them. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include "genio.h"
#include "module.h"
#include "record.h"

#define NSEC 1000000000
#define PAGE 4096

struct place {
	Py_ssize_t at;
	Py_ssize_t size;	/* bytes; 0: the form has no such value */
};

enum { LENGTH, PID, NAME, SECOND, FRACTION, LID, NPLACES };

typedef struct {
	PyObject_VAR_HEAD
	PyObject *template;	/* bytes that all records of the form share, zeroes elsewhere */
	uint32_t fixed;		/* bytes of the template that the length counts */
	int bigendian;
	int tick;		/* ns that the fraction counts */
	struct place places[NPLACES];
	struct place values[];
} Form;

typedef struct {
	PyObject_HEAD
	PyObject *when;		/* time of the last record */
	Py_ssize_t room;
	Py_ssize_t used;
	Py_ssize_t capacity;
	uint8_t *bytes;
} Window;

/* For checks of arguments: the module is made once. */
static PyTypeObject *form_type;
static PyTypeObject *window_type;

/* What all records are made from, as the caller gives it: now, pid, name, lid, values, data. */
#define NARGS 5

/* Read where a value goes, behind those up to *end; any says that it may have any size. */
static int
place_from(PyObject *pair, Py_ssize_t *end, Py_ssize_t room, int any, struct place *place)
{
	if (!PyArg_ParseTuple(pair, "nn", &place->at, &place->size))
		return -1;
	if (place->at < *end || place->size < 0 || place->at > room - place->size) {
		PyErr_SetString(PyExc_ValueError, "a value lies outside of its record");
		return -1;
	}
	if (!any && place->size != 1 && place->size != 2 && place->size != 4 && place->size != 8) {
		PyErr_SetString(PyExc_ValueError, "no such size");
		return -1;
	}
	*end = place->at + place->size;
	return 0;
}

static PyObject *
form_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static char *names[] = {"template", "fixed", "bigendian", "tick", "places", "values", NULL};
	PyObject *template, *places, *values, *place;
	unsigned int fixed;
	int bigendian, tick;
	Py_ssize_t i, room, end = 0;
	Form *self;

	if (!PyArg_ParseTupleAndKeywords(args, kwargs, "SIpiO!O!:Form", names, &template, &fixed,
	    &bigendian, &tick, &PyTuple_Type, &places, &PyTuple_Type, &values))
		return NULL;
	room = PyBytes_GET_SIZE(template);
	if (PyTuple_GET_SIZE(places) != NPLACES || tick < 1 || tick > NSEC || fixed > room) {
		PyErr_SetString(PyExc_ValueError, "no such form");
		return NULL;
	}
	self = (Form *)type->tp_alloc(type, PyTuple_GET_SIZE(values));
	if (self == NULL)
		return NULL;
	self->template = Py_NewRef(template);
	self->fixed = fixed;
	self->bigendian = bigendian;
	self->tick = tick;
	for (i = 0; i < NPLACES; i++) {
		place = PyTuple_GET_ITEM(places, i);
		if (i == LID && place == Py_None)
			break;
		if (place_from(place, &end, room, i == NAME, &self->places[i]) < 0)
			goto fail;
	}
	for (i = 0; i < Py_SIZE(self); i++)
		if (place_from(PyTuple_GET_ITEM(values, i), &end, room, 0, &self->values[i]) < 0)
			goto fail;
	return (PyObject *)self;
fail:
	Py_DECREF(self);
	return NULL;
}

static void
form_dealloc(Form *self)
{
	PyTypeObject *type = Py_TYPE(self);

	Py_XDECREF(self->template);
	type->tp_free(self);
	Py_DECREF(type);
}

/* Store the lowest bytes of value; -1 if it is no integer. */
static inline int
put_value(const Form *form, uint8_t *record, const struct place *place, PyObject *value)
{
	unsigned long long bits;

	if (!PyLong_Check(value)) {
		PyErr_Format(PyExc_TypeError, "a record holds integers, not %.100s",
		    Py_TYPE(value)->tp_name);
		return -1;
	}
	bits = PyLong_AsUnsignedLongLongMask(value);
	genio_put(record + place->at, place->size, bits, form->bigendian);
	return 0;
}

/* Split a time in ns; what does not fit 64 bits is divided by Python. */
static int
split_time(PyObject *now, unsigned long long *second, unsigned long long *nsec)
{
	PyObject *unit, *both;
	int overflow;
	long long value, rest;

	value = PyLong_AsLongLongAndOverflow(now, &overflow);
	if (value == -1 && PyErr_Occurred())
		return -1;
	if (overflow == 0) {
		rest = value % NSEC;
		*nsec = rest < 0 ? rest + NSEC : rest;
		*second = value / NSEC - (rest < 0);
		return 0;
	}
	unit = PyLong_FromLong(NSEC);
	both = unit != NULL ? PyNumber_Divmod(now, unit) : NULL;
	Py_XDECREF(unit);
	if (both == NULL)
		return -1;
	*second = PyLong_AsUnsignedLongLongMask(PyTuple_GET_ITEM(both, 0));
	*nsec = PyLong_AsUnsignedLongLongMask(PyTuple_GET_ITEM(both, 1));
	Py_DECREF(both);
	return 0;
}

/* Write the record of form but for its data, size bytes of which follow; -1 and an exception. */
static int
form_fill(const Form *form, uint8_t *record, PyObject *const *args, Py_ssize_t size)
{
	const struct place *places = form->places;
	unsigned long long second, nsec;
	PyObject *name = args[2], *values = args[4];
	Py_ssize_t i, count;

	if (!PyByteArray_Check(name) || !PyTuple_Check(values)) {
		PyErr_SetString(PyExc_TypeError, "a name is a bytearray, values are a tuple");
		return -1;
	}
	if (split_time(args[0], &second, &nsec) < 0)
		return -1;
	memcpy(record, PyBytes_AS_STRING(form->template), PyBytes_GET_SIZE(form->template));
	genio_put(record + places[LENGTH].at, places[LENGTH].size,
	    form->fixed + (uint64_t)size, form->bigendian);
	if (put_value(form, record, &places[PID], args[1]) < 0
	    || put_value(form, record, &places[LID], args[3]) < 0)
		return -1;
	count = PyByteArray_GET_SIZE(name);
	memcpy(record + places[NAME].at, PyByteArray_AS_STRING(name),
	    count < places[NAME].size ? count : places[NAME].size);
	genio_put(record + places[SECOND].at, places[SECOND].size, second, form->bigendian);
	genio_put(record + places[FRACTION].at, places[FRACTION].size, nsec / form->tick,
	    form->bigendian);
	count = PyTuple_GET_SIZE(values);
	if (count > Py_SIZE(form))
		count = Py_SIZE(form);
	for (i = 0; i < count; i++)
		if (put_value(form, record, &form->values[i], PyTuple_GET_ITEM(values, i)) < 0)
			return -1;
	return 0;
}

/* Find data, the argument after NARGS others; -1 and an exception.  release(view) afterwards. */
static int
data_from(PyObject *const *args, Py_ssize_t nargs, Py_buffer *view)
{
	view->obj = NULL;
	view->buf = NULL;
	view->len = 0;
	if (nargs == NARGS)
		return 0;
	if (nargs != NARGS + 1) {
		PyErr_SetString(PyExc_TypeError, "now, pid, name, lid, values and perhaps data");
		return -1;
	}
	return PyObject_GetBuffer(args[NARGS], view, PyBUF_SIMPLE);
}

static PyObject *
form_pack(Form *self, PyObject *const *args, Py_ssize_t nargs)
{
	Py_ssize_t head = PyBytes_GET_SIZE(self->template);
	PyObject *record;
	Py_buffer data;

	if (data_from(args, nargs, &data) < 0)
		return NULL;
	record = PyBytes_FromStringAndSize(NULL, head + data.len);
	if (record != NULL) {
		uint8_t *at = (uint8_t *)PyBytes_AS_STRING(record);

		if (form_fill(self, at, args, data.len) < 0)
			Py_CLEAR(record);
		else if (data.len)
			memcpy(at + head, data.buf, data.len);
	}
	PyBuffer_Release(&data);
	return record;
}

PyObject *
record_pack(PyObject *form, PyObject *const *args, Py_ssize_t nargs)
{
	if (Py_IS_TYPE(form, form_type))
		return form_pack((Form *)form, args, nargs);
	PyErr_SetString(PyExc_TypeError, "a record has a form");
	return NULL;
}

static PyMethodDef form_methods[] = {
	{"pack", (PyCFunction)(void (*)(void))form_pack, METH_FASTCALL,
	    "pack(now, pid, name, lid, values, data=b'') -> bytes: a record."},
	{NULL, NULL, 0, NULL},
};

static PyMemberDef form_members[] = {
	{"template", T_OBJECT, offsetof(Form, template), READONLY, NULL},
	{NULL, 0, 0, 0, NULL},
};

static PyType_Slot form_slots[] = {
	{Py_tp_doc, "Where the values of one kind of record go."},
	{Py_tp_new, form_new},
	{Py_tp_dealloc, form_dealloc},
	{Py_tp_methods, form_methods},
	{Py_tp_members, form_members},
	{0, NULL},
};

static PyType_Spec form_spec = {
	.name = "native._record.Form",
	.basicsize = sizeof(Form),
	.itemsize = sizeof(struct place),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = form_slots,
};

static PyObject *
window_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static char *names[] = {"capacity", NULL};
	Py_ssize_t capacity;
	Window *self;

	if (!PyArg_ParseTupleAndKeywords(args, kwargs, "n:Window", names, &capacity))
		return NULL;
	if (capacity < 0) {
		PyErr_SetString(PyExc_ValueError, "no such capacity");
		return NULL;
	}
	self = (Window *)type->tp_alloc(type, 0);
	if (self == NULL)
		return NULL;
	self->when = PyLong_FromLong(0);
	self->capacity = capacity;
	if (self->when == NULL)
		Py_CLEAR(self);
	return (PyObject *)self;
}

static void
window_dealloc(Window *self)
{
	PyTypeObject *type = Py_TYPE(self);

	Py_XDECREF(self->when);
	PyMem_Free(self->bytes);
	type->tp_free(self);
	Py_DECREF(type);
}

static PyObject *
window_open(Window *self, PyObject *size)
{
	Py_ssize_t room = PyLong_AsSsize_t(size);

	if (room == -1 && PyErr_Occurred())
		return NULL;
	if (room < self->used || room > self->capacity) {
		PyErr_SetString(PyExc_ValueError, "no such room");
		return NULL;
	}
	if (self->bytes == NULL) {
		self->bytes = PyMem_Malloc(self->capacity);
		if (self->bytes == NULL)
			return PyErr_NoMemory();
	}
	self->room = room;
	Py_RETURN_NONE;
}

/*
 * Make an array of size bytes, which hold anything.  One that is large has room for a page more:
 * what comes behind it need not move it.
 */
static PyObject *
new_array(Py_ssize_t size)
{
	PyObject *array;

	if (size <= 2 * PAGE)
		return PyByteArray_FromStringAndSize(NULL, size);
	if (size > PY_SSIZE_T_MAX - 2 * PAGE)
		return PyErr_NoMemory();
	array = PyByteArray_FromStringAndSize(NULL, size + PAGE);
	if (array != NULL && PyByteArray_Resize(array, size) < 0)
		Py_CLEAR(array);
	return array;
}

static PyObject *
window_take(Window *self, PyObject *Py_UNUSED(ignored))
{
	PyObject *records = new_array(self->used);

	if (records == NULL)
		return NULL;
	memcpy(PyByteArray_AS_STRING(records), self->bytes, self->used);
	self->room = self->used = 0;
	return records;
}

static PyObject *
window_put(Window *self, PyObject *const *args, Py_ssize_t nargs)
{
	const Form *form;
	Py_buffer data;
	Py_ssize_t head;
	uint8_t *at;

	if (nargs < 1 || !Py_IS_TYPE(args[0], form_type)) {
		PyErr_SetString(PyExc_TypeError, "a record has a form");
		return NULL;
	}
	form = (const Form *)args[0];
	head = PyBytes_GET_SIZE(form->template);
	if (head > self->room - self->used)
		Py_RETURN_FALSE;
	if (data_from(args + 1, nargs - 1, &data) < 0)
		return NULL;
	if (data.len > self->room - self->used - head) {
		PyBuffer_Release(&data);
		Py_RETURN_FALSE;
	}
	at = self->bytes + self->used;
	if (form_fill(form, at, args + 1, data.len) < 0) {
		PyBuffer_Release(&data);
		return NULL;
	}
	if (data.len)
		memcpy(at + head, data.buf, data.len);
	self->used += head + data.len;
	PyBuffer_Release(&data);
	Py_SETREF(self->when, Py_NewRef(args[1]));
	Py_RETURN_TRUE;
}

int
record_is_window(PyObject *window)
{
	return Py_IS_TYPE(window, window_type);
}

PyObject *
record_put(PyObject *window, PyObject *const *args, Py_ssize_t nargs)
{
	return window_put((Window *)window, args, nargs);
}

static PyMethodDef window_methods[] = {
	{"open", (PyCFunction)window_open, METH_O, "open(room): let up to room bytes collect."},
	{"put", (PyCFunction)(void (*)(void))window_put, METH_FASTCALL,
	    "put(form, now, pid, name, lid, values, data=b'') -> bool: add a record if it fits."},
	{"take", (PyCFunction)window_take, METH_NOARGS, "take() -> bytearray: empty it and close it."},
	{NULL, NULL, 0, NULL},
};

static PyMemberDef window_members[] = {
	{"when", T_OBJECT, offsetof(Window, when), READONLY, NULL},
	{"capacity", T_PYSSIZET, offsetof(Window, capacity), READONLY, NULL},
	{"used", T_PYSSIZET, offsetof(Window, used), READONLY, NULL},
	{NULL, 0, 0, 0, NULL},
};

static PyType_Slot window_slots[] = {
	{Py_tp_doc, "Room at the end of a file, where records collect until somebody looks."},
	{Py_tp_new, window_new},
	{Py_tp_dealloc, window_dealloc},
	{Py_tp_methods, window_methods},
	{Py_tp_members, window_members},
	{0, NULL},
};

static PyType_Spec window_spec = {
	.name = "native._record.Window",
	.basicsize = sizeof(Window),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = window_slots,
};

/*
 * Make an array of what genio_chunk makes of each segment: total bytes, which the caller has
 * counted.  Arguments: template, lenoff, bigendian, fixed, segments, chunk, total.
 */
static PyObject *
chunk_segments(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *template, *segments, *stream;
	Py_buffer src;
	Py_ssize_t lenoff, fixed, chunk, total, tlen, records, left, i;
	int bigendian;
	uint8_t *at;

	if (nargs != 7 || !PyBytes_Check(args[0]) || !PyList_Check(args[4])) {
		PyErr_SetString(PyExc_TypeError, "a template and six more, a list among them");
		return NULL;
	}
	template = args[0];
	lenoff = PyLong_AsSsize_t(args[1]);
	bigendian = PyObject_IsTrue(args[2]);
	fixed = PyLong_AsSsize_t(args[3]);
	segments = args[4];
	chunk = PyLong_AsSsize_t(args[5]);
	total = PyLong_AsSsize_t(args[6]);
	if (PyErr_Occurred())
		return NULL;
	tlen = PyBytes_GET_SIZE(template);
	if (chunk < 1 || lenoff < 0 || lenoff > tlen - 4 || fixed < 0 || fixed > UINT32_MAX
	    || total < 0) {
		PyErr_SetString(PyExc_ValueError, "no room for data or for the length of a record");
		return NULL;
	}
	stream = new_array(total);
	if (stream == NULL)
		return NULL;
	at = (uint8_t *)PyByteArray_AS_STRING(stream);
	left = total;
	for (i = 0; i < PyList_GET_SIZE(segments); i++) {
		if (PyObject_GetBuffer(PyList_GET_ITEM(segments, i), &src, PyBUF_SIMPLE) < 0)
			goto failed;
		records = src.len ? (src.len - 1) / chunk + 1 : 1;
		if (src.len > left || records > (left - src.len) / tlen) {
			PyBuffer_Release(&src);
			PyErr_SetString(PyExc_ValueError, "more records than were counted");
			goto failed;
		}
		left -= genio_chunk(at + total - left, (uint8_t *)PyBytes_AS_STRING(template), tlen,
		    lenoff, bigendian, (uint32_t)fixed, src.buf, src.len, chunk);
		PyBuffer_Release(&src);
	}
	if (left == 0)
		return stream;
	PyErr_SetString(PyExc_ValueError, "fewer records than were counted");
failed:
	Py_DECREF(stream);
	return NULL;
}

static PyMethodDef functions[] = {
	{"keep_freed", keep_freed, METH_VARARGS,
	    "keep_freed(kept, size, chunk, count): what the allocators keep of freed memory, bytes."},
	{"chunk_segments", (PyCFunction)(void (*)(void))chunk_segments, METH_FASTCALL,
	    "chunk_segments(template, lenoff, bigendian, fixed, segments, chunk, total) -> bytearray: "
	    "the records of all segments."},
	{NULL, NULL, 0, NULL},
};

static int
record_exec(PyObject *module)
{
	static const struct module_type types[] = {
		{&form_spec, &form_type},
		{&window_spec, &window_type},
		{&outlet_spec, &outlet_type},
		{&recorder_spec, NULL},
		{NULL, NULL},
	};

	return module_fill(module, types);
}

static PyModuleDef_Slot record_slots[] = {
	{Py_mod_exec, record_exec},
	{0, NULL},
};

static PyModuleDef record_module = {
	PyModuleDef_HEAD_INIT,
	.m_name = "native._record",
	.m_doc = "What native.record offers, in C.",
	.m_methods = functions,
	.m_slots = record_slots,
};

PyMODINIT_FUNC
PyInit__record(void)
{
	return PyModuleDef_Init(&record_module);
}
