"""Tests of backoffice.pages.views.worklist: what lies on whose desk, in which order."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.pages.rows import NewsRow, WorklistPage
from efile.kernel.clock import now
from efile.models import Case
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.test_statements import SIGNED_IN, cost
from tests.factories import AT, colleague, drained, portal, submitted
from tests.workflows.working import copies
from workflows.assignment import assign
from workflows.correspondence import write_to_office
from workflows.decisions import decide
from workflows.follow_ups import set_follow_up
from workflows.machine import Step
from workflows.questions import ask_applicant

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 3, 13)


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
            "Heute": "2",
            "Zu prüfen": "1",
            "Meine Vorgänge": "0",
            "Wartet auf Antwort": "1",
            "Bekannt zu geben": "0",
            "Alle in Arbeit": "2",
            "Wiedervorlagen": "0",
            "Klärung": "0",
        }

    def test_says_which_filter_takes_everything_away(self, desk: Client) -> None:
        submitted()
        shown = page(desk, "service=bulky-waste&assignee=nobody")

        assert shown.rows == ()
        assert shown.empty is not None
        assert shown.empty.link is not None
        assert shown.empty.link.url == shown.reset_url == "/?view=team"
        assert shown.empty.hint == "Ohne „Leistung: Sperrmüllabholung“ wären es 1."

    def test_has_a_chip_for_each_filter_that_takes_it_away(self, desk: Client) -> None:
        submitted()
        query = "view=all&service=resident-parking&assignee=nobody&state=received&sort=-received"
        shown = page(desk, query)

        assert [(chip.label, chip.url) for chip in shown.chips] == [
            (
                "Leistung: Bewohnerparkausweis",
                "/?view=all&assignee=nobody&state=received&sort=-received",
            ),
            (
                "Zuständig: niemand",
                "/?view=all&service=resident-parking&state=received&sort=-received",
            ),
            (
                "Stand: Eingegangen",
                "/?view=all&service=resident-parking&assignee=nobody&sort=-received",
            ),
        ]
        assert len(shown.rows) == 1

    def test_sorts_by_its_columns_and_back(self, desk: Client) -> None:
        submitted()
        columns = {column.key: column for column in page(desk, "sort=received").columns}

        assert columns["received"].direction == "ascending"
        assert columns["received"].url == "/?view=team&sort=-received"
        assert columns["due"].url == "/?view=team"
        assert columns["name"].url == ""

    def test_offers_units_to_whoever_sees_several(self, signed_in: SignedIn) -> None:
        submitted()
        of_one = [field.name for field in page(signed_in("a.lopes")).filters]
        of_many = [field.name for field in page(signed_in("r.sandmann")).filters]

        assert "unit" not in of_one
        assert "unit" in of_many

    def test_keeps_how_far_somebody_had_come(self, desk: Client) -> None:
        submissions = [submitted(at=AT + timedelta(days=number)) for number in range(52)]
        first = page(desk)
        page(desk, first.more_url.partition("?")[2])
        header = desk.get(f"/cases/{submissions[-1].case_id}").context["page"].header

        back = header.list_url.partition("#")[0].partition("?")[2]
        assert len(page(desk, back).rows) == 52

    def test_shows_the_next_follow_up(self, desk: Client) -> None:
        process = submitted()
        set_follow_up(process.case_id, FRIDAY, "Anrufen", None, by=colleague(), at=AT)

        assert page(desk).rows[0].note == "Wiedervorlage 13.03.2026: Anrufen"

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


class TestNews:
    def asked(self, client: Client, query: str = "") -> Any:
        return client.get(page(client, query).poll_url)

    def test_are_none_while_nothing_changes(self, desk: Client) -> None:
        submitted()

        assert self.asked(desk).status_code == 204

    def test_are_new_cases_and_every_number(self, desk: Client) -> None:
        submitted()
        url = page(desk).poll_url
        submitted(at=now() + timedelta(minutes=1))
        submitted(at=now() + timedelta(minutes=1))
        answer = desk.get(url)

        news: NewsRow = answer.context["news"]
        assert (news.count, news.show_url) == (2, "/?view=team")
        assert "2 neue Fälle anzeigen" in answer.content.decode()
        counts = {view.key: view.count for view in news.views}
        assert counts["team"] == counts["all"] == "3"
        assert desk.get(news.poll_url).status_code == 204

    def test_move_no_row_and_bring_none(self, desk: Client) -> None:
        submitted()
        url = page(desk).poll_url
        submitted(at=now() + timedelta(minutes=1))

        assert "data-row" not in desk.get(url).content.decode()

    def test_cost_two_statements(self, desk: Client) -> None:
        process = submitted()
        url = page(desk).poll_url
        copies(process, 100, days=9)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(url).status_code == 200

        assert len(captured) - SIGNED_IN == 2

    def test_refuse_a_moment_that_is_none(self, desk: Client) -> None:
        assert desk.get("/worklist/news?since=gestern").status_code == 422

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
    def test_refuse_a_moment_beyond_all_calendars(self, desk: Client, moment: str) -> None:
        assert desk.get("/worklist/news", {"since": moment}).status_code == 422


class TestTheTable:
    def lines(self, client: Client, query: str = "") -> list[list[str]]:
        response = client.get(f"/worklist.csv?{query}")
        assert response.status_code == 200
        text = response.getvalue().decode("utf-8")
        assert text.startswith("\ufeff")
        return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))

    def test_holds_every_case_that_is_seen(self, desk: Client, signed_in: SignedIn) -> None:
        copies(submitted(), 120, days=9)

        assert len(self.lines(desk)) == 1 + 121
        assert len(self.lines(desk, "assignee=me")) == 1
        assert len(self.lines(signed_in("j.kessler"))) == 1

    def test_is_harmless_to_a_spreadsheet(self, desk: Client) -> None:
        process = submitted()
        Case.objects.filter(id=process.case_id).update(applicant="=HYPERLINK(1;2)")
        (_heading, row) = self.lines(desk)

        assert row[3] == "'=HYPERLINK(1;2)"


class TestTheCost:
    def test_stays_the_same_for_ten_thousand(self, desk: Client) -> None:
        process = submitted()
        costs = [cost(desk, "/?view=all")]
        copies(process, 24, days=9)
        costs.append(cost(desk, "/?view=all"))
        copies(submitted(), 10_000, days=300)
        costs.append(cost(desk, "/?view=all"))
        costs.append(cost(desk, "/?view=all&sort=reference"))
        costs.append(cost(desk, "/?view=today"))

        assert costs == [6] * 5

    def test_does_not_grow_with_what_is_ticked(self, desk: Client) -> None:
        cases = [submitted().case_id for _ in range(3)]
        desk.post("/selection", {"view": "team", "case": cases, "shown": cases})

        assert cost(desk, "/") == 6


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
