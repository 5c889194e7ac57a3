# SPDX-License-Identifier: BSD-2-Clause
"""A map of an address space against a dict of pages: mapping, unmapping, protecting, storing."""

from contextlib import nullcontext
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import api
from kernel.arch.python.copy import copyin, copyout
from kernel.kern.init_main import boot_lookup
from kernel.sys.errno import KernelError
from kernel.sys.fcntl import O_CREAT, O_RDWR
from kernel.sys.mman import (
    MADV_FREE,
    MAP_ANON,
    MAP_FIXED,
    MAP_INHERIT_COPY,
    MAP_INHERIT_NONE,
    MAP_INHERIT_SHARE,
    MAP_INHERIT_ZERO,
    MAP_PRIVATE,
    MAP_SHARED,
    PROT_READ,
    PROT_WRITE,
)
from kernel.sys.vm import VM_PROT_ALL

PAGE = 4096
BASE = 0x40_0000
PAGES = 12
FILE_PAGES = 6
_ZERO = bytes(PAGE)

range_ = st.tuples(st.integers(0, PAGES - 1), st.integers(1, 5))
prot = st.sampled_from([0, PROT_READ, PROT_READ | PROT_WRITE])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("anon"), range_, prot, st.booleans()),
        st.tuples(st.just("file"), range_, prot, st.booleans(), st.integers(0, FILE_PAGES - 1)),
        st.tuples(st.just("unmap"), range_),
        st.tuples(st.just("protect"), range_, prot),
        st.tuples(
            st.just("inherit"),
            range_,
            st.sampled_from(
                [MAP_INHERIT_NONE, MAP_INHERIT_COPY, MAP_INHERIT_SHARE, MAP_INHERIT_ZERO]
            ),
        ),
        st.tuples(st.just("free"), range_),
        st.tuples(st.just("store"), st.integers(0, PAGES * PAGE - 20), st.integers(1, 255)),
        st.tuples(st.just("write"), st.integers(0, FILE_PAGES * PAGE - 20), st.integers(1, 255)),
    ),
    max_size=30,
)


@dataclass
class Cell:
    """The bytes of a page, or the number of the file's page that it shows until it is stored into."""

    data: bytes = _ZERO
    file: int = -1


@dataclass
class Page:
    """What the model knows of a page; those that are one memory have one cell."""

    prot: int
    cell: Cell
    shared: bool
    inherit: int
    of_file: bool


class Model:
    """An address space of a few pages and a file."""

    def __init__(self) -> None:
        self.pages: dict[int, Page] = {}
        self.file = [Cell() for _ in range(FILE_PAGES)]

    def contents(self, page: Page) -> bytes | None:
        """The contents; None behind the end of the file."""
        if page.cell.file < 0:
            return page.cell.data
        return self.file[page.cell.file].data if page.cell.file < FILE_PAGES else None

    def load(self, number: int) -> bytes | None:
        """What a load of a whole page gives, None a fault."""
        page = self.pages.get(number)
        return self.contents(page) if page is not None and page.prot & PROT_READ else None

    def store(self, at: int, data: bytes) -> bool:
        """Store up to the first page that cannot be; return whether all of it could."""
        while data:
            number, offset = divmod(at, PAGE)
            page = self.pages.get(number)
            old = self.contents(page) if page is not None else None
            if page is None or not page.prot & PROT_WRITE or old is None:
                return False
            piece = data[: PAGE - offset]
            new = old[:offset] + piece + old[offset + len(piece) :]
            if page.cell.file >= 0 and page.shared:
                self.file[page.cell.file].data = new
            else:
                page.cell.file, page.cell.data = -1, new
            at, data = at + len(piece), data[len(piece) :]
        return True


def check(vm, model: Model) -> None:
    """Every page is as the model says, with its protection."""
    for number in range(PAGES + 5):
        expected = model.load(number)
        try:
            found = copyin(vm, BASE + number * PAGE, PAGE)
        except KernelError:
            found = None
        assert found == expected, number


