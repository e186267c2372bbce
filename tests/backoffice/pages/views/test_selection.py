"""Tests of backoffice.pages.views.selection: from ticks to a change, and back."""

from typing import Any

import pytest
from django.test import Client

from backoffice.pages.rows import ResultPage, SelectionPage, WorklistPage
from tests.backoffice.pages.conftest import SignedIn
from tests.efile.cases import user_id
from tests.factories import AT, colleague, renewed, submitted
from workflows.assignment import assign
from workflows.follow_ups import open_follow_ups
from workflows.models import Process

pytestmark = pytest.mark.django_db


def tick(client: Client, *cases: Process, act: str = "", **more: Any) -> Any:
    keys = [str(one.case_id) for one in cases]
    said = {"view": "team", "back": "/?view=team", "case": keys, "shown": keys, "act": act}
    return client.post("/selection", said, **more)


def preview(client: Client, act: str, **said: str) -> SelectionPage:
    response = client.post(f"/selection/{act}?view=team", said)
    page: SelectionPage = response.context["page"]
    return page


def do(client: Client, page: SelectionPage) -> ResultPage:
    said = dict(page.said) | {"do": "1", "seen": [row.seen for row in page.rows]}
    response = client.post(page.url, said, follow=True)
    result: ResultPage = response.context["page"]
    return result


class TestTicks:
    def test_stay_on_the_list_until_they_are_taken_away(self, desk: Client) -> None:
        first, second = submitted(), submitted()
        tick(desk, first)
        shown: WorklistPage = desk.get("/").context["page"]

        assert [row.selected for row in shown.rows] == [True, False]
        assert shown.selection is not None
        assert shown.selection.count == 1
        tick(desk, second, act="clear")
        assert desk.get("/").context["page"].selection.count == 0

    def test_answer_a_fragment_with_their_number(self, desk: Client) -> None:
        answer = tick(desk, submitted(), submitted(), headers={"HX-Request": "true"})

        assert answer.status_code == 200
        assert "2 ausgewählt" in answer.content.decode()
        assert "<html" not in answer.content.decode()

    def test_without_a_script_lead_back_to_the_list_or_on(self, desk: Client) -> None:
        process = submitted()

        assert tick(desk, process, act="keep").headers["Location"] == "/?view=team"
        onward = tick(desk, process, act="assign").headers["Location"]
        assert onward == "/selection/assign?view=team"

    def test_lead_nowhere_else(self, desk: Client) -> None:
        said = {"view": "team", "back": "https://example.org/", "case": ["nonsense"]}

        assert desk.post("/selection", said).headers["Location"] == "/"

    def test_are_for_whoever_may_do_something(self, signed_in: SignedIn) -> None:
        submitted()
        auditor = signed_in("v.nightingale")

        assert auditor.get("/").context["page"].selection is None
        assert auditor.get("/selection/take?view=team").status_code == 404


class TestThePreview:
    def test_changes_nothing(self, desk: Client) -> None:
        process = submitted()
        tick(desk, process)
        page = preview(desk, "assign", assignee=str(user_id("d.yilmaz")))

        (row,) = page.rows
        assert (row.before, row.after, row.hindrance) == ("niemand", "Deniz Yılmaz", "")
        assert page.verdict == "1 Vorgang wird geändert."
        assert renewed(process).assignee_id is None

    def test_begins_with_leaving_things_as_they_are(self, desk: Client) -> None:
        tick(desk, submitted())
        page = desk.get("/selection/assign?view=team").context["page"]

        assert page.fields[0].options[0].selected
        assert page.submit_label == ""
        unsaid = desk.post("/selection/assign?view=team", {"assignee": ""})
        assert unsaid.status_code == 422
        assert unsaid.context["page"].problems[0].field == "assignee"

    def test_says_what_cannot_be_changed_and_why(self, desk: Client) -> None:
        mine, free = submitted(), submitted()
        by = colleague()
        assign(mine.case_id, by.user_id, by=by, at=AT)
        tick(desk, mine, free)
        page = desk.get("/selection/take?view=team").context["page"]

        assert page.verdict == "1 Vorgang wird geändert, 1 bleibt, wie er ist."
        assert [row.hindrance for row in page.rows] == ["Das ist schon so.", ""]

    def test_keeps_what_was_typed_when_something_is_missing(self, desk: Client) -> None:
        tick(desk, submitted())
        response = desk.post("/selection/follow_up?view=team", {"due_on": "", "text": "Anrufen"})
        page = response.context["page"]

        assert response.status_code == 422
        assert [field.value for field in page.fields][:2] == ["", "Anrufen"]
        assert page.fields[0].error


class TestCarryingOut:
    def test_changes_the_cases_and_lets_them_go(self, desk: Client) -> None:
        first, second = submitted(), submitted()
        tick(desk, first, second)
        result = do(desk, preview(desk, "assign", assignee=str(user_id("d.yilmaz"))))

        assert result.summary == "2 Vorgänge geändert"
        assert renewed(first).assignee_id == renewed(second).assignee_id == user_id("d.yilmaz")
        assert desk.get("/").context["page"].selection.count == 0

    def test_shows_what_failed_first_and_keeps_it_selected(self, desk: Client) -> None:
        moved, free = submitted(), submitted()
        tick(desk, free, moved)
        page = preview(desk, "assign", assignee=str(user_id("d.yilmaz")))
        other = colleague("k.brinkmann")
        assign(moved.case_id, other.user_id, by=other, at=AT)
        result = do(desk, page)

        assert result.summary == "1 Vorgang geändert, 1 nicht geändert"
        assert result.rows[0].key == str(moved.case_id)
        assert result.rows[0].text == "Jemand hat den Vorgang inzwischen geändert."
        assert desk.get("/").context["page"].selection.count == 1

    def test_can_be_undone(self, desk: Client) -> None:
        process = submitted()
        tick(desk, process)
        result = do(desk, preview(desk, "assign", assignee=str(user_id("d.yilmaz"))))
        desk.post(result.undo_url)

        assert renewed(process).assignee_id is None
        assert desk.get("/selection/result").context["page"].undo_url == ""

    def test_sets_follow_ups(self, desk: Client) -> None:
        process = submitted()
        tick(desk, process)
        page = preview(desk, "follow_up", due_on="24.12.2030", text="Anrufen", user="")
        do(desk, page)

        (found,) = open_follow_ups(process.case_id)
        assert (found.text, found.user_id) == ("Anrufen", None)

    def test_takes_a_foreign_case_for_an_absent_one(self, desk: Client) -> None:
        foreign = submitted("bulky-waste")
        tick(desk, foreign)
        page: SelectionPage = desk.get("/selection/take?view=team").context["page"]

        assert page.rows == ()
        seen = f"{foreign.case_id}:0."
        desk.post("/selection/take?view=team", {"do": "1", "seen": [seen]})
        assert renewed(foreign).assignee_id is None

    def test_starts_over_without_a_result(self, desk: Client) -> None:
        assert desk.get("/selection/result").headers["Location"] == "/"
        assert desk.post("/selection/undo").headers["Location"] == "/"
