"""A browser before the running pages: what a test of the pages drives and looks at."""

from collections.abc import Iterator

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from backoffice.demo.founding import PASSWORD

LANGUAGES = ("de", "en")


class Desk:
    """A browser window before the running pages; what went wrong in it is remembered."""

    def __init__(self, window: BrowserContext, site: str) -> None:
        self.site = site
        self.page: Page = window.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind == "error" and "Failed to load resource" not in text:
            self.complaints.append(text)

    def open(self, address: str) -> None:
        self.page.goto(f"{self.site}{address}")

    def sign_in(self, username: str = "a.lopes") -> None:
        self.open("/login")
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.site}/")


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="de-DE", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def desk(window: BrowserContext, live_server: LiveServer) -> Iterator[Desk]:
    """A caseworker for resident parking, signed in; at the end nothing must have gone wrong."""
    desk = Desk(window, live_server.url)
    desk.sign_in()
    yield desk
    assert desk.complaints == []


def violations(page: Page) -> list[str]:
    """What axe finds wrong (WCAG 2.0 to 2.2 A and AA, best practice): rule and place."""
    found = Axe().run(page)["violations"]
    return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]
