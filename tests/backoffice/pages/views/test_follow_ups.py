"""Tests of backoffice.pages.views.follow_ups: the list, and the forms on the case."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.test import Client

from backoffice.pages.rows import FollowUpsPage
from efile.kernel.clock import local_date, real_now
from tests.backoffice.pages.test_statements import cost
from tests.factories import colleague, submitted
from workflows.follow_ups import open_follow_ups, set_follow_up
from workflows.wanted import Period

pytestmark = pytest.mark.django_db


def today() -> date:
    return local_date(real_now())


def reminded(case_id: UUID, due_on: date, text: str = "Anrufen") -> UUID:
    return set_follow_up(case_id, due_on, text, None, by=colleague(), at=real_now())


def page(client: Client, query: str = "") -> FollowUpsPage:
    response = client.get(f"/follow-ups?{query}")
    assert response.status_code == 200
    shown: FollowUpsPage = response.context["page"]
    return shown


class TestTheList:
    def test_shows_this_week_s_and_on_request_all(self, desk: Client) -> None:
        case_id = submitted().case_id
        reminded(case_id, today())
        reminded(case_id, Period.week_of(today()).last + timedelta(days=1), "Später")

        assert [row.text for row in page(desk).rows] == ["Anrufen"]
        assert [row.text for row in page(desk, "until=all").rows] == ["Anrufen", "Später"]
        assert page(desk).summary == "1 ist heute fällig"

    def test_is_where_somebody_comes_back_to(self, desk: Client) -> None:
        process = submitted()
        reminded(process.case_id, today())
        (row,) = page(desk).rows
        header = desk.get(row.url).context["page"].header

        assert header.list_label == "Wiedervorlagen"
        assert header.list_url.endswith(f"#row-{row.key}")

    def test_costs_the_same_for_one_and_for_many(self, desk: Client) -> None:
        case_id = submitted().case_id
        reminded(case_id, today())
        with_one = cost(desk, "/follow-ups?until=all")
        for number in range(25):
            reminded(case_id, today() + timedelta(days=number))

        assert cost(desk, "/follow-ups?until=all") == with_one <= 5


class TestTheForms:
    def test_set_one_and_come_back_to_the_case(self, desk: Client) -> None:
        process = submitted()
        said = {"due_on": today().isoformat(), "text": "Anrufen", "user": ""}
        answer = desk.post(f"/cases/{process.case_id}/follow-ups", said)

        assert answer.headers["Location"] == f"/cases/{process.case_id}"
        assert [one.text for one in open_follow_ups(process.case_id)] == ["Anrufen"]

    def test_keep_what_was_typed_when_the_day_is_past(self, desk: Client) -> None:
        process = submitted()
        said = {"due_on": "2020-01-01", "text": "Anrufen", "user": ""}
        answer = desk.post(f"/cases/{process.case_id}/follow-ups", said)

        assert answer.status_code == 422
        assert open_follow_ups(process.case_id) == []

    def test_finish_one_and_go_on_with_the_list(self, desk: Client) -> None:
        process = submitted()
        reminded(process.case_id, today())
        (row,) = page(desk).rows
        answer = desk.post(row.done_url, {"next": page(desk).path})

        assert answer.headers["Location"] == page(desk).path
        assert open_follow_ups(process.case_id) == []
        assert desk.post(row.done_url).status_code == 409

    def test_move_one_for_a_reason(self, desk: Client) -> None:
        process = submitted()
        one = reminded(process.case_id, today())
        later = today() + timedelta(days=3)
        url = f"/cases/{process.case_id}/follow-ups/{one}/move"

        assert desk.post(url, {"due_on": later.isoformat()}).status_code == 422
        desk.post(url, {"due_on": later.isoformat(), "reason": "Urlaub"})
        assert [found.due_on for found in open_follow_ups(process.case_id)] == [later]

    def test_lead_whoever_merely_opens_them_to_the_case(self, desk: Client) -> None:
        process = submitted()

        answer = desk.get(f"/cases/{process.case_id}/follow-ups")
        assert answer.headers["Location"] == f"/cases/{process.case_id}"
