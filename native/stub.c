/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Part of native._locore: functions of libc that do nothing but make a call.
 *
 * A Stub is what such a builtin function is bound to.  It passes as many registers as the call
 * takes; for any other arguments there is its twin, which knows names, defaults and what is wrong.
 */
#include "locore.h"

typedef struct {
	PyObject_HEAD
	PyMethodDef def;
	PyObject *trap;
	PyObject *code;
	PyObject *twin;		/* the function in Python */
	PyObject *cerror;	/* (error), raises; NULL: the call cannot fail, and has two registers */
	PyObject *name;
	PyObject *doc;		/* with the signature before it */
	Py_ssize_t count;	/* of arguments */
} Stub;

static PyObject *
stub_call(PyObject *object, PyObject *const *args, Py_ssize_t nargs, PyObject *names)
{
	Stub *self = (Stub *)object;
	struct result result;
	PyObject *value = NULL;
	int failed = 0;

	if (nargs != self->count || names != NULL)
		return PyObject_Vectorcall(self->twin, args, nargs, names);
	if (trap_make(self->trap, self->code, args, nargs, &result) < 0)
		return NULL;
	if (self->cerror != NULL)
		failed = PyObject_IsTrue(result.error);
	if (failed > 0) {
		value = PyObject_CallOneArg(self->cerror, result.error);
		if (value != NULL)
			PyErr_SetString(PyExc_SystemError, "an error has raised nothing");
		Py_CLEAR(value);
	} else if (failed == 0)
		value = self->cerror != NULL ? Py_NewRef(result.retval)
		    : PySequence_GetItem(result.retval, 0);
	Py_DECREF(result.error);
	Py_DECREF(result.retval);
	return value;
}

static void
stub_dealloc(Stub *self)
{
	PyTypeObject *type = Py_TYPE(self);

	Py_XDECREF(self->trap);
	Py_XDECREF(self->code);
	Py_XDECREF(self->twin);
	Py_XDECREF(self->cerror);
	Py_XDECREF(self->name);
	Py_XDECREF(self->doc);
	type->tp_free(self);
	Py_DECREF(type);
}

/* Return the builtin function, to which its Stub is bound. */
static PyObject *
stub_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static char *names[] = {"trap", "code", "twin", "cerror", "count", "name", "doc", "module",
	    NULL};
	PyObject *trap, *code, *twin, *cerror, *name, *doc, *module, *function;
	Py_ssize_t count;
	Stub *self;

	if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!O!OOnUUU:Stub", names, trap_type, &trap,
	    &PyLong_Type, &code, &twin, &cerror, &count, &name, &doc, &module))
		return NULL;
	self = (Stub *)type->tp_alloc(type, 0);
	if (self == NULL)
		return NULL;
	self->trap = Py_NewRef(trap);
	self->code = Py_NewRef(code);
	self->twin = Py_NewRef(twin);
	self->cerror = cerror == Py_None ? NULL : Py_NewRef(cerror);
	self->name = Py_NewRef(name);
	self->doc = Py_NewRef(doc);
	self->count = count;
	self->def.ml_name = PyUnicode_AsUTF8(name);
	self->def.ml_doc = PyUnicode_AsUTF8(doc);
	self->def.ml_meth = (PyCFunction)(void (*)(void))stub_call;
	self->def.ml_flags = METH_FASTCALL | METH_KEYWORDS;
	function = self->def.ml_name == NULL || self->def.ml_doc == NULL ? NULL
	    : PyCFunction_NewEx(&self->def, (PyObject *)self, module);
	Py_DECREF(self);
	return function;
}

static PyType_Slot stub_slots[] = {
	{Py_tp_doc, "Stub(trap, code, twin, cerror, count, name, doc, module): a builtin function."},
	{Py_tp_new, stub_new},
	{Py_tp_dealloc, stub_dealloc},
	{0, NULL},
};

PyType_Spec stub_spec = {
	"native._locore.Stub", sizeof(Stub), 0, Py_TPFLAGS_DEFAULT, stub_slots,
};
