"""What the system does by itself as time passes."""

from datetime import UTC, date, datetime

import pytest

from efile.kernel.clock import BERLIN
from tests.crowd import together
from tests.factories import AT, DAY, colleague, drained, portal, renewed, submitted
from tests.workflows.applicants import applying, resident
from tests.workflows.conftest import Clock
from tests.workflows.working import answered, decided, notified, recorded
from workflows import jobs
from workflows.decisions import decide
from workflows.endings import close, reopen, withdraw
from workflows.machine import Step
from workflows.models import Booking, Decision, Process, State, Task
from workflows.notification import notify_by_post
from workflows.public import fetch_document
from workflows.upkeep import close_finished, serve_again

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def begins(day: date) -> datetime:
    """The moment in which ``day`` begins in Berlin."""
    return datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)


def collected() -> tuple[Process, date]:
    """A collection that was granted by itself, and its day."""
    process = submitted("bulky-waste")
    drained()
    assert renewed(process).state == State.NOTIFIED
    slot = Booking.objects.select_related("slot").get(case_id=process.case_id).slot
    assert slot is not None
    return process, slot.day


class TestClosingWhatIsFinished:
    def test_waits_until_the_day_of_the_appointment_is_over(self) -> None:
        process, day = collected()
        over = begins(day) + DAY
        assert close_finished(at=over - DAY / 86400) == 0
        assert close_finished(at=over) == 1
        after = renewed(process)
        assert (after.state, after.case.closed_at) == (State.CLOSED, over)
        assert close_finished(at=over) == 0

    def test_waits_until_nothing_is_left_to_do(self) -> None:
        process, day = collected()
        task = Task.objects.create(
            tenant_id=process.tenant_id, case_id=process.case_id, kind="review_answer", opened_at=AT
        )
        later = begins(day) + 2 * DAY
        assert close_finished(at=later) == 0
        Task.objects.filter(id=task.id).update(done_at=AT)
        assert close_finished(at=later) == 1

    def test_of_an_appointment_that_was_cancelled_is_a_withdrawal(self) -> None:
        process, day = collected()
        withdraw(process.case_id, reason="", by=colleague("j.kessler"), at=AT)
        assert close_finished(at=begins(day) + 2 * DAY) == 0

    def test_leaves_alone_what_a_person_decided(self) -> None:
        process = notified(Step.GRANT)
        assert close_finished(at=AT + 60 * DAY) == 0
        assert renewed(process).state == State.NOTIFIED

    def test_leaves_alone_what_a_person_decided_the_second_time(self) -> None:
        process, day = collected()
        later = begins(day) + 2 * DAY
        close_finished(at=later)
        by = colleague("r.aydin")
        reopen(process.case_id, reason="Nicht abgeholt", by=by, at=later)
        decide(process.case_id, Step.GRANT, by=by, at=later)
        drained()
        assert renewed(process).state == State.NOTIFIED
        assert close_finished(at=later + DAY) == 0

    @pytest.mark.usefixtures("registers")
    def test_closes_a_permit_that_granted_itself_once_it_was_notified(self) -> None:
        process = submitted(**applying(resident()))
        drained()
        assert close_finished(at=AT + DAY) == 0
        notify_by_post(process.case_id, date(2026, 3, 10), by=colleague(), at=AT)
        assert close_finished(at=AT + DAY) == 1
        assert renewed(process).case.closed_at == AT + DAY


class TestServingAgain:
    def test_waits_for_the_tenth_day_to_be_over(self) -> None:
        process = decided(Step.REFUSE)
        over = begins(date(2026, 3, 21))
        assert serve_again(at=over - DAY / 86400) == 0
        assert serve_again(at=over) == 1
        assert Decision.objects.get(case_id=process.case_id).channel == "post"
        task = Task.objects.get(case_id=process.case_id, done_at=None)
        assert (task.kind, task.opened_at) == ("serve_by_post", over)

    def test_happens_once(self) -> None:
        decided(Step.REFUSE)
        later = AT + 20 * DAY
        assert [serve_again(at=later), serve_again(at=later + DAY)] == [1, 0]
        assert Task.objects.filter(kind="serve_by_post").count() == 1

    def test_leaves_alone_what_went_by_post_or_was_notified(self) -> None:
        decided(Step.REFUSE, electronic=False)
        notified(Step.REFUSE)
        assert serve_again(at=AT + 20 * DAY) == 0

    def test_leaves_alone_what_has_no_letter_yet(self) -> None:
        process = submitted()
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        assert serve_again(at=AT + 20 * DAY) == 0


@pytest.mark.django_db(transaction=True)
def test_serving_again_while_it_is_fetched_leaves_no_doubt() -> None:
    cases = [decided(Step.REFUSE) for _ in range(8)]
    letters = dict(Decision.objects.values_list("case_id", "letter"))
    by = portal()

    def one(number: int) -> None:
        if number >= len(cases):
            serve_again(at=AT + 11 * DAY)
        else:
            process = cases[number]
            assert process.submission
            letter = letters[process.case_id]
            assert letter
            fetch_document(process.submission, letter, by=by, at=AT + 10 * DAY)

    answered(together(len(cases) + 4, one))
    open_tasks = Task.objects.filter(done_at=None)
    for decision in Decision.objects.all():
        is_posted = open_tasks.filter(case_id=decision.case_id, kind="serve_by_post").count()
        told = (
            Process.objects.get(case_id=decision.case_id).state,
            decision.channel,
            decision.notified_on,
        )
        # Either it was fetched in time, or it goes by post; never both, never neither.
        assert (*told, is_posted) in {
            (State.NOTIFIED, "portal", date(2026, 3, 21), 0),
            (State.DECIDED, "post", None, 1),
        }


class TestTheJob:
    def test_does_both_by_the_clock_of_the_office(self, clock: Clock) -> None:
        process, day = collected()
        refused = decided(Step.REFUSE)
        clock(begins(day) + 30 * DAY)
        jobs.keep_up()
        assert renewed(process).state == State.CLOSED
        assert recorded(process.case_id)[-2:] == ["case.closed", "process.state_changed"]
        assert Task.objects.filter(case_id=refused.case_id, kind="serve_by_post").exists()

    def test_finds_nothing_to_do_on_an_ordinary_day(self) -> None:
        process, _ = collected()
        close_before = renewed(process).revision
        jobs.keep_up()
        assert renewed(process).revision == close_before


def test_a_case_that_was_closed_by_hand_is_nobodys_any_more() -> None:
    process = notified(Step.GRANT)
    close(process.case_id, by=colleague(), at=AT)
    assert (close_finished(at=AT + 60 * DAY), serve_again(at=AT + 60 * DAY)) == (0, 0)
