/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native._locore: the way into the kernel, as far as nothing needs to be decided.
 *
 * A Plain makes a call that goes well, a Trap finds who makes it and which entry is its process's;
 * it answers from a history the call that is next there.  Everything else is their twins': what
 * they are not sure of they leave to them before anything has happened.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include "field.h"
#include "locore.h"
#include "module.h"

#define REGISTERS 8	/* a call with more of them is the twin's */

/* In the order in which they are given; those of one line are a way from an object to another. */
enum {
	L_KERNEL, K_CLOCK,
	C_NOW,
	C_EVENT,
	L_PROC, P_MD, MD_HISTORY,
	L_ASTPENDING,
	NPLAIN
};
enum {
	CONTEXT_LWP,
	TRAP_L_PROC, TRAP_P_MD,
	MD_SYSCALL,
	TRAP_MD_HISTORY,
	MD_REPLAY,
	TRAP_L_ASTPENDING,
	NTRAP
};

typedef struct {
	PyObject_HEAD
	vectorcallfunc call;
	PyObject *twin;		/* (lwp, code, args) -> (error, retval) */
	PyObject *calls;	/* list of the handlers by number */
	PyObject *cost;		/* time that a call takes */
	PyObject *failed;	/* (lwp, code, args, exception) -> (error, retval) */
	PyObject *zero;
	struct field fields[NPLAIN];
} Plain;

typedef struct {
	PyObject_HEAD
	vectorcallfunc call;
	PyObject *twin;		/* (code, *args) -> (error, retval) */
	PyObject *current;	/* () -> the context that runs */
	Plain *plain;
	PyObject *replay;	/* an entry: answers from the history */
	PyObject *again;	/* (lwp, code, args, error) -> (error, retval), of a negative error */
	PyObject *userret;	/* (lwp): what is pending */
	struct field fields[NTRAP];
} Trap;

/* For checks of arguments: the module is made once. */
static PyTypeObject *plain_type;
PyTypeObject *trap_type;

static PyObject *
tuple_of(PyObject *const *args, Py_ssize_t count)
{
	PyObject *tuple = PyTuple_New(count);
	Py_ssize_t i;

	for (i = 0; tuple != NULL && i < count; i++)
		PyTuple_SET_ITEM(tuple, i, Py_NewRef(args[i]));
	return tuple;
}

