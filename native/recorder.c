/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Part of native._record: from an LWP to its record.
 *
 * A Recorder finds what a record says of who makes it, and puts it into the window of that one's
 * trace.  If there is no room, or anything is not as usual, its twin does it all.  An Outlet is
 * a window that keeps nothing.
 */
#include "record.h"
#include "field.h"

/* In the order in which they are given; those of one line are a way from an object to another. */
enum {
	L_KERNEL, K_CLOCK,
	C_REAL,
	C_NOW,
	C_OFFSET,
	L_PROC,
	P_TRACEP,
	F_WINDOW,
	P_PID,
	P_COMM,
	L_LID,
	P_KTRFORMS,
	F_CALLS,
	F_SYSRET,
	NFIELDS
};

/* A window and what its put is given. */
enum { WINDOW, FORM, NOW, PID, NAME, LID, VALUES, NPUT };

typedef struct {
	PyObject_HEAD
	vectorcallfunc call;
	PyObject *twin;		/* (lwp, code, registers), or (lwp, code, error, register) */
	PyObject *put;		/* the name of a window's method */
	PyObject *zero;
	int returns;		/* it records what calls return */
	struct field fields[NFIELDS];
} Recorder;

typedef struct {
	PyObject_HEAD
	PyObject *write;	/* takes a record */
} Outlet;

PyTypeObject *outlet_type;

static PyObject *
outlet_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static char *names[] = {"write", NULL};
	PyObject *write;
	Outlet *self;

	if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:Outlet", names, &write))
		return NULL;
	self = (Outlet *)type->tp_alloc(type, 0);
	if (self != NULL)
		self->write = Py_NewRef(write);
	return (PyObject *)self;
}

static int
outlet_traverse(Outlet *self, visitproc visit, void *arg)
{
	Py_VISIT(Py_TYPE(self));
	Py_VISIT(self->write);
	return 0;
}

static int
outlet_clear(Outlet *self)
{
	Py_CLEAR(self->write);
	return 0;
}

static void
outlet_dealloc(Outlet *self)
{
	PyTypeObject *type = Py_TYPE(self);

	PyObject_GC_UnTrack(self);
	(void)outlet_clear(self);
	type->tp_free(self);
	Py_DECREF(type);
}

static PyObject *
outlet_put(Outlet *self, PyObject *const *args, Py_ssize_t nargs)
{
	PyObject *record, *done;

	if (nargs < 1) {
		PyErr_SetString(PyExc_TypeError, "a record has a form");
		return NULL;
	}
	record = record_pack(args[0], args + 1, nargs - 1);
	if (record == NULL)
		return NULL;
	done = PyObject_CallOneArg(self->write, record);
	Py_DECREF(record);
	if (done == NULL) {
		if (!PyErr_ExceptionMatches(PyExc_OSError))
			return NULL;
		PyErr_Clear();
		Py_RETURN_FALSE;
	}
	Py_DECREF(done);
	Py_RETURN_TRUE;
}

static PyMethodDef outlet_methods[] = {
	{"put", (PyCFunction)(void (*)(void))outlet_put, METH_FASTCALL,
	    "put(form, now, pid, name, lid, values, data=b'') -> bool: write a record."},
	{NULL, NULL, 0, NULL},
};

static PyType_Slot outlet_slots[] = {
	{Py_tp_doc, "Outlet(write): a window that keeps nothing."},
	{Py_tp_new, outlet_new},
	{Py_tp_traverse, outlet_traverse},
	{Py_tp_clear, outlet_clear},
	{Py_tp_dealloc, outlet_dealloc},
	{Py_tp_methods, outlet_methods},
	{0, NULL},
};

PyType_Spec outlet_spec = {
	.name = "native._record.Outlet",
	.basicsize = sizeof(Outlet),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = outlet_slots,
};

/* Fill in who makes a record and when: new references.  0: the twin has to; -1 and an exception. */
static int
recorder_who(Recorder *self, PyObject *lwp, PyObject *p, PyObject **put)
{
	PyObject *clock, *real, *now = NULL, *offset = NULL;
	int known;

	clock = follow(lwp, &self->fields[L_KERNEL], 2);
	if (clock == NULL)
		return -1;
	real = get(clock, &self->fields[C_REAL]);
	known = real == Py_False ? 1 : real == NULL ? -1 : 0;
	Py_XDECREF(real);
	if (known == 1) {
		now = get(clock, &self->fields[C_NOW]);
		offset = get(clock, &self->fields[C_OFFSET]);
		put[NOW] = now != NULL && offset != NULL ? PyNumber_Add(now, offset) : NULL;
		put[PID] = get(p, &self->fields[P_PID]);
		put[NAME] = get(p, &self->fields[P_COMM]);
		put[LID] = get(lwp, &self->fields[L_LID]);
		if (put[NOW] == NULL || put[PID] == NULL || put[NAME] == NULL || put[LID] == NULL)
			known = -1;
	}
	Py_XDECREF(now);
	Py_XDECREF(offset);
	Py_DECREF(clock);
	return known;
}

