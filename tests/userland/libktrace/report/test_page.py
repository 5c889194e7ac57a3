# SPDX-License-Identifier: BSD-2-Clause
"""The page: one file, nothing from elsewhere, nothing of a trace read as HTML."""

import base64
import hashlib
import io
import re
from html.parser import HTMLParser

import pytest

from kernel.sys.ktrace import KTR_NAMEI, KTR_SYSCALL
from userland import libktrace
from userland.libktrace.report import collect, page
from userland.libktrace.report.page import VENDOR, unpacked

EVIL = b"</script><script>alert(1)</script><img src=x onerror=alert(2)>\xff\x00"


class Elements(HTMLParser):
    """What a browser finds."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attrs = self.tags[-1] if self.tags else ("", {})
        name = attrs.get("id") or tag
        self.texts[name] = self.texts.get(name, "") + data


def made(name: str = "ktrace.out") -> str:
    head = (5).to_bytes(4, "little") + (8).to_bytes(4, "little") + b"\0" * 8
    trace = libktrace.encode(KTR_SYSCALL, head, comm=b"<b>evil") + libktrace.encode(
        KTR_NAMEI, EVIL, comm=b"<b>evil"
    )
    return page(collect(libktrace.open(io.BytesIO(trace))), name)


def test_the_data_come_out_as_they_went_in():
    """What is in the page is what was collected."""
    data = unpacked(Elements(made()).texts["data"])
    assert data["calls"]["began"] == [0]
    assert any(text.startswith('"</script><script>') for text in data["texts"])


def test_nothing_of_a_trace_is_html():
    """Paths, programs and the name of the file make no element of the page."""
    good, evil = Elements(made()), Elements(made("</title><script>alert(3)</script>"))
    assert [tag for tag, _ in evil.tags] == [tag for tag, _ in good.tags]
    assert "alert(1)" not in made()


def test_the_same_trace_makes_the_same_page():
    """Nothing of the page depends on when it is made."""
    assert made() == made()


def test_nothing_is_fetched():
    """No element has an address, and the policy forbids what a script might want."""
    elements = Elements(made())
    for tag, attrs in elements.tags:
        assert not {"src", "href", "srcset", "action"} & set(attrs), tag
    policy = next(
        attrs["content"]
        for tag, attrs in elements.tags
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; script-src 'sha256-")


def test_the_policy_names_each_script():
    """Each script of the page is one that the policy lets run, and there are no others."""
    text = made()
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digests = {base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts}
    assert set(re.findall(r"'sha256-([^']+)'", text)) == digests


def libraries() -> list[list[str]]:
    table = (VENDOR / "README").read_text().rpartition("\n\n")[2]
    return [line.split("\t") for line in table.splitlines()[1:]]


@pytest.mark.parametrize(
    ("name", "digest"), [(row[0], row[4]) for row in libraries()], ids=lambda value: value[:12]
)
def test_libraries_are_as_published(name, digest):
    """A library's file is the one of the package that the list names."""
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest


def test_every_library_is_listed():
    """Nothing is there that the list does not name, but for licences."""
    files = {path.name for path in VENDOR.iterdir()} - {"README"}
    assert {name for name in files if "LICENSE" not in name and "NOTICE" not in name} == {
        row[0] for row in libraries()
    }
