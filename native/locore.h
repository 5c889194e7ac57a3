/* SPDX-License-Identifier: BSD-2-Clause */
/* What locore.c has for stub.c, in the same module. */
#ifndef NATIVE_LOCORE_H
#define NATIVE_LOCORE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* What a call leaves in its registers: references of whoever asked. */
struct result {
	PyObject *error;	/* 0: it went well */
	PyObject *retval;
};

/* trap(code, *args), of a Trap; -1 and an exception, and no result. */
int trap_make(PyObject *trap, PyObject *code, PyObject *const *args, Py_ssize_t count,
    struct result *result);

extern PyTypeObject *trap_type;
extern PyType_Spec stub_spec;

#endif
