# SPDX-License-Identifier: BSD-2-Clause
"""Operations on futexes.  NetBSD sys/sys/futex.h."""

from typing import Final

FUTEX_WAIT: Final = 0
FUTEX_WAKE: Final = 1
FUTEX_FD: Final = 2  # not there
FUTEX_REQUEUE: Final = 3
FUTEX_CMP_REQUEUE: Final = 4
FUTEX_WAKE_OP: Final = 5
FUTEX_WAIT_BITSET: Final = 9
FUTEX_WAKE_BITSET: Final = 10
FUTEX_PRIVATE_FLAG: Final = 0x80  # the word is of this address space alone
FUTEX_CLOCK_REALTIME: Final = 0x100  # a timeout is by that clock
FUTEX_CMD_MASK: Final = ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME)
FUTEX_BITSET_MATCH_ANY: Final = -1

# FUTEX_WAKE_OP: what is done to the second word, and what its old value is compared with.
FUTEX_OP_SET: Final = 0
FUTEX_OP_ADD: Final = 1
FUTEX_OP_OR: Final = 2
FUTEX_OP_ANDN: Final = 3
FUTEX_OP_XOR: Final = 4
FUTEX_OP_OPARG_SHIFT: Final = 8  # the argument is 1 << it
FUTEX_OP_CMP_EQ: Final = 0
FUTEX_OP_CMP_NE: Final = 1
FUTEX_OP_CMP_LT: Final = 2
FUTEX_OP_CMP_LE: Final = 3
FUTEX_OP_CMP_GT: Final = 4
FUTEX_OP_CMP_GE: Final = 5

# The word of a robust futex.
FUTEX_TID_MASK: Final = 0x3FFF_FFFF  # its owner's lid
FUTEX_OWNER_DIED: Final = 0x4000_0000
FUTEX_WAITERS: Final = 0x8000_0000
FUTEX_ROBUST_HEAD_SIZE: Final = 24  # bytes of the head of a list (LP64)
FUTEX_ROBUST_ENTRY_PI: Final = 1  # in an entry: inherits priorities


def FUTEX_OP(op: int, oparg: int, cmp: int, cmparg: int) -> int:
    """Return the last argument of FUTEX_WAKE_OP."""
    value = (op & 15) << 28 | (cmp & 15) << 24 | (oparg & 0xFFF) << 12 | cmparg & 0xFFF
    return value - (1 << 32) if value >> 31 else value
