/* SPDX-License-Identifier: BSD-2-Clause */
/* native._decode: the records of a trace as tuples. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include <string.h>

#include "layout.h"
#include "module.h"

enum { TYPE, VERSION, PID, LID, COMM, TIME, PAYLOAD, ABI, OFFSET, RAW_COMM, NFIELDS };

#define NAMES 1024 /* names of programs that are kept */

typedef struct {
	PyObject_HEAD
	PyTypeObject *record; /* a tuple of NFIELDS */
	PyObject *text; /* makes the name of a program from its bytes */
	PyObject *abi, *version;
	PyObject *names; /* what text has made, by bytes */
	struct layout l;
} Decoder;

static PyObject *
decoder_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static char *names[] = {"record", "text", "version", "abi", NULL};
	PyObject *record, *text, *version, *abi;
	Decoder *self;

	if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!OOO:Decoder", names, &PyType_Type, &record,
	    &text, &version, &abi))
		return NULL;
	if (!PyType_IsSubtype((PyTypeObject *)record, &PyTuple_Type) ||
	    ((PyTypeObject *)record)->tp_dictoffset != 0) {
		PyErr_SetString(PyExc_TypeError, "a record is a named tuple");
		return NULL;
	}
	self = (Decoder *)type->tp_alloc(type, 0);
	if (self == NULL)
		return NULL;
	self->record = (PyTypeObject *)Py_NewRef(record);
	self->text = Py_NewRef(text);
	self->version = Py_NewRef(version);
	self->abi = Py_NewRef(abi);
	self->names = PyDict_New();
	if (self->names == NULL)
		Py_CLEAR(self);
	return (PyObject *)self;
}

static void
decoder_dealloc(Decoder *self)
{
	PyTypeObject *type = Py_TYPE(self);

	Py_XDECREF(self->record);
	Py_XDECREF(self->text);
	Py_XDECREF(self->version);
	Py_XDECREF(self->abi);
	Py_XDECREF(self->names);
	type->tp_free(self);
	Py_DECREF(type);
}

/* Return the name of a program, a reference of its own. */
static PyObject *
name_of(Decoder *self, PyObject *raw)
{
	PyObject *name = PyDict_GetItemWithError(self->names, raw);

	if (name != NULL)
		return Py_NewRef(name);
	if (PyErr_Occurred())
		return NULL;
	if (PyDict_GET_SIZE(self->names) >= NAMES)
		PyDict_Clear(self->names);
	name = PyObject_CallOneArg(self->text, raw);
	if (name != NULL && PyDict_SetItem(self->names, raw, name) < 0)
		Py_CLEAR(name);
	return name;
}

/* Make one record; raw and name are those of the one before, and become its own. */
static PyObject *
make(Decoder *self, const uint8_t *at, const struct header *h, long long offset, PyObject **raw,
    PyObject **name)
{
	const uint8_t *comm = at + self->l.comm_at;
	PyObject *record;

	if (*raw == NULL || memcmp(PyBytes_AS_STRING(*raw), comm, self->l.comm_len) != 0) {
		Py_XSETREF(*raw, PyBytes_FromStringAndSize((const char *)comm, self->l.comm_len));
		Py_CLEAR(*name);
		if (*raw == NULL || (*name = name_of(self, *raw)) == NULL)
			return NULL;
	}
	record = self->record->tp_alloc(self->record, NFIELDS);
	if (record == NULL)
		return NULL;
	PyTuple_SET_ITEM(record, TYPE, PyLong_FromLongLong(h->type));
	PyTuple_SET_ITEM(record, VERSION, Py_NewRef(self->version));
	PyTuple_SET_ITEM(record, PID, PyLong_FromLong(h->pid));
	PyTuple_SET_ITEM(record, LID, PyLong_FromLong(h->lid));
	PyTuple_SET_ITEM(record, COMM, Py_NewRef(*name));
	PyTuple_SET_ITEM(record, TIME,
	    PyLong_FromLongLong(h->sec * 1000000000 + h->frac * self->l.unit));
	PyTuple_SET_ITEM(record, PAYLOAD,
	    PyBytes_FromStringAndSize((const char *)at + self->l.header, h->len));
	PyTuple_SET_ITEM(record, ABI, Py_NewRef(self->abi));
	PyTuple_SET_ITEM(record, OFFSET, PyLong_FromLongLong(offset));
	PyTuple_SET_ITEM(record, RAW_COMM, Py_NewRef(*raw));
	if (PyTuple_GET_ITEM(record, TYPE) == NULL || PyTuple_GET_ITEM(record, PID) == NULL ||
	    PyTuple_GET_ITEM(record, LID) == NULL || PyTuple_GET_ITEM(record, TIME) == NULL ||
	    PyTuple_GET_ITEM(record, PAYLOAD) == NULL || PyTuple_GET_ITEM(record, OFFSET) == NULL)
		Py_CLEAR(record);
	return record;
}

