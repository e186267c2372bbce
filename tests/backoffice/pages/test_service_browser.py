"""The editor of services in a real browser: for everybody, and what follows while one types."""

import pytest
from playwright.sync_api import BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from efile.kernel.clock import now
from tests.backoffice.pages.browsing import Desk, violations, window
from tests.factories import colleague
from workflows.definitions.drafts import start_from_version

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

__all__ = ["window"]

DRAFT = "/services/resident-parking/draft"
OPEN_ALL = "document.querySelectorAll('main details').forEach((one) => (one.open = true))"


def test_the_editor_is_for_everybody_and_follows(
    window: BrowserContext, live_server: LiveServer
) -> None:
    start_from_version("resident-parking", by=colleague("o.kruse"), at=now())
    desk = Desk(window, live_server.url)
    desk.sign_in("o.kruse")
    page = desk.page
    for address in ("/services", f"{DRAFT}/fee"):
        desk.open(address)
        page.evaluate(OPEN_ALL)
        assert violations(page) == [], address

    desk.open(f"{DRAFT}/form?field=/form/properties/zone")
    page.fill("[name='/form/properties/zone/x-labels/de']", "In welcher Zone?")
    expect(page.locator("#form-preview")).to_contain_text("In welcher Zone?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".lm-form-fields")).to_contain_text("In welcher Zone?")

    desk.open(f"{DRAFT}/letters?letter=granted")
    page.evaluate(OPEN_ALL)
    assert violations(page) == []
    page.fill("[name='/decisions/granted/title/de']", "Ausweis für ")
    page.click("[data-placeholder=zone]")
    expect(page.locator("[name='/decisions/granted/title/de']")).to_have_value("Ausweis für {zone}")
    expect(page.locator("#letter-preview img[src^='data:']").first).to_be_visible()
    assert desk.complaints == []
