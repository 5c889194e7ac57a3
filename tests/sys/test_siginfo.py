# SPDX-License-Identifier: BSD-2-Clause
"""siginfo_t, against the layout that C gives it."""

import struct

import pytest

from kernel.sys.cdefs import I386, ILP32_BE, LP64
from kernel.sys.ktrace import SIGINFO_SIZE
from kernel.sys.siginfo import siginfo_pack
from kernel.sys.signal import SIGCHLD, SIGSEGV, SIGUSR1
from kernel.sys.signalvar import Ksiginfo

CHILD = Ksiginfo(SIGCHLD, 1, 17, 1000, ksi_status=3)
FAULT = Ksiginfo(SIGSEGV, 1, ksi_addr=0xBAD0, ksi_trap=6)
USER = Ksiginfo(SIGUSR1, 0, 17, 1000, ksi_value=5)


@pytest.mark.parametrize("abi", [LP64, I386, ILP32_BE])
@pytest.mark.parametrize("ksi", [CHILD, FAULT, USER])
def test_it_has_its_size_and_begins_with_signal_code_errno(abi, ksi):
    """Whatever the union holds."""
    data = siginfo_pack(ksi, abi)
    assert len(data) == SIGINFO_SIZE
    order = abi.byteorder
    assert struct.unpack_from(f"{order}iii", data) == (ksi.ksi_signo, ksi.ksi_code, 0)


def test_the_union_is_aligned_to_a_word():
    """At 16 on LP64, at 12 where a word has 4 bytes."""
    assert struct.unpack_from("<ii", siginfo_pack(CHILD, LP64), 16) == (17, 1000)
    assert struct.unpack_from("<ii", siginfo_pack(CHILD, I386), 12) == (17, 1000)
    assert struct.unpack_from("<Q", siginfo_pack(FAULT, LP64), 16) == (0xBAD0,)
    assert struct.unpack_from(">I", siginfo_pack(FAULT, ILP32_BE), 12) == (0xBAD0,)
