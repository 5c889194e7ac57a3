# SPDX-License-Identifier: BSD-2-Clause
"""Headless Chromium, Debian's, with a profile of its own and no traffic of its own."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from selenium import webdriver

from tests.browser.page import show

_SWITCHES = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run
    --disable-background-networking --disable-component-update --disable-sync""".split()


@contextlib.contextmanager
def start(width: int, height: int) -> Iterator[webdriver.Chrome]:
    """Start it with a window of that size; CHROMIUM and CHROMEDRIVER name others."""
    options = webdriver.ChromeOptions()
    options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver"))
    with tempfile.TemporaryDirectory() as profile:
        for switch in (*_SWITCHES, f"--user-data-dir={profile}"):
            options.add_argument(switch)
        with webdriver.Chrome(options, service) as driver:
            resize(driver, width, height)
            yield driver


def resize(driver: webdriver.Chrome, width: int, height: int) -> None:
    """Give the page that many pixels."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def colours(driver: webdriver.Chrome, scheme: str) -> None:
    """Have the system prefer "light" or "dark"."""
    feature = {"name": "prefers-color-scheme", "value": scheme}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def complaints(driver: webdriver.Chrome) -> list[str]:
    """Return what there was to say since it was asked last: errors of scripts, refused fetches."""
    return [entry["message"] for entry in driver.get_log("browser")]


@contextlib.contextmanager
def opened(page: Path, window: tuple[int, int], *, dark: bool) -> Iterator[webdriver.Chrome]:
    """Show a page in a browser of its own."""
    with start(*window) as driver:
        colours(driver, "dark" if dark else "light")
        show(driver, page)
        yield driver