static PyObject *
decoder_take(Decoder *self, PyObject *args)
{
	PyObject *found, *raw = NULL, *name = NULL, *record;
	Py_buffer source;
	Py_ssize_t at, most;
	long long base;
	struct header h;

	if (!PyArg_ParseTuple(args, "y*nLn:take", &source, &at, &base, &most))
		return NULL;
	found = PyList_New(0);
	if (found != NULL && (at < 0 || at > source.len)) {
		PyErr_SetString(PyExc_ValueError, "no such place");
		Py_CLEAR(found);
	}
	while (found != NULL && PyList_GET_SIZE(found) < most &&
	    layout_header(&self->l, (uint8_t *)source.buf + at, (size_t)(source.len - at), &h)) {
		record = make(self, (uint8_t *)source.buf + at, &h, base + at, &raw, &name);
		if (record == NULL || PyList_Append(found, record) < 0)
			Py_CLEAR(found);
		Py_XDECREF(record);
		at += self->l.header + (Py_ssize_t)h.len;
	}
	Py_XDECREF(raw);
	Py_XDECREF(name);
	PyBuffer_Release(&source);
	if (found == NULL)
		return NULL;
	return Py_BuildValue("Nn", found, at);
}

static PyMethodDef decoder_methods[] = {
	{"take", (PyCFunction)decoder_take, METH_VARARGS,
	    "take(buffer, at, base, most) -> (records, at): whole ones, up to one that is odd."},
	{NULL, NULL, 0, NULL},
};

#define PLACE(name, type) \
	{#name, type, offsetof(Decoder, l) + offsetof(struct layout, name), 0, NULL}

static PyMemberDef decoder_members[] = {
	PLACE(bigendian, T_UBYTE),
	PLACE(word, T_UBYTE),
	PLACE(header, T_UBYTE),
	PLACE(type_size, T_UBYTE),
	PLACE(pid_at, T_UBYTE),
	PLACE(comm_at, T_UBYTE),
	PLACE(comm_len, T_UBYTE),
	PLACE(sec_at, T_UBYTE),
	PLACE(sec_size, T_UBYTE),
	PLACE(frac_at, T_UBYTE),
	PLACE(frac_size, T_UBYTE),
	PLACE(lid_at, T_UBYTE),
	PLACE(stamp, T_UINT),
	PLACE(longest, T_UINT),
	PLACE(unit, T_UINT),
	{NULL, 0, 0, 0, NULL},
};

static PyType_Slot decoder_slots[] = {
	{Py_tp_doc, "Makes the records of one trace."},
	{Py_tp_new, decoder_new},
	{Py_tp_dealloc, decoder_dealloc},
	{Py_tp_methods, decoder_methods},
	{Py_tp_members, decoder_members},
	{0, NULL},
};

static PyType_Spec decoder_spec = {
	.name = "native._decode.Decoder",
	.basicsize = sizeof(Decoder),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = decoder_slots,
};

static int
decode_exec(PyObject *module)
{
	static const struct module_type types[] = {{&decoder_spec, NULL}, {NULL, NULL}};

	return module_fill(module, types);
}

static PyModuleDef_Slot decode_slots[] = {
	{Py_mod_exec, decode_exec},
	{0, NULL},
};

static PyModuleDef decode_module = {
	PyModuleDef_HEAD_INIT,
	.m_name = "native._decode",
	.m_doc = "What native.decode offers, in C.",
	.m_slots = decode_slots,
};

PyMODINIT_FUNC
PyInit__decode(void)
{
	return PyModuleDef_Init(&decode_module);
}
