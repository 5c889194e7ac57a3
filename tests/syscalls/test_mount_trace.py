# SPDX-License-Identifier: BSD-2-Clause
"""What mount, unmount and revoke leave in a trace: each path that they look up."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT
from kernel.sys.ktrace import KTR_NAMEI, KTR_SYSCALL, KTR_SYSRET
from kernel.sys.mount import MNT_RDONLY, MNT_UPDATE
from tests.syscalls.errnos import CALLS, Traced
from userland.libc import tmpfs_args

# What is called, the paths it looks up, and how it ends.
CASES = {
    "mount": (("mount", b"tmpfs", b"d", 0, tmpfs_args()), [b"d", b"d"], 0),
    "mount+null": (("mount", b"null", b"d", 0, b"/dev"), [b"d", b"/dev", b"d"], 0),
    "mount+update": (
        ("mount", b"tmpfs", b"m", MNT_UPDATE | MNT_RDONLY, tmpfs_args()),
        [b"m"],
        0,
    ),
    "mount+type": (("mount", b"nosuchfs", b"d", 0), [b"d"], Errno.ENODEV),
    "mount+data": (
        ("mount", b"tmpfs", b"d", 0, tmpfs_args(ta_version=9)),
        [b"d"],
        Errno.EINVAL,
    ),
    "unmount": (("unmount", b"m", 0), [b"m"], 0),
    "unmount+refused": (("unmount", b"d", 0), [b"d"], Errno.EINVAL),
    "revoke": (("revoke", b"l"), [b"l"], 0),
    "revoke+missing": (("revoke", b"none"), [b"none"], Errno.ENOENT),
}


def kinds(paths):
    return " ".join(["CALL", *["NAMI"] * len(paths), "RET"])


@pytest.mark.parametrize(
    ("call", "paths", "errno", "code"),
    [
        pytest.param(
            call,
            paths,
            errno,
            CALLS[name.partition("+")[0]].number,
            id=name,
            marks=pytest.mark.trace(name.partition("+")[0], kinds(paths)),
        )
        for name, (call, paths, errno) in CASES.items()
    ],
)
def test_records(k, root, call, paths, errno, code):
    """The directory of a new mount is looked up before and after the type has done its part."""
    root.mkdir(b"d", 0o755)
    root.mkdir(b"m", 0o755)
    root.close(root.open(b"f", O_CREAT, 0o644))
    root.symlink(b"f", b"l")
    root.mount(b"tmpfs", b"m", 0, tmpfs_args())
    trace = Traced(k, root)
    function, *args = call
    try:
        root.call(function, *args)
    except OSError as exc:
        caught = exc.errno
    else:
        caught = 0
    assert caught == errno
    records = trace.records()
    begin = [at for at, record in enumerate(records) if record.type == KTR_SYSCALL][-1]
    first, *middle, last = records[begin:]
    assert first.body().ktr_code == last.body().ktr_code == code
    assert [(record.type, record.payload) for record in middle] == [
        (KTR_NAMEI, path) for path in paths
    ]
    assert last.type == KTR_SYSRET
    assert last.body().ktr_error == errno
