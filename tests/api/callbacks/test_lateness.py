"""What has been waiting for too long: said once, and told to machines."""

import json

import pytest
from django.test import Client
from structlog.testing import capture_logs

from api.callbacks.lateness import backlog, watch
from tests.api.callbacks.happening import CalledBack, calls
from tests.api.callbacks.receiving import Receiver, always
from tests.api.callbacks.test_pushing import HOUR, MINUTE
from tests.factories import AT

pytestmark = pytest.mark.django_db


def said(at: object) -> list[tuple[str, str]]:
    with capture_logs() as lines:
        watch(at=at)  # type: ignore[arg-type]
    return [(line["log_level"], line["event"]) for line in lines]


class TestTheAlert:
    def test_is_one_line_when_it_begins_and_one_when_it_is_over(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        receiver.behave = always(500)
        portal.happened([portal.case], at=AT)
        calls(AT)
        assert said(AT + HOUR - MINUTE) == []
        assert said(AT + HOUR) == [("error", "callbacks_undelivered")]
        assert portal.target.is_late
        assert said(AT + 2 * HOUR) == []
        receiver.behave = always(200)
        calls(AT + 2 * HOUR)
        assert said(AT + 2 * HOUR) == [("info", "callbacks_caught_up")]


class TestTheFigures:
    def test_count_what_has_not_arrived(self, portal: CalledBack, receiver: Receiver) -> None:
        receiver.behave = always(500)
        portal.happened([portal.case] * 3 + portal.submissions(1), at=AT)
        calls(AT)
        found = backlog(at=AT + HOUR)
        assert (found.events, found.oldest_seconds, found.late_receivers) == (4, 3600.0, 1)

    def test_are_there_for_prometheus_and_for_whoever_asks_whether_it_is_ready(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        receiver.behave = always(500)
        portal.happened([portal.case] * 3, at=AT)
        calls(AT)
        figures = Client().get("/metrics").content.decode()
        assert "laufmappe_callbacks_undelivered_events 3.0" in figures
        ready = json.loads(Client().get("/health/ready").content)
        assert ready["oldest_undelivered_callback_seconds"] > 3600
        assert ready["given_up_callbacks"] == 0
