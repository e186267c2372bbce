"""Deadlines kept on a case: every one that a definition names, through whatever happens."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pytest

from efile.kernel.models import JournalEntry, Tenant
from tests.factories import AT, DAY, city, colleague, drained, machine, portal, renewed, submitted
from tests.workflows.conftest import Clock
from tests.workflows.working import decided, last_values, notified, published, recorded
from workflows import deadline_watch
from workflows.case_deadlines import end_deadlines, office_calendar, set_deadline
from workflows.catalogue.loading import faults_in
from workflows.deadlines.law import DEFAULT_LAW, Regime
from workflows.deadlines.remedies import objection_after_post
from workflows.decisions import decide
from workflows.endings import close, withdraw
from workflows.machine import Step
from workflows.models import Deadline, Process, Question
from workflows.offers import current_offer
from workflows.questions import answer, ask_applicant, drop_question

pytestmark = pytest.mark.django_db

POSTED = date(2026, 3, 10)
# Received on a Tuesday: ten working days.
TARGET = date(2026, 3, 24)


def remedy(process: Process, posted: date = POSTED) -> Deadline:
    return set_deadline(
        process.tenant_id,
        process.case_id,
        key="remedy",
        kind="legal",
        event_on=posted,
        reckoning=objection_after_post(posted, Regime.VWVFG, law=DEFAULT_LAW),
        by=colleague(),
        at=AT,
    )


def running(process: Process) -> dict[str, date]:
    rows = Deadline.objects.filter(case_id=process.case_id, is_running=True)
    return dict(rows.values_list("key", "ends_on"))


def row(process: Process, key: str = "processing") -> Deadline:
    return Deadline.objects.get(case_id=process.case_id, key=key, is_running=True)


def with_deadlines(*rules: dict[str, Any]) -> Any:
    """A change for ``published``: these deadlines beside those there are."""

    def change(document: dict[str, Any]) -> None:
        title = {"de": "Frist", "en": "Deadline"}
        document["deadlines"] += [{"title": title, **rule} for rule in rules]

    return change


def on(day: date, hour: int = 11) -> datetime:
    return AT + (day - AT.date()) * 1 + timedelta(hours=hour - 11)


def ask(process: Process, at: datetime, days: int = 14) -> Question:
    return ask_applicant(
        process.case_id, text="Warum?", proofs=[], days=days, by=colleague(), at=at
    )


def say(process: Process, question: Question, at: datetime) -> None:
    assert process.submission
    answer(
        process.submission,
        question=question.id,
        text="Darum.",
        form=None,
        attachments=[],
        key=None,
        by=portal(),
        at=at,
    )


class TestSettingADeadline:
    def test_keeps_the_day_and_how_it_came_about(self) -> None:
        set_ = remedy(submitted())
        stored = Deadline.objects.get(id=set_.id)
        assert (stored.event_on, stored.ends_on) == (POSTED, date(2026, 4, 14))
        assert stored.rule == "delivery_fiction_post+objection_1_month"
        assert (stored.set_at, stored.set_by) == (AT, colleague().key)
        assert stored.derivation[0] == {
            "kind": "event",
            "on": "2026-03-10",
            "paragraph": "§ 187 Abs. 1 BGB",
            "facts": {"event": "act_posted"},
        }

    def test_ends_the_one_that_ran_under_the_same_key(self) -> None:
        process = submitted()
        remedy(process)
        remedy(process, date(2026, 3, 11))
        assert running(process)["remedy"] == date(2026, 4, 15)
        rows = Deadline.objects.filter(case_id=process.case_id, key="remedy")
        assert sorted(rows.values_list("over_because", flat=True)) == ["", "moved"]


class TestEndingDeadlines:
    def test_ends_those_that_are_named_on_this_case_alone(self) -> None:
        process, other = submitted(), submitted()
        remedy(process)
        end_deadlines(process.case_id, ["remedy", "answer"], at=AT)
        assert running(process).keys() == running(other).keys() == {"processing", "inactivity"}


class TestTheOfficeCalendar:
    @pytest.mark.parametrize(
        ("day", "works"),
        [
            (date(2026, 3, 10), True),
            (date(2026, 2, 16), False),  # Rosenmontag: no holiday, but the town hall is closed
            (date(2026, 6, 4), False),  # Corpus Christi, a holiday in NRW
            (date(2026, 3, 14), False),
        ],
    )
    def test_knows_holidays_and_closing_days(self, day: date, works: bool) -> None:
        assert office_calendar(city()).is_working_day(day) is works


class TestTheCourseOfACase:
    """Every event of a definition sets what it names, and ends what it overtakes."""

    RULES = (
        {"key": "fiction", "kind": "legal", "event": "complete"}
        | {"rule": "approval_fiction_3_months", "suspended_while_waiting": True},
        {"key": "ask", "kind": "processing", "event": "question_asked", "working_days": 20},
        {"key": "write", "kind": "processing", "event": "decided", "working_days": 2},
        {"key": "arrive", "kind": "legal", "event": "posted", "calendar_days": 4},
        {"key": "fetch", "kind": "legal", "event": "provided", "rule": "retrieval_VwVfG_41_2a"},
        {"key": "final", "kind": "legal", "event": "notified", "months": 1},
        {"key": "away", "kind": "processing", "event": "closed", "months": 12},
    )

    def test_sets_and_ends_each_in_its_time(self, clock: Clock) -> None:
        published("resident-parking", with_deadlines(*self.RULES))
        process = decided(Step.REFUSE, electronic=False)
        # What began with the receipt is over; what begins with the decision runs.
        assert running(process) == {"write": date(2026, 3, 12)}
        from workflows.notification import notify_by_post

        notify_by_post(process.case_id, POSTED, by=colleague(), at=AT)
        assert running(process) == {
            "remedy": date(2026, 4, 14),
            "arrive": date(2026, 3, 16),
            "final": date(2026, 4, 14),
        }
        clock(on(date(2026, 4, 15)))
        close(process.case_id, by=colleague(), at=on(date(2026, 4, 15)))
        assert running(process) == {"away": date(2027, 4, 15)}
        assert Deadline.objects.get(case_id=process.case_id, key="fiction").over_because == "met"

    def test_begins_with_receipt_and_completeness(self) -> None:
        published("resident-parking", with_deadlines(*self.RULES))
        assert running(submitted()) == {
            "processing": TARGET,
            "inactivity": date(2026, 6, 10),
            "fiction": date(2026, 6, 10),
        }

    def test_by_portal_lasts_until_it_must_be_fetched(self) -> None:
        published("resident-parking", with_deadlines(*self.RULES))
        process = submitted()
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        assert running(process)["fetch"] == date(2026, 3, 20)

    def test_follows_appointment_and_matter(self, clock: Clock) -> None:
        bulky = submitted("bulky-waste")
        permit = submitted()
        decide(permit.case_id, Step.GRANT, by=colleague(), at=AT)
        drained()
        days = dict(
            Deadline.objects.filter(event="slot", is_running=True).values_list("case_id", "ends_on")
        )
        slot_on = Deadline.objects.get(case_id=bulky.case_id, event="slot").event_on
        assert days == {bulky.case_id: slot_on - DAY}
        assert running(permit)["renewal"] == date(2027, 3, 9) - 28 * DAY
        withdraw(bulky.case_id, reason="", by=colleague("j.kessler"), at=AT)
        drained()
        assert not Deadline.objects.filter(event="slot", is_running=True).exists()

    def test_that_ends_otherwise_overtakes_them(self) -> None:
        process = submitted()
        withdraw(process.case_id, reason="", by=colleague(), at=AT)
        assert running(process) == {}
        rows = Deadline.objects.filter(case_id=process.case_id)
        assert set(rows.values_list("over_because", flat=True)) == {"overtaken"}


class TestWaiting:
    def test_stops_the_target_alone_and_gives_back_what_was_left(self) -> None:
        process = submitted()
        question = ask(process, on(date(2026, 3, 12)))
        assert row(process).is_paused
        assert running(process)["inactivity"] == date(2026, 6, 10)
        # While it waits the case stands on the list by the day of the answer.
        assert renewed(process).due_on == question.due_on == date(2026, 3, 26)
        say(process, question, on(date(2026, 3, 20)))
        # Eight working days were left on the 12th.
        assert running(process)["processing"] == date(2026, 4, 1)
        kinds = [step["kind"] for step in row(process).derivation]
        assert kinds == ["event", "working_days", "paused", "resumed"]

    def test_again_goes_on_from_what_was_left(self) -> None:
        process = submitted()
        for asked, said in ((date(2026, 3, 12), 20), (date(2026, 3, 24), 26)):
            question = ask(process, on(asked))
            say(process, question, on(date(2026, 3, said)))
        # From 20 to 24 March two of the eight days were used up, six are left on the 26th.
        assert running(process)["processing"] == date(2026, 4, 7)

    def test_for_two_answers_lasts_until_the_last(self) -> None:
        process = submitted()
        first, second = ask(process, on(date(2026, 3, 12))), ask(process, on(date(2026, 3, 16)))
        say(process, second, on(date(2026, 3, 18)))
        assert row(process).is_paused
        # Late, yet taken.
        say(process, first, on(date(2026, 3, 30)))
        assert running(process)["processing"] == date(2026, 4, 13)

    def test_in_vain_ends_when_the_question_is_dropped(self) -> None:
        process = submitted()
        question = ask(process, on(date(2026, 3, 12)))
        drop_question(process.case_id, question.id, by=colleague(), at=on(date(2026, 3, 13)))
        assert renewed(process).due_on == running(process)["processing"] == date(2026, 3, 25)

    def test_keeps_an_approval_by_fiction_from_running(self) -> None:
        published("resident-parking", with_deadlines(TestTheCourseOfACase.RULES[0]))
        process = submitted()
        question = ask(process, on(date(2026, 3, 12)))
        assert "fiction" not in running(process)
        say(process, question, on(date(2026, 3, 20)))
        # § 42a (2) sentence 2: from the receipt of complete documents, a Saturday moved on.
        assert running(process)["fiction"] == date(2026, 6, 22)

    @pytest.mark.parametrize(
        ("rule", "stops"),
        [
            ({"kind": "processing", "event": "received", "working_days": 5}, True),
            ({"kind": "processing", "event": "received", "months": 5}, False),
            ({"kind": "processing", "event": "decided", "working_days": 5}, False),
            ({"kind": "legal", "event": "received", "rule": "inactivity_3_months"}, False),
            ({"kind": "legal", "event": "complete", "rule": "approval_fiction_3_months"}, True),
            ({"kind": "legal", "event": "received", "rule": "approval_fiction_3_months"}, False),
        ],
    )
    def test_stops_only_clocks_that_may_stop(self, rule: dict[str, Any], stops: bool) -> None:
        document = current_offer(city().pk, "resident-parking").definition.as_json()
        with_deadlines({"key": "it", "suspended_while_waiting": True, **rule})(document)
        faults = [fault.rule for fault in faults_in(document)]
        assert faults == ([] if stops else ["clock_cannot_stop"])


class TestWatching:
    RULE: ClassVar = {"warn_days": 2, "escalate_days": 3}

    @pytest.fixture
    def process(self) -> Process:
        def change(document: dict[str, Any]) -> None:
            document["deadlines"][0] |= self.RULE

        published("resident-parking", change)
        return submitted()

    def told(self, process: Process) -> list[str]:
        return [kind for kind in recorded(process.case_id) if kind.startswith("deadline.")]

    def test_warns_before_and_tells_the_head_after_once(self, process: Process) -> None:
        for number in range(40):
            at = AT + number * DAY
            done = deadline_watch.warn(at=at), deadline_watch.escalate(at=at)
            assert done == (at.date() == date(2026, 3, 20), at.date() == date(2026, 3, 27))
        assert self.told(process) == ["deadline.warned", "deadline.escalated"]
        found = row(process)
        assert found.warned_at is not None
        assert found.escalated_at is not None

    def test_warns_again_of_another_end(self, process: Process) -> None:
        late = on(date(2026, 3, 23))
        assert deadline_watch.warn(at=late) == 1
        question = ask(process, late)
        assert (deadline_watch.warn(at=late + 20 * DAY), row(process).is_paused) == (0, True)
        say(process, question, late + 20 * DAY)
        end = row(process).ends_on
        assert row(process).warned_at is None
        assert deadline_watch.warn(at=on(end)) == 1

    def test_of_an_end_that_stays_warns_nobody_twice(self, process: Process) -> None:
        late = on(date(2026, 3, 23))
        deadline_watch.warn(at=late)
        say(process, ask(process, late), late)
        assert row(process).ends_on == TARGET
        assert deadline_watch.warn(at=late + DAY) == 0

    def test_is_over_with_the_deadline(self, process: Process) -> None:
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        assert (
            deadline_watch.warn(at=AT + 90 * DAY) == deadline_watch.escalate(at=AT + 90 * DAY) == 0
        )


class TestDaysOffThatChange:
    def close_on(self, *days: date) -> None:
        tenant = Tenant.objects.get(pk=city().pk)
        tenant.closing_days = [*tenant.closing_days, *days]
        tenant.save()

    def test_move_what_the_office_promised_and_nothing_else(self) -> None:
        process = submitted()
        before = row(process)
        assert deadline_watch.follow_calendars(at=AT) == 0
        self.close_on(date(2026, 3, 17), date(2026, 5, 5))
        assert deadline_watch.follow_calendars(at=AT) == 1
        assert running(process) == {
            "processing": date(2026, 3, 25),
            "inactivity": date(2026, 6, 10),
        }
        assert renewed(process).due_on == date(2026, 3, 25)
        # Level-triggered: asked again there is nothing to do.
        assert deadline_watch.follow_calendars(at=AT) == 0
        told = last_values(process.case_id)
        assert '"because":"calendar"' in told
        assert before.ends_on.isoformat() in told
        assert '"working_days"' in told

    def test_move_what_stands_still_too(self) -> None:
        process = submitted()
        question = ask(process, on(date(2026, 3, 12)))
        self.close_on(date(2026, 3, 11))
        deadline_watch.follow_calendars(at=on(date(2026, 3, 13)))
        say(process, question, on(date(2026, 3, 20)))
        # One more was left than had been thought.
        assert running(process)["processing"] == date(2026, 4, 2)


class TestTheJournal:
    def test_says_nothing_of_what_follows_from_itself(self) -> None:
        process = notified(Step.REFUSE)
        kinds = JournalEntry.objects.filter(chain_id=process.case_id).values_list("kind", flat=True)
        assert not [kind for kind in kinds if kind.startswith("deadline.")]

    def test_belongs_to_whoever_set_it(self) -> None:
        process = submitted()
        assert row(process).set_by == portal().key != machine().key
