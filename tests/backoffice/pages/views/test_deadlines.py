"""The list of a day's deadlines, its signature, and the forms for deadlines on a case."""

from datetime import date

import pytest
from django.test import Client

from backoffice.pages.rows import DeadlinesPage
from efile.grants import bar_colleague
from efile.kernel.errors import NotFound
from efile.kernel.models import JournalEntry, User
from efile.policy import ActionNotGranted
from tests.efile.cases import user_id
from tests.efile.letters.reading import words
from tests.factories import AT, DAY, colleague, submitted
from tests.workflows import conftest as work
from tests.workflows.conftest import Clock
from tests.workflows.test_case_deadlines import ask, on, row, running
from workflows import deadline_watch
from workflows.deadline_list import (
    DayIsNotOver,
    Line,
    ListIsSigned,
    day_list,
    listed_units,
    sign_list,
)
from workflows.decisions import decide
from workflows.desk import work_list
from workflows.machine import Step
from workflows.models import Deadline, DeadlineList, Process
from workflows.overview import Figure, overview
from workflows.wanted import Due, Filter, View

pytestmark = pytest.mark.django_db

office_clock = work.clock

TODAY, TARGET = AT.date(), date(2026, 3, 24)
LATE = on(date(2026, 3, 27))


@pytest.fixture
def process() -> Process:
    return submitted()


def unit(process: Process) -> int:
    return int(process.scope.partition(":")[0])


def listed(process: Process, day: date, who: str = "a.lopes") -> list[Line]:
    return list(day_list(unit(process), day, by=colleague(who)).lines)


def page(client: Client, query: str) -> DeadlinesPage:
    response = client.get(f"/deadlines?{query}")
    assert response.status_code == 200
    shown: DeadlinesPage = response.context["page"]
    return shown


class TestTheListOfADay:
    def test_has_what_was_entered_with_whoever_did_and_by_which_rule(
        self, process: Process
    ) -> None:
        entered = {line.key: line for line in listed(process, TODAY)}
        assert entered.keys() == {"processing", "inactivity"}
        target = entered["processing"]
        assert (target.entered, target.due, target.overdue) == (True, False, False)
        assert (target.set_by, target.ends_on) == ("portal:portal", "2026-03-24")
        assert [step["kind"] for step in target.derivation] == ["event", "working_days"]

    def test_has_what_is_due_and_what_is_overdue(self, process: Process) -> None:
        (due,) = listed(process, TARGET)
        assert (due.due, due.overdue, due.state) == (True, False, "running")
        (overdue,) = listed(process, date(2026, 3, 26))
        assert (overdue.due, overdue.overdue) == (False, True)

    def test_leaves_out_what_stands_still_and_time_of_the_applicants(
        self, process: Process
    ) -> None:
        ask(process, on(date(2026, 3, 12)), days=5)
        # The target stands still; the answer is missing.
        assert [line.key for line in listed(process, date(2026, 3, 26))] == ["proof"]
        Deadline.objects.filter(key="proof").update(event="posted")
        assert listed(process, date(2026, 3, 26)) == []

    def test_says_what_was_done_that_day(self, process: Process) -> None:
        decide(process.case_id, Step.GRANT, by=colleague(), at=on(TARGET))
        states = {line.key: (line.due, line.state) for line in listed(process, TARGET)}
        assert states["processing"] == (True, "met")
        assert not [one for one in listed(process, date(2026, 3, 25)) if one.overdue]

    def test_is_the_same_whenever_it_is_asked_for(self, process: Process) -> None:
        ask(process, on(date(2026, 3, 12)))
        days = [TODAY, date(2026, 3, 12), date(2026, 3, 26), date(2026, 3, 27)]
        before = {day: listed(process, day) for day in days}
        assert all(before.values())
        decide(process.case_id, Step.GRANT, by=colleague(), at=on(date(2026, 3, 30)))
        assert {day: listed(process, day) for day in days} == before

    def test_is_for_who_sees_the_cases(self, process: Process) -> None:
        assert listed(process, TODAY, "t.oyelaran")
        bar_colleague(
            process.case_id, user_id("a.lopes"), reason="x", by=colleague("t.oyelaran"), at=AT
        )
        assert listed(process, TODAY) == []
        for stranger in (colleague("j.kessler"), colleague("r.aydin")):
            if unit(process) not in dict(listed_units(stranger)):
                with pytest.raises(NotFound):
                    day_list(unit(process), TODAY, by=stranger)


