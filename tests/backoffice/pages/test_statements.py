"""How many statements a page costs: the same for one row and for many."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from efile import filing
from tests.backoffice.pages.conftest import SignedIn
from tests.factories import AT, body, colleague, drained, portal, submit, submitted
from workflows.corrections import correct
from workflows.correspondence import write_to_office
from workflows.follow_ups import set_follow_up
from workflows.models import InboxItem, Letter, Process
from workflows.questions import ask_applicant
from workflows.verdicts import judge

pytestmark = pytest.mark.django_db

# Every page asks for the session, the person and where they may look; it is not counted here.
SIGNED_IN = 3


def cost(client: Client, address: str) -> int:
    """The statements of ``address`` once definitions are compiled and the list is known."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured) - SIGNED_IN


def full(process: Process, times: int = 3) -> Process:
    """A case on which a lot has happened, each of it so many ``times``."""
    by = colleague()
    drained()
    for number in range(times):
        later = AT + timedelta(days=number)
        filing.write_note(process.case_id, f"Notiz {number}", by=by, at=AT)
        judge(process.case_id, "residence", "passed", "Gesehen", by=by, at=later)
        plate, reason = f"D-LM {number + 200}", "Tippfehler"
        correct(process.case_id, "/form/plate", plate, reason, by=by, at=later)
        assert process.submission
        write_to_office(process.submission, f"{number}?", key=None, by=portal(), at=later)
        set_follow_up(process.case_id, later.date(), "", None, by=by, at=AT)
    for number in range(3):
        ask_applicant(process.case_id, text=f"{number}?", proofs=[], days=14, by=by, at=AT)
    drained()
    return process


class TestTheWorkList:
    def test_costs_at_most_six(self, desk: Client) -> None:
        submitted()
        with_one = cost(desk, "/")
        for number in range(12):
            submitted(at=AT + timedelta(days=number))

        assert cost(desk, "/") == with_one <= 6


class TestACase:
    def test_costs_at_most_twelve(self, desk: Client) -> None:
        new = submitted()
        with_little = cost(desk, f"/cases/{new.case_id}")

        assert cost(desk, f"/cases/{full(submitted()).case_id}") == with_little <= 12
        assert cost(desk, f"/cases/{full(submitted(), 25).case_id}") == with_little

    def test_with_an_appointment_costs_at_most_twelve(self, signed_in: SignedIn) -> None:
        process = submitted("bulky-waste")
        drained()

        assert cost(signed_in("j.kessler"), f"/cases/{process.case_id}") <= 12


class TestTheInbox:
    def test_costs_at_most_three(self, desk: Client) -> None:
        submit(body(form={}, on_invalid="clarify"))
        with_one = cost(desk, "/inbox")
        for _ in range(6):
            submit(body(form={}, on_invalid="clarify"))

        assert cost(desk, "/inbox") == with_one <= 3
        assert cost(desk, f"/inbox/{InboxItem.objects.first().id}") <= 3  # type: ignore[union-attr]


class TestASearch:
    @pytest.fixture
    def result(self, desk: Client) -> Callable[[], int]:
        address = desk.post("/search", {"q": "Yılmaz"}).headers["Location"]
        return lambda: cost(desk, address)

    def test_costs_at_most_four(self, desk: Client, result: Callable[[], int]) -> None:
        submitted()
        drained()
        with_one = result()
        for _ in range(6):
            submitted()
        drained()

        assert result() == with_one <= 4


class TestWriting:
    """What is typed is saved every other second, and shown as a letter; sending composes it too."""

    SAID: ClassVar[dict[str, dict[str, str]]] = {
        "grant": {"reasons": "Gesehen."},
        "refuse": {"reasons": "Falsche Zone."},
        "request_proof": {"text": "Bitte.", "days": "14"},
        "message": {"text": "Guten Tag."},
    }

    def test_a_letter_or_a_draft_costs_at_most_30(self, desk: Client) -> None:
        warm, little, much = submitted(), submitted(), full(submitted())
        for action in self.SAID:
            for tail, most in ((f"decide/{action}/preview", 30), (f"drafts/{action}", 4)):
                _, with_little, with_much = (
                    posted(desk, f"/cases/{process.case_id}/{tail}", self.SAID[action])
                    for process in (warm, little, much)
                )
                assert with_much == with_little <= most, tail

    @pytest.mark.parametrize("action", SAID)
    @pytest.mark.parametrize(("wait", "most"), [(0, 43), (60, 49)])
    def test_what_is_sent_costs_the_same_whatever_letters_wait(
        self, desk: Client, settings: Any, action: str, wait: int, most: int
    ) -> None:
        settings.RECALL_SECONDS = wait
        warm, little, much = submitted(), submitted(), submitted()
        for process, times in ((warm, 1), (little, 1), (much, 7)):
            for number in range(times):
                ask_applicant(
                    process.case_id,
                    text=f"{number}?",
                    proofs=[],
                    days=14,
                    kind="hearing",
                    by=colleague(),
                    at=AT,
                )
        assert Letter.objects.filter(case_id=much.case_id, document=None).count() == 7
        _, with_little, with_much = (
            posted(desk, f"/cases/{process.case_id}/decide/{action}", self.SAID[action])
            for process in (warm, little, much)
        )
        assert with_much == with_little <= most


def posted(client: Client, address: str, said: Mapping[str, str]) -> int:
    """The statements of a form that is sent by a page that stays."""
    with CaptureQueriesContext(connection) as captured:
        response = client.post(address, said, headers={"HX-Request": "true"})
    assert response.status_code in (200, 302)
    return len(captured) - SIGNED_IN
