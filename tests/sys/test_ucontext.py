# SPDX-License-Identifier: BSD-2-Clause
"""ucontext_t."""

from hypothesis import given
from hypothesis import strategies as st

from kernel.sys.ucontext import SIZEOF_UCONTEXT, Ucontext, ucontext_pack, ucontext_unpack


@given(st.integers(0, (1 << 63) - 1))
def test_a_mask_comes_back(mask: int) -> None:
    """unpack undoes pack; the struct has amd64's size."""
    data = ucontext_pack(Ucontext(mask))
    assert len(data) == SIZEOF_UCONTEXT == 784
    assert ucontext_unpack(data).uc_sigmask == mask
