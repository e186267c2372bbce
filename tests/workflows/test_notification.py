"""When a decision has reached the applicant, and until when it can be appealed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from efile.kernel.clock import local_date
from efile.kernel.errors import Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.models import Document
from efile.policy import ActionNotGranted
from tests.factories import AT, DAY, colleague, portal, renewed, submitted
from tests.workflows.working import decided, published, recorded
from workflows.decisions import decide
from workflows.machine import CaseChanged, Step, StepNotPossible
from workflows.models import Deadline, Decision, Process, State, Task
from workflows.notification import LetterIsMissing, notify_by_post
from workflows.public import fetch_document
from workflows.upkeep import serve_again

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

TODAY = local_date(AT)


def decision_on(process: Process) -> Decision:
    return Decision.objects.get(case_id=process.case_id)


def fetch(process: Process, at: datetime, kind: str = "decision", by: Any = None) -> None:
    """What the portal does when the applicant opens a document."""
    document = Document.objects.get(case_id=process.case_id, kind=kind)
    assert process.submission
    fetch_document(process.submission, document.id, by=by or portal(), at=at)


def in_regime(regime: str) -> None:
    published("resident-parking", lambda document: document["remedy"].update(regime=regime))


class TestNotifyingByPost:
    @pytest.mark.parametrize(
        ("regime", "notified_on", "ends_on"),
        [
            # Tuesday, 10 March 2026: the fourth day is a Saturday.
            ("VwVfG", date(2026, 3, 14), date(2026, 4, 14)),
            ("SGB_X", date(2026, 3, 14), date(2026, 4, 14)),
            # BFH 14.10.2003 IX R 68/98: tax law moves it to Monday.
            ("AO", date(2026, 3, 16), date(2026, 4, 16)),
        ],
    )
    def test_counts_four_days_and_a_month_by_the_law_of_the_service(
        self, regime: str, notified_on: date, ends_on: date
    ) -> None:
        in_regime(regime)
        process = decided(Step.REFUSE, electronic=False)
        notify_by_post(process.case_id, TODAY, by=colleague(), at=AT)
        decision = decision_on(process)
        assert (decision.notified_on, decision.remedy_ends_on) == (notified_on, ends_on)
        assert decision.channel == "post"
        assert renewed(process).state == State.NOTIFIED

    def test_sets_the_deadline_with_its_derivation(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        notify_by_post(process.case_id, TODAY, by=colleague(), at=AT)
        remedy = Deadline.objects.get(case_id=process.case_id, key="remedy")
        assert (remedy.kind, remedy.rule, remedy.is_running) == (
            "legal",
            "delivery_fiction_post+objection_1_month",
            True,
        )
        assert (remedy.event_on, remedy.ends_on) == (TODAY, date(2026, 4, 14))
        assert [step["kind"] for step in remedy.derivation][:2] == ["event", "fiction"]

    def test_sets_no_deadline_where_the_remedy_knows_none(self) -> None:
        def to_the_local_court(document: dict[str, Any]) -> None:
            document["remedy"]["kind"] = "court_application"
            del document["remedy"]["period_months"]

        published("resident-parking", to_the_local_court)
        process = decided(Step.REFUSE, electronic=False)
        notify_by_post(process.case_id, TODAY, by=colleague(), at=AT)
        decision = decision_on(process)
        assert (decision.notified_on, decision.remedy_ends_on) == (date(2026, 3, 14), None)
        assert not Deadline.objects.filter(case_id=process.case_id, key="remedy").exists()

    def test_is_recorded(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        notify_by_post(process.case_id, TODAY, by=colleague(), at=AT)
        assert recorded(process.case_id)[-2:] == ["decision.notified", "process.state_changed"]

    def test_counts_from_the_day_of_posting(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        later = AT + 9 * DAY
        notify_by_post(process.case_id, TODAY + timedelta(days=2), by=colleague(), at=later)
        assert decision_on(process).notified_on == date(2026, 3, 16)

    @pytest.mark.parametrize("days", [-1, 1])
    def test_is_refused_for_a_day_that_cannot_be(self, days: int) -> None:
        process = decided(Step.REFUSE, electronic=False)
        with pytest.raises(Invalid) as refusal:
            notify_by_post(process.case_id, TODAY + timedelta(days=days), by=colleague(), at=AT)
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [
            ("/posted_on", "out_of_range")
        ]

    def test_takes_what_was_meant_for_the_portal_to_the_post(self) -> None:
        process = decided(Step.REFUSE, electronic=True)
        notify_by_post(process.case_id, TODAY, by=colleague(), at=AT)
        assert decision_on(process).channel == "post"

    def test_waits_for_the_letter(self) -> None:
        process = submitted(consents={})
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        with pytest.raises(LetterIsMissing):
            notify_by_post(process.case_id, TODAY, by=colleague(), at=AT)

    def test_is_refused_before_the_decision(self) -> None:
        with pytest.raises(LetterIsMissing):
            notify_by_post(submitted().case_id, TODAY, by=colleague(), at=AT)

    def test_twice_is_refused_and_changes_nothing(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        notify_by_post(process.case_id, TODAY, by=colleague(), at=AT)
        later = AT + DAY
        with pytest.raises(StepNotPossible):
            notify_by_post(process.case_id, local_date(later), by=colleague(), at=later)
        assert decision_on(process).remedy_ends_on == date(2026, 4, 14)
        assert Deadline.objects.filter(key="remedy").count() == 1

    def test_is_for_those_who_may(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        with pytest.raises(ActionNotGranted):
            notify_by_post(process.case_id, TODAY, by=colleague("r.sandmann"), at=AT)
        for case_id in (process.case_id, uuid7()):
            with pytest.raises(NotFound):
                notify_by_post(case_id, TODAY, by=colleague("j.kessler"), at=AT)
        assert renewed(process).state == State.DECIDED
        assert decision_on(process).notified_on is None

    def test_of_a_case_that_changed_is_refused(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        with pytest.raises(CaseChanged):
            notify_by_post(process.case_id, TODAY, by=colleague(), at=AT, revision=0)
        assert decision_on(process).notified_on is None


class TestFetchingTheDecision:
    def test_notifies_the_day_after(self) -> None:
        process = decided(Step.REFUSE)
        fetch(process, AT + 2 * DAY)
        decision = decision_on(process)
        assert decision.notified_on == date(2026, 3, 13)
        # 13 April 2026 is a Monday.
        assert decision.remedy_ends_on == date(2026, 4, 13)
        assert decision.channel == "portal"
        after = renewed(process)
        assert (after.state, after.state_since) == (State.NOTIFIED, AT + 2 * DAY)
        assert Deadline.objects.get(key="remedy").rule == "retrieval_VwVfG_41_2a"

    def test_counts_the_day_of_the_town_hall(self) -> None:
        process = decided(Step.REFUSE)
        fetch(process, datetime.fromisoformat("2026-03-11T23:30:00+00:00"))  # the 12th in Berlin
        assert decision_on(process).notified_on == date(2026, 3, 13)

    def test_again_changes_nothing(self) -> None:
        process = decided(Step.REFUSE)
        fetch(process, AT + DAY)
        before = recorded(process.case_id)
        fetch(process, AT + 3 * DAY)
        assert recorded(process.case_id) == before
        assert decision_on(process).notified_on == date(2026, 3, 12)

    def test_counts_until_the_tenth_day(self) -> None:
        process = decided(Step.REFUSE)
        fetch(process, AT + 10 * DAY)
        assert decision_on(process).notified_on == date(2026, 3, 21)

    def test_counts_for_nothing_afterwards(self) -> None:
        process = decided(Step.REFUSE)
        fetch(process, AT + 11 * DAY)
        assert renewed(process).state == State.DECIDED
        assert decision_on(process).notified_on is None

    def test_is_not_what_counts_in_social_law(self) -> None:
        """§ 37 (2a) SGB X: the fourth day after the notice, whenever it is fetched."""
        in_regime("SGB_X")
        process = decided(Step.REFUSE)
        fetch(process, AT + DAY)
        decision = decision_on(process)
        assert (decision.notified_on, decision.remedy_ends_on) == (
            date(2026, 3, 14),
            date(2026, 4, 14),
        )

    def test_is_not_fetching_something_else(self) -> None:
        process = decided(Step.REFUSE)
        fetch(process, AT + DAY, kind="proof")
        assert renewed(process).state == State.DECIDED

    def test_is_for_its_sender_alone(self) -> None:
        process = decided(Step.REFUSE)
        with pytest.raises(NotFound):
            fetch(process, AT + DAY, by=portal("other"))
        assert renewed(process).state == State.DECIDED

    def test_that_went_by_post_is_not_possible(self) -> None:
        process = decided(Step.REFUSE, electronic=False)
        with pytest.raises(NotFound):
            fetch(process, AT + DAY)

    def test_after_it_was_posted_changes_nothing(self) -> None:
        process = decided(Step.REFUSE)
        notify_by_post(process.case_id, TODAY, by=colleague(), at=AT)
        fetch(process, AT + DAY)
        assert decision_on(process).notified_on == date(2026, 3, 14)


class TestServingAgain:
    def test_by_post_after_nobody_fetched_it(self) -> None:
        process = decided(Step.REFUSE)
        later = AT + 11 * DAY
        assert serve_again(at=later) == 1
        task = Task.objects.get(case_id=process.case_id, done_at__isnull=True)
        assert (task.kind, task.facts) == ("serve_by_post", {"reason": "not_retrieved"})
        notify_by_post(process.case_id, local_date(later), by=colleague(), at=later)
        assert decision_on(process).notified_on == date(2026, 3, 25)
        task.refresh_from_db()
        assert (task.done_at, task.done_by) == (later, colleague().key)

    def test_leaves_a_late_fetch_without_effect(self) -> None:
        process = decided(Step.REFUSE)
        serve_again(at=AT + 11 * DAY)
        fetch(process, AT + 12 * DAY)
        assert renewed(process).state == State.DECIDED
