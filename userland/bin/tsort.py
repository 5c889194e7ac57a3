# SPDX-License-Identifier: BSD-2-Clause
"""tsort: put a partial order into a line.  NetBSD usr.bin/tsort/tsort.c."""

import sys
from heapq import heappop, heappush
from typing import NoReturn

from userland.libc import O_RDONLY, Writer, err, errx, exit, getopt, open, warnx, write
from userland.libc.inputs import slurp


def usage() -> NoReturn:
    write(2, b"usage: tsort [-lq] [file]\n")
    exit(1)


class Node:
    """A name, what comes after it, and how many come before."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.arcs: dict[Node, None] = {}
        self.refcnt = 0
        self.place = 0  # in the order in which they are looked at


class Graph:
    """The nodes that are left, in the order in which they are looked at."""

    def __init__(self, words: list[str], out: Writer) -> None:
        """Build it of pairs of words; the last name that is new is looked at first."""
        nodes: dict[str, Node] = {}
        for first, second in zip(words[::2], words[1::2], strict=True):
            one = nodes.setdefault(first, Node(first))
            two = nodes.setdefault(second, Node(second))
            if one is not two and two not in one.arcs:
                one.arcs[two] = None
                two.refcnt += 1
        self.nodes = dict.fromkeys(reversed(nodes.values()))
        for place, node in enumerate(self.nodes):
            node.place = place
        self.ready = [(0, node.place, node) for node in self.nodes if not node.refcnt]  # a heap
        self.out = out

    def remove(self, node: Node, turn: int, place: int) -> None:
        """Print a node and take it out; nodes before which there is nothing left become ready.

        They are looked at in rounds, from the first to the last: who stands behind place, where
        the round is, has its turn in the same one, the others in the next.
        """
        self.out.print(node.name)
        for each in node.arcs:
            each.refcnt -= 1
            if not each.refcnt and each in self.nodes:
                heappush(self.ready, (turn + (each.place < place), each.place, each))
        node.arcs = {}
        del self.nodes[node]

    def sort(self, longest: bool, quiet: bool) -> None:
        """Print all nodes, each after those that come before it, as far as that can be."""
        turn = 0
        while self.nodes:
            while self.ready:
                turn, _, node = heappop(self.ready)
                self.remove(node, turn, node.place)
            turn += 1
            for node in self.nodes:
                if cycle := find_cycle(node, longest):
                    self.out.flush()
                    if not quiet:
                        warnx("cycle in data")
                        for each in cycle:
                            warnx(each.name)
                    self.remove(node, turn, 0)
                    break


def find_cycle(start: Node, longest: bool) -> list[Node]:
    """Return the nodes on a way from start back to it, start last; the longest, or the first."""
    best: list[Node] = []
    path: list[Node] = []
    marked = {start}
    fruitless: set[Node] = set()
    pending = [iter(start.arcs)]
    while pending:
        node = next(pending[-1], None)
        if node is None:
            pending.pop()
            if path:
                left = path.pop()
                marked.discard(left)
                if not best:
                    fruitless.add(left)
        elif node is start:
            if len(path) + 1 > len(best):
                best = [*path, start]
            if not longest:
                return best
        elif node not in marked and node not in fruitless:
            path.append(node)
            marked.add(node)
            pending.append(iter(node.arcs))
    return best


def main(argv: list[str]) -> int:
    """Run tsort(1)."""
    flags: set[str] = set()
    options, args = getopt(argv, "dlq")
    for option, _ in options:
        if option == "?":
            usage()
        flags.add(option)
    if len(args) > 1:
        usage()
    name = args[0] if args else "-"
    try:
        data = slurp(0 if not args else open(name, O_RDONLY))
    except OSError:
        err(1, name)
    words = data.decode("utf-8", "surrogateescape").split()
    if len(words) % 2:
        errx(1, "odd data count")
    with Writer(1) as out:
        Graph(words, out).sort("l" in flags, "q" in flags)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
