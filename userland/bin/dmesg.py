# SPDX-License-Identifier: BSD-2-Clause
"""dmesg: what the kernel has said.  NetBSD sbin/dmesg/dmesg.c."""

import sys
from typing import NoReturn

from kernel.sys.sysctl import CTL_KERN, KERN_MSGBUF
from userland.libc import Writer, err, exit, getopt, sysctl, write


def usage() -> NoReturn:
    write(2, b"usage: dmesg [-dTt] [-M core] [-N system]\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run dmesg(8); lines have no time here, so -d, -T and -t change nothing."""
    options, args = getopt(argv, "dM:N:Tt")
    if args or any(option == "?" for option, _ in options):
        usage()
    try:
        text = sysctl((CTL_KERN, KERN_MSGBUF))
    except OSError:
        err(1, "can't get kern.msgbuf")
    with Writer(1) as out:
        out.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
