# SPDX-License-Identifier: BSD-2-Clause
"""A page of `report` in whichever browser."""

from pathlib import Path

from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE = 60  # seconds; a browser beside other work is slow


def show(driver: WebDriver, page: Path) -> None:
    """Open a page of `report`, and wait until it is there."""
    driver.get(page.as_uri())
    ready = "return document.body.dataset.ready"
    WebDriverWait(driver, PATIENCE, 0.02).until(lambda _: driver.execute_script(ready))