/* Call function(lwp, code, args) or function(lwp, code, args, last). */
static PyObject *
ask(PyObject *function, PyObject *lwp, PyObject *code, PyObject *const *args, Py_ssize_t count,
    PyObject *last)
{
	PyObject *tuple = tuple_of(args, count), *stack[] = {NULL, lwp, code, tuple, last}, *result;

	if (tuple == NULL)
		return NULL;
	result = PyObject_Vectorcall(function, stack + 1,
	    (last == NULL ? 3 : 4) | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
	Py_DECREF(tuple);
	return result;
}

/* Take the two registers from a pair, whose reference is taken; NULL: it has raised something. */
static int
unpack(PyObject *pair, struct result *result)
{
	int known = pair != NULL && PyTuple_Check(pair) && PyTuple_GET_SIZE(pair) == 2;

	if (known) {
		result->error = Py_NewRef(PyTuple_GET_ITEM(pair, 0));
		result->retval = Py_NewRef(PyTuple_GET_ITEM(pair, 1));
	} else if (pair != NULL)
		PyErr_SetString(PyExc_TypeError, "a call's result is a pair");
	Py_XDECREF(pair);
	return known ? 0 : -1;
}

/* Make a pair of a result, whose references are taken. */
static PyObject *
pack(const struct result *result)
{
	PyObject *pair = PyTuple_New(2);

	if (pair == NULL) {
		Py_DECREF(result->error);
		Py_DECREF(result->retval);
		return NULL;
	}
	PyTuple_SET_ITEM(pair, 0, result->error);
	PyTuple_SET_ITEM(pair, 1, result->retval);
	return pair;
}

/* Take the exception that was raised. */
static PyObject *
raised(void)
{
#if PY_VERSION_HEX >= 0x030C0000
	return PyErr_GetRaisedException();
#else
	PyObject *type, *value, *traceback;

	PyErr_Fetch(&type, &value, &traceback);
	PyErr_NormalizeException(&type, &value, &traceback);
	if (traceback != NULL)
		(void)PyException_SetTraceback(value, traceback);
	Py_XDECREF(traceback);
	Py_DECREF(type);
	return value;
#endif
}

/* The handler has raised something. */
static Py_NO_INLINE int
plain_failed(Plain *self, PyObject *lwp, PyObject *code, PyObject *const *args, Py_ssize_t count,
    struct result *result)
{
	PyObject *exception;
	int error;

	if (!PyErr_ExceptionMatches(PyExc_Exception))
		return -1;
	exception = raised();
	error = unpack(ask(self->failed, lwp, code, args, count, exception), result);
	Py_DECREF(exception);
	return error;
}

/* Let the time pass that a call takes, and note whether something is due then. */
static int
spend(Plain *self, PyObject *lwp)
{
	PyObject *clock = follow(lwp, &self->fields[L_KERNEL], 2), *now, *event = NULL, *after = NULL;
	int due = -1;

	if (clock == NULL)
		return -1;
	now = get(clock, &self->fields[C_NOW]);
	if (now != NULL)
		after = PyNumber_Add(now, self->cost);
	if (after != NULL && set(clock, &self->fields[C_NOW], after) == 0)
		event = get(clock, &self->fields[C_EVENT]);
	if (event != NULL)
		due = PyObject_RichCompareBool(after, event, Py_GE);
	if (due == 1)
		due = set(lwp, &self->fields[L_ASTPENDING], Py_True);
	Py_XDECREF(event);
	Py_XDECREF(after);
	Py_XDECREF(now);
	Py_DECREF(clock);
	return due;
}

/* Put a call that went well into the history, if there is one. */
static int
keep(Plain *self, PyObject *lwp, PyObject *code, PyObject *const *args, Py_ssize_t count,
    PyObject *retval)
{
	PyObject *history = follow(lwp, &self->fields[L_PROC], 3), *tuple;
	int error = -1;

	if (history == NULL || history == Py_None) {
		Py_XDECREF(history);
		return history == NULL ? -1 : 0;
	}
	tuple = tuple_of(args, count);
	if (tuple != NULL && PyList_Append(history, code) == 0 && PyList_Append(history, tuple) == 0
	    && PyList_Append(history, self->zero) == 0)
		error = PyList_Append(history, retval);
	Py_XDECREF(tuple);
	Py_DECREF(history);
	return error;
}

/* The handler has returned result's retval. */
static Py_NO_INLINE int
plain_made(Plain *self, PyObject *lwp, PyObject *code, PyObject *const *args, Py_ssize_t count,
    struct result *result)
{
	if (spend(self, lwp) == 0 && keep(self, lwp, code, args, count, result->retval) == 0) {
		result->error = Py_NewRef(self->zero);
		return 0;
	}
	Py_DECREF(result->retval);
	return -1;
}

/* Make a call. */
static int
plain_enter(Plain *self, PyObject *lwp, PyObject *code, PyObject *const *args, Py_ssize_t count,
    struct result *result)
{
	PyObject *stack[REGISTERS + 2] = {NULL, lwp}, *handler;
	Py_ssize_t number = PyLong_CheckExact(code) ? PyLong_AsSsize_t(code) : -1;

	if (number < 0 || number >= PyList_GET_SIZE(self->calls) || count > REGISTERS) {
		PyErr_Clear();
		return unpack(ask(self->twin, lwp, code, args, count, NULL), result);
	}
	memcpy(stack + 2, args, count * sizeof(*args));
	handler = Py_NewRef(PyList_GET_ITEM(self->calls, number));
	result->retval = PyObject_Vectorcall(handler, stack + 1,
	    (count + 1) | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
	Py_DECREF(handler);
	if (result->retval == NULL)
		return plain_failed(self, lwp, code, args, count, result);
	return plain_made(self, lwp, code, args, count, result);
}

static PyObject *
plain_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *names)
{
	struct result result;
	PyObject *tuple;

	if (PyVectorcall_NARGS(nargsf) != 3 || names != NULL || !PyTuple_Check(args[2]))
		return PyObject_Vectorcall(((Plain *)self)->twin, args, nargsf, names);
	tuple = args[2];
	if (plain_enter((Plain *)self, args[0], args[1], &PyTuple_GET_ITEM(tuple, 0),
	    PyTuple_GET_SIZE(tuple), &result) < 0)
		return NULL;
	return pack(&result);
}

/* Whether both are the same int; of what might be an int of another kind, no. */
static inline int
same(PyObject *one, PyObject *other)
{
	return one == other || (PyLong_CheckExact(one) && PyLong_CheckExact(other)
	    && PyObject_RichCompareBool(one, other, Py_EQ) == 1);
}

/* Whether the history has that very call at an index, and after it what nothing comes before. */
static int
expected(PyObject *history, Py_ssize_t at, PyObject *code, PyObject *const *args, Py_ssize_t count)
{
	PyObject *were, *following;
	Py_ssize_t i;

	if (!PyList_CheckExact(history) || at < 0 || at >= PyList_GET_SIZE(history) - 4
	    || !same(PyList_GET_ITEM(history, at), code))
		return 0;
	were = PyList_GET_ITEM(history, at + 1);
	if (!PyTuple_CheckExact(were) || PyTuple_GET_SIZE(were) != count)
		return 0;
	for (i = 0; i < count; i++)
		if (!same(PyTuple_GET_ITEM(were, i), args[i]))
			return 0;
	following = PyList_GET_ITEM(history, at + 4);
	return PyLong_CheckExact(following) || PyTuple_CheckExact(following);
}

/* Answer a call from the history, if it is the next there: 1; else nothing has happened. */
static int
answer(Trap *self, PyObject *lwp, PyObject *md, PyObject *code, PyObject *const *args,
    Py_ssize_t count, struct result *result)
{
	PyObject *history = get(md, &self->fields[TRAP_MD_HISTORY]), *next = NULL;
	PyObject *index = get(md, &self->fields[MD_REPLAY]);
	Py_ssize_t at = index != NULL && PyLong_CheckExact(index) ? PyLong_AsSsize_t(index) : -1;
	int known = 0;

	if (history != NULL && expected(history, at, code, args, count)) {
		next = PyLong_FromSsize_t(at + 4);
		known = next != NULL && set(md, &self->fields[MD_REPLAY], next) == 0
		    && set(lwp, &self->fields[TRAP_L_ASTPENDING], Py_False) == 0;
	}
	if (known) {
		result->error = Py_NewRef(PyList_GET_ITEM(history, at + 2));
		result->retval = Py_NewRef(PyList_GET_ITEM(history, at + 3));
	} else
		PyErr_Clear();
	Py_XDECREF(next);
	Py_XDECREF(index);
	Py_XDECREF(history);
	return known;
}

/* Before user mode, with the result of a call: what is to be decided? */
static Py_NO_INLINE int
trap_return(Trap *self, PyObject *lwp, PyObject *code, PyObject *const *args, Py_ssize_t count,
    struct result *result)
{
	PyObject *pending, *done;
	struct result old = *result;
	int truth;

	if (old.error != self->plain->zero) {
		truth = PyObject_RichCompareBool(old.error, self->plain->zero, Py_LT);
		if (truth < 0)
			goto fail;
		if (truth) {
			truth = unpack(ask(self->again, lwp, code, args, count, old.error), result);
			Py_DECREF(old.error);
			Py_DECREF(old.retval);
			return truth;
		}
	}
	pending = get(lwp, &self->fields[TRAP_L_ASTPENDING]);
	truth = pending == Py_False ? 0 : pending == NULL ? -1 : PyObject_IsTrue(pending);
	Py_XDECREF(pending);
	if (truth == 0)
		return 0;
	if (truth > 0) {
		done = PyObject_CallOneArg(self->userret, lwp);
		Py_XDECREF(done);
		if (done != NULL)
			return 0;
	}
fail:
	Py_DECREF(old.error);
	Py_DECREF(old.retval);
	return -1;
}

static int
trap_enter(Trap *self, PyObject *lwp, PyObject *md, PyObject *entry, PyObject *code,
    PyObject *const *args, Py_ssize_t count, struct result *result)
{
	int error;

	if (entry == self->plain->twin)
		error = plain_enter(self->plain, lwp, code, args, count, result);
	else if (entry == self->replay && answer(self, lwp, md, code, args, count, result))
		return 0;
	else
		error = unpack(ask(entry, lwp, code, args, count, NULL), result);
	if (error == 0)
		error = trap_return(self, lwp, code, args, count, result);
	return error;
}

/* Let the twin make a call. */
static Py_NO_INLINE int
trap_ask(Trap *self, PyObject *code, PyObject *const *args, Py_ssize_t count,
    struct result *result)
{
	PyObject *tuple = PyTuple_New(count + 1), *pair;
	Py_ssize_t i;

	if (tuple == NULL)
		return -1;
	PyTuple_SET_ITEM(tuple, 0, Py_NewRef(code));
	for (i = 0; i < count; i++)
		PyTuple_SET_ITEM(tuple, i + 1, Py_NewRef(args[i]));
	pair = PyObject_CallObject(self->twin, tuple);
	Py_DECREF(tuple);
	return unpack(pair, result);
}

int
trap_make(PyObject *trap, PyObject *code, PyObject *const *args, Py_ssize_t count,
    struct result *result)
{
	Trap *self = (Trap *)trap;
	PyObject *context, *lwp = NULL, *md = NULL, *entry = NULL;
	int error;

	context = PyObject_CallNoArgs(self->current);
	if (context != NULL) {
		lwp = get(context, &self->fields[CONTEXT_LWP]);
		Py_DECREF(context);
	}
	if (lwp != NULL)
		md = follow(lwp, &self->fields[TRAP_L_PROC], 2);
	if (md != NULL)
		entry = get(md, &self->fields[MD_SYSCALL]);
	if (entry == NULL) {
		PyErr_Clear();
		error = trap_ask(self, code, args, count, result);
	} else
		error = trap_enter(self, lwp, md, entry, code, args, count, result);
	Py_XDECREF(entry);
	Py_XDECREF(md);
	Py_XDECREF(lwp);
	return error;
}

static PyObject *
trap_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *names)
{
	struct result result;

	if (PyVectorcall_NARGS(nargsf) < 1 || names != NULL)
		return PyObject_Vectorcall(((Trap *)self)->twin, args, nargsf, names);
	if (trap_make(self, args[0], args + 1, PyVectorcall_NARGS(nargsf) - 1, &result) < 0)
		return NULL;
	return pack(&result);
}