class TestASignature:
    def test_keeps_the_list_as_it_was_seen(self, process: Process) -> None:
        head, at = colleague("t.oyelaran"), AT + DAY
        kept = sign_list(unit(process), TODAY, note=" Gesehen. ", by=head, at=at)
        before = day_list(unit(process), TODAY, by=colleague())
        assert before.signature is not None
        assert (before.signature.signer, before.signature.note) == (head.label, "Gesehen.")
        assert before.signature.sha256 == kept.sha256
        assert head.user_id
        User.objects.filter(pk=head.user_id).update(display_name="Anders")
        Deadline.objects.filter(case_id=process.case_id).delete()
        assert day_list(unit(process), TODAY, by=colleague()) == before
        entry = JournalEntry.objects.order_by("-at").filter(kind="deadline_list.signed").get()
        assert entry.actor == head.key

    def test_is_given_once_by_the_head_after_the_day(self, process: Process) -> None:
        head = colleague("t.oyelaran")
        with pytest.raises(DayIsNotOver):
            sign_list(unit(process), TODAY, by=head, at=AT)
        with pytest.raises(ActionNotGranted):
            sign_list(unit(process), TODAY, by=colleague(), at=AT + DAY)
        sign_list(unit(process), TODAY, by=head, at=AT + DAY)
        with pytest.raises(ListIsSigned):
            sign_list(unit(process), TODAY, by=head, at=AT + DAY)
        assert DeadlineList.objects.count() == 1

    def test_shows_a_signed_list_to_nobody_who_may_not_see_the_case(self, process: Process) -> None:
        sign_list(unit(process), TODAY, by=colleague("t.oyelaran"), at=AT + DAY)
        bar_colleague(
            process.case_id, user_id("a.lopes"), reason="x", by=colleague("t.oyelaran"), at=AT
        )
        assert listed(process, TODAY) == []


class TestThePage:
    def test_shows_the_parts_and_leads_to_the_cases(self, desk: Client, process: Process) -> None:
        shown = page(desk, f"unit={unit(process)}&day={TARGET}")
        parts = {part.key: part for part in shown.sections}
        (due,) = parts["due"].rows
        assert due.label == "Bearbeitung"
        assert due.rule.startswith("10 Arbeitstage danach")
        assert due.entered == "10.03.2026 über das Portal"
        assert desk.get(due.url).status_code == 200
        assert (parts["overdue"].count, parts["due"].count, parts["entered"].count) == (0, 1, 0)
        assert not shown.can_sign

    def test_is_signed_by_the_head(
        self, head: Client, process: Process, office_clock: Clock
    ) -> None:
        office_clock(AT + DAY)
        query = f"unit={unit(process)}&day={TODAY}"
        assert page(head, query).can_sign
        said = {"unit": unit(process), "day": str(TODAY), "note": ""}
        assert head.post("/deadlines/signature", said).status_code == 302
        assert "t.oyelaran" not in page(head, query).signed
        assert page(head, query).signed.startswith("Gegengezeichnet von ")
        assert head.post("/deadlines/signature", said, follow=True).status_code == 200

    def test_is_a_pdf_that_stays_the_same(
        self, head: Client, process: Process, office_clock: Clock
    ) -> None:
        query = f"unit={unit(process)}&day={TODAY}"
        office_clock(AT + DAY)
        first = head.get(f"/deadlines.pdf?{query}").content
        office_clock(AT + 30 * DAY)
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT + 29 * DAY)
        assert head.get(f"/deadlines.pdf?{query}").content == first
        text = words(first)
        assert "Fristenkontrollliste" in text
        assert process.case.reference in text

    def test_refuses_a_unit_that_is_not_seen(self, desk: Client, process: Process) -> None:
        assert desk.get("/deadlines?unit=999999").status_code == 404
        assert desk.get("/deadlines.pdf?unit=999999").status_code == 404
        assert desk.get("/deadlines?day=gestern").status_code == 422

    def test_costs_the_same_for_one_and_for_many(self, desk: Client, process: Process) -> None:
        from tests.backoffice.pages.test_statements import cost

        with_one = cost(desk, f"/deadlines?unit={unit(process)}&day={TODAY}")
        for _ in range(5):
            submitted()
        assert cost(desk, f"/deadlines?unit={unit(process)}&day={TODAY}") == with_one <= 6


