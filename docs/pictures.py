# SPDX-License-Identifier: BSD-2-Clause
"""Make the pictures of the documents: what the tools print and show of an example's trace.

    python docs/pictures.py

docs/pictures/trace.svg   `trace` on a terminal
docs/pictures/report.png  the page of `report` in Chromium, light; report-dark.png, dark

The extra `browser` and Debian's chromium and chromium-driver are needed.  The same tree makes the
same pictures, but for the fonts of the machine.
"""

import contextlib
import io
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kernel.cli import report, run, trace  # noqa: E402 - this tree's
from tests.browser.chromium import opened  # noqa: E402

PICTURES: Final = ROOT / "docs" / "pictures"
_PROGRAM: Final = ROOT / "examples" / "failing.py"
_LINES: Final = 28  # of the terminal
_COLUMNS: Final = 110
_WEB_FONTS: Final = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_WINDOW: Final = (1280, 1000)


class Terminal(io.StringIO):
    """Output that is coloured, as on a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def terminal(command: str, text: str) -> str:
    """Return a picture (SVG) of a terminal in which command has printed text."""
    console = Console(
        record=True, width=_COLUMNS, file=io.StringIO(), force_terminal=True, legacy_windows=False
    )
    console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
    for line in text.splitlines()[:_LINES]:
        console.print(Text.from_ansi(line), no_wrap=True, overflow="ellipsis", crop=True)
    svg = console.export_svg(title="sysent", theme=MONOKAI, unique_id="sysent")
    return _WEB_FONTS.sub("", svg)  # the viewer's own serve, and nothing is fetched


def photograph(page: Path, dark: bool) -> bytes:
    """Return a picture (PNG) of the page, with a call that failed chosen."""
    with opened(page, _WINDOW, dark=dark) as driver:
        driver.execute_script("document.querySelectorAll('#errors .tabulator-row')[5].click()")
        driver.execute_script("document.querySelector('[type=reset]').click()")
        driver.execute_async_script("setTimeout(arguments[0], 1000)")
        return driver.get_screenshot_as_png()


def main() -> int:
    """Make them; return the exit status."""
    os.environ.pop("NO_COLOR", None)
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        output = Terminal()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            run.main(["--ktrace", "ktrace.out", str(_PROGRAM)])
        with contextlib.redirect_stdout(output):
            trace.main([])
        picture = terminal("python -m kernel trace", output.getvalue())
        (PICTURES / "trace.svg").write_text(picture, encoding="utf-8")
        report.main([])
        for name, dark in (("report.png", False), ("report-dark.png", True)):
            (PICTURES / name).write_bytes(photograph(Path("report.html").resolve(), dark))
    return 0


if __name__ == "__main__":
    sys.exit(main())