/* Put a record into the window of p's trace.  0: the twin has to; -1 and an exception. */
static int
recorder_put(Recorder *self, PyObject *lwp, PyObject *p, PyObject *form, PyObject *values)
{
	PyObject *put[NPUT] = {NULL}, *fp, *taken = NULL;
	int i, known = -1;

	fp = get(p, &self->fields[P_TRACEP]);
	if (fp == Py_None) {
		Py_DECREF(fp);
		return 0;
	}
	if (fp != NULL && (put[WINDOW] = get(fp, &self->fields[F_WINDOW])) != NULL)
		known = recorder_who(self, lwp, p, put);
	if (known == 1) {
		put[FORM] = form;
		put[VALUES] = values;
		if (record_is_window(put[WINDOW]))
			taken = record_put(put[WINDOW], put + FORM, NPUT - 1);
		else if (Py_IS_TYPE(put[WINDOW], outlet_type))
			taken = outlet_put((Outlet *)put[WINDOW], put + FORM, NPUT - 1);
		else
			taken = PyObject_VectorcallMethod(self->put, put, NPUT, NULL);
		known = taken == NULL ? -1 : taken == Py_True;
		Py_XDECREF(taken);
	}
	Py_XDECREF(put[WINDOW]);
	for (i = NOW; i <= LID; i++)
		Py_XDECREF(put[i]);
	Py_XDECREF(fp);
	return known;
}

/* Record a call that is made: (lwp, code, registers). */
static int
record_call(Recorder *self, PyObject *p, PyObject *forms, PyObject *const *args)
{
	Py_ssize_t code = PyLong_CheckExact(args[1]) ? PyLong_AsSsize_t(args[1]) : -1;
	PyObject *calls = get(forms, &self->fields[F_CALLS]), *form;
	int taken = 0;

	if (code == -1)
		PyErr_Clear();
	if (calls == NULL)
		return -1;
	if (PyList_Check(calls) && code >= 0 && code < PyList_GET_SIZE(calls)) {
		form = Py_NewRef(PyList_GET_ITEM(calls, code));
		if (form != Py_None)
			taken = recorder_put(self, args[0], p, form, args[2]);
		Py_DECREF(form);
	}
	Py_DECREF(calls);
	return taken;
}

/* Record what a call returns: (lwp, code, error, a register or two); None is 0. */
static int
record_return(Recorder *self, PyObject *p, PyObject *forms, PyObject *const *args)
{
	PyObject *retval = args[3] == Py_None ? self->zero : args[3], *form, *values;
	int taken = -1;

	if (PyLong_Check(retval))
		values = PyTuple_Pack(3, args[1], args[2], retval);
	else if (PyTuple_Check(retval) && PyTuple_GET_SIZE(retval) == 2)
		values = PyTuple_Pack(4, args[1], args[2], PyTuple_GET_ITEM(retval, 0),
		    PyTuple_GET_ITEM(retval, 1));
	else
		return 0;
	form = get(forms, &self->fields[F_SYSRET]);
	if (form != NULL && values != NULL)
		taken = recorder_put(self, args[0], p, form, values);
	Py_XDECREF(values);
	Py_XDECREF(form);
	return taken;
}

static PyObject *
recorder_call(PyObject *recorder, PyObject *const *args, size_t nargsf, PyObject *names)
{
	Recorder *self = (Recorder *)recorder;
	Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
	PyObject *p, *forms;
	int taken = 0;

	if (nargs == (self->returns ? 4 : 3) && names == NULL) {
		p = get(args[0], &self->fields[L_PROC]);
		forms = p != NULL ? get(p, &self->fields[P_KTRFORMS]) : NULL;
		taken = forms == NULL ? -1
		    : (self->returns ? record_return : record_call)(self, p, forms, args);
		Py_XDECREF(forms);
		Py_XDECREF(p);
	}
	if (taken == 0)
		return PyObject_Vectorcall(self->twin, args, nargsf, names);
	if (taken < 0)
		return NULL;
	Py_RETURN_NONE;
}

static PyObject *
recorder_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static char *names[] = {"twin", "returns", "fields", NULL};
	PyObject *twin, *fields;
	Recorder *self;
	int returns;

	if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OpO:Recorder", names, &twin, &returns,
	    &fields))
		return NULL;
	self = (Recorder *)type->tp_alloc(type, 0);
	if (self == NULL)
		return NULL;
	self->call = recorder_call;
	self->twin = Py_NewRef(twin);
	self->returns = returns;
	self->put = PyUnicode_InternFromString("put");
	self->zero = PyLong_FromLong(0);
	if (self->put == NULL || self->zero == NULL || fields_from(fields, self->fields, NFIELDS) < 0)
		Py_CLEAR(self);
	return (PyObject *)self;
}

static void
recorder_dealloc(Recorder *self)
{
	PyTypeObject *type = Py_TYPE(self);

	Py_XDECREF(self->twin);
	Py_XDECREF(self->put);
	Py_XDECREF(self->zero);
	fields_clear(self->fields, NFIELDS);
	type->tp_free(self);
	Py_DECREF(type);
}

static PyMemberDef recorder_members[] = {
	{"__vectorcalloffset__", T_PYSSIZET, offsetof(Recorder, call), READONLY, NULL},
	{NULL, 0, 0, 0, NULL},
};

static PyType_Slot recorder_slots[] = {
	{Py_tp_doc, "Recorder(twin, returns, fields): records calls, or what they return."},
	{Py_tp_new, recorder_new},
	{Py_tp_dealloc, recorder_dealloc},
	{Py_tp_call, PyVectorcall_Call},
	{Py_tp_members, recorder_members},
	{0, NULL},
};

PyType_Spec recorder_spec = {
	.name = "native._record.Recorder",
	.basicsize = sizeof(Recorder),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = recorder_slots,
};
