# SPDX-License-Identifier: BSD-2-Clause
"""Utilities make of random files what the host's make: tests/data/random_files.txt has commands.

f and g are files, g often a changed f; sf and sg are sorted, kf and kg have keys, tp pairs.
RANDOM_FILES=100 in the environment tries that many.
"""

import os
import random
import shutil
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[2] / "data" / "random_files.txt").read_text()
# A line that ends with a backslash goes on in the next.
COMMANDS = [
    line.replace("\0", "\n")
    for line in TEXT.replace("\\\n", "\\\0").splitlines()
    if shutil.which(line.split()[0])  # what the host has not cannot be compared
]
SCRIPT = "\n".join(f"echo '#{at}'\n{each}\necho =$?" for at, each in enumerate(COMMANDS))
WORDS = ["a", "ab", "b", "foo", "bar", "abc", "x"]


def line(rng: random.Random, kind: str) -> str:
    """Return a line of a kind of file."""
    if kind == "letters":
        return "".join(rng.choice("abcABC") for _ in range(rng.randrange(8)))
    if kind == "words":
        return " ".join(rng.choice(WORDS) for _ in range(rng.randrange(5)))
    if kind == "numbers":
        return " ".join(str(rng.randrange(-20, 120)) for _ in range(rng.randrange(1, 4)))
    if kind == "commas":
        return ",".join(rng.choice(["a", "b", "12", "3", "", "x y"]) for _ in range(4))
    return "".join(rng.choice("ab \t  c") for _ in range(rng.randrange(16)))


def lines_of(rng: random.Random) -> list[str]:
    kind = rng.choice(["letters", "words", "numbers", "commas", "blanks"])
    lines = [line(rng, kind) for _ in range(rng.randrange(14))]
    return lines + [rng.choice(lines) for _ in range(3)] if lines and rng.random() < 0.3 else lines


def changed(rng: random.Random, lines: list[str]) -> list[str]:
    """Return lines with some more and some less."""
    lines = list(lines)
    for _ in range(rng.randrange(4)):
        at = rng.randrange(len(lines) + 1)
        if rng.random() < 0.5:
            lines.insert(at, rng.choice(["a", "new", "", "b c"]))
        else:
            del lines[at : at + 1]
    return lines


def keyed(rng: random.Random) -> list[str]:
    pairs = sorted((rng.choice("abcdefgh"), rng.choice(["1", "x y", "z"])) for _ in range(5))
    return [f"{key} {rest}" for key, rest in pairs]


def files(seed: int) -> dict[str, bytes]:
    """Return files by name."""
    rng = random.Random(seed)
    f = lines_of(rng)
    g = changed(rng, f) if rng.random() < 0.6 else lines_of(rng)
    pairs = [" ".join(sorted(rng.sample("abcdef", 2))) for _ in range(rng.randrange(8))]
    contents = {
        "f": f,
        "g": g,
        "sf": sorted(each for each in f if each),
        "sg": sorted(each for each in g if each),
        "kf": keyed(rng),
        "kg": keyed(rng),
        "tp": pairs,
    }
    return {name: "".join(f"{each}\n" for each in c).encode() for name, c in contents.items()}


def parts(output: bytes) -> dict[str, list[bytes]]:
    """Return what each command has printed, its status last."""
    found: dict[str, list[bytes]] = {}
    lines: list[bytes] = []
    for each in output.split(b"\n"):
        if each[:1] == b"#" and each[1:].isdigit():
            lines = found[COMMANDS[int(each[1:])]] = []
        else:
            lines.append(each)
    return found


@pytest.mark.parametrize("seed", range(int(os.environ.get("RANDOM_FILES", "8"))))
def test_same_as_the_host(system, on_host, tmp_path, seed):
    """Output and exit status of every command are the same on both."""
    system.run(b"/bin/sh", ["-c", "rm -rf /tmp/work; mkdir /tmp/work"])
    for name, data in files(seed).items():
        (tmp_path / "work" / name).write_bytes(data)
        system.run(b"/bin/sh", ["-c", f"cat > /tmp/work/{name}"], stdin=data)
    host = on_host(SCRIPT)
    guest = system.run(b"/bin/sh", ["-c", f"cd /tmp/work\n{SCRIPT}"])
    expected = parts(host.stdout)
    assert {c: out for c, out in parts(guest.stdout).items() if out != expected[c]} == {}
