# SPDX-License-Identifier: BSD-2-Clause
"""The command: `python -m notes add TEXT...`, `show`, `backup`; the notes are in ~/notes."""

import sys
from pathlib import Path

from notes import add, backup, load


def main(words):
    """Do what the words say; return the exit status."""
    path = Path.home() / "notes"
    try:
        match words:
            case ["add", *text] if text:
                print(f"{add(path, ' '.join(text))} notes")
            case ["show"]:
                print(load(path), end="")
            case ["backup"]:
                print(backup(path))
            case _:
                print("usage: notes add TEXT... | show | backup", file=sys.stderr)
                return 2
    except (OSError, TimeoutError) as exc:
        print(f"notes: {exc}", file=sys.stderr)
        return 1
    return 0


sys.exit(main(sys.argv[1:]))
