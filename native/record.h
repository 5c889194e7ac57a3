/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of native._record have for each other. */
#ifndef NATIVE_RECORD_H
#define NATIVE_RECORD_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* form.pack(*args) -> bytes. */
PyObject *record_pack(PyObject *form, PyObject *const *args, Py_ssize_t nargs);

/* Whether window is a Window. */
int record_is_window(PyObject *window);

/* window.put(*args) -> bool, of a Window. */
PyObject *record_put(PyObject *window, PyObject *const *args, Py_ssize_t nargs);

/* A function of the module, of memory.c. */
PyObject *keep_freed(PyObject *module, PyObject *args);

extern PyTypeObject *outlet_type;
extern PyType_Spec outlet_spec;
extern PyType_Spec recorder_spec;

#endif
