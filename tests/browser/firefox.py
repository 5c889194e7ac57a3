# SPDX-License-Identifier: BSD-2-Clause
"""Headless Firefox, Debian's, through Marionette, its own remote control.

Selenium speaks to Firefox by geckodriver, which Debian's stable releases do not have; all that it
does is to pass commands on.  Marionette's are the WebDriver standard's under other names, a JSON
array each with its length before it, so a connection of Selenium's can speak it.
"""

import contextlib
import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from selenium import webdriver
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.remote_connection import RemoteConnection

from tests.browser.page import PATIENCE

_COMMANDS: Final = {
    Command.NEW_SESSION: "NewSession",
    Command.GET: "Navigate",
    Command.GET_TITLE: "GetTitle",
    Command.FIND_ELEMENT: "FindElement",
    Command.FIND_ELEMENTS: "FindElements",
    Command.FIND_CHILD_ELEMENT: "FindElement",
    Command.FIND_CHILD_ELEMENTS: "FindElements",
    Command.CLICK_ELEMENT: "ElementClick",
    Command.CLEAR_ELEMENT: "ElementClear",
    Command.SEND_KEYS_TO_ELEMENT: "ElementSendKeys",
    Command.GET_ELEMENT_TEXT: "GetElementText",
    Command.GET_ELEMENT_TAG_NAME: "GetElementTagName",
    Command.GET_ELEMENT_RECT: "GetElementRect",
    Command.ELEMENT_SCREENSHOT: "TakeScreenshot",
    Command.SCREENSHOT: "TakeScreenshot",
    Command.W3C_EXECUTE_SCRIPT: "ExecuteScript",
    Command.W3C_ACTIONS: "PerformActions",
    Command.SET_WINDOW_RECT: "SetWindowRect",
    Command.GET_WINDOW_RECT: "GetWindowRect",
    Command.PRINT_PAGE: "Print",
    Command.SET_TIMEOUTS: "SetTimeouts",
}
_PREFERENCES: Final = """
user_pref("marionette.port", %d);
user_pref("network.proxy.type", 0);
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
"""


_SWITCHES: Final = (
    "--headless", "--no-remote", "--marionette", "--remote-allow-system-access", "--profile",
)  # fmt: skip
_WINDOW: Final = (1600, 1400)  # no page is larger
_RESIZE: Final = """
    const page = gBrowser.selectedBrowser.style;
    page.width = page.minWidth = page.maxWidth = arguments[0] + "px";
    page.height = page.minHeight = page.maxHeight = arguments[1] + "px";
"""
_COLOURS: Final = (
    "Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', arguments[0])"
)
_COMPLAINTS: Final = """
    const said = Services.console.getMessageArray()
        .filter(one => one instanceof Ci.nsIScriptError && !(one.flags & one.warningFlag))
        .filter(one => one.sourceName.startsWith("file:") || one.category.startsWith("CSP"))
        .map(one => one.sourceName + ": " + one.errorMessage);
    Services.console.reset();
    return said;
"""


class Marionette(RemoteConnection):
    """Commands of Selenium's, sent to a Firefox that listens."""

    def __init__(self, port: int) -> None:
        """Connect to 127.0.0.1:port as soon as somebody is there.

        Raises:
            OSError: nobody is, for PATIENCE seconds.
        """
        super().__init__(client_config=ClientConfig("http://127.0.0.1"))  # which nobody asks
        self._socket = _connected(port)
        self._file = self._socket.makefile("rb")
        self._number = 0
        self._read()  # who it is

    def execute(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send a command of Selenium's; return the answer as Selenium wants it."""
        if command == Command.QUIT:
            return {"value": None}
        given = {name: value for name, value in params.items() if name != "sessionId"}
        name = _COMMANDS[command]
        if name == "NewSession":
            given = {}
        elif name == "TakeScreenshot":
            given["full"] = False
        elif "CHILD" in command.upper():
            given["element"] = given.pop("id")
        return self.ask(f"WebDriver:{name}", given)

    def ask(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send a command of Marionette's; return what came of it."""
        self._number += 1
        text = json.dumps([0, self._number, command, params]).encode()
        self._socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, value = self._read()
        if error is not None:
            return {"status": 500, "value": json.dumps({"value": error})}
        return value if isinstance(value, dict) and "value" in value else {"value": value}

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._socket.close()

    def _read(self) -> Any:
        length = b""
        while (byte := self._file.read(1)) != b":":
            length += byte
        return json.loads(self._file.read(int(length)))

    def privileged(self, script: str, *args: object) -> Any:
        """Run a script with the browser's own rights."""
        self.ask("Marionette:SetContext", {"value": "chrome"})
        answer = self.ask("WebDriver:ExecuteScript", {"script": script, "args": list(args)})
        self.ask("Marionette:SetContext", {"value": "content"})
        return answer["value"]


def _connected(port: int) -> socket.socket:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), PATIENCE)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@contextlib.contextmanager
def start(width: int, height: int) -> Iterator[webdriver.Remote]:
    """Start it with a page of that size; FIREFOX names another."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as profile:
        Path(profile, "user.js").write_text(_PREFERENCES % port)
        command = [os.environ.get("FIREFOX", "/usr/bin/firefox-esr"), *_SWITCHES, profile]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
            try:
                with contextlib.closing(Marionette(port)) as connection:
                    driver = webdriver.Remote(connection, options=webdriver.FirefoxOptions())
                    driver.set_window_rect(0, 0, *_WINDOW)
                    resize(driver, width, height)
                    yield driver
            finally:
                process.kill()


def _privileged(driver: webdriver.Remote, script: str, *args: object) -> Any:
    connection = driver.command_executor
    if not isinstance(connection, Marionette):
        raise TypeError("no Firefox of this module's")
    return connection.privileged(script, *args)


def resize(driver: webdriver.Remote, width: int, height: int) -> None:
    """Give the page that many pixels; a window could not be as narrow as a telephone."""
    _privileged(driver, _RESIZE, width, height)


def colours(driver: webdriver.Remote, scheme: str) -> None:
    """Have the system prefer "light" or "dark"."""
    _privileged(driver, _COLOURS, ("dark", "light").index(scheme))


def complaints(driver: webdriver.Remote) -> list[str]:
    """Return what there was to say since it was asked last: errors of scripts, refused fetches."""
    found: list[str] = _privileged(driver, _COMPLAINTS)
    return found
