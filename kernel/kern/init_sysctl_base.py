# SPDX-License-Identifier: BSD-2-Clause
"""Nodes of the sysctl tree, and the words to write tables of them with.

NetBSD sys/kern/kern_sysctl.c (sysctl_createv).  A module that has something to tell
writes a table with integer(), string() ... and init_sysctl puts it into the tree.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp
from kernel.sys.sysctl import (
    CREATE_BASE,
    CTLFLAG_IMMEDIATE,
    CTLFLAG_PERMANENT,
    CTLFLAG_READWRITE,
    CTLTYPE_INT,
    CTLTYPE_NODE,
    CTLTYPE_QUAD,
    CTLTYPE_STRING,
    CTLTYPE_STRUCT,
    SYSCTL_TYPEMASK,
)

Mib = tuple[int, ...]
Getter = Callable[[Lwp, Mib], Any]
Setter = Callable[[Lwp, Mib, Any], None]
# (lwp, the rest of the name, bytes of room or None) -> (what goes out, bytes there are)
Function = Callable[[Lwp, Mib, int | None], tuple[bytes, int]]

_SIZES: Final = {CTLTYPE_INT: 4, CTLTYPE_QUAD: 8}


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A node: one with children, a value, or a function that looks at the rest of the name.

    A value is an int (CTLTYPE_INT, CTLTYPE_QUAD) or bytes, strings without their NUL.
    sysctl_set is given what is checked to be of that type already.
    """

    sysctl_name: str
    sysctl_num: int
    sysctl_flags: int  # CTLTYPE_* | CTLFLAG_*
    sysctl_desc: str = ""
    sysctl_size: int = 0  # bytes of the value; of a string that can be set, the most
    sysctl_get: Getter | None = None
    sysctl_set: Setter | None = None
    sysctl_func: Function | None = None
    sysctl_children: "dict[int, Node]" = field(default_factory=dict)

    @property
    def sysctl_type(self) -> int:
        """CTLTYPE_*."""
        return self.sysctl_flags & SYSCTL_TYPEMASK


def node(name: str, num: int, desc: str, children: Iterable[Node] = (), flags: int = 0) -> Node:
    """A node with nodes below; those without a number get one, from CREATE_BASE on."""
    below: dict[int, Node] = {}
    free = CREATE_BASE
    for child in children:
        number = child.sysctl_num
        if number < 0:
            number, free = free, free + 1
            child = Node(
                child.sysctl_name, number, child.sysctl_flags, child.sysctl_desc,
                child.sysctl_size, child.sysctl_get, child.sysctl_set, child.sysctl_func,
                child.sysctl_children,
            )  # fmt: skip
        if below.setdefault(number, child) is not child:
            raise ValueError(f"two nodes {number} in {name}")
    return Node(name, num, CTLTYPE_NODE | CTLFLAG_PERMANENT | flags, desc, sysctl_children=below)


def _getter(value: Any) -> Getter:
    if callable(value):
        return lambda lwp, _mib: value(lwp.l_kernel)
    return lambda _lwp, _mib: value


def _leaf(
    kind: int,
    name: str,
    num: int,
    desc: str,
    value: Any,
    set_: Callable[[Kernel, Any], None] | None,
    flags: int,
    size: int,
) -> Node:
    flags |= kind | CTLFLAG_PERMANENT
    if not callable(value):
        flags |= CTLFLAG_IMMEDIATE
    setter: Setter | None = None
    if set_ is not None:
        flags |= CTLFLAG_READWRITE

        def setter(lwp: Lwp, _mib: Mib, new: Any) -> None:
            set_(lwp.l_kernel, new)

    return Node(name, num, flags, desc, size, _getter(value), setter)


def integer(
    name: str,
    num: int,
    desc: str,
    value: int | Callable[[Kernel], int],
    set_: Callable[[Kernel, int], None] | None = None,
    flags: int = 0,
) -> Node:
    """An int: a constant, or what value(kernel) says; set_ changes it."""
    return _leaf(CTLTYPE_INT, name, num, desc, value, set_, flags, 4)


def quad(
    name: str,
    num: int,
    desc: str,
    value: int | Callable[[Kernel], int],
    set_: Callable[[Kernel, int], None] | None = None,
    flags: int = 0,
) -> Node:
    """A number of 64 bits."""
    return _leaf(CTLTYPE_QUAD, name, num, desc, value, set_, flags, 8)


def string(
    name: str,
    num: int,
    desc: str,
    value: bytes | Callable[[Kernel], bytes],
    set_: Callable[[Kernel, bytes], None] | None = None,
    size: int = 0,
) -> Node:
    """A string; one that can be set has at most size bytes with its NUL."""
    return _leaf(CTLTYPE_STRING, name, num, desc, value, set_, 0, size)


def struct(name: str, num: int, desc: str, size: int, value: Callable[[Kernel], bytes]) -> Node:
    """A struct of size bytes."""
    return _leaf(CTLTYPE_STRUCT, name, num, desc, value, None, 0, size)


def function(name: str, num: int, desc: str, func: Function, kind: int = CTLTYPE_NODE) -> Node:
    """A node whose function looks at the rest of the name itself."""
    return Node(name, num, kind | CTLFLAG_PERMANENT, desc, sysctl_func=func)


def variable(
    name: str,
    num: int,
    desc: str,
    default: int | bytes,
    allowed: Callable[[Any], bool] | None = None,
    flags: int = 0,
    size: int = 0,
) -> Node:
    """A value that root may set and that is kept in kernel.sysctl_data by the node's name.

    EINVAL, what is not allowed(value).
    """

    def get(kernel: Kernel) -> Any:
        return kernel.sysctl_data.get(name, default)

    def set_(kernel: Kernel, new: Any) -> None:
        if allowed is not None and not allowed(new):
            raise KernelError(Errno.EINVAL)
        kernel.sysctl_data[name] = new

    kind = CTLTYPE_STRING if isinstance(default, bytes) else CTLTYPE_INT
    return _leaf(kind, name, num, desc, get, set_, flags, size or _SIZES.get(kind, 0))
