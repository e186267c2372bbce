"""A working day in a real browser, by keyboard alone: every stroke is counted."""

from typing import Any

import pytest
from django.db.models.functions import Now
from playwright.sync_api import expect

from backoffice.demo.registers import RegisterServer
from efile.kernel.models import Delivery
from tests.backoffice.pages.browsing import Desk, desk, window
from tests.factories import AT, drained, machine, renewed, submitted
from tests.workflows.applicants import PEOPLE, applying, is_entitled
from tests.workflows.conftest import Clock, clock, registers
from workflows.models import HeldAct, Process, State
from workflows.offers import name_automation_basis

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

__all__ = ["clock", "desk", "registers", "window"]

CASES = 10
# From the work list into the next case, with everything between.
MOST_STROKES = 6


class Keyboard:
    """Presses keys, and knows how often."""

    def __init__(self, desk: Desk) -> None:
        self._page = desk.page
        self.strokes = 0

    def press(self, key: str) -> None:
        """Press ``key`` on a page that has loaded: before that nobody would listen."""
        self._page.wait_for_load_state()
        self._page.keyboard.press(key)
        self.strokes += 1


@pytest.fixture
def cases(clock: Clock, registers: RegisterServer) -> list[Process]:
    """Ten applications by people who are entitled to what they ask for, decided by people."""
    name_automation_basis("resident-parking", "", by=machine(), at=AT)
    people = [one for one in PEOPLE if is_entitled(one) and one.bpk2][:CASES]
    found = [submitted(**applying(one), attachments=[]) for one in people]
    drained()
    return found


class TestTenStandardCases:
    def test_are_granted_with_a_few_strokes_each(
        self, desk: Desk, cases: list[Process], settings: Any
    ) -> None:
        settings.RECALL_SECONDS = 60
        keyboard, page = Keyboard(desk), desk.page
        desk.open("/")
        keyboard.press("n")
        for done in range(1, CASES + 1):
            expect(page.locator(".lm-case-head h1")).to_be_visible()
            before, here = keyboard.strokes, page.url
            keyboard.press("b")
            expect(page.locator("#a-grant :focus")).to_be_visible()
            keyboard.press("Control+Enter")
            expect(page).not_to_have_url(here)
            expect(page.locator(".lm-notice--success")).to_be_visible()
            # The way into the first case counts, too.
            assert keyboard.strokes - (before if done > 1 else 0) <= MOST_STROKES

        assert HeldAct.objects.count() == CASES
        Delivery.objects.update(due_at=Now())
        drained()
        assert {renewed(case).state for case in cases} == {State.DECIDED}

    def test_can_be_thought_over_for_a_minute(
        self, desk: Desk, cases: list[Process], settings: Any
    ) -> None:
        settings.RECALL_SECONDS = 60
        keyboard, page = Keyboard(desk), desk.page
        desk.open("/")
        keyboard.press("n")
        expect(page.locator(".lm-case-head h1")).to_be_visible()
        here = page.url
        keyboard.press("b")
        expect(page.locator("#a-grant :focus")).to_be_visible()
        keyboard.press("Control+Enter")
        expect(page).not_to_have_url(here)
        # Before htmx has seen it, it is a link to the case and takes nothing back.
        back = page.locator(".lm-notice--success a[hx-post]")
        expect(back).to_have_attribute("data-htmx-powered", "true")
        keyboard.press("Shift+Z")
        expect(page.locator(".lm-notice--success")).to_contain_text("Zurückgeholt")

        Delivery.objects.update(due_at=Now())
        drained()
        assert not HeldAct.objects.exists()
        assert {renewed(case).state for case in cases} <= {State.RECEIVED, State.IN_EXAMINATION}