static PyObject *
plain_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static char *names[] = {"twin", "calls", "cost", "failed", "fields", NULL};
	PyObject *twin, *calls, *cost, *failed, *fields;
	Plain *self;

	if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO!O!OO:Plain", names, &twin, &PyList_Type,
	    &calls, &PyLong_Type, &cost, &failed, &fields))
		return NULL;
	self = (Plain *)type->tp_alloc(type, 0);
	if (self == NULL)
		return NULL;
	self->call = plain_call;
	self->twin = Py_NewRef(twin);
	self->calls = Py_NewRef(calls);
	self->cost = Py_NewRef(cost);
	self->failed = Py_NewRef(failed);
	self->zero = PyLong_FromLong(0);
	if (self->zero == NULL || fields_from(fields, self->fields, NPLAIN) < 0)
		Py_CLEAR(self);
	return (PyObject *)self;
}

static void
plain_dealloc(Plain *self)
{
	PyTypeObject *type = Py_TYPE(self);

	Py_XDECREF(self->twin);
	Py_XDECREF(self->calls);
	Py_XDECREF(self->cost);
	Py_XDECREF(self->failed);
	Py_XDECREF(self->zero);
	fields_clear(self->fields, NPLAIN);
	type->tp_free(self);
	Py_DECREF(type);
}

