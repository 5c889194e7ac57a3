# SPDX-License-Identifier: BSD-2-Clause
"""The page of `report` in a headless browser: it opens from a file, is searched, zoomed, clicked.

`make browser-test` runs these; they need Debian's chromium and chromium-driver, or firefox-esr
with BROWSER=firefox, and are no part of `make test`, where a machine may have no browser.
"""

import io
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common import StaleElementReferenceException
from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.common.print_page_options import PrintOptions
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from kernel import api
from kernel.sys.cdefs import pack
from kernel.sys.ktrace import KTR_NAMEI, KTR_SYSCALL, KTR_SYSRET, KtrSyscall, KtrSysret
from tests.browser import chromium, firefox
from tests.browser.page import PATIENCE, show
from userland import libktrace
from userland.libktrace.calls import Call, events
from userland.libktrace.records import NSEC_PER_SEC, Record
from userland.libktrace.report import collect, page
from userland.libktrace.summary import Summary

ROOT = Path(__file__).parents[2]
BROWSER: Any = {"chromium": chromium, "firefox": firefox}[os.environ.get("BROWSER", "chromium")]
SAMPLES = sorted((ROOT / "tests" / "data" / "samples").glob("*.ktrace"))
_OPEN = 5  # open(2)
OPENING = 20  # seconds for a large trace; two, on a machine with nothing else to do
PNG = b"\x89PNG\r\n\x1a\n"

PROGRAM = """
import os, signal, time
signal.signal(signal.SIGUSR1, lambda *_: None)
os.symlink("</script><script>document.title='evil'</script>", "/tmp/link")
os.mkdir("/tmp/<img src=x onerror=document.title='evil'>")
os.close(os.open(b"/tmp/caf\\xc3\\xa9\\xff", os.O_CREAT | os.O_RDWR))
if os.fork() == 0:
    os.write(1, bytes(range(256)))
    time.sleep(0.5)
    os.execv("/bin/echo", ["echo", "hello"])
for number in range(40):
    try:
        os.stat(f"/nowhere/{number}")
    except OSError:
        pass
os.kill(os.getpid(), signal.SIGUSR1)
os.wait()
os._exit(3)
"""


class Page:
    """A page in the browser."""

    def __init__(self, driver: WebDriver, path: Path) -> None:
        self.driver = driver
        show(driver, path)

    def until(self, condition: Callable[[], Any]) -> Any:
        """Wait for the page to be so; it may be drawn anew meanwhile."""
        wait = WebDriverWait(self.driver, PATIENCE, 0.02, (StaleElementReferenceException,))
        return wait.until(lambda _: condition())

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return self.one(selector).text

    def rows(self, table: str) -> list[list[str]]:
        """Return the texts of a table's rows in sight."""
        found: list[list[str]] = self.driver.execute_script(
            "return Array.from(document.querySelectorAll(arguments[0]), row => Array.from("
            "row.querySelectorAll('.tabulator-cell'), cell => cell.innerText.trim()))",
            f"#{table} .tabulator-row",
        )
        return found

    def press(self, table: str, row: int) -> None:
        """Click on a row of a table: on its second cell, as its middle may be between two."""

        def click() -> bool:
            at = self.all(f"#{table} .tabulator-row")[row]
            at.find_elements(By.CSS_SELECTOR, ".tabulator-cell")[1].click()
            return True

        self.until(click)

    def put(self, field: str, text: str) -> None:
        """Type into a field of the filter, or choose, and wait for what it does."""
        at = self.one(f"[name={field}]")
        if at.tag_name == "input":
            at.clear()
        at.send_keys(text)

    def counts(self, text: str) -> None:
        """Wait until so many calls are said to be shown."""
        self.until(lambda: self.text("#count") == text)

    def timeline(self) -> bytes:
        """Return what the timeline looks like."""
        return self.one("#timeline").screenshot_as_png

    def complaints(self) -> list[str]:
        """Return what the browser has to say: errors of scripts, refused fetches."""
        found: list[str] = BROWSER.complaints(self.driver)
        return found


