"""Tests of backoffice.pages.views.payments: the cash list, and the payment of a case."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.test_statements import cost
from tests.factories import AT, colleague, submitted
from tests.workflows.working import published, recorded
from workflows.models import Payment, Process
from workflows.payments.cashing import note_paid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def paid_online(settings: Any) -> None:
    """Permits are paid online before they are decided; nobody answers over there."""
    settings.PAYMENT_URL = "http://127.0.0.1:9"
    rule = {"blocks": "decide", "days": 14}
    published("resident-parking", lambda document: document["fee"].update(payment=rule))


def page(client: Client, kind: str = "open") -> Any:
    response = client.get(f"/payments?kind={kind}")
    assert response.status_code == 200
    return response.context["page"]


class TestTheCashList:
    def test_shows_what_is_open_and_takes_it_along(self, desk: Client) -> None:
        process = submitted()
        (row,) = page(desk).rows
        assert row.url == f"/cases/{process.case_id}"
        assert row.reference.startswith("RF")
        table = desk.get("/payments.csv?kind=open").content.decode()
        assert Payment.objects.get().reference in table
        # The test's day is long gone by.
        assert len(page(desk, "overdue").rows) == 1
        assert page(desk, "refund").rows == ()

    def test_costs_the_same_for_one_and_for_many(self, desk: Client) -> None:
        submitted()
        with_one = cost(desk, "/payments")
        for number in range(5):
            submitted(at=AT + timedelta(days=number))
        assert cost(desk, "/payments") == with_one <= 4

    def test_is_of_those_who_take_money(self, signed_in: SignedIn) -> None:
        submitted()
        assert page(signed_in("j.kessler")).rows == ()


class TestTheCase:
    def act(self, client: Client, process: Process, what: str, **said: str) -> int:
        return client.post(f"/cases/{process.case_id}/payment/{what}", said).status_code

    def test_shows_the_payment_and_takes_it_at_the_counter(self, desk: Client) -> None:
        process = submitted()
        shown = desk.get(f"/cases/{process.case_id}").content.decode()
        assert "Kassenzeichen" in shown
        assert "Zahlung an der Kasse eintragen" in shown
        assert self.act(desk, process, "paid", receipt="") == 422
        assert self.act(desk, process, "paid", receipt="K-17") == 302
        assert self.act(desk, process, "paid", receipt="K-18") == 409
        assert "bezahlt am" in desk.get(f"/cases/{process.case_id}").content.decode()

    def test_says_what_waits_for_the_payment(self, desk: Client) -> None:
        process = submitted()
        answer = desk.post(f"/cases/{process.case_id}/grant", {"reasons": "Geprüft."})
        assert answer.status_code == 409
        assert "wartet auf die Gebühr" in answer.content.decode()

    def test_waits_no_longer_for_a_reason(self, desk: Client) -> None:
        process = submitted()
        assert self.act(desk, process, "waived", reason=" ") == 422
        assert self.act(desk, process, "waived", reason="Härtefall") == 302
        assert "payment.dropped" in recorded(process.case_id)
        assert self.act(desk, process, "demand") == 302
        assert Payment.objects.get().status == "wanted"

    def test_notes_what_was_given_back(self, desk: Client) -> None:
        process = submitted()
        assert self.act(desk, process, "refunded", receipt="A-1") == 409
        note_paid(process.case_id, "K-1", by=colleague(), at=AT)
        Payment.objects.update(refund_due_at=AT)
        assert len(page(desk, "refund").rows) == 1
        assert self.act(desk, process, "refunded", receipt="A-1") == 302
        assert recorded(process.case_id)[-1] == "payment.refunded"
