# SPDX-License-Identifier: BSD-2-Clause
"""The letters of -t, shared by ktrace, kdump and ktruss.  NetBSD usr.bin/ktrace/subr.c."""

from typing import Final

from kernel.sys.ktrace import (
    KTRFAC_CSW,
    KTRFAC_EMUL,
    KTRFAC_EXEC_ARG,
    KTRFAC_EXEC_ENV,
    KTRFAC_EXEC_FD,
    KTRFAC_GENIO,
    KTRFAC_MASK,
    KTRFAC_MIB,
    KTRFAC_MMSG,
    KTRFAC_NAMEI,
    KTRFAC_PSIG,
    KTRFAC_SYSCALL,
    KTRFAC_SYSRET,
    KTRFAC_USER,
)

ALL_POINTS: Final = KTRFAC_MASK
DEF_POINTS: Final = (
    KTRFAC_SYSCALL
    | KTRFAC_SYSRET
    | KTRFAC_NAMEI
    | KTRFAC_GENIO
    | KTRFAC_PSIG
    | KTRFAC_EMUL
    | KTRFAC_USER
)
DEF_POINTS_2003: Final = DEF_POINTS | KTRFAC_MMSG

_LETTERS_BOTH: Final = {
    "A": ALL_POINTS,
    "a": KTRFAC_EXEC_ARG,
    "c": KTRFAC_SYSCALL | KTRFAC_SYSRET,
    "e": KTRFAC_EMUL,
    "i": KTRFAC_GENIO,
    "n": KTRFAC_NAMEI,
    "s": KTRFAC_PSIG,
    "u": KTRFAC_USER,
    "v": KTRFAC_EXEC_ENV,
    "w": KTRFAC_CSW,
}
LETTERS: Final = _LETTERS_BOTH | {"f": KTRFAC_EXEC_FD, "S": KTRFAC_MIB}
LETTERS_2003: Final = _LETTERS_BOTH | {"m": KTRFAC_MMSG}


def getpoints(facs: int, text: str, *, era_2003: bool = False) -> int:
    """Return facs changed by the letters of text.

    A letter adds its points; after - it takes them away, until + ends that.
    Another + adds the default set, which a - at the very start stands for too.

    Raises:
        ValueError: a letter is none; the message is the text.
    """
    letters = LETTERS_2003 if era_2003 else LETTERS
    default = DEF_POINTS_2003 if era_2003 else DEF_POINTS
    adding = True
    if text.startswith("-") and not facs & ALL_POINTS:
        facs |= default
    for letter in text:
        if letter == "+":
            if adding:
                facs |= default
            adding = True
        elif letter == "-":
            adding = False
        elif letter not in letters:
            raise ValueError(text)
        elif adding:
            facs |= letters[letter]
        else:
            facs &= ~letters[letter]
    return facs