@pytest.fixture(scope="module")
def driver() -> Iterator[WebDriver]:
    with BROWSER.start(1400, 1150) as driver:
        yield driver


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    program = tmp_path_factory.mktemp("program") / "prog.py"
    program.write_text(PROGRAM)
    with api.boot(seed=1, ktrace=True) as k:
        return k.run(program).ktrace


@pytest.fixture(scope="module")
def report(trace: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the program's trace, as the command makes it."""
    source = tmp_path_factory.mktemp("report") / "ktrace.out"
    source.write_bytes(trace)
    command = [sys.executable, "-m", "kernel", "report", "-o", "report.html", "ktrace.out"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=source.parent, env=env, check=True)
    return source.with_name("report.html")


@pytest.fixture
def shown(driver: WebDriver, report: Path) -> Page:
    """The page, opened anew."""
    return Page(driver, report)


def wheel(driver: WebDriver, at: WebElement, amount: int) -> None:
    """Turn the wheel over the middle of an element."""
    origin = ScrollOrigin.from_element(at)
    webdriver.ActionChains(driver).scroll_from_origin(origin, 0, amount).perform()


def test_it_opens(shown, trace):
    """From a file, without a network or a complaint: how many calls, and the first of them."""
    calls = [
        event for event in events(libktrace.open(io.BytesIO(trace))) if isinstance(event, Call)
    ]
    assert shown.text("h1").endswith("ktrace.out")
    assert shown.text("#facts").startswith(f"{len(calls)} calls · ")
    assert "2 processes · 1 signal · " in shown.text("#facts")
    assert shown.rows("calls")[0][2].startswith("execve(")
    assert shown.complaints() == []


def test_nothing_of_the_trace_is_run(shown):
    """Paths with HTML in them are text."""
    assert "evil" not in shown.driver.title
    assert shown.all("img") == []
    shown.put("text", "onerror")
    path = "<img src=x onerror=document.title='evil'>"
    shown.until(lambda: [path in row[2] for row in shown.rows("calls")] == [True])
    cell = shown.all("#calls .tabulator-row .tabulator-cell")[2]
    webdriver.ActionChains(shown.driver).move_to_element(cell).perform()
    shown.until(lambda: path in shown.text(".tabulator-tooltip"))
    shown.press("calls", 0)
    shown.until(lambda: "onerror" in shown.text("#call"))
    assert "evil" not in shown.driver.title
    assert shown.all("img") == []
    assert shown.complaints() == []


def test_errors_come_first(shown):
    """What failed is counted; a click shows these calls, and the first of them."""
    assert shown.rows("errors")[0] == ["40", "stat", "ENOENT", "/nowhere/0"]
    shown.press("errors", 0)
    shown.until(lambda: shown.text("#count").startswith("40 of "))
    shown.until(lambda: 'stat("/nowhere/0"' in shown.text("#call"))
    assert "2 ENOENT: No such file or directory" in shown.text("#call")


@pytest.mark.parametrize(
    ("field", "word", "count"),
    [
        ("text", "NOWHERE/7", 1),
        ("text", "/nowhere.3[0-4]/", 5),
        ("calls", "/^(mkdir|symlink)$", 2),
        ("error", "ENOENT", 40),
        ("path", "/nowhere/1?", 10),
        ("path", "/tmp/café*", 2),
        ("calls", "nothing", 0),
    ],
)
def test_it_is_searched(shown, field, word, count):
    """Text, expressions, names of calls, errors and paths choose; Clear takes it back."""
    every = shown.text("#count")
    shown.put(field, word)
    shown.counts(f"{count} of {every}")
    assert len(shown.rows("calls")) <= count
    shown.one("[type=reset]").click()
    shown.counts(every)


def test_a_wrong_expression_is_marked(shown):
    """The field says so, and all calls stay."""
    every = shown.text("#count")
    shown.put("text", "/(/")
    shown.until(lambda: shown.one("[name=text]").get_attribute("aria-invalid") == "true")
    assert shown.text("#count") == every


def test_processes_are_a_tree(shown):
    """Parent and child, their programs and ends; a click shows one of them."""
    parent, child = shown.rows("processes")
    assert parent[1].endswith("prog.py")
    assert parent[-1] == "exit 3"
    assert (child[1], child[-1]) == ("prog.py → echo", "exit 0")
    shown.press("processes", 1)
    shown.until(lambda: {row[1] for row in shown.rows("calls")} == {child[0]})


def test_the_table_of_calls_is_that_of_trace(shown, trace):
    """Counts are those that `trace -c` prints."""
    summary = Summary()
    for event in events(libktrace.open(io.BytesIO(trace))):
        if isinstance(event, Call):
            summary.add(event)
    counts = {row.name: (row.calls, row.errors) for row in summary.rows()}
    found = {row[0]: (int(row[1]), int(row[2] or 0)) for row in shown.rows("summary") if row[0]}
    assert found
    assert found.items() <= counts.items()


def test_a_click_shows_arguments_and_data(shown):
    """Each argument by its name, and the bytes in hexadecimal."""
    shown.put("calls", "write")
    shown.until(lambda: {row[2].partition("(")[0] for row in shown.rows("calls")} == {"write"})
    shown.press("calls", 0)
    shown.until(lambda: "0000  00 01 02 03" in shown.text("#call"))
    assert "size_t nbyte\n256" in shown.text("#call")
    assert "00f0  f0 f1 f2" in shown.text("#call")


def test_signals_are_among_the_calls(shown):
    """A signal is in the list as `trace` prints it, with who sent it."""
    shown.put("text", "SIGUSR1 (caught)")
    shown.until(lambda: [row[2] for row in shown.rows("calls")] == ["--- SIGUSR1 (caught) ---"])
    shown.press("calls", 0)
    shown.until(lambda: "code=SI_USER sent by pid=" in shown.text("#call"))


def test_the_timeline_zooms_and_pans(shown):
    """The wheel, keys and buttons change what is in sight; All shows the first picture again."""
    at, pictures = shown.one("#timeline"), [shown.timeline()]

    def changes(act: Callable[[], object]) -> None:
        act()
        shown.until(lambda: shown.timeline() != pictures[-1])
        pictures.append(shown.timeline())

    changes(lambda: wheel(shown.driver, at, -120))
    changes(lambda: at.send_keys("+"))
    changes(lambda: at.send_keys(Keys.ARROW_RIGHT))
    changes(lambda: shown.one("[data-zoom=out]").click())
    shown.one("[data-zoom=all]").click()
    shown.driver.execute_script("document.activeElement.blur()")
    shown.until(lambda: shown.timeline() == pictures[0])
    changes(lambda: shown.one("#scale").send_keys("order"))
    assert shown.complaints() == []


def test_a_click_in_the_timeline_shows_the_call(shown):
    """The longest call is the wait; a click into the middle of the first lane is on it."""
    at = shown.one("#timeline")
    move = webdriver.ActionChains(shown.driver)
    move.move_to_element_with_offset(at, 0, 18 - at.size["height"] // 2).click().perform()
    shown.until(lambda: "wait4(" in shown.text("#call"))


def test_keys_choose_calls(shown):
    """In the table, down and up go from call to call."""
    shown.press("calls", 0)
    shown.until(lambda: "execve(" in shown.text("#call h3"))
    table = shown.one("#calls .tabulator-tableholder")
    table.send_keys(Keys.ARROW_DOWN)
    second = shown.rows("calls")[1][2]
    shown.until(lambda: shown.text("#call h3").startswith(second))
    table.send_keys(Keys.ARROW_UP)
    shown.until(lambda: "execve(" in shown.text("#call h3"))


def test_what_is_cut_off_is_told_and_nothing_else(shown):
    """The mouse over a cell that has room for its text brings up no word of its own."""
    shown.put("text", "/nowhere/7")
    shown.until(lambda: len(shown.rows("calls")) == 1)
    row = shown.one("#calls .tabulator-row")
    for cell in row.find_elements(By.CSS_SELECTOR, ".tabulator-cell"):
        webdriver.ActionChains(shown.driver).move_to_element(cell).pause(0.4).perform()
        tips = [tip.text for tip in shown.all(".tabulator-tooltip")]
        assert all(tip == cell.text for tip in tips), tips


def test_light_and_dark(shown):
    """The page follows the system's colours, the timeline with it."""
    pictures = []
    for scheme in ("dark", "light"):
        BROWSER.colours(shown.driver, scheme)
        ground = "return getComputedStyle(document.body).backgroundColor"
        pictures.append((shown.driver.execute_script(ground), shown.timeline()))
    assert pictures[0][0] != pictures[1][0]
    assert pictures[0][1] != pictures[1][1]


def test_a_narrow_window(shown):
    """Nothing is wider than the window, and no field is lost."""
    BROWSER.resize(shown.driver, 400, 800)
    wide = "return document.documentElement.scrollWidth"
    shown.until(lambda: 300 < shown.driver.execute_script(wide) <= 400)
    BROWSER.resize(shown.driver, 1400, 1150)


def test_screenshot_and_print(shown):
    """A picture and a print are made of it."""
    assert shown.driver.get_screenshot_as_png().startswith(PNG)
    options = PrintOptions()
    options.background = True
    assert len(shown.driver.print_page(options)) > 10_000
    assert shown.complaints() == []


def test_a_hundred_thousand_calls(driver, tmp_path):
    """They open in seconds; search, zoom and a click find one among them."""
    target = tmp_path / "report.html"
    target.write_text(page(collect(many_calls(100_000)), "large"))
    begin = time.monotonic()
    shown = Page(driver, target)
    assert time.monotonic() - begin < OPENING
    shown.counts("100,000 lines")
    shown.put("text", '"/etc/file77777"')
    shown.counts("1 of 100,000 lines")
    before = shown.timeline()
    shown.press("calls", 0)
    shown.until(lambda: shown.timeline() != before)
    assert '"/etc/file77777"' in shown.text("#call")
    assert shown.complaints() == []


def many_calls(count: int) -> Iterator[Record]:
    """Make the records of so many calls, of eight processes that take turns."""
    clock = itertools.count(1_060_270_305 * NSEC_PER_SEC, 1000)

    def records() -> Iterator[bytes]:
        opens = pack(KtrSyscall(_OPEN, 24)) + bytes(24)
        for number in range(count):
            who = {"pid": number // 100 % 8 + 2, "lid": 1, "comm": b"prog"}
            ended = KtrSysret(_OPEN, 0, 2 if number % 9 == 0 else 0, 3, 0)
            for kind, payload in (
                (KTR_SYSCALL, opens),
                (KTR_NAMEI, b"/etc/file%d" % number),
                (KTR_SYSRET, pack(ended)),
            ):
                yield libktrace.encode(kind, payload, time=next(clock), **who)

    return iter(libktrace.open(io.BytesIO(b"".join(records()))))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_traces_of_real_kernels(driver, path, tmp_path):
    """What NetBSD wrote is shown, up to the tear if there is one."""
    target = tmp_path / "report.html"
    data = collect(libktrace.open(path))
    target.write_text(page(data, path.name))
    shown = Page(driver, target)
    assert shown.rows("calls")
    assert shown.one("#notice").is_displayed() == bool(data["torn"])
    assert shown.complaints() == []


def test_torn_and_empty(driver, trace, tmp_path):
    """A torn trace has a notice; an empty one a page that says so."""
    target = tmp_path / "report.html"
    target.write_text(page(collect(libktrace.open(io.BytesIO(trace[:-5]))), "torn"))
    assert "torn" in Page(driver, target).text("#notice")
    target.write_text(page(collect(libktrace.open(io.BytesIO(b""))), "empty"))
    empty = Page(driver, target)
    assert empty.text("#facts") == "The trace has no calls."
    assert empty.complaints() == []
