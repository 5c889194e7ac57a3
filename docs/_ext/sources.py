# SPDX-License-Identifier: BSD-2-Clause
"""A Sphinx extension: links from a page to a file of the tree lead to a page that shows the file.

[`text`](../kernel/kern/sys_generic.py#L12) becomes a link to line 12 of that page; a link to a
folder loses its target.  Documents that stand outside docs/ and are included are looked after, too.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from docutils import nodes
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound
from sphinx.application import Sphinx

ROOT: Final = Path(__file__).resolve().parents[2]
_SCHEME: Final = "source:"
_LINK: Final = re.compile(r"\]\(([^)\s:#]+)(#[^)\s]*)?\)")
_PAGES: Final = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGES.md": "changes.md",
    "benchmarks/README.md": "benchmarks.md",
}  # documents that are shown as a page of docs/


def rewrite(text: str, folder: Path, at: Path) -> str:
    """Return a document that stands in folder, as one that stands in at (both in the tree)."""
    docs = ROOT / "docs"

    def link(match: re.Match[str]) -> str:
        target = (folder / match[1]).resolve()
        if not target.exists() or not target.is_relative_to(ROOT):
            return match[0]
        name = str(target.relative_to(ROOT))
        if name in _PAGES:
            target = docs / _PAGES[name]
        if target.is_relative_to(docs) and target.suffix in {".md", ".svg", ".png"}:
            up = "../" * len(at.relative_to(docs).parts)
            return f"]({up}{target.relative_to(docs)}{match[2] or ''})"
        if target.suffix in {".svg", ".png"}:
            return match[0]
        return f"]({_SCHEME}{name}{match[2] or ''})"

    return _LINK.sub(link, text)


def source_read(app: Sphinx, docname: str, source: list[str]) -> None:
    """Rewrite the links of a page of docs/."""
    folder = (Path(app.srcdir) / docname).parent
    source[0] = rewrite(source[0], folder, folder)


def include_read(app: Sphinx, relative: Path, parent: str, source: list[str]) -> None:
    """Rewrite the links of a document that a page includes."""
    folder = (Path(app.srcdir) / relative).resolve().parent
    source[0] = rewrite(source[0], folder, (Path(app.srcdir) / parent).parent)


def resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn source: links into links to pages, and remember which files are wanted."""
    wanted = app.env.__dict__.setdefault("source_files", set())
    for node in list(doctree.findall(nodes.reference)):
        uri = node.get("refuri", "")
        if not uri.startswith(_SCHEME):
            continue
        name, _, line = uri.removeprefix(_SCHEME).partition("#")
        if app.builder.format != "html" or not (ROOT / name).is_file():
            node.replace_self(node.children)
            continue
        wanted.add(name)
        page = app.builder.get_relative_uri(docname, f"source/{name}")
        node["refuri"] = f"{page}#{line}" if line else page


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield a page for each file that is linked to."""
    if app.builder.format != "html":
        return
    for name in sorted(app.env.__dict__.get("source_files", ())):
        text = (ROOT / name).read_text(encoding="utf-8")
        try:
            lexer = get_lexer_for_filename(name)
        except ClassNotFound:
            lexer = TextLexer()
        form = HtmlFormatter(linenos="inline", lineanchors="L", anchorlinenos=True)
        body = highlight(text, lexer, form).replace('name="L-', 'id="L').replace("#L-", "#L")
        yield f"source/{name}", {"title": name, "body": f"<h1>{name}</h1>{body}"}, "page.html"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the handlers."""
    app.connect("source-read", source_read)
    app.connect("include-read", include_read)
    app.connect("doctree-resolved", resolved)
    app.connect("html-collect-pages", pages)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
