# SPDX-License-Identifier: BSD-2-Clause
"""Entries of directories: what they know, what they look up and when, and their iterator."""

import os
import pickle
import sys

os.mkdir("d")
os.symlink("nowhere", "d/broken")
os.symlink(".", "d/loop")
open("d/file", "w").close()
os.mkdir("d/sub")
entries = {entry.name: entry for entry in os.scandir("d")}
for _, entry in sorted(entries.items()):
    print(
        entry,
        entry.path,
        entry.is_dir(),
        entry.is_dir(follow_symlinks=False),
        entry.is_file(),
        entry.is_symlink(),
        entry.inode() == os.lstat(entry).st_ino,
        os.fspath(entry),
    )
print(hasattr(os.DirEntry, "is_junction") == (sys.version_info >= (3, 12)), os.DirEntry[str])
before = entries["file"].stat()
with open("d/file", "w") as file:
    file.write("more")
print(before.st_size, entries["file"].stat().st_size, os.stat("d/file").st_size)
os.unlink("d/file")
print(entries["file"].stat() is before, entries["file"].is_file(), entries["broken"].is_file())
for attempt in (lambda: entries["broken"].stat(), lambda: pickle.dumps(entries["sub"])):
    try:
        print(attempt())
    except (OSError, TypeError) as exc:
        print(type(exc).__name__)
fd = os.open("d", os.O_RDONLY)
with os.scandir(fd) as it:
    first = next(it)
    print(first.path == first.name, first.stat(follow_symlinks=False).st_ino == first.inode())
print(list(it), sorted(entry.name for entry in os.scandir(fd)), sorted(os.listdir(fd)))
print(sorted(entry.path for entry in os.scandir(b"d")), sorted(e.path for e in os.scandir("d/")))
print([entry.path for entry in os.scandir()], [entry.path for entry in os.scandir(b".")])
lowest = os.dup(0)
os.close(lowest)
it = os.scandir("d")
next(it)
it.close()
it.close()
again = os.dup(0)
print(again == lowest, next(it, "closed"))
