/* SPDX-License-Identifier: BSD-2-Clause */
/* native._lines: kdump.c for Python. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include "kdump.h"
#include "module.h"

#define ROOM (1 << 20) /* bytes of text that are printed at once */
#define NELEM(a) (sizeof(a) / sizeof((a)[0]))

typedef struct {
	PyObject_HEAD
	uint8_t *room;
	struct kdump k;
} Lines;

static PyObject *
lines_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static char *names[] = {NULL};
	Lines *self;

	if (!PyArg_ParseTupleAndKeywords(args, kwargs, ":Lines", names))
		return NULL;
	self = (Lines *)type->tp_alloc(type, 0);
	if (self == NULL)
		return NULL;
	self->room = PyMem_Malloc(ROOM);
	if (self->room == NULL) {
		Py_DECREF(self);
		return PyErr_NoMemory();
	}
	return (PyObject *)self;
}

static void
lines_dealloc(Lines *self)
{
	PyTypeObject *type = Py_TYPE(self);

	PyMem_Free(self->room);
	type->tp_free(self);
	Py_DECREF(type);
}

static PyObject *
lines_type(Lines *self, PyObject *args)
{
	unsigned int number;
	unsigned char how;
	const char *start;
	Py_ssize_t len;

	if (!PyArg_ParseTuple(args, "Iby#:type", &number, &how, &start, &len))
		return NULL;
	if (number >= NELEM(self->k.how) || len > (Py_ssize_t)sizeof(self->k.start[0])) {
		PyErr_SetString(PyExc_ValueError, "no such type, or too long a word");
		return NULL;
	}
	self->k.how[number] = how;
	memcpy(self->k.start[number], start, len);
	self->k.start_len[number] = (uint8_t)len;
	Py_RETURN_NONE;
}

static PyObject *
lines_vis(Lines *self, PyObject *args)
{
	unsigned char byte;
	const char *shown;
	Py_ssize_t len;

	if (!PyArg_ParseTuple(args, "by#:vis", &byte, &shown, &len))
		return NULL;
	if (len > (Py_ssize_t)sizeof(self->k.vis[0])) {
		PyErr_SetString(PyExc_ValueError, "too long for a byte");
		return NULL;
	}
	memcpy(self->k.vis[byte], shown, len);
	self->k.vis_len[byte] = (uint8_t)len;
	Py_RETURN_NONE;
}

/* Keep a name of table; args are code, name and, if it is made with any, named and least. */
static PyObject *
keep(Lines *self, PyObject *args, struct kdump_name *table)
{
	unsigned int code;
	unsigned char named = 0, least = 0;
	const char *name;
	Py_ssize_t len;

	if (!PyArg_ParseTuple(args, "Iy#|bb", &code, &name, &len, &named, &least))
		return NULL;
	if (code >= NELEM(self->k.call)) {
		PyErr_SetString(PyExc_ValueError, "no such call");
		return NULL;
	}
	if (!kdump_name(&self->k, &table[code], name, (size_t)len))
		Py_RETURN_NONE;
	table[code].named = named;
	table[code].least = least;
	Py_RETURN_NONE;
}

static PyObject *
lines_call(Lines *self, PyObject *args)
{
	return keep(self, args, self->k.call);
}

static PyObject *
lines_ret(Lines *self, PyObject *args)
{
	return keep(self, args, self->k.ret);
}

static PyObject *
lines_learn(Lines *self, PyObject *args)
{
	unsigned int kind;
	unsigned long long value;
	const char *shown;
	Py_ssize_t len;

	if (!PyArg_ParseTuple(args, "IKy#:learn", &kind, &value, &shown, &len))
		return NULL;
	kdump_learn(&self->k, kind, value, shown, (size_t)len);
	Py_RETURN_NONE;
}