static PyObject *
trap_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static char *names[] = {"twin", "current", "plain", "replay", "again", "userret", "fields", NULL};
	PyObject *twin, *current, *plain, *replay, *again, *userret, *fields;
	Trap *self;

	if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOO!OOOO:Trap", names, &twin, &current,
	    plain_type, &plain, &replay, &again, &userret, &fields))
		return NULL;
	self = (Trap *)type->tp_alloc(type, 0);
	if (self == NULL)
		return NULL;
	self->call = trap_call;
	self->twin = Py_NewRef(twin);
	self->current = Py_NewRef(current);
	self->plain = (Plain *)Py_NewRef(plain);
	self->replay = Py_NewRef(replay);
	self->again = Py_NewRef(again);
	self->userret = Py_NewRef(userret);
	if (fields_from(fields, self->fields, NTRAP) < 0)
		Py_CLEAR(self);
	return (PyObject *)self;
}

static void
trap_dealloc(Trap *self)
{
	PyTypeObject *type = Py_TYPE(self);

	Py_XDECREF(self->twin);
	Py_XDECREF(self->current);
	Py_XDECREF(self->plain);
	Py_XDECREF(self->replay);
	Py_XDECREF(self->again);
	Py_XDECREF(self->userret);
	fields_clear(self->fields, NTRAP);
	type->tp_free(self);
	Py_DECREF(type);
}

