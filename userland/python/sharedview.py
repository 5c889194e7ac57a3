# SPDX-License-Identifier: BSD-2-Clause
"""Views of shared memory for multiprocessing.  CPython Objects/memoryobject.c.

What is in memory that processes share is loaded and stored by the machine, each time: a fork's
replay has to find there what its parent found.  So a view of it is not one of the interpreter's
buffers, and multiprocessing's two modules that make some are given this in their place.
"""

import struct
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any, Self, SupportsIndex

from userland.python.mmap import ACCESS_READ, mmap


class SharedView:
    """A memoryview of a part of a mapping, in one dimension."""

    contiguous = c_contiguous = f_contiguous = True
    ndim = 1
    suboffsets = ()

    def __init__(self, obj: mmap, part: range | None = None, format: str = "B") -> None:
        self._obj: mmap | None = obj
        self._part = range(len(obj)) if part is None else part  # of the mapping, bytes
        self.format = format
        self.itemsize = struct.calcsize(format)

    @property
    def obj(self) -> mmap:
        """The mapping."""
        if self._obj is None:
            raise ValueError("operation forbidden on released memoryview object")
        return self._obj

    @property
    def nbytes(self) -> int:
        """The size."""
        self.obj  # noqa: B018 - refuses if it is released
        return len(self._part)

    @property
    def shape(self) -> tuple[int]:
        """The number of items."""
        return (len(self),)

    @property
    def strides(self) -> tuple[int]:
        """The bytes from one item to the next."""
        return (self.itemsize * self._part.step,)

    @property
    def readonly(self) -> bool:
        """Whether nothing may be stored."""
        return self.obj._access == ACCESS_READ

    def __len__(self) -> int:
        return self.nbytes // self.itemsize

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def __bytes__(self) -> bytes:
        return self.tobytes()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SharedView):
            return self.tolist() == other.tolist()
        try:
            items: Any = memoryview(other)  # type: ignore[arg-type]  # a TypeError if it is none
            return self.tolist() == list(items)
        except TypeError:
            return NotImplemented

    def __hash__(self) -> int:
        raise ValueError("cannot hash writable memoryview object")

    def _place(self, index: SupportsIndex) -> slice:
        at = index.__index__()
        at += len(self) if at < 0 else 0
        if not 0 <= at < len(self):
            raise IndexError("index out of bounds on dimension 1")
        start = self._part[at * self.itemsize]
        return slice(start, start + self.itemsize)

    def _cut(self, where: slice) -> Self:
        start, stop, step = where.indices(len(self))
        size = self.itemsize
        if size == 1:
            return type(self)(self.obj, self._part[start:stop:step], self.format)
        if step != 1:
            raise NotImplementedError("memoryview: slices with a step are of bytes")
        return type(self)(self.obj, self._part[start * size : stop * size], self.format)

    def __getitem__(self, where: SupportsIndex | slice) -> Any:
        if isinstance(where, slice):
            return self._cut(where)
        data: Any = self.obj[self._place(where)]
        return struct.unpack(self.format, data)[0]

    def __setitem__(self, where: SupportsIndex | slice, value: Any) -> None:
        if self.readonly:
            raise TypeError("cannot modify read-only memory")
        if not isinstance(where, slice):
            try:
                self.obj[self._place(where)] = struct.pack(self.format, value)
            except struct.error as exc:
                text = f"memoryview: invalid value for format '{self.format}'"
                kind = ValueError if isinstance(value, int) else TypeError
                raise kind(text) from exc
            return
        part, data = self._cut(where)._part, bytes(value)
        if len(data) != len(part):
            raise ValueError("memoryview assignment: lvalue and rvalue have different structures")
        if data:
            self.obj[_slice(part)] = data

    def tobytes(self, order: str | None = None) -> bytes:
        """Return what is there."""
        del order  # there is one dimension
        return bytes(self.obj[_slice(self._part)]) if self._part else b""

    def tolist(self) -> list[Any]:
        """Return the items."""
        return [item for (item,) in struct.iter_unpack(self.format, self.tobytes())]

    def hex(self, *args: Any) -> str:
        """Return what is there in hexadecimal."""
        return self.tobytes().hex(*args)

    def cast(self, format: str) -> Self:
        """Return a view of the same memory as items of another format."""
        made = type(self)(self.obj, self._part, format)
        if len(self._part) % made.itemsize:
            raise TypeError("memoryview: length is not a multiple of itemsize")
        return made

    def toreadonly(self) -> memoryview:
        """Return a view of what is there now."""
        return memoryview(self.tobytes())

    def release(self) -> None:
        """Let go of the mapping."""
        self._obj = None

    def __enter__(self) -> Self:
        self.obj  # noqa: B018 - refuses if it is released
        return self

    def __exit__(self, *_exc: object) -> None:
        self.release()


SharedView.__name__ = SharedView.__qualname__ = "memoryview"
SharedView.__module__ = "builtins"


def _slice(part: range) -> slice:
    stop: int | None = part.stop
    return slice(part.start, None if stop is not None and stop < 0 else stop, part.step)


def _pack_into(format: str, buffer: Any, offset: int, *values: Any) -> None:
    data = struct.pack(format, *values)
    buffer[offset : offset + len(data)] = data


def _unpack_from(format: str, buffer: Any, offset: int = 0) -> tuple[Any, ...]:
    return struct.unpack(format, bytes(buffer[offset : offset + struct.calcsize(format)]))


def share_views(module: ModuleType) -> None:
    """Let multiprocessing.heap or multiprocessing.shared_memory make such views."""
    vars(module)["memoryview"] = SharedView
    if "struct" in vars(module):
        own = {**vars(struct), "pack_into": _pack_into, "unpack_from": _unpack_from}
        vars(module)["struct"] = SimpleNamespace(**own)
