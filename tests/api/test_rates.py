"""How often somebody may call, and what it costs to count it."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.jobs import clear_tokens
from api.models import PortalClient
from api.rates import minute_of, rate
from tests.api.calling import Portal

HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy")


def test_a_window_is_a_minute_of_the_clock() -> None:
    moment = datetime(2026, 5, 4, 12, 0, 59, 500_000, tzinfo=UTC)
    assert rate(10, 11, moment).reset == 1
    assert rate(10, 11, moment).is_exceeded
    assert not rate(10, 10, moment).is_exceeded
    assert minute_of(moment) + 1 == minute_of(moment.replace(minute=1, second=0))


@pytest.mark.django_db
class TestAClient:
    def test_is_told_with_every_answer_where_it_stands(self, portal: Portal) -> None:
        for path in ("services", "submissions/01890000-0000-7000-8000-000000000001", "nowhere"):
            answer = portal.get(path)
            known = path != "nowhere"
            assert all((name in answer.headers) is known for name in HEADERS), path
        first, second = (portal.get("services").headers for _ in range(2))
        assert int(first["RateLimit-Limit"]) == 30_000
        assert first["RateLimit-Policy"] == "30000;w=60"
        assert int(second["RateLimit-Remaining"]) < 30_000
        assert 1 <= int(first["RateLimit-Reset"]) <= 60

    def test_waits_for_the_next_minute_when_it_called_too_often(self, portal: Portal) -> None:
        # The window may end between two calls: so many more than allowed end it in any case.
        PortalClient.objects.filter(client_id=portal.client_id).update(rate_limit=2)
        answers = [portal.get("services") for _ in range(5)]
        throttled = [answer for answer in answers if answer.status == 429]
        assert throttled
        assert {answer.code for answer in throttled} == {"throttled"}
        assert throttled[0].headers["RateLimit-Remaining"] == "0"
        assert throttled[0].headers["Retry-After"] == throttled[0].headers["RateLimit-Reset"]

    def test_does_not_take_from_others(self, portal: Portal) -> None:
        PortalClient.objects.filter(client_id=portal.client_id).update(rate_limit=1)
        assert 429 in {portal.get("services").status for _ in range(4)}
        assert Portal().get("services").status == 200

    def test_costs_one_statement_when_it_is_refused(self, portal: Portal) -> None:
        PortalClient.objects.filter(client_id=portal.client_id).update(rate_limit=0)
        with CaptureQueriesContext(connection) as statements:
            assert portal.get("services").status == 429
        assert len(statements) == 1


@pytest.mark.django_db
class TestAStranger:
    def test_is_counted_by_address_and_has_to_wait(self, settings: Any) -> None:
        settings.STRANGER_LIMIT_PER_MINUTE = 1
        headers = {"Authorization": "Bearer guessed"}
        calls = [
            Client(REMOTE_ADDR="192.0.2.7").get("/api/v1/services", headers=headers)
            for _ in range(4)
        ]
        assert 429 in {call.status_code for call in calls}
        elsewhere = Client(REMOTE_ADDR="192.0.2.8").get("/api/v1/services", headers=headers)
        assert elsewhere.status_code == 401

    def test_has_to_wait_for_tokens_too(self, settings: Any) -> None:
        settings.STRANGER_LIMIT_PER_MINUTE = 1
        form = {"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}
        calls = [
            Client(REMOTE_ADDR="192.0.2.9").post("/api/v1/oauth/token", form) for _ in range(4)
        ]
        throttled = [call for call in calls if call.status_code == 429]
        assert throttled
        assert int(throttled[0]["Retry-After"]) >= 1

    def test_costs_one_statement_and_leaves_no_address(self) -> None:
        headers = {"Authorization": "Bearer guessed"}
        with CaptureQueriesContext(connection) as statements:
            Client(REMOTE_ADDR="192.0.2.77").get("/api/v1/services", headers=headers)
        assert len(statements) == 1
        assert "192.0.2.77" not in str(statements.captured_queries)

    def test_is_forgotten_with_the_minute(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO api_ratewindow VALUES ('address:x', 1, 1)")
            clear_tokens()
            cursor.execute("SELECT count(*) FROM api_ratewindow WHERE minute = 1")
            assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_calls_of_one_client_at_once_are_all_counted(portal: Portal) -> None:
    def call() -> None:
        try:
            for _ in range(10):
                portal.get("services")
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connection.cursor() as cursor:
        client = PortalClient.objects.get(client_id=portal.client_id)
        cursor.execute(
            "SELECT sum(calls) FROM api_ratewindow WHERE subject = %s", [f"client:{client.pk}"]
        )
        assert cursor.fetchone() == (80,)
