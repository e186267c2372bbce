"""Tests of backoffice.pages.views.worklist: what lies on whose desk, in which order."""

from datetime import timedelta

import pytest
from django.test import Client

from backoffice.pages.rows import WorklistPage
from tests.backoffice.pages.conftest import SignedIn
from tests.factories import AT, colleague, drained, portal, submitted
from workflows.assignment import assign
from workflows.correspondence import write_to_office
from workflows.decisions import decide
from workflows.machine import Step
from workflows.questions import ask_applicant

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "") -> WorklistPage:
    response = client.get(f"/?{query}")
    assert response.status_code == 200
    shown: WorklistPage = response.context["page"]
    return shown


class TestTheWorkList:
    def test_shows_what_came_in_with_the_nearest_deadline_first(self, desk: Client) -> None:
        late = submitted(at=AT + timedelta(days=3))
        early = submitted(at=AT)

        assert [row.key for row in page(desk).rows] == [str(early.case_id), str(late.case_id)]

    def test_names_case_person_service_and_next_step(self, desk: Client) -> None:
        process = submitted()
        (row,) = page(desk).rows

        assert row.reference == process.case.reference
        assert row.name == "Yılmaz, Đorđe"
        assert (row.service, row.next_step, row.state) == (
            "Bewohnerparkausweis",
            "Übernehmen",
            "Eingegangen",
        )

    def test_shows_nothing_of_another_unit(self, signed_in: SignedIn) -> None:
        submitted()

        assert page(signed_in("j.kessler")).rows == ()

    def test_has_a_view_of_one_s_own_cases(self, desk: Client) -> None:
        mine, _other = submitted(), submitted()
        by = colleague()
        assign(mine.case_id, by.user_id, by=by, at=AT)

        shown = page(desk, "view=mine")
        assert [row.key for row in shown.rows] == [str(mine.case_id)]
        assert shown.rows[0].assignee == "Ana Lopes"

    def test_has_views_of_what_waits_and_of_what_is_to_be_told(self, desk: Client) -> None:
        by = colleague()
        waiting, decided = submitted(), submitted()
        ask_applicant(waiting.case_id, text="Warum?", proofs=[], days=14, by=by, at=AT)
        decide(decided.case_id, Step.GRANT, by=by, at=AT)

        assert [row.key for row in page(desk, "view=waiting").rows] == [str(waiting.case_id)]
        assert [row.key for row in page(desk, "view=to_notify").rows] == [str(decided.case_id)]

    def test_counts_every_view(self, desk: Client) -> None:
        submitted()
        by = colleague()
        ask_applicant(submitted().case_id, text="Warum?", proofs=[], days=14, by=by, at=AT)

        counts = {tab.label: tab.count for tab in page(desk).views}
        assert counts == {
            "Zu prüfen": "1",
            "Meine Vorgänge": "0",
            "Wartet auf Antwort": "1",
            "Bekannt zu geben": "0",
        }

    def test_filters_by_service_and_says_how_to_leave_the_filter(self, desk: Client) -> None:
        submitted()
        shown = page(desk, "service=bulky-waste")

        assert shown.rows == ()
        assert shown.empty is not None
        assert shown.empty.link is not None
        assert shown.empty.link.url == shown.reset_url == "/?view=team"

    def test_marks_mail_that_nobody_has_looked_at(self, desk: Client) -> None:
        process = submitted()
        drained()
        receipt = process.submission
        assert receipt is not None
        write_to_office(receipt, "Wann ist es so weit?", key=None, by=portal(), at=AT)
        (row,) = page(desk).rows

        assert row.unread
        assert row.next_step == "Post ansehen"

    def test_refuses_a_cursor_that_is_none(self, desk: Client) -> None:
        assert desk.get("/?after=yesterday").status_code == 422

    def test_takes_an_unknown_view_for_the_team_s(self, desk: Client) -> None:
        submitted()

        assert len(page(desk, "view=everything").rows) == 1


class TestTheNextPage:
    @pytest.fixture
    def many(self) -> list[str]:
        """The keys of 52 cases in the order of their deadlines."""
        submissions = [submitted(at=AT + timedelta(days=number)) for number in range(52)]
        return [str(one.case_id) for one in submissions]

    def test_goes_on_where_the_first_one_ended(self, desk: Client, many: list[str]) -> None:
        first = page(desk)
        second = page(desk, first.more_url.partition("?")[2])

        assert (first.first, first.last, first.total) == (1, 50, "52")
        assert (second.first, second.last, second.more_url) == (51, 52, "")
        shown = [row.key for row in (*first.rows, *second.rows)]
        assert len(set(shown)) == 52
        assert sorted(shown) == sorted(many)

    def test_is_part_of_the_list_that_next_follows(self, desk: Client, many: list[str]) -> None:
        first = page(desk)
        second = page(desk, first.more_url.partition("?")[2])
        last_of_first, first_of_second = first.rows[-1], second.rows[0]

        header = desk.get(last_of_first.url).context["page"].header
        assert header.next_url == first_of_second.url
        assert header.position == "50 von 52"
