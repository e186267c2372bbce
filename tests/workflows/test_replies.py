"""Whoever wrote is answered within days: the case rises on the work list until it is."""

from datetime import date
from typing import Any

import pytest

from tests.factories import AT, DAY, city, colleague, portal, renewed, submitted
from tests.workflows.conftest import Clock
from tests.workflows.working import decided
from workflows.correspondence import note_reading, write_to_applicant, write_to_office
from workflows.decisions import decide
from workflows.desk import work_list
from workflows.endings import withdraw
from workflows.machine import Step
from workflows.models import Deadline, Process, State
from workflows.questions import answer, ask_applicant
from workflows.wanted import Filter

pytestmark = pytest.mark.django_db

TARGET = date(2026, 3, 24)


def wrote(process: Process, *, days: int = 0, text: str = "Wie lange noch?") -> None:
    assert process.submission
    write_to_office(process.submission, text, key=None, by=portal(), at=AT + days * DAY)


def owed(process: Process) -> list[date]:
    rows = Deadline.objects.filter(case_id=process.case_id, key="reply", is_running=True)
    return list(rows.values_list("ends_on", flat=True))


class TestAMessage:
    def test_is_to_be_answered_within_three_working_days(self) -> None:
        process = submitted()
        assert renewed(process).due_on == TARGET
        wrote(process)
        deadline = Deadline.objects.get(case_id=process.case_id, key="reply")
        # From a Tuesday on.
        assert (deadline.event_on, deadline.ends_on) == (date(2026, 3, 10), date(2026, 3, 13))
        assert (deadline.kind, deadline.rule) == ("processing", "reply_target")
        assert [step["kind"] for step in deadline.derivation] == ["event", "working_days"]
        assert renewed(process).due_on == date(2026, 3, 13)

    def test_counts_the_days_on_which_the_office_works(self) -> None:
        tenant = city()
        tenant.closing_days = [date(2026, 3, 12)]
        tenant.save()
        process = submitted()
        wrote(process)
        # Closed on Thursday, then a weekend.
        assert owed(process) == [date(2026, 3, 16)]

    def test_gives_the_next_one_no_more_time(self) -> None:
        process = submitted()
        wrote(process)
        wrote(process, days=1, text="Hallo?")
        assert owed(process) == [date(2026, 3, 13)]

    def test_lets_the_case_rank_first(self) -> None:
        first, second = submitted(), submitted(at=AT + DAY)
        wrote(second, days=1)
        items, _ = work_list(Filter(), by=colleague(), today=date(2026, 3, 11))
        assert [one.case_id for one in items] == [second.case_id, first.case_id]

    def test_moves_nothing_that_is_due_earlier(self) -> None:
        process = submitted()
        ask_applicant(process.case_id, text="?", proofs=[], days=1, by=colleague(), at=AT)
        wrote(process)
        assert renewed(process).due_on == date(2026, 3, 11)

    def test_makes_a_decided_case_due_that_is_on_the_list(self, clock: Clock) -> None:
        process = decided(Step.GRANT)
        before = process.due_on
        wrote(process)
        assert renewed(process).due_on == min(before, date(2026, 3, 13)) < before
        note_reading(process.case_id, by=colleague(), at=AT)
        assert renewed(process).due_on == before

    def test_owes_nothing_once_the_work_is_over(self) -> None:
        process = submitted()
        withdraw(process.case_id, reason="", by=colleague(), at=AT)
        due_on = renewed(process).due_on
        wrote(process, text="Danke!")
        assert owed(process) == []
        assert renewed(process).due_on == due_on


class TestAnAnswer:
    def answered(self) -> Process:
        process = submitted()
        asked = ask_applicant(process.case_id, text="?", proofs=[], days=9, by=colleague(), at=AT)
        said: dict[str, Any] = {"text": "Ja.", "form": None, "attachments": [], "key": None}
        assert process.submission
        answer(process.submission, question=asked.id, by=portal(), at=AT + DAY, **said)
        return renewed(process)

    def test_is_to_be_followed_up_within_three_working_days(self) -> None:
        process = self.answered()
        assert process.state == State.IN_EXAMINATION
        assert owed(process) == [date(2026, 3, 16)]
        assert process.due_on == date(2026, 3, 16)

    def test_is_followed_up_by_the_next_question(self) -> None:
        process = self.answered()
        ask_applicant(process.case_id, text="?", proofs=[], days=20, by=colleague(), at=AT + DAY)
        assert owed(process) == []
        assert renewed(process).due_on == date(2026, 3, 31)


class TestWhatEndsIt:
    def test_is_a_reply_which_says_that_it_was_read(self) -> None:
        process = submitted()
        wrote(process)
        write_to_applicant(process.case_id, "Morgen.", by=colleague(), at=AT)
        assert owed(process) == []
        assert renewed(process).due_on == TARGET

    def test_is_reading_where_nothing_was_asked(self) -> None:
        process = submitted()
        wrote(process, text="Vielen Dank!")
        note_reading(process.case_id, by=colleague(), at=AT)
        assert owed(process) == []
        assert renewed(process).due_on == TARGET

    def test_is_a_decision(self) -> None:
        process = submitted()
        wrote(process)
        decide(process.case_id, Step.REFUSE, reasons="Nein.", by=colleague(), at=AT)
        assert owed(process) == []
