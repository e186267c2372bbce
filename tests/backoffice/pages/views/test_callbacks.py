"""Tests of backoffice.pages.views.callbacks: an administrator sees and mends what is not told."""

import pytest
from django.test import Client
from django.urls import reverse

from api.callbacks.lateness import watch
from api.clients import create_client
from api.models import CallbackLane
from backoffice.pages.rows.callbacks import CallbacksPage
from efile.kernel.clock import real_now
from tests.api.callbacks.happening import CalledBack
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.test_statements import cost
from tests.factories import DAY, city

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(signed_in: SignedIn) -> Client:
    return signed_in("o.kruse")


@pytest.fixture
def portal(db: None) -> CalledBack:
    return CalledBack("https://portal.example.org/laufmappe", at=real_now())


def address(portal: CalledBack) -> str:
    return reverse("portal_callbacks", args=[portal.client_id])


def page(client: Client, portal: CalledBack) -> CallbacksPage:
    response = client.get(address(portal))
    assert response.status_code == 200
    shown: CallbacksPage = response.context["page"]
    return shown


def given_up(portal: CalledBack, count: int) -> None:
    """So many submissions that are tried no more."""
    at = real_now() - 8 * DAY
    CallbackLane.objects.bulk_create(
        CallbackLane(
            tenant_id=portal.by.tenant_id,
            target=portal.target,
            submission=submission,
            delivered=1,
            collected=4,
            pending=3,
            waiting_since=at,
            given_up_at=at + 7 * DAY,
            last_failure="http_500",
        )
        for submission in portal.submissions(count)
    )


class TestThePage:
    def test_says_that_all_is_well(self, administrator: Client, portal: CalledBack) -> None:
        shown = page(administrator, portal)
        assert shown.state
        assert shown.state.text == "in Ordnung"
        assert ("Nicht zugestellt", "nichts") in shown.facts
        assert (shown.alarm, shown.given_up, shown.resend_all) == ("", (), None)

    def test_marks_what_was_not_delivered_for_an_hour(
        self, administrator: Client, portal: CalledBack
    ) -> None:
        given_up(portal, 1)
        watch(at=real_now())
        assert page(administrator, portal).alarm.startswith("Seit mehr als einer Stunde")

    def test_sends_one_again_and_then_all(self, administrator: Client, portal: CalledBack) -> None:
        given_up(portal, 3)
        rows = page(administrator, portal).given_up
        assert {row.failure for row in rows} == {"antwortet mit Fehler 500"}
        assert all(row.reference.startswith("32") for row in rows)
        for url, left in ((rows[0].resend_url, 2), (f"{address(portal)}/resend", 0)):
            assert administrator.post(url).status_code == 302
            assert len(page(administrator, portal).given_up) == left
        late = administrator.post(rows[0].resend_url, follow=True)
        assert "Jemand war schneller" in late.content.decode()

    def test_pauses_and_goes_on(self, administrator: Client, portal: CalledBack) -> None:
        administrator.post(f"{address(portal)}/pause")
        shown = page(administrator, portal)
        assert ("Angehalten", "von Ole Kruse") in shown.facts
        assert [action.label for action in shown.actions] == ["Wieder aufnehmen"]
        administrator.post(f"{address(portal)}/resume")
        assert [one.key for one in page(administrator, portal).actions] == ["resume", "pause"]

    def test_of_a_portal_that_wants_no_calls_says_so(self, administrator: Client) -> None:
        client_id, _ = create_client(city(), "Holt selbst ab")
        own = reverse("portal_callbacks", args=[client_id])
        assert administrator.get(own).context["page"].empty
        assert administrator.post(f"{own}/pause").status_code == 404

    def test_is_for_administrators_alone(self, signed_in: SignedIn, portal: CalledBack) -> None:
        given_up(portal, 1)
        head = signed_in("t.oyelaran")
        assert head.get(address(portal)).status_code == 403
        for act in ("pause", "resume", "resend"):
            assert head.post(f"{address(portal)}/{act}").status_code == 403
        assert portal.target.paused_by == ""

    def test_costs_the_same_for_one_and_for_many(
        self, administrator: Client, portal: CalledBack
    ) -> None:
        given_up(portal, 1)
        with_one = cost(administrator, address(portal))
        given_up(portal, 12)
        assert cost(administrator, address(portal)) == with_one <= 7