static PyObject *
lines_show(Lines *self, PyObject *args)
{
	Py_buffer source;
	Py_ssize_t at;
	size_t size;

	if (!PyArg_ParseTuple(args, "y*n:show", &source, &at))
		return NULL;
	if (at < 0 || at > source.len) {
		PyBuffer_Release(&source);
		PyErr_SetString(PyExc_ValueError, "no such place");
		return NULL;
	}
	size = kdump_lines(&self->k, (uint8_t *)source.buf + at, (size_t)(source.len - at),
	    self->room, ROOM);
	PyBuffer_Release(&source);
	return PyBytes_FromStringAndSize((char *)self->room, (Py_ssize_t)size);
}

static PyMethodDef lines_methods[] = {
	{"type", (PyCFunction)lines_type, METH_VARARGS,
	    "type(number, how, start): what is done with records of a type, and their word."},
	{"vis", (PyCFunction)lines_vis, METH_VARARGS, "vis(byte, shown): how data is shown."},
	{"call", (PyCFunction)lines_call, METH_VARARGS,
	    "call(code, name, named=0, least=0): the name of a call, and which arguments have names."},
	{"ret", (PyCFunction)lines_ret, METH_VARARGS, "ret(code, name): its name when it returns."},
	{"learn", (PyCFunction)lines_learn, METH_VARARGS,
	    "learn(kind, value, shown): what a value is called."},
	{"show", (PyCFunction)lines_show, METH_VARARGS,
	    "show(buffer, at) -> bytes: the text of records, up to one that is left."},
	{NULL, NULL, 0, NULL},
};

#define FIELD(name, type) {#name, type, offsetof(Lines, k) + offsetof(struct kdump, name), 0, NULL}
#define PLACE(name, type) {#name, type, offsetof(Lines, k.l) + offsetof(struct layout, name), 0, NULL}

static PyMemberDef lines_members[] = {
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
	FIELD(only, T_INT),
	FIELD(one, T_UBYTE),
	FIELD(show_lid, T_UBYTE),
	FIELD(absolute, T_UBYTE),
	FIELD(elapsed, T_UBYTE),
	FIELD(relative, T_UBYTE),
	FIELD(floor, T_UBYTE),
	FIELD(digits, T_UBYTE),
	FIELD(tick, T_UINT),
	FIELD(since, T_LONGLONG),
	FIELD(previous, T_LONGLONG),
	FIELD(bits, T_UBYTE),
	FIELD(small, T_UBYTE),
	FIELD(small_value, T_UBYTE),
	FIELD(decimal, T_UBYTE),
	FIELD(forms, T_UBYTE),
	FIELD(maxdata, T_LONGLONG),
	FIELD(no_minus_one, T_UBYTE),
	FIELD(newlines, T_UBYTE),
	FIELD(tab_restarts, T_UBYTE),
	FIELD(screen, T_INT),
	FIELD(dump, T_UBYTE),
	FIELD(repeats, T_UBYTE),
	FIELD(offset_width, T_UBYTE),
	FIELD(gap, T_UBYTE),
	FIELD(taken, T_PYSSIZET),
	FIELD(full, T_INT),
	{NULL, 0, 0, 0, NULL},
};

static PyType_Slot lines_slots[] = {
	{Py_tp_doc, "Prints the records of one trace that it has been told how to print."},
	{Py_tp_new, lines_new},
	{Py_tp_dealloc, lines_dealloc},
	{Py_tp_methods, lines_methods},
	{Py_tp_members, lines_members},
	{0, NULL},
};

static PyType_Spec lines_spec = {
	.name = "native._lines.Lines",
	.basicsize = sizeof(Lines),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = lines_slots,
};

static int
lines_exec(PyObject *module)
{
	static const struct module_type types[] = {{&lines_spec, NULL}, {NULL, NULL}};

	return module_fill(module, types);
}

static PyModuleDef_Slot module_slots[] = {
	{Py_mod_exec, lines_exec},
	{0, NULL},
};

static PyModuleDef lines_module = {
	PyModuleDef_HEAD_INIT,
	.m_name = "native._lines",
	.m_doc = "What native.lines offers, in C.",
	.m_slots = module_slots,
};

PyMODINIT_FUNC
PyInit__lines(void)
{
	return PyModuleDef_Init(&lines_module);
}
