# SPDX-License-Identifier: BSD-2-Clause
"""uname: what the system is.  NetBSD usr.bin/uname/uname.c."""

import sys
from typing import Final, NoReturn

from userland.libc import Writer, exit, getopt, sysctlbyname, uname, write

ORDER: Final = "snrvmp"  # in which the words are printed
ALL: Final = "snrvm"


def usage() -> NoReturn:
    write(2, b"usage: uname [-amnprsv]\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run uname(1)."""
    options, args = getopt(argv, "amnprsv")
    wanted = "".join(ALL if option == "a" else option for option, _ in options)
    if args or "?" in wanted:
        usage()
    system = uname()
    words = dict(zip(ALL, system, strict=True))
    if "p" in wanted:
        words["p"] = sysctlbyname("hw.machine_arch").rstrip(b"\0").decode()
    with Writer(1) as out:
        out.print(" ".join(words[letter] for letter in ORDER if letter in (wanted or "s")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
