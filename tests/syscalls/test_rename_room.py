# SPDX-License-Identifier: BSD-2-Clause
"""Names that come, move and go: the room they take in tmpfs is counted right, full or not."""

from random import Random

import pytest

from kernel.fs.tmpfs.tmpfs import SIZEOF_TMPFS_DIRENT, SIZEOF_TMPFS_NODE, TmpfsMount
from kernel.fs.tmpfs.tmpfs_dir import tmpfs_strsize
from kernel.sys.fcntl import O_CREAT, O_RDWR
from kernel.sys.param import PAGE_SIZE
from kernel.sys.stat import S_ISDIR, S_ISLNK
from kernel.sys.unistd import SEEK_END

LETTERS = b"abc"


def room(p, top):
    """What the files in a directory take, counted by walking it: bytes, and how many inodes."""
    taken, seen = 0, set()
    pending = [top]
    while pending:
        directory = pending.pop()
        for name in p.listdir(directory):
            path = directory + b"/" + name.encode()
            st = p.lstat(path)
            taken += SIZEOF_TMPFS_DIRENT + tmpfs_strsize(name.encode())
            if st.st_ino in seen:
                continue
            seen.add(st.st_ino)
            taken += SIZEOF_TMPFS_NODE
            if S_ISDIR(st.st_mode):
                pending.append(path)
            elif S_ISLNK(st.st_mode):
                taken += tmpfs_strsize(p.readlink(path, 2000))
            else:
                taken += -(-st.st_size // PAGE_SIZE) * PAGE_SIZE
    return taken, len(seen)


def path(random):
    """A path of names from 1 to 255 letters in at most three directories."""
    depth = random.choice([1, 1, 2, 3])
    return b"/".join(
        bytes([random.choice(LETTERS)]) * random.choice([1, 1, 1, 33, 255]) for _ in range(depth)
    )


def write(p, name):
    """Make a file longer by a page or so."""
    fd = p.open(name, O_CREAT | O_RDWR, 0o644)
    try:
        p.lseek(fd, 0, SEEK_END)
        p.write(fd, b"x" * 3000)
    finally:
        p.close(fd)


ACTS = (
    lambda p, r: write(p, path(r)),
    lambda p, r: p.mkdir(path(r), 0o755),
    lambda p, r: p.link(path(r), path(r)),
    lambda p, r: p.symlink(path(r), path(r)),
    lambda p, r: p.rename(path(r), path(r)),
    lambda p, r: p.rename(path(r), path(r)),
    lambda p, r: p.rename(path(r), path(r)),
    lambda p, r: p.unlink(path(r)),
    lambda p, r: p.rmdir(path(r)),
)


@pytest.mark.parametrize("size", [1 << 13, 1 << 15, 1 << 20])
@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost(root, tmpfs, size, seed):
    """After each of many calls, done or refused, as much is taken as the files that are there need."""
    mount: TmpfsMount = tmpfs(b"m", size=size, nodes=40).mnt_data
    root.chdir(b"m")
    empty = mount.tm_mem_used, mount.tm_nodes_cnt
    random = Random(seed)
    done = 0
    for _ in range(300):
        try:
            random.choice(ACTS)(root, random)
        except OSError:
            continue
        done += 1
        taken, inodes = room(root, b".")
        assert (mount.tm_mem_used - empty[0], mount.tm_nodes_cnt - empty[1]) == (taken, inodes)
    assert done > 20
    remove(root, b".")
    assert (mount.tm_mem_used, mount.tm_nodes_cnt) == empty


def remove(p, top):
    """Remove all that is in a directory."""
    for name in p.listdir(top):
        inside = top + b"/" + name.encode()
        if S_ISDIR(p.lstat(inside).st_mode):
            remove(p, inside)
            p.rmdir(inside)
        else:
            p.unlink(inside)
