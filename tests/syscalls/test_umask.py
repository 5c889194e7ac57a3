# SPDX-License-Identifier: BSD-2-Clause
"""umask(2), which cannot fail, and what it does to the calls that make files."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDONLY
from kernel.sys.stat import ALLPERMS
from tests.syscalls.errnos import errnos


def test_of_all_that_is_made(root):
    """Files, directories and FIFOs alike lack the bits of the mask."""
    assert root.umask(0o027) == 0o022
    root.close(root.open(b"f", O_CREAT, 0o666))
    root.mkdir(b"d", 0o777)
    root.mkfifo(b"p", 0o666)
    modes = [root.stat(name).st_mode & ALLPERMS for name in (b"f", b"d", b"p")]
    assert modes == [0o640, 0o750, 0o640]


@pytest.mark.errno("open", Errno.EACCES)
def test_leaves_its_maker_no_way_in(fails, user):
    """The file's mode does not let the caller read it."""
    user.umask(0o777)
    user.close(user.open(b"f", O_CREAT, 0o666))
    fails(user, "open", b"f", O_RDONLY)


@errnos(
    Errno.ENOTDIR,
    {
        "open": lambda path: ("open", path, O_RDONLY),
        "chmod": lambda path: ("chmod", path, 0o600),
    },
)
def test_file_in_the_way(fails, root, call):
    """A component of the path that is not the last is no directory."""
    root.close(root.open(b"f", O_CREAT, 0o666))
    fails(root, *call(b"f/g"))
