# SPDX-License-Identifier: BSD-2-Clause
"""Types of results that are tuples with names, as C makes them.  CPython Objects/structseq.c.

A C type has fields that its tuple does not show; here they are in the instance's
dictionary, with those whose value differs from what stands in the tuple.
"""

import sys as _host
from operator import itemgetter
from typing import Any, Final, NoReturn, Self

_STRICT: Final = _host.version_info >= (3, 13)  # unknown names are refused, __replace__ is there
_NO_DICT: Final = " and no __dict__ for setting new attributes" if _STRICT else ""


class StructSequence(tuple[Any, ...]):
    """What stat_result and its like are made of; their fields are in class attributes."""

    __slots__ = ()
    n_fields: int
    n_sequence_fields: int
    n_unnamed_fields: int
    _names: tuple[str, ...]  # of the fields that have one, in order
    _hidden: tuple[str, ...]  # of those that the tuple does not show
    _defaults: dict[str, int]  # hidden ones, by the place in the tuple they repeat

    def __new__(cls, sequence: Any, dict: Any = None) -> Self:
        """Make one of a sequence of the shown fields and perhaps more, and a dict of the others."""
        try:
            values = tuple(sequence)
        except TypeError:
            raise TypeError("constructor requires a sequence") from None
        kind, least, most = f"{cls.__module__}.{cls.__name__}", cls.n_sequence_fields, cls.n_fields
        if not least <= len(values) <= most:
            limit = "least" if len(values) < least else "most"
            bound = least if len(values) < least else most
            if least == most:
                raise TypeError(f"{kind}() takes a {most}-sequence ({len(values)}-sequence given)")
            raise TypeError(
                f"{kind}() takes an at {limit} {bound}-sequence ({len(values)}-sequence given)"
            )
        given = {} if dict is None else dict
        if not hasattr(given, "keys"):
            raise TypeError(f"{kind}() takes a dict as second arg, if any")
        more = values[least:]
        if _STRICT and set(given) - set(cls._hidden[len(more) :]):
            raise TypeError(f"{kind}() got duplicate or unexpected field name(s)")
        self = tuple.__new__(cls, values[:least])
        hidden = vars(self)
        for at, name in enumerate(cls._hidden):
            value = more[at] if at < len(more) else given.get(name)
            if value is None and name in cls._defaults:
                value = values[cls._defaults[name]]
            hidden[name] = value
        return self

    def __setattr__(self, name: str, _value: object) -> NoReturn:
        if name in self._names:
            raise AttributeError("readonly attribute")
        kind = f"{type(self).__module__}.{type(self).__name__}"
        raise AttributeError(f"'{kind}' object has no attribute {name!r}{_NO_DICT}")

    def __delattr__(self, name: str) -> NoReturn:
        self.__setattr__(name, None)

    def __repr__(self) -> str:
        shown = zip(self._names, self, strict=False)
        fields = ", ".join(f"{name}={value!r}" for name, value in shown)
        return f"{type(self).__module__}.{type(self).__name__}({fields})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (tuple(self), {**vars(self)})


def _replace(self: StructSequence, /, **changes: Any) -> StructSequence:
    """Return a copy with some fields changed."""
    if self.n_unnamed_fields:
        text = f"{type(self).__name__} has unnamed fields"
        raise TypeError(f"__replace__() is not supported for {text}")
    unknown = [name for name in changes if name not in self._names]
    if unknown:
        raise TypeError(f"Got unexpected field name(s): {unknown}")
    values = [changes.get(name, value) for name, value in zip(self._names, self, strict=False)]
    hidden = {name: changes.get(name, value) for name, value in vars(self).items()}
    return type(self)(values, hidden)


def structseq(
    module: str, name: str, fields: str, shown: int, unnamed: int = 0, doc: str = ""
) -> Any:
    """Return a type of results.

    Args:
        module: where a program finds it.
        name: what it is called there.
        fields: the names, of what the tuple shows first.
        shown: how many values the tuple has.
        unnamed: how many of them, the last ones, have no name; the hidden fields
            that come first repeat them if nothing else is given.
        doc: what it is.
    """
    names = tuple(fields.split())
    visible = names[: shown - unnamed]
    hidden = names[shown - unnamed :]
    members: dict[str, Any] = {
        "__doc__": doc,
        "__module__": module,
        "__match_args__": visible,
        "n_fields": len(names) + unnamed,
        "n_sequence_fields": shown,
        "n_unnamed_fields": unnamed,
        "_names": names,
        "_hidden": hidden,
        "_defaults": {hidden[at]: shown - unnamed + at for at in range(unnamed)},
        **{field: property(itemgetter(at)) for at, field in enumerate(visible)},
    }
    if _STRICT:
        members["__replace__"] = _replace
    return type(name, (StructSequence,), members)