def step(p, fd: int, model: Model, what: str, *args) -> None:
    """Do one thing in both."""
    if what == "store":
        at, value = args
        data = bytes([value]) * 20
        possible = model.store(at, data)
        with nullcontext() if possible else pytest.raises(KernelError):
            copyout(p.proc.p_vmspace, data, BASE + at)
        return
    if what == "write":
        at, value = args
        p.pwrite(fd, bytes([value]) * 20, at)
        for byte in range(at, at + 20):
            cell, inside = model.file[byte // PAGE], byte % PAGE
            cell.data = cell.data[:inside] + bytes([value]) + cell.data[inside + 1 :]
        return
    (first, count), *rest = args
    numbers = range(first, first + count)
    at, size = BASE + first * PAGE, count * PAGE
    mapped = [number for number in numbers if number in model.pages]
    if what in {"anon", "file"}:
        protection, shared, *start = rest
        flags = MAP_FIXED | (MAP_SHARED if shared else MAP_PRIVATE) | (0 if start else MAP_ANON)
        p.mmap(at, size, protection, flags, fd if start else -1, start[0] * PAGE if start else 0)
        inherit = MAP_INHERIT_SHARE if shared else MAP_INHERIT_COPY
        for index, number in enumerate(numbers):
            page = start[0] + index if start else -1
            model.pages[number] = Page(protection, Cell(file=page), shared, inherit, bool(start))
    elif what == "unmap":
        p.munmap(at, size)
        for number in mapped:
            del model.pages[number]
    elif what == "protect":
        p.mprotect(at, size, rest[0])
        for number in mapped:
            model.pages[number].prot = rest[0]
    elif what == "inherit":
        p.minherit(at, size, rest[0])
        for number in mapped:
            model.pages[number].inherit = rest[0]
    elif len(mapped) == count and not any(
        model.pages[n].of_file or model.pages[n].shared for n in mapped
    ):
        p.madvise(at, size, MADV_FREE)
        for number in mapped:
            model.pages[number].cell.data = _ZERO


def forked(model: Model) -> Model:
    """What a child has: as each page's inheritance says."""
    child = Model()
    child.file = model.file
    for number, page in model.pages.items():
        if page.inherit == MAP_INHERIT_NONE:
            continue
        cell, shared = Cell(page.cell.data, page.cell.file), False
        if page.inherit == MAP_INHERIT_ZERO:
            cell = Cell()
        elif page.inherit == MAP_INHERIT_SHARE:
            cell, shared = page.cell, page.shared
        child.pages[number] = Page(page.prot, cell, shared, page.inherit, page.of_file)
    return child


@pytest.mark.filterwarnings("ignore:The recursion limit")
@settings(max_examples=60, deadline=None)
@given(STEPS, STEPS)
def test_a_map_is_what_a_model_says(before, after):
    """Through a fork too, whichever side stores; and in the end nobody holds the file."""
    with api.boot() as k:
        p = k.process()
        fd = p.open(b"/tmp/f", O_CREAT | O_RDWR, 0o600)
        p.ftruncate(fd, FILE_PAGES * PAGE)
        vp = boot_lookup(k.kernel, b"/tmp/f")
        model = Model()
        for one in before:
            step(p, fd, model, *one)
            check(p.proc.p_vmspace, model)
        child, its = p.fork(), forked(model)
        check(child.proc.p_vmspace, its)
        for number in range(PAGES):
            step(child, fd, its, "store", number * PAGE, 77)
            step(p, fd, model, "store", number * PAGE + 40, 99)
        check(p.proc.p_vmspace, model)
        check(child.proc.p_vmspace, its)
        for at, one in enumerate(after):
            if one[0] in {"store", "unmap", "protect", "anon"}:
                step(*((p, fd, model) if at % 2 else (child, fd, its)), *one)
        check(p.proc.p_vmspace, model)
        check(child.proc.p_vmspace, its)
        assert all(s.prot <= VM_PROT_ALL for s in p.proc.p_vmspace.vm_map.values())
        child.call("_exit", 0)
        p.close(fd)
        p.munmap(BASE, (PAGES + 5) * PAGE)
        assert vp.v_usecount == 0
