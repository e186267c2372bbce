"""Tests of backoffice.pages.views.automation: a head turns switches and reads the sample."""

import pytest
from django.test import Client

from backoffice.pages.rows.automation import AutomationPage, SwitchRow
from efile.kernel.verbs import unit_of_work
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.test_statements import cost
from tests.factories import AT, colleague, machine, submitted
from workflows.automation.sample import keep_proposal
from workflows.decisions import decide
from workflows.machine import Step

pytestmark = pytest.mark.django_db

PERMIT = "resident-parking"


@pytest.fixture
def head(signed_in: SignedIn) -> Client:
    return signed_in("t.oyelaran")


def page(client: Client) -> AutomationPage:
    response = client.get("/automation", {"first": "2026-01-01", "last": "2026-12-31"})
    assert response.status_code == 200
    shown: AutomationPage = response.context["page"]
    return shown


def permit(client: Client) -> SwitchRow:
    return next(row for row in page(client).services if row.key == PERMIT)


def disagreed() -> str:
    """The reference of a case that a person decided otherwise than the machine."""
    process = submitted()
    with unit_of_work():
        keep_proposal(process, "granted", by=machine(), at=AT)
    decide(process.case_id, Step.REFUSE, reasons="Nein.", by=colleague(), at=AT)
    return process.case.reference


class TestThePage:
    def test_switches_off_and_on_with_reasons(self, head: Client) -> None:
        assert permit(head).state.text == "eingeschaltet"
        head.post(f"/automation/{PERMIT}/stop", {"reason": "Register gestört"})
        row = permit(head)
        assert (row.state.text, row.turned) == (
            "abgeschaltet",
            "Abgeschaltet von Tünde Oyelaran: Register gestört",
        )
        head.post(f"/automation/{PERMIT}/resume", {"reason": "läuft wieder"})
        assert permit(head).state.text == "eingeschaltet"

    def test_keeps_what_was_typed_where_the_reason_is_missing(self, head: Client) -> None:
        response = head.post(f"/automation/{PERMIT}/stop", {"reason": " "})
        assert response.status_code == 422
        row = next(one for one in response.context["page"].services if one.key == PERMIT)
        assert row.actions[0].open
        assert row.actions[0].fields[0].error

    def test_shows_where_machine_and_person_differ(self, head: Client) -> None:
        reference = disagreed()
        shown = page(head)
        assert [(one.drawn, one.disagreed, one.rate) for one in shown.agreements] == [(1, 1, "0 %")]
        (row,) = shown.disagreements
        assert (row.reference, row.machine, row.person) == (reference, "bewilligt", "abgelehnt")
        table = head.get(shown.csv_url).content.decode()
        assert f"{reference};{PERMIT};bewilligt;abgelehnt;" in table

    def test_sets_the_size_of_the_sample(self, head: Client) -> None:
        head.post(f"/automation/{PERMIT}/sample", {"percent": "7"})
        assert permit(head).actions[1].fields[0].value == "7"
        assert head.post(f"/automation/{PERMIT}/sample", {"percent": "101"}).status_code == 422

    def test_is_for_heads(self, signed_in: SignedIn) -> None:
        caseworker = signed_in("a.lopes")
        assert caseworker.get("/automation").status_code == 403
        assert caseworker.post(f"/automation/{PERMIT}/stop", {"reason": "x"}).status_code == 403

    def test_costs_the_same_with_every_disagreement(self, head: Client) -> None:
        none = cost(head, "/automation")
        disagreed()
        assert cost(head, "/automation") == none
