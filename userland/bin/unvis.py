# SPDX-License-Identifier: BSD-2-Clause
"""unvis: undo vis(1).  NetBSD usr.bin/unvis/unvis.c."""

import re
import sys
from typing import NoReturn

from userland.libc import Writer, exit, getopt, warnx, write
from userland.libc.inputs import Inputs, slurp
from userland.libc.vis import Undecodable, unvis


def usage() -> NoReturn:
    write(2, b"Usage: unvis [-e] [-h | -m] [file...]\n")
    exit(1)


def http(data: bytes) -> bytes:
    """Undo -h."""
    return re.sub(rb"%([0-9a-fA-F]{2})", lambda match: bytes.fromhex(match[1].decode()), data)


def mime(data: bytes) -> bytes:
    """Undo -m."""
    data = data.replace(b"=\n", b"")
    return re.sub(rb"=([0-9A-F]{2})", lambda match: bytes.fromhex(match[1].decode()), data)


def main(argv: list[str]) -> int:
    """Run unvis(1)."""
    decode = unvis
    options, args = getopt(argv, "ehm")
    for option, _ in options:
        if option == "?":
            usage()
        decode = {"h": http, "m": mime}.get(option, decode)
    inputs = Inputs(args)
    with Writer(1) as out:

        def work(name: str, fd: int) -> None:
            data = slurp(fd)
            while True:
                try:
                    out.write(decode(data))
                except Undecodable as exc:
                    out.write(decode(data[: exc.at - 1]))
                    out.flush()
                    warnx(f"{name}: offset: {exc.at}: can't decode")
                    data = data[exc.at + 1 :]
                else:
                    return

        return inputs.each(work)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
