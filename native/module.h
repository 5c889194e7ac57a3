/* SPDX-License-Identifier: BSD-2-Clause */
/* What every module of ours is made of: its types, and what says from which sources it is. */
#ifndef NATIVE_MODULE_H
#define NATIVE_MODULE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* A type of a module, and where the module keeps it for itself, or NULL. */
struct module_type {
	PyType_Spec *spec;
	PyTypeObject **kept;
};

/* Add types to a module, up to one without a spec, and SOURCES, which setup.py has given. */
static int
module_fill(PyObject *module, const struct module_type *types)
{
	PyTypeObject *type;
	int error;

	for (; types->spec != NULL; types++) {
		type = (PyTypeObject *)PyType_FromModuleAndSpec(module, types->spec, NULL);
		if (type == NULL)
			return -1;
		error = PyModule_AddType(module, type);
		if (error == 0 && types->kept != NULL)
			*types->kept = (PyTypeObject *)Py_NewRef(type);
		Py_DECREF(type);
		if (error != 0)
			return -1;
	}
	return PyModule_AddStringConstant(module, "SOURCES", SOURCES);
}

#endif
