/* SPDX-License-Identifier: BSD-2-Clause */
/* Attributes of objects of the kernel, read and written where their classes have slots for them. */
#ifndef NATIVE_FIELD_H
#define NATIVE_FIELD_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

/* An attribute of an object: read from where the class has its slot, or by its name. */
struct field {
	PyTypeObject *type;
	PyObject *name;
	Py_ssize_t offset;	/* 0: the class has no such slot */
};

/* Find attributes: a tuple of as many (class, name). */
static int
fields_from(PyObject *given, struct field *fields, Py_ssize_t count)
{
	PyObject *slot;
	struct field *field;
	Py_ssize_t i;

	if (!PyTuple_Check(given) || PyTuple_GET_SIZE(given) != count) {
		PyErr_Format(PyExc_ValueError, "%zd fields are needed", count);
		return -1;
	}
	for (i = 0; i < count; i++) {
		field = &fields[i];
		if (!PyArg_ParseTuple(PyTuple_GET_ITEM(given, i), "O!U", &PyType_Type, &field->type,
		    &field->name)) {
			field->type = NULL;
			field->name = NULL;
			return -1;
		}
		Py_INCREF(field->type);
		Py_INCREF(field->name);
		slot = PyObject_GetAttr((PyObject *)field->type, field->name);
		if (slot == NULL) {
			PyErr_Clear();
			continue;
		}
		if (Py_IS_TYPE(slot, &PyMemberDescr_Type) && PyDescr_TYPE(slot) == field->type
		    && ((PyMemberDescrObject *)slot)->d_member->type == T_OBJECT_EX)
			field->offset = ((PyMemberDescrObject *)slot)->d_member->offset;
		Py_DECREF(slot);
	}
	return 0;
}

static void
fields_clear(struct field *fields, Py_ssize_t count)
{
	Py_ssize_t i;

	for (i = 0; i < count; i++) {
		Py_XDECREF(fields[i].type);
		Py_XDECREF(fields[i].name);
	}
}

/* Where object has a field, or NULL: it is of another class, or has nothing there. */
static inline PyObject **
place(PyObject *object, const struct field *field)
{
	PyObject **at;

	if (!Py_IS_TYPE(object, field->type) || field->offset == 0)
		return NULL;
	at = (PyObject **)((char *)object + field->offset);
	return *at == NULL ? NULL : at;
}

static inline PyObject *
get(PyObject *object, const struct field *field)
{
	PyObject **at = place(object, field);

	return at != NULL ? Py_NewRef(*at) : PyObject_GetAttr(object, field->name);
}

static inline int
set(PyObject *object, const struct field *field, PyObject *value)
{
	PyObject **at = place(object, field), *old;

	if (at == NULL)
		return PyObject_SetAttr(object, field->name, value);
	old = *at;
	*at = Py_NewRef(value);
	Py_DECREF(old);
	return 0;
}

/* Go count fields from object. */
static inline PyObject *
follow(PyObject *object, const struct field *fields, int count)
{
	PyObject *next;

	Py_INCREF(object);
	while (object != NULL && count-- > 0) {
		next = get(object, fields++);
		Py_DECREF(object);
		object = next;
	}
	return object;
}

#endif
