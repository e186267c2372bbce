"""Tests of backoffice.pages.views.verification: what anybody with the code may know."""

from typing import Any

import pytest
from django.test import Client

from backoffice.pages.throttle import Throttle
from backoffice.pages.views import verification
from tests.backoffice.pages.test_statements import SIGNED_IN, cost
from tests.factories import AT, colleague
from tests.workflows.conftest import clock
from tests.workflows.working import decided
from workflows.machine import Step
from workflows.matters import revoke_matter
from workflows.models import StandingMatter

__all__ = ["clock"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test with a count of its own."""
    monkeypatch.setattr(verification, "LOOKS", Throttle(times=60, seconds=60))


def granted() -> StandingMatter:
    return StandingMatter.objects.get(case_id=decided(Step.GRANT).case_id)


class TestTheAnswer:
    def test_is_valid_for_a_permit_that_holds_and_tells_nothing_else(self) -> None:
        matter = granted()
        answer = Client().get(f"/v/{matter.public_key}")
        text = answer.content.decode()
        assert answer.context["page"].is_valid
        assert "Der Ausweis mit diesem Prüfcode gilt." in text
        for secret in ("Yılmaz", "D-LM", "BPA", "A4", "32.2", matter.public_key, "Musterstadt"):
            assert secret not in text

    def test_is_no_at_once_when_the_permit_is_revoked(self) -> None:
        matter = granted()
        revoke_matter(matter.case_id, matter.id, "Umzug.", by=colleague(), at=AT)
        assert not Client().get(f"/v/{matter.public_key}").context["page"].is_valid

    def test_is_the_same_no_for_whatever_does_not_hold(self) -> None:
        revoked, expired, to_come = granted(), granted(), granted()
        StandingMatter.objects.filter(id=revoked.id).update(ended_on=AT.date())
        StandingMatter.objects.filter(id=expired.id).update(
            valid_from="2025-01-01", valid_to="2026-03-09"
        )
        StandingMatter.objects.filter(id=to_come.id).update(
            valid_from="2026-03-11", valid_to="2027-03-10"
        )
        keys = [revoked.public_key, expired.public_key, to_come.public_key, "0" * 32, "x"]
        answers = [Client().get(f"/v/{key}") for key in keys]
        assert len({(one.status_code, one.content) for one in answers}) == 1
        assert "Zu diesem Prüfcode gibt es keinen Ausweis" in answers[0].content.decode()

    def test_is_never_kept(self) -> None:
        headers = Client().get(f"/v/{'0' * 32}").headers
        assert "no-store" in headers["Cache-Control"]
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in headers

    def test_is_there_in_english(self) -> None:
        answer = Client().get(f"/v/{'0' * 32}", headers={"Accept-Language": "en"})
        assert '<html lang="en"' in answer.content.decode()

    def test_costs_one_statement_whatever_it_is(self) -> None:
        matter = granted()
        for key in (matter.public_key, "0" * 32, "x"):
            assert cost(Client(), f"/v/{key}") + SIGNED_IN == 1

    def test_is_not_given_to_one_address_all_the_time(
        self, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        monkeypatch.setattr(verification, "LOOKS", Throttle(times=2, seconds=60))
        statuses = [Client().get(f"/v/{'0' * 32}").status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        assert Client(REMOTE_ADDR="192.0.2.7").get(f"/v/{'0' * 32}").status_code == 200
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        # What a client claims stands before what the proxy saw.
        headers = {"X-Forwarded-For": "198.51.100.9, 192.0.2.8"}
        assert Client().get(f"/v/{'0' * 32}", headers=headers).status_code == 200
        settings.SECURE_PROXY_SSL_HEADER = None
        assert int(Client().get(f"/v/{'0' * 32}").headers["Retry-After"]) <= 60
