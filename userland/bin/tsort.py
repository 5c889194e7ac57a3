# SPDX-License-Identifier: BSD-2-Clause
"""tsort: put a partial order into a line.  NetBSD usr.bin/tsort/tsort.c."""

import sys
from typing import NoReturn

from userland.libc import O_RDONLY, Writer, err, errx, exit, getopt, open, warnx, write
from userland.libc.inputs import slurp


def usage() -> NoReturn:
    write(2, b"usage: tsort [-lqrvw] [file]\n")
    exit(1)


class Node:
    """A name, what comes after it, and how many come before."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.after: dict[str, Node] = {}
        self.before = 0


def read_pairs(data: bytes) -> dict[str, Node]:
    """Return the nodes of the pairs, in the order in which they occur."""
    words = data.decode("utf-8", "surrogateescape").split()
    if len(words) % 2:
        errx(1, "odd data count")
    nodes: dict[str, Node] = {}
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = nodes.setdefault(first, Node(first))
        two = nodes.setdefault(second, Node(second))
        if one is not two and second not in one.after:
            one.after[second] = two
            two.before += 1
    return nodes


def find_cycle(nodes: dict[str, Node]) -> list[Node]:
    """Return nodes that lead round to the first of them."""
    for start in nodes.values():
        path: list[Node] = []
        places: dict[str, int] = {}
        node: Node | None = start
        while node is not None:
            if node.name in places:
                return path[places[node.name] :]
            places[node.name] = len(path)
            path.append(node)
            node = next((each for each in node.after.values() if each.name in nodes), None)
    return []


def sort(nodes: dict[str, Node], out: Writer, quiet: bool) -> int:
    """Write the nodes; return the exit status."""
    status = 0
    ready = [node for node in nodes.values() if not node.before]
    while nodes:
        if not ready:
            cycle = find_cycle(nodes)
            status = 1
            out.flush()
            if not quiet:
                warnx("cycle in data")
                for node in cycle:
                    warnx(node.name)
            last, first = cycle[-1], cycle[0]
            del last.after[first.name]
            first.before -= 1
            if not first.before:
                ready.append(first)
            continue
        node = ready.pop(0)
        out.print(node.name)
        del nodes[node.name]
        for each in node.after.values():
            each.before -= 1
            if not each.before:
                ready.append(each)
    return status


def main(argv: list[str]) -> int:
    """Run tsort(1)."""
    flags: set[str] = set()
    options, args = getopt(argv, "dlqrvw")
    for option, _ in options:
        if option == "?":
            usage()
        flags.add(option)
    if len(args) > 1:
        usage()
    name = args[0] if args else "-"
    try:
        data = slurp(0 if name == "-" else open(name, O_RDONLY))
    except OSError:
        err(1, name)
    with Writer(1) as out:
        return sort(read_pairs(data), out, bool(flags & {"q", "w"}))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
