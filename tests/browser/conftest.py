"""One Chromium for all of these tests, and the real application with rows to show."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.orm import Session

from tests.api.conftest import base_url, new_subscriber  # noqa: F401 - fixtures
from tests.browser import stage
from tests.browser.visits import Visits

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
WHY = "no Chromium on PATH: apt-get install chromium (or set CHROMIUM)"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Ends with this package: Playwright holds the thread's event loop as long as it runs."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail(WHY)
        pytest.skip(WHY)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--lang=en"])
        yield opened
        opened.close()


@pytest.fixture
def shown(session: Session) -> stage.Stage:
    """Rows of every kind that a page may show (tests/browser/stage.py)."""
    return stage.set_up(session)


@pytest.fixture
def visits(browser: Browser, base_url: str, new_subscriber: Callable[..., str]) -> Visits:  # noqa: F811
    """Looks at pages as a subscriber whose key may do everything."""
    return Visits(browser, base_url, new_subscriber())
