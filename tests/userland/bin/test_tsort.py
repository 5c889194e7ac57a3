# SPDX-License-Identifier: BSD-2-Clause
"""The order that tsort puts very many words into."""

from random import Random

from tests.steps import lines
from userland.bin.tsort import Graph


class Names(list):
    """What is printed."""

    print = list.append


def ordered(words):
    """Sort pairs of words."""
    names = Names()
    Graph(words, names).sort(longest=False, quiet=True)
    return names


def rounds(words):
    """The same, as NetBSD's finds it: all are gone through until there is none left."""
    before = {word: set() for word in words}
    for first, second in zip(words[::2], words[1::2], strict=True):
        before[second] |= {first} - {second}
    names = []
    while len(names) < len(before):
        for word in reversed(before):
            if word not in names and before[word] <= set(names):
                names.append(word)
    return names


def test_order():
    """It is that of NetBSD's rounds."""
    random = Random(1)
    for _ in range(200):
        pairs = [sorted(random.choices(range(12), k=2)) for _ in range(20)]
        numbers = random.sample(range(12), 12)
        words = [str(numbers[at]) for pair in pairs for at in pair]
        assert ordered(words) == rounds(words)


def test_a_long_chain():
    """Its words are not gone through once for each of them."""

    def chain(length):
        return [str(at + end) for at in range(length) for end in (0, 1)]

    assert ordered(chain(9)) == list("0123456789")
    assert lines(ordered, chain(400)) < 12 * lines(ordered, chain(40))
