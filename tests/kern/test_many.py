# SPDX-License-Identifier: BSD-2-Clause
"""Very many processes and LWPs asleep: all of them wake up and end."""

import pytest

from kernel import api
from kernel.sys.kernel import Limits

COUNT = 1500

LWPS = """\
from userland.libc import *
from userland.libc.pthread_int import threads
for n in range(COUNT):
    pthread_create(lambda _: _lwp_park())
nanosleep(1)
for thread in list(threads().all.values()):
    if thread.pt_stacksize:
        _lwp_unpark(thread.lid, 0)
nanosleep(1)
print(len(threads().all))
"""

PROCESSES = """\
from userland.libc import *
def child(_):
    nanosleep(1000)
    return 0
for n in range(COUNT):
    clone(child, SIGCHLD)
print(len({wait()[0] for n in range(COUNT)}))
"""


@pytest.mark.parametrize("program", [LWPS, PROCESSES], ids=["lwps", "processes"])
def test_very_many(program, tmp_path):
    """Each is woken, ends and leaves nothing; stacks do not start on top of each other."""
    (tmp_path / "p.py").write_text(program.replace("COUNT", str(COUNT)))
    limits = Limits(maxproc=COUNT + 50, nproc=(COUNT + 50, COUNT + 50))
    with api.boot(limits=limits) as k:
        result = k.run(tmp_path / "p.py")
        assert result.stdout.split() == [str(COUNT + 1 if program is LWPS else COUNT).encode()]
        assert not k.kernel.lwps
        assert len(k.kernel.allproc) == 1
