# SPDX-License-Identifier: BSD-2-Clause
"""Keep the links from the documents to lines of code fresh.

    python docs/relink.py           rewrite the line numbers
    python docs/relink.py --check   say which are stale, exit 1 if any is

A link [`name`](path#L1) leads to where name is defined in path;
[`name`: `text`](path#L1) to the first line after that which holds text.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
_LINK: Final = re.compile(r"\[([^]\n]*)\]\(([^)#\s]+)(?:#L(\d+))?\)")
_CODE: Final = re.compile(r"`([^`]+)`")


class BrokenLink(Exception):
    """A link that leads nowhere; the text says which."""


def documents() -> list[Path]:
    """Return the documents that are looked after."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def _definition(name: str) -> re.Pattern[str]:
    """Match the line that defines name: in Python, in C, or in the system call table."""
    word = re.escape(name)
    return re.compile(
        rf"\s*(?:async )?def {word}\b|\s*class {word}\b|\s*{word}(?:: [^=]+)? = "
        rf"|[\w *]+\b{word}\(|\d+\t.*[| *]{word}\("
    )


def line_of(path: Path, names: list[str]) -> int:
    """Return the number, from 1, of the line that names lead to.

    Raises:
        BrokenLink: there is none.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    wanted = _definition(names[0])
    at = next((i for i, line in enumerate(lines) if wanted.match(line)), None)
    for text in names[1:]:
        if at is not None:
            at = next((i for i in range(at + 1, len(lines)) if text in lines[i]), None)
    if at is None:
        raise BrokenLink(f"{path.relative_to(ROOT)} has no {': '.join(names)}")
    return at + 1


def relink(text: str, folder: Path) -> str:
    """Return a document of folder with the right line numbers.

    Raises:
        BrokenLink: a link leads nowhere.
    """

    def fresh(found: re.Match[str]) -> str:
        label, target, line = found.groups()
        if "://" in target or target.startswith("mailto:"):
            return found[0]
        path = (folder / target).resolve()
        if not path.exists():
            raise BrokenLink(f"there is no {target}")
        if line is None:
            return found[0]
        names = _CODE.findall(label)
        if not names:
            raise BrokenLink(f"{target}#L{line}: the link names nothing in the line")
        return f"[{label}]({target}#L{line_of(path, names)})"

    return _LINK.sub(fresh, text)


def stale() -> Iterator[tuple[Path, str]]:
    """Yield each document that is not fresh, and the text that would be.

    Raises:
        BrokenLink: a link leads nowhere.
    """
    for path in documents():
        text = path.read_text(encoding="utf-8")
        try:
            fresh = relink(text, path.parent)
        except BrokenLink as exc:
            raise BrokenLink(f"{path.relative_to(ROOT)}: {exc}") from None
        if fresh != text:
            yield path, fresh


def main(argv: list[str]) -> int:
    """Rewrite or check; return the exit status."""
    status = 0
    try:
        for path, fresh in stale():
            if argv == ["--check"]:
                status = 1
                sys.stderr.write(
                    f"{path.relative_to(ROOT)}: stale line numbers: run make generated\n"
                )
            else:
                path.write_text(fresh, encoding="utf-8")
    except BrokenLink as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
