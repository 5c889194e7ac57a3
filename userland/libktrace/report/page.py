# SPDX-License-Identifier: BSD-2-Clause
"""The page: what was collected, the program that shows it, and the libraries, in one file.

The data are compressed and in base64, so nothing of a trace is ever read as HTML; the program
puts them into the page as text only.  Should that ever fail, the page's policy lets no script
run but those it was made with, and nothing be fetched from anywhere.
"""

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).parent
VENDOR: Final = _HERE / "vendor"
_LIBRARIES: Final = ("echarts.min.js", "tabulator.min.js")
_LICENCES: Final = ("zrender.LICENSE", "echarts.LICENSE-d3", "tabulator.LICENSE")
_PROGRAM: Final = (
    "trace.js", "filter.js", "draw.js", "timeline.js", "tables.js", "details.js", "main.js",
)  # fmt: skip
_STYLES: Final = (VENDOR / "tabulator_simple.min.css", _HERE / "page.css")
_MARK: Final = re.compile(r"@(\w+)@")
_LINE: Final = 100  # characters of base64 in a line: editors dislike long ones


def page(data: Mapping[str, Any], name: str) -> str:
    """Return the HTML that shows what collect() has returned of the trace of that name."""
    scripts = [(VENDOR / name).read_text(encoding="utf-8") for name in _LIBRARIES]
    scripts.append(_program())
    parts = {
        "title": html.escape(name),
        "policy": _policy(scripts),
        "styles": "\n".join(path.read_text(encoding="utf-8") for path in _STYLES),
        "scripts": "\n".join(f"<script>{script}</script>" for script in scripts),
        "data": packed(data),
        "licences": html.escape(_licences()),
    }
    template = (_HERE / "page.html").read_text(encoding="utf-8")
    return _MARK.sub(lambda mark: parts[mark[1]], template)


def packed(data: Mapping[str, Any]) -> str:
    """Return data as JSON, compressed, in base64; the same bytes each time."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    encoded = base64.b64encode(gzip.compress(text.encode("utf-8", "surrogatepass"), 6, mtime=0))
    letters = encoded.decode("ascii")
    return "\n".join(letters[at : at + _LINE] for at in range(0, len(letters), _LINE))


def unpacked(text: str) -> Any:
    """Undo packed()."""
    return json.loads(gzip.decompress(base64.b64decode(text)))


def _program() -> str:
    """Return the page's own script: its files, in a scope of their own."""
    files = [(_HERE / name).read_text(encoding="utf-8") for name in _PROGRAM]
    return '"use strict";\n{\n' + "\n".join(files) + "}\n"


def _licences() -> str:
    """Return what the libraries ask to be told wherever they go."""
    texts = [path.read_text(encoding="utf-8").strip() for path in sorted(VENDOR.glob("*.NOTICE"))]
    texts += [(VENDOR / name).read_text(encoding="utf-8").strip() for name in _LICENCES]
    return "\n\n".join(texts)


def _policy(scripts: list[str]) -> str:
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(each).decode()}'" for each in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline';"
        " img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
