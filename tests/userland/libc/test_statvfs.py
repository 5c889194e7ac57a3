# SPDX-License-Identifier: BSD-2-Clause
"""statvfs, fstatvfs and getvfsstat as programs call them."""

from kernel.sys.fcntl import O_RDONLY


def test_by_path_by_descriptor_and_in_the_list(k):
    """The three tell the same of one file system."""
    p = k.root()
    state = p.statvfs(b"/")
    assert (state.f_mntonname, state.f_fstypename) == (b"/", b"tmpfs")
    assert p.fstatvfs(p.open(b"/", O_RDONLY)) == state
    assert p.getvfsstat()[0] == state


def test_a_list_cut_short(k):
    """As many as there is room for; the list of all names each mount once."""
    p = k.root()
    every = p.getvfsstat()
    assert p.getvfsstat(1) == every[:1]
    assert p.getvfsstat(0) == []
    names = [state.f_mntonname for state in p.getvfsstat(100)]
    assert names == [state.f_mntonname for state in every]
    assert len(set(names)) == len(names)
