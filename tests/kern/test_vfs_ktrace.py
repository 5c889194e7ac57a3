# SPDX-License-Identifier: BSD-2-Clause
"""What the calls on files leave in a trace besides CALL and RET."""

import pytest

from kernel.sys.dirent import dirents
from kernel.sys.fcntl import AT_FDCWD, O_CREAT, O_RDONLY, O_RDWR
from kernel.sys.ktrace import KTR_GENIO, KTR_NAMEI, KTRFAC_GENIO, KTRFAC_NAMEI, KtrGenio
from kernel.sys.stat import SIZEOF_STAT
from kernel.sys.uio import UIO_READ


@pytest.mark.parametrize(
    ("call", "paths"),
    [
        (("open", b"/tmp//l/../f", O_RDONLY, 0), [b"/tmp//l/../f"]),
        (("open", b"/tmp/new", O_CREAT | O_RDWR, 0o644), [b"/tmp/new"]),
        (("open", b"/nowhere/x", O_RDONLY, 0), [b"/nowhere/x"]),
        (("open", b"", O_RDONLY, 0), []),
        (("open", b"x" * 1024, O_RDONLY, 0), []),
        (("open", 8, O_RDONLY, 0), []),
        (("openat", 99, b"f", O_RDONLY, 0), []),
        (("openat", AT_FDCWD, b"tmp/f", O_RDONLY, 0), [b"tmp/f"]),
        (("__stat50", b"/tmp/l", bytearray(SIZEOF_STAT)), [b"/tmp/l"]),
        (("__lstat50", b"/tmp/l", 8), [b"/tmp/l"]),
        (("link", b"/tmp/f", b"/tmp/h"), [b"/tmp/f", b"/tmp/h"]),
        (("link", b"/tmp/nothing", b"/tmp/h"), [b"/tmp/nothing"]),
        (("symlink", b"anything", b"/tmp/s"), [b"/tmp/s"]),
        (("rename", b"/tmp/f", b"/tmp/g"), [b"/tmp/f", b"/tmp/g"]),
        (("rename", b"/tmp/nothing", b"/tmp/g"), [b"/tmp/nothing"]),
        (("rename", b"/tmp/f", 8), []),
        (("unlink", b"/tmp/f"), [b"/tmp/f"]),
        (("mkdir", b"/tmp/d/", 0o755), [b"/tmp/d/"]),
        (("rmdir", b"/tmp"), [b"/tmp"]),
        (("chmod", b"/tmp/f", 0o600), [b"/tmp/f"]),
        (("chown", b"/tmp/f", 1, 1), [b"/tmp/f"]),
        (("truncate", b"/tmp/f", -1), []),
        (("access", b"/tmp/f", 0), [b"/tmp/f"]),
        (("chdir", b"/tmp/l"), [b"/tmp/l"]),
        (("__getcwd", bytearray(100), 100), []),
        (("readlink", b"/tmp/l", bytearray(10), 10), [b"/tmp/l"]),
        (("__utimes50", b"/tmp/f", 0), [b"/tmp/f"]),
        (("pathconf", b"/tmp/f", 4), [b"/tmp/f"]),
        (("__statvfs190", b"/tmp", bytearray(4096), 0), [b"/tmp"]),
    ],
)
def test_namei_records(ktraced, call, paths):
    """One NAMI record for each path that is looked up, as it was given."""
    ktraced.tracer("open", b"/tmp/f", O_CREAT, 0o644)
    ktraced.tracer("symlink", b"../tmp", b"/tmp/l")
    ktraced.p("chdir", b"/")
    ktraced.start(KTRFAC_NAMEI)
    ktraced.p.error(*call)
    records = ktraced.records()
    assert {r.type for r in records} <= {KTR_NAMEI}
    assert [r.payload for r in records] == paths


def test_getdents_is_input(ktraced):
    """What getdents gives is a GIO record of bytes read; at the end there is none."""
    p = ktraced.p
    p("mkdir", b"/d", 0o755)
    p("mkdir", b"/d/sub", 0o755)
    fd = p("open", b"/d", O_RDONLY, 0)
    ktraced.start(KTRFAC_GENIO)
    buffer = bytearray(512)
    size = p("__getdents30", fd, buffer, 512)
    assert p("__getdents30", fd, buffer, 512) == 0
    (record,) = ktraced.records()
    assert record.type == KTR_GENIO
    assert record.body(KtrGenio) == KtrGenio(fd, UIO_READ)
    assert [e.d_name for e in dirents(record.payload[8:])] == [b".", b"..", b"sub"]
    assert len(record.payload) == 8 + size
