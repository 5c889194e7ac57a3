# SPDX-License-Identifier: BSD-2-Clause
"""The twin of record.c, for machines without a C compiler."""

from collections.abc import Callable
from struct import Struct
from typing import Final, NamedTuple

_NSEC: Final = 1_000_000_000
_NAME: Final = 2  # which of the places
_LETTERS: Final = {1: "B", 2: "H", 4: "I", 8: "Q"}


class Place(NamedTuple):
    """Where a value goes: offset and size, bytes."""

    at: int
    size: int  # 1, 2, 4 or 8 but for a name


class Places(NamedTuple):
    """Where what every record says of its making goes."""

    length: Place
    pid: Place
    name: Place
    second: Place
    fraction: Place
    lid: Place | None


class Form:
    """Where the values of one kind of record go."""

    __slots__ = ("_fields", "_fixed", "_masks", "_nothing", "_pack", "_tick", "_values", "template")

    def __init__(
        self,
        template: bytes,
        fixed: int,
        bigendian: bool,
        tick: int,
        places: Places,
        values: tuple[Place, ...],
    ) -> None:
        """Describe a record.

        Args:
            template: the bytes that all have.
            fixed: bytes of template that the length counts.
            bigendian: the order of each value's bytes.
            tick: ns that the smaller field of the time counts.
            places: in their order in the record.
            values: of what else a record says, in its order, behind places.

        Raises:
            ValueError: a value lies outside of template or before another, or there is
                no such size; tick or fixed is out of range.
        """
        if len(places) != len(Places._fields) or not 1 <= tick <= _NSEC:
            raise ValueError("no such form")
        if not 0 <= fixed <= len(template):
            raise ValueError("no such form")
        layout, at = "<>"[bigendian], 0
        self._fields: list[object] = []  # what is between the values, room for each behind it
        masks: list[int] = []
        for index, place in enumerate((*places, *values)):
            if place is None:
                masks.append(0)
                continue
            offset, size = place
            if offset < at or size < 0 or offset > len(template) - size:
                raise ValueError("a value lies outside of its record")
            if index != _NAME and size not in _LETTERS:
                raise ValueError("no such size")
            layout += f"{offset - at}s" + (f"{size}s" if index == _NAME else _LETTERS[size])
            self._fields += (template[at:offset], None)
            masks.append((1 << 8 * size) - 1)
            at = offset + size
        self._fields.append(template[at:])
        self._pack = Struct(f"{layout}{len(template) - at}s").pack
        self._masks = tuple(masks[: len(places)])
        self._values = tuple(masks[len(places) :])
        self._nothing = (0,) * len(values)
        self._fixed = fixed
        self._tick = tick
        self.template = template

    def pack(
        self,
        now: int,
        pid: int,
        name: bytearray,
        lid: int,
        values: tuple[int, ...],
        data: bytes | bytearray | memoryview = b"",
    ) -> bytes:
        """Return a record; of each value as many bits as there is room for.

        Args:
            now: its time, ns.
            pid: whose it is.
            name: of the process; cut, or with zeroes behind it.
            lid: of the LWP.
            values: those of the form, in order; more are left out, missing ones are 0.
            data: what comes behind all that; the length counts it.

        Raises:
            TypeError: one is no integer.
        """
        if not (isinstance(name, bytearray) and isinstance(values, tuple)):
            raise TypeError("a name is a bytearray, values are a tuple")
        head: list[object]
        second, nsec = divmod(now, _NSEC)
        bits = self._masks
        head = [
            self._fixed + len(data) & bits[0],
            pid & bits[1],
            name,
            second & bits[3],
            nsec // self._tick & bits[4],
        ]
        if bits[5]:
            head.append(lid & bits[5])
        fields = self._fields.copy()
        if len(values) < len(self._values):
            values += self._nothing[len(values) :]
        masked = [value & mask for value, mask in zip(values, self._values, strict=False)]
        fields[1::2] = (*head, *masked)
        return self._pack(*fields) + data


class Window:
    """Room at the end of a file, where records collect until somebody looks.

    Attributes:
        capacity: bytes that it can be opened to.
        used: bytes that have collected.
        when: time of the last record, ns.
    """

    __slots__ = ("_records", "_room", "capacity", "used", "when")

    def __init__(self, capacity: int) -> None:
        """Make one that is closed and can be opened to capacity bytes.

        Raises:
            ValueError: capacity is below 0.
        """
        if capacity < 0:
            raise ValueError("no such capacity")
        self.capacity = capacity
        self._records: list[bytes] = []
        self._room = self.used = self.when = 0

    def open(self, room: int) -> None:
        """Let up to room bytes collect.

        Raises:
            ValueError: that is less than have, or more than the capacity.
        """
        if not self.used <= room <= self.capacity:
            raise ValueError("no such room")
        self._room = room

    def put(
        self,
        form: Form,
        now: int,
        pid: int,
        name: bytearray,
        lid: int,
        values: tuple[int, ...],
        data: bytes | bytearray | memoryview = b"",
    ) -> bool:
        """Add the record that form.pack would return; False if it does not fit.

        Raises:
            TypeError: as form.pack.
        """
        size = self.used + len(form.template) + len(data)
        if size > self._room:
            return False
        self._records.append(form.pack(now, pid, name, lid, values, data))
        self.used = size
        self.when = now
        return True

    def take(self) -> bytearray:
        """Return what has collected, and close."""
        records = bytearray().join(self._records)
        self._records.clear()
        self._room = self.used = 0
        return records


class Outlet:
    """A window that keeps nothing: records are written at once, as for a trace on the host."""

    __slots__ = ("_write",)

    def __init__(self, write: Callable[[bytes], object]) -> None:
        """Write records by calling write with each."""
        self._write = write

    def put(
        self,
        form: Form,
        now: int,
        pid: int,
        name: bytearray,
        lid: int,
        values: tuple[int, ...],
        data: bytes | bytearray | memoryview = b"",
    ) -> bool:
        """Write the record that form.pack returns; False if write says OSError.

        Raises:
            TypeError: as form.pack.
        """
        record = form.pack(now, pid, name, lid, values, data)
        try:
            self._write(record)
        except OSError:
            return False
        return True
