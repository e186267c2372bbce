"""Putting deadlines off, and facts that turn out otherwise."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from efile.kernel.errors import Invalid, NotFound, Refusal
from efile.kernel.ids import uuid7
from efile.models import Case, Message
from efile.policy import ActionNotGranted
from tests.factories import AT, DAY, colleague, drained, portal, renewed, submitted
from tests.workflows.conftest import Clock
from tests.workflows.test_case_deadlines import (
    ask,
    on,
    row,
    running,
    with_deadlines,
)
from tests.workflows.working import decided, last_values, notified, posted, published, told
from workflows.extending import (
    DeadlineIsOver,
    ExtendedAlready,
    PeriodIsStatutory,
    extend_deadline,
)
from workflows.machine import CaseChanged, Step
from workflows.models import Decision, Letter, Process, Question
from workflows.notification import NotNotifiedByPost, ReceiptIsNoLater, note_receipt
from workflows.posting import note_returned, write_again
from workflows.receipt_stamp import correct_receipt

pytestmark = pytest.mark.django_db


def extend(process: Process, key: str = "processing", **how: Any) -> Any:
    said: dict[str, Any] = {"reason": "Krankheit", "by": colleague(), "at": AT} | how
    return extend_deadline(process.case_id, row(process, key).id, **said)


class TestPuttingOff:
    def test_ones_own_target_is_nobody_elses_business(self) -> None:
        process = submitted()
        before = row(process)
        # A Saturday: the office works on Monday.
        extend(process, to=date(2026, 4, 11))
        assert running(process)["processing"] == renewed(process).due_on == date(2026, 4, 13)
        assert row(process).derivation[-1]["facts"] == {
            "decided_on": "2026-03-10",
            "reason": "Krankheit",
        }
        assert "deadline_extended" not in told(process.case_id)
        values = json.loads(last_values(process.case_id))["facts"]
        assert values["before"]["derivation"] == before.derivation
        assert (values["before"]["ends_on"], values["now"]["ends_on"]) == (
            "2026-03-24",
            "2026-04-13",
        )

    def test_an_answer_afterwards_too_and_tells_the_applicant(self) -> None:
        process = submitted(consents={"electronic_delivery": False})
        question = ask(process, AT, days=7)
        late = on(date(2026, 3, 30))
        extend(process, "proof", to=date(2026, 4, 7), at=late)
        assert Question.objects.get(id=question.id).due_on == date(2026, 4, 7)
        assert renewed(process).due_on == date(2026, 4, 7)
        assert row(process, "proof").derivation[-1]["paragraph"] == "§ 31 Abs. 7 VwVfG NRW"
        assert told(process.case_id)[-1] == "deadline_extended"
        message = Message.objects.get(case_id=process.case_id, direction="out")
        assert "07.04.2026" in message.text
        assert "Krankheit" in message.text
        assert Letter.objects.get(case_id=process.case_id, kind="message").channel == "post"

    def test_by_days_counts_from_the_end(self) -> None:
        process = submitted()
        extend(process, days=7)
        assert running(process)["processing"] == date(2026, 3, 31)

    def test_what_the_law_has_fixed_is_refused_and_says_what_helps(self) -> None:
        process = submitted()
        with pytest.raises(PeriodIsStatutory) as refusal:
            extend(process, "inactivity", days=7)
        assert refusal.value.facts == {
            "rule": "inactivity_3_months",
            "reinstatement": "§ 32 VwVfG NRW, § 60 VwGO",
        }

    def test_an_approval_by_fiction_is_for_once_and_in_time(self) -> None:
        fiction = {"key": "fiction", "kind": "legal", "event": "complete"}
        published(
            "resident-parking", with_deadlines(fiction | {"rule": "approval_fiction_3_months"})
        )
        process, other = submitted(), submitted()
        extend(process, "fiction", to=date(2026, 7, 10))
        assert running(process)["fiction"] == date(2026, 7, 10)
        assert told(process.case_id)[-1] == "deadline_extended"
        with pytest.raises(ExtendedAlready):
            extend(process, "fiction", to=date(2026, 8, 10))
        with pytest.raises(DeadlineIsOver):
            extend(other, "fiction", to=date(2026, 7, 10), at=on(date(2026, 6, 11)))

    @pytest.mark.parametrize(
        ("how", "faults"),
        [
            ({"to": date(2026, 3, 24)}, {("/to", "out_of_range")}),
            ({"to": date(2027, 3, 26)}, {("/to", "out_of_range")}),
            ({"reason": " "}, {("/to", "required"), ("/reason", "required")}),
            ({"days": 0}, {("/to", "required")}),
            ({"days": 7, "reason": "x" * 501}, {("/reason", "max_length")}),
        ],
    )
    def test_is_refused_when_it_makes_no_sense(self, how: Any, faults: Any) -> None:
        with pytest.raises(Invalid) as refusal:
            extend(submitted(), **how)
        assert {(one.pointer, one.rule) for one in refusal.value.errors} == faults

    def test_is_for_those_who_examine_a_case_and_know_how_it_stands(self) -> None:
        process = submitted()
        sound: dict[str, Any] = {"days": 7, "reason": "Krankheit", "at": AT}
        mine = row(process).id
        for by, refusal in (
            (portal(), ActionNotGranted),
            (colleague("j.kessler"), NotFound),
        ):
            with pytest.raises(refusal):
                extend_deadline(process.case_id, mine, by=by, **sound)
        with pytest.raises(NotFound):
            extend_deadline(process.case_id, uuid7(), by=colleague(), **sound)
        with pytest.raises(NotFound):  # of another case
            extend_deadline(submitted().case_id, mine, by=colleague(), **sound)
        with pytest.raises(CaseChanged):
            extend_deadline(process.case_id, mine, by=colleague(), revision=7, **sound)

    def test_outlasts_a_pause(self) -> None:
        process = submitted()
        ask(process, on(date(2026, 3, 12)))
        extend(process, to=date(2026, 5, 4), at=on(date(2026, 3, 13)))
        assert row(process).is_paused
        assert row(process).ends_on == date(2026, 5, 4)


class TestALaterReceipt:
    def test_moves_the_period_for_the_remedy(self, clock: Clock) -> None:
        process = posted_decision()
        note_receipt(process.case_id, date(2026, 3, 18), by=colleague(), at=AT + 20 * DAY)
        decision = Decision.objects.get(case_id=process.case_id)
        assert (decision.notified_on, decision.remedy_ends_on) == (
            date(2026, 3, 18),
            date(2026, 4, 20),
        )
        assert running(process)["remedy"] == date(2026, 4, 20)
        kept = json.loads(last_values(process.case_id))["facts"]
        assert kept["before"]["ends_on"] == "2026-04-14"
        assert kept["before"]["derivation"][1]["kind"] == "fiction"
        # Told better once more, as long as it is later than the law presumes.
        note_receipt(process.case_id, date(2026, 3, 17), by=colleague(), at=AT + 20 * DAY)
        assert running(process)["remedy"] == date(2026, 4, 17)

    @pytest.mark.parametrize("received_on", [date(2026, 3, 11), date(2026, 3, 14)])
    def test_that_is_none_does_not_count(self, received_on: date, clock: Clock) -> None:
        process = posted_decision()
        with pytest.raises(ReceiptIsNoLater) as refusal:
            note_receipt(process.case_id, received_on, by=colleague(), at=AT + 20 * DAY)
        assert refusal.value.facts == {"notified_on": "2026-03-14"}
        assert running(process)["remedy"] == date(2026, 4, 14)

    def test_is_for_what_the_law_presumes_alone(self, clock: Clock) -> None:
        at, by = AT + 20 * DAY, colleague()
        with pytest.raises(NotNotifiedByPost):
            note_receipt(decided(Step.REFUSE).case_id, date(2026, 3, 18), by=by, at=at)
        process = posted_decision()
        for day, who, refusal in (
            (date(2026, 4, 30), by, Invalid),
            (date(2026, 3, 18), portal(), ActionNotGranted),
            (date(2026, 3, 18), colleague("j.kessler"), NotFound),
        ):
            with pytest.raises(refusal):
                note_receipt(process.case_id, day, by=who, at=at)


class TestALetterThatCameBack:
    def test_stops_what_ran_and_runs_anew_with_the_next(self, clock: Clock) -> None:
        arrive = {"key": "arrive", "kind": "legal", "event": "posted", "calendar_days": 4}
        published("resident-parking", with_deadlines(arrive))
        process = decided(Step.REFUSE, electronic=False)
        posted(process)
        assert running(process).keys() == {"remedy", "arrive"}
        letter = Letter.objects.get(case_id=process.case_id, kind="refused")
        later = AT + 7 * DAY
        clock(later)
        note_returned(letter.id, later.date(), "unbekannt", by=colleague(), at=later)
        assert running(process) == {}
        write_again(letter.id, by=colleague(), at=later)
        posted(process, at=later)
        assert running(process) == {"remedy": date(2026, 4, 21), "arrive": date(2026, 3, 23)}


class TestAnEntranceStampPutRight:
    def test_moves_every_deadline_that_counts_from_it(self) -> None:
        process = submitted()
        correct_receipt(
            process.case_id, date(2026, 3, 6), "Nachtbriefkasten", by=colleague(), at=AT
        )
        assert running(process) == {
            "processing": date(2026, 3, 20),
            "inactivity": date(2026, 6, 6),
        }
        assert renewed(process).due_on == date(2026, 3, 20)
        case = Case.objects.get(id=process.case_id)
        assert case.received_at == renewed(process).received_at < AT - 3 * DAY

    @pytest.mark.parametrize(
        ("day", "reason", "fault"),
        [
            (AT.date() + timedelta(days=1), "x", ("/received_on", "in_future")),
            (AT.date(), "x", ("/received_on", "unchanged")),
            (date(2026, 3, 6), " ", ("/reason", "required")),
        ],
    )
    def test_is_refused_when_it_makes_no_sense(self, day: date, reason: str, fault: Any) -> None:
        with pytest.raises(Invalid) as refusal:
            correct_receipt(submitted().case_id, day, reason, by=colleague(), at=AT)
        assert [(one.pointer, one.rule) for one in refusal.value.errors] == [fault]

    def test_is_nobodys_after_closing(self, clock: Clock) -> None:
        process = notified(Step.GRANT)
        drained()
        from workflows.endings import close

        close(process.case_id, by=colleague(), at=AT + 90 * DAY)
        with pytest.raises(Refusal):
            correct_receipt(process.case_id, date(2026, 3, 6), "x", by=colleague(), at=AT)


def posted_decision() -> Process:
    """A permit's case refused and posted at ``AT``, its letter in the batch."""
    process = decided(Step.REFUSE, electronic=False)
    posted(process)
    return renewed(process)