static PyMemberDef plain_members[] = {
	{"__vectorcalloffset__", T_PYSSIZET, offsetof(Plain, call), READONLY, NULL},
	{NULL, 0, 0, 0, NULL},
};

static PyMemberDef trap_members[] = {
	{"__vectorcalloffset__", T_PYSSIZET, offsetof(Trap, call), READONLY, NULL},
	{NULL, 0, 0, 0, NULL},
};

static PyType_Slot plain_slots[] = {
	{Py_tp_doc, "Plain(twin, calls, cost, failed, fields): an entry, which makes calls."},
	{Py_tp_new, plain_new},
	{Py_tp_dealloc, plain_dealloc},
	{Py_tp_call, PyVectorcall_Call},
	{Py_tp_members, plain_members},
	{0, NULL},
};

static PyType_Slot trap_slots[] = {
	{Py_tp_doc, "Trap(twin, current, plain, replay, again, userret, fields): from user mode."},
	{Py_tp_new, trap_new},
	{Py_tp_dealloc, trap_dealloc},
	{Py_tp_call, PyVectorcall_Call},
	{Py_tp_members, trap_members},
	{0, NULL},
};

static PyType_Spec plain_spec = {
	"native._locore.Plain", sizeof(Plain), 0,
	Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL, plain_slots,
};

static PyType_Spec trap_spec = {
	"native._locore.Trap", sizeof(Trap), 0,
	Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL, trap_slots,
};

static int
locore_exec(PyObject *module)
{
	static const struct module_type types[] = {
		{&plain_spec, &plain_type},
		{&trap_spec, &trap_type},
		{&stub_spec, NULL},
		{NULL, NULL},
	};

	return module_fill(module, types);
}

static PyModuleDef_Slot locore_slots[] = {
	{Py_mod_exec, locore_exec},
	{0, NULL},
};

static PyModuleDef locore_module = {
	PyModuleDef_HEAD_INIT,
	.m_name = "native._locore",
	.m_doc = "What native.locore offers, in C.",
	.m_slots = locore_slots,
};

PyMODINIT_FUNC
PyInit__locore(void)
{
	return PyModuleDef_Init(&locore_module);
}
