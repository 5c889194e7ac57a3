# SPDX-License-Identifier: BSD-2-Clause
"""Who has which current and root directory, and how long their vnodes are held."""

import pytest

from kernel.kern.vfs_cwd import cwdfree, cwdinit, cwdshare


@pytest.fixture
def cwdi(k):
    """The directories of a process in its own root."""
    p = k.root()
    p.mkdir(b"/jail", 0o755)
    p.chroot(b"/jail")
    return p.lwp.l_proc.p_cwdi


def test_a_copy_goes_its_own_way(cwdi):
    """It holds both directories for itself until it is freed."""
    vnodes = (cwdi.cwdi_cdir, cwdi.cwdi_rdir)
    before = [vp.v_usecount for vp in vnodes]
    copy = cwdinit(cwdi)
    copy.cwdi_cmask = 0o777
    assert cwdi.cwdi_cmask == 0o022
    assert (copy.cwdi_cdir, copy.cwdi_rdir) == vnodes
    assert [vp.v_usecount for vp in vnodes] != before
    cwdfree(copy)
    assert [vp.v_usecount for vp in vnodes] == before


def test_what_is_shared_is_held_until_the_last_lets_go(cwdi):
    """The same object; only the last of two that have it lets go of the directories."""
    copy = cwdinit(cwdi)
    held = copy.cwdi_rdir.v_usecount
    assert cwdshare(copy) is copy
    cwdfree(copy)
    assert copy.cwdi_rdir.v_usecount == held
    cwdfree(copy)
    assert copy.cwdi_rdir.v_usecount < held
