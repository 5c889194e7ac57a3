# SPDX-License-Identifier: BSD-2-Clause
"""The same calls on the host's kernel: a process for each person, driven over pipes."""

import marshal
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from kernel.sys import fcntl
from tests.vfsmodel.model import Answer
from tests.vfsmodel.namei import DEPTH, JAIL
from tests.vfsmodel.node import Person

_FLAGS = {
    getattr(fcntl, name): getattr(os, name)
    for name in ("O_CREAT", "O_EXCL", "O_TRUNC", "O_APPEND", "O_DIRECTORY", "O_NOFOLLOW")
}
_MEMORY = Path("/dev/shm")  # a tmpfs, where there is one
Told = tuple[int, int, int, int, int | None, bytes]  # mode, links, owner, group, size, contents


class Host:
    """Processes of the host in a directory of their own."""

    def __init__(self, people: list[Person]) -> None:
        place = _MEMORY if os.access(_MEMORY, os.W_OK) else None
        self.home = Path(mkdtemp(prefix="sysent-sequences-", dir=place))
        self.home.chmod(0o755)
        self.top = os.fsencode(self.home) + b"/t"
        self.base = b"/".join([self.top, *[JAIL] * DEPTH])
        program = Path(__file__).with_name("host_program.py")
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-S", "-E", program, *map(str, [who.uid, who.gid, *who.groups])],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            for who in people
        ]

    def begin(self) -> None:
        """Make an empty base, and everybody go there."""
        if os.path.lexists(self.top):
            self._remove()
        path = self.top
        for name in [*[JAIL] * DEPTH, b""]:
            os.mkdir(path)
            os.chmod(path, 0o755 if name else 0o777)
            path += b"/" + name
        for person in range(len(self.processes)):
            self._ask(person, "begin", self.base)

    def end(self) -> None:
        """Close all."""
        for person in range(len(self.processes)):
            self._ask(person, "end")

    def shutdown(self) -> None:
        """End the processes, and leave nothing."""
        for process in self.processes:
            process.communicate()
        if os.path.lexists(self.top):
            self._remove()
        self.home.rmdir()

    def _remove(self) -> None:
        _unlock(self.top)
        shutil.rmtree(self.top)

    def _ask(self, person: int, name: str, *args: Any) -> Answer:
        process = self.processes[person]
        assert process.stdin is not None
        assert process.stdout is not None
        marshal.dump((name, args), process.stdin)
        process.stdin.flush()
        answer: Answer = marshal.load(process.stdout)
        return answer

    def call(self, person: int, name: str, *args: Any) -> Answer:
        """Make a call."""
        if name == "open":
            at, path, flags, mode = args
            how = flags & fcntl.O_ACCMODE
            args = at, path, how | sum(host for our, host in _FLAGS.items() if flags & our), mode
        return self._ask(person, name, *args)

    def regroup(
        self, person: int, at: int | None, path: bytes, gid: int, bits: int, fd: int | None = None
    ) -> None:
        """Give what person has just made the group and set-id bits that it has on NetBSD."""
        self._ask(person, "regroup", at, path, gid, bits, fd)

    def tree(self) -> dict[bytes, Told] | None:
        """All files by their path from the top; None if not all may be seen."""
        found: dict[bytes, Told] = {}
        try:
            self._walk(self.top, b".", found)
        except PermissionError:
            return None
        return found

    def _walk(self, path: bytes, name: bytes, found: dict[bytes, Told]) -> None:
        st = os.lstat(path)
        data = b""
        if stat.S_ISREG(st.st_mode):
            with open(path, "rb") as file:
                data = file.read()
        elif stat.S_ISLNK(st.st_mode):
            data = os.readlink(path)
        size = len(data) if stat.S_ISREG(st.st_mode) or stat.S_ISLNK(st.st_mode) else None
        found[name] = st.st_mode, st.st_nlink, st.st_uid, st.st_gid, size, data
        if stat.S_ISDIR(st.st_mode):
            for child in os.listdir(path):
                self._walk(path + b"/" + child, name + b"/" + child, found)


def _unlock(path: bytes) -> None:
    """Let the owner search and write all directories from path down."""
    os.chmod(path, 0o700)
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _unlock(entry.path)