class TestOnACase:
    def test_offers_more_time_where_the_law_leaves_it(self, desk: Client, process: Process) -> None:
        actions = {
            one.key: one for one in desk.get(f"/cases/{process.case_id}").context["page"].actions
        }
        extending = [key for key in actions if key.startswith("extend-")]
        assert extending == [f"extend-{row(process).id}"]
        said = {"to": "2026-04-13", "reason": "Krankheit", "version": actions[extending[0]].version}
        url = actions[extending[0]].url
        assert desk.post(url, said).status_code == 302
        assert running(process)["processing"] == date(2026, 4, 13)
        shown = desk.get(f"/cases/{process.case_id}").content.decode()
        assert "Grund: Krankheit" in shown

    def test_shows_a_refusal_beside_the_form(self, desk: Client, process: Process) -> None:
        url = f"/cases/{process.case_id}/deadlines/{row(process).id}/extend"
        reply = desk.post(url, {"to": "2026-03-01", "reason": ""})
        assert reply.status_code == 422
        assert running(process)["processing"] == TARGET

    def test_says_what_stands_still_and_since_when(self, desk: Client, process: Process) -> None:
        ask(process, on(date(2026, 3, 12)))
        shown = desk.get(f"/cases/{process.case_id}").content.decode()
        assert "Frist ruht" in shown
        assert "Sie ruht seit dem 12.03.2026" in shown
        assert "Übrig waren 8 Arbeitstage" in shown

    def test_puts_the_entrance_right(
        self, desk: Client, process: Process, office_clock: Clock
    ) -> None:
        said = {"received_on": "2026-03-06", "reason": "Nachtbriefkasten"}
        assert desk.post(f"/cases/{process.case_id}/entrance", said).status_code == 302
        assert running(process)["processing"] == date(2026, 3, 20)


class TestWhatIsNear:
    def test_is_flagged_and_found_by_whoever_works_on_it_and_by_the_head(
        self, process: Process
    ) -> None:
        submitted()
        by, head = colleague(), colleague("t.oyelaran")
        Deadline.objects.filter(id=row(process).id).update(
            warn_on=date(2026, 3, 20), escalate_on=date(2026, 3, 27)
        )
        deadline_watch.warn(at=on(date(2026, 3, 20)))
        assert [one.alarm for one in work_list(Filter(View.ALL), by=by, today=TODAY)[0]].count(
            "warned"
        ) == 1
        deadline_watch.escalate(at=LATE)
        for due in (Due.WARNED, Due.ESCALATED):
            found, _ = work_list(Filter(View.ALL, due=due), by=by, today=TODAY)
            assert [(one.case_id, one.alarm) for one in found] == [(process.case_id, "escalated")]
        lines = overview(by=head, today=TODAY).lines
        assert sum(line.figures[Figure.ESCALATED] for line in lines) == 1
        ask(process, LATE)
        assert work_list(Filter(View.ALL, due=Due.ESCALATED), by=by, today=TODAY)[0] == []

    def test_leads_the_head_from_the_figure_to_the_list(
        self, head: Client, process: Process
    ) -> None:
        Deadline.objects.filter(id=row(process).id).update(escalated_at=AT)
        tiles = head.get("/overview").context["page"].tiles
        (tile,) = [one for one in tiles if "versäumt" in one.figure.label]
        assert (tile.figure.value, tile.figure.weighs) == ("1", True)
        assert process.case.reference in head.get(tile.figure.url).content.decode()
