# SPDX-License-Identifier: BSD-2-Clause
"""Who may what: the rules that file systems share, over all modes and kinds of callers."""

from itertools import product

import pytest

from kernel.fs.genfs.genfs_vnops import (
    genfs_can_access,
    genfs_can_chflags,
    genfs_can_chmod,
    genfs_can_chown,
    genfs_can_sticky,
)
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ucred import Ucred
from kernel.sys.vnode import VBLK, VCHR, VDIR, VEXEC, VFIFO, VLNK, VREAD, VREG, VWRITE

OWNER, GROUP = 10, 20
CALLERS = {
    "root": Ucred(0, 0),
    "owner": Ucred(OWNER, 99),
    "owner in the group": Ucred(OWNER, GROUP),
    "member": Ucred(11, GROUP),
    "supplementary": Ucred(11, 99, cr_groups=(5, GROUP)),
    "other": Ucred(11, 99, cr_groups=(5, 6)),
    "by real ids only": Ucred(11, 99, cr_ruid=OWNER, cr_rgid=GROUP, cr_svuid=0),
}
SHIFT = {"owner": 6, "owner in the group": 6, "member": 3, "supplementary": 3}
BITS = ((VREAD, 4), (VWRITE, 2), (VEXEC, 1))


def error(function, *args):
    """The errno a check fails with, None if it does not."""
    try:
        function(*args)
    except KernelError as exc:
        return exc.errno
    return None


@pytest.mark.parametrize("who", [name for name in CALLERS if name != "root"])
@pytest.mark.parametrize("vtype", [VREG, VDIR])
def test_access_by_class(who, vtype):
    """The first class that fits decides alone, for every mode and every wish."""
    for mode, wish in product(range(0o1000), range(8)):
        accmode = sum(access for access, bit in BITS if wish & bit)
        granted = mode >> SHIFT.get(who, 0) & 7
        expected = None if wish & ~granted == 0 else Errno.EACCES
        got = error(genfs_can_access, vtype, mode, OWNER, GROUP, accmode, CALLERS[who])
        assert got == expected, (oct(mode), wish)


def test_access_of_the_super_user():
    """All, but for running what nobody may run; directories can always be searched."""
    for mode, wish in product(range(0o1000), range(8)):
        accmode = sum(access for access, bit in BITS if wish & bit)
        args = mode, OWNER, GROUP, accmode, CALLERS["root"]
        assert error(genfs_can_access, VDIR, *args) is None
        refused = wish & 1 and not mode & 0o111
        assert error(genfs_can_access, VREG, *args) == (Errno.EACCES if refused else None)


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("vtype", [VREG, VDIR, VFIFO, VLNK, VCHR])
def test_chmod(who, vtype):
    """The owner only; then the sticky bit on directories only; then one's own group's S_ISGID."""
    for mode in range(0o10000):
        expected = None
        if who != "root":
            if not who.startswith("owner"):
                expected = Errno.EPERM
            elif mode & 0o1000 and vtype != VDIR:
                expected = Errno.EFTYPE
            elif mode & 0o2000 and who == "owner":
                expected = Errno.EPERM
        assert error(genfs_can_chmod, vtype, OWNER, GROUP, mode, CALLERS[who]) == expected


@pytest.mark.parametrize("who", CALLERS)
def test_chown(who):
    """The owner leaves the owner, and chooses the group that is there or one it is in."""
    cred = CALLERS[who]
    for uid, gid in product((OWNER, 0, 11), (GROUP, 99, 5, 7)):
        allowed = who == "root" or (
            who.startswith("owner")
            and uid == OWNER
            and gid in (GROUP, cred.cr_gid, *cred.cr_groups)
        )
        got = error(genfs_can_chown, OWNER, GROUP, uid, gid, cred)
        assert got == (None if allowed else Errno.EPERM), (uid, gid)


@pytest.mark.parametrize("who", CALLERS)
def test_chflags(who):
    """The owner, of its own flags, of what is no device."""
    for vtype, sysflags in product((VREG, VDIR, VFIFO, VLNK, VCHR, VBLK), (False, True)):
        owners = who.startswith("owner") and not sysflags and vtype not in {VCHR, VBLK}
        expected = None if who == "root" or owners else Errno.EPERM
        assert error(genfs_can_chflags, vtype, OWNER, sysflags, CALLERS[who]) == expected


@pytest.mark.parametrize(
    ("mode", "dir_uid", "file_uid", "expected"),
    [
        (0o777, 1, 2, None),
        (0o1777, 1, 2, Errno.EPERM),
        (0o1777, OWNER, 2, None),
        (0o1777, 1, OWNER, None),
    ],
)
def test_sticky(mode, dir_uid, file_uid, expected):
    """In a sticky directory names are taken by who owns it, or the file, or everything."""
    assert error(genfs_can_sticky, mode, dir_uid, file_uid, CALLERS["owner"]) == expected
    assert error(genfs_can_sticky, mode, dir_uid, file_uid, CALLERS["root"]) is None
