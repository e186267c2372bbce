"""Fees paid before a step: what waits, what goes on by itself, what comes back."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from backoffice.demo.exchange import Fault
from backoffice.demo.payment_platform import ENDPOINT, ORIGINATOR, PaymentPlatform
from efile.kernel.errors import Invalid, Refusal
from efile.kernel.verbs import part
from efile.models import Document
from tests.factories import AT, DAY, colleague, drained, portal, renewed, submitted
from tests.workflows.applicants import applying, resident
from tests.workflows.conftest import Clock
from tests.workflows.test_letters import read
from tests.workflows.working import published, recorded, statements, told
from workflows.assignment import assign
from workflows.decisions import decide
from workflows.endings import withdraw
from workflows.machine import Step, fire
from workflows.models import Letter, Payment, Process, State, Task
from workflows.payments import asking
from workflows.payments.cash_list import cash_list
from workflows.payments.cashing import NothingToRefund, note_paid, note_refunded, waive
from workflows.payments.demanding import NothingToPay, PaidAlready, demand_payment
from workflows.payments.gate import PaymentIsMissing
from workflows.public import public_status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def platform(settings: Any) -> Iterator[PaymentPlatform]:
    with PaymentPlatform() as double:
        settings.PAYMENT_URL, settings.PAYMENT_TIMEOUT = double.url, 2.0
        settings.PAYMENT_ORIGINATOR, settings.PAYMENT_ENDPOINT = ORIGINATOR, ENDPOINT
        yield double


def permit(blocks: str = "decide", *, days: int = 14, **changes: Any) -> Process:
    """A permit that is paid online before ``blocks``; the platform knows nothing of it yet."""

    def change(document: dict[str, Any]) -> None:
        document["fee"]["payment"] = {"blocks": blocks, "days": days}
        document["automation"]["sample_percent"] = 0

    published("resident-parking", change)
    return submitted(**(applying(resident()) | changes))


def payment(process: Process) -> Payment:
    return Payment.objects.get(case_id=process.case_id)


def shown(process: Process) -> dict[str, Any]:
    assert process.submission
    found: dict[str, Any] = public_status(process.submission, by=portal())["payment"]
    return found


def pay(platform: PaymentPlatform, process: Process, status: str = "BOOKED") -> None:
    """Somebody pays over there, and the portal says that something happened."""
    platform.pay(payment(process).transaction, status)
    assert process.submission
    asking.note_news(process.submission, by=portal(), at=AT)
    drained()


def tasks(process: Process) -> list[str]:
    found = Task.objects.filter(case_id=process.case_id, done_at__isnull=True)
    return sorted(found.values_list("facts__reason", flat=True))


class TestDemanding:
    def test_notes_the_debt_with_the_case_and_tells_the_platform_after(
        self, platform: PaymentPlatform
    ) -> None:
        process = permit()
        assert not platform.calls
        assert (payment(process).status, shown(process)["url"]) == ("wanted", "")
        drained()
        owed = payment(process)
        assert (owed.status, owed.reference[:2]) == ("open", "RF")
        assert shown(process) == {
            "cents": owed.cents,
            "status": "open",
            "url": f"{platform.url}/pay/{owed.transaction}",
            "due_on": (AT + 14 * DAY).date().isoformat(),
            "reference": owed.reference,
        }
        assert "payment_requested" in told(process.case_id)
        assert platform.calls[0].body["purpose"] == owed.reference

    def test_says_nothing_of_who_pays(self, platform: PaymentPlatform) -> None:
        process = permit()
        drained()
        said = str(platform.calls[0].body)
        assert process.case.applicant not in said

    def test_is_for_services_that_want_it_and_cities_that_have_a_platform(
        self, platform: PaymentPlatform, settings: Any
    ) -> None:
        assert not Payment.objects.filter(case_id=submitted().case_id).exists()
        settings.PAYMENT_URL = ""
        process = permit()
        assert not Payment.objects.exists()
        fire(process.case_id, Step.EXAMINE, by=colleague(), at=AT)
        with pytest.raises(NothingToPay):
            demand_payment(process.case_id, by=colleague(), at=AT)

    def test_goes_on_once_the_platform_is_back(self, platform: PaymentPlatform) -> None:
        platform.fault = Fault("down")
        process = permit()
        drained()
        assert payment(process).status == "wanted"
        platform.fault = Fault()
        assert asking.ask_due(at=AT) == 0
        assert asking.ask_due(at=AT + timedelta(minutes=2)) == 1
        assert payment(process).status == "open"

    @pytest.mark.parametrize("mode", ["mute", "garbled"])
    def test_is_one_that_can_be_paid_whatever_breaks_in_between(
        self, platform: PaymentPlatform, mode: str
    ) -> None:
        process = permit()
        platform.fault = Fault(mode, times=1)
        drained()
        first = payment(process)
        assert (first.status, len(platform.transactions)) == ("wanted", 1)
        # The platform knows this demand, we do not: another takes its place.
        asking.ask_due(at=AT + timedelta(minutes=5))
        drained()
        second = payment(process)
        assert second.status == "open"
        assert second.request != first.request
        pay(platform, process)
        assert payment(process).status == "paid"

    def test_is_one_when_the_worker_dies_before_it_notes_it(
        self, platform: PaymentPlatform
    ) -> None:
        process = permit()
        assert asking.call(process.case_id) is not None
        drained()
        assert payment(process).status == "open"
        assert shown(process)["url"].endswith(payment(process).transaction)

    def test_that_is_refused_for_good_goes_to_a_person(self, platform: PaymentPlatform) -> None:
        platform.refusing = "BOOKING_DATA_MISSING"
        process = permit()
        drained()
        assert payment(process).failure == "BOOKING_DATA_MISSING"
        assert "payment_refused" in tasks(process)
        demand_payment(process.case_id, by=colleague(), at=AT)
        drained()
        assert payment(process).status == "open"


STEPS: dict[str, Callable[[Process], object]] = {
    "examine": lambda case: fire(case.case_id, Step.EXAMINE, by=colleague(), at=AT),
    "request_proof": lambda case: fire(case.case_id, Step.REQUEST_PROOF, by=colleague(), at=AT),
    "grant": lambda case: decide(case.case_id, Step.GRANT, by=colleague(), at=AT),
    "refuse": lambda case: decide(
        case.case_id, Step.REFUSE, reasons="Nein.", by=colleague(), at=AT
    ),
    "forward": lambda case: fire(case.case_id, Step.FORWARD, by=colleague(), at=AT),
    "withdraw": lambda case: withdraw(case.case_id, reason="", by=colleague(), at=AT),
}
TABLE = {
    "examine": {"examine", "grant", "refuse"},
    "decide": {"grant", "refuse"},
    "notify": set(),
    "nothing": set(),
}


class TestWhatWaits:
    @pytest.mark.parametrize("blocks", TABLE)
    def test_is_the_step_the_definition_says_until_it_is_paid(
        self, platform: PaymentPlatform, blocks: str
    ) -> None:
        process = permit(blocks)
        for step, act in STEPS.items():
            for paid in (False, True):
                refusal = refusal_of(partial(_paid_then, process, act, paid))
                expected = step in TABLE[blocks] and not paid
                assert isinstance(refusal, PaymentIsMissing) is expected, (step, paid, refusal)
                assert expected or refusal is None

    def test_lets_a_person_refuse_what_is_overdue(self, platform: PaymentPlatform) -> None:
        process = permit(days=0)
        with pytest.raises(PaymentIsMissing):
            decide(process.case_id, Step.REFUSE, reasons="Nein.", by=colleague(), at=AT)
        decide(process.case_id, Step.REFUSE, reasons="Nein.", by=colleague(), at=AT + DAY)

    def test_lets_somebody_take_it_on_all_the_same(self, platform: PaymentPlatform) -> None:
        process = permit("examine")
        me = colleague()
        assign(process.case_id, me.user_id, by=me, at=AT)
        assert renewed(process).state == State.RECEIVED

    @pytest.mark.usefixtures("registers")
    @pytest.mark.parametrize("blocks", ["examine", "decide"])
    def test_automatic_goes_on_by_itself_when_it_is_paid(
        self, platform: PaymentPlatform, blocks: str
    ) -> None:
        process = permit(blocks)
        drained()
        assert renewed(process).state == State.RECEIVED
        assert tasks(process) == []
        pay(platform, process)
        assert (renewed(process).decision, payment(process).channel) == ("granted", "online")
        assert told(process.case_id).index("payment_received") < told(process.case_id).index(
            "granted"
        )

    @pytest.mark.usefixtures("registers")
    def test_notice_of_the_decision_is_given_when_it_is_paid(
        self, platform: PaymentPlatform
    ) -> None:
        process = permit("notify")
        drained()
        assert renewed(process).state == State.DECIDED
        assert not Letter.objects.filter(case_id=process.case_id, document__isnull=False).exists()
        pay(platform, process)
        letters = Letter.objects.filter(case_id=process.case_id, document__isnull=False)
        assert set(letters.values_list("kind", flat=True)) >= {"granted"}
        text = read(Document.objects.get(case_id=process.case_id, kind="decision"))
        assert "haben Sie am 10.03.2026 bezahlt" in text
        assert "IBAN" not in text

    def test_costs_other_services_no_statement(self) -> None:
        process = submitted()
        sent = statements(lambda: fire(process.case_id, Step.EXAMINE, by=colleague(), at=AT))
        assert not [one for one in sent if "workflows_payment" in one]


class _Undone(Exception):
    """Takes back what was done only to see whether it is refused."""


def refusal_of(act: Callable[[], object]) -> Refusal | None:
    """How ``act`` is refused, if it is; nothing of it stays."""
    try:
        with suppress(_Undone), part():
            act()
            _undo()
    except Refusal as refusal:
        return refusal
    return None


def _undo() -> None:
    raise _Undone


def _paid_then(process: Process, act: Callable[[Process], object], paid: bool) -> None:
    if paid:
        note_paid(process.case_id, "K-1", by=colleague(), at=AT)
    act(process)


class TestPaying:
    def test_is_believed_of_the_platform_alone(self, platform: PaymentPlatform) -> None:
        process = permit()
        drained()
        assert process.submission
        # People came back from the page, but nothing is booked.
        asking.note_news(process.submission, by=portal(), at=AT)
        drained()
        assert payment(process).status == "open"
        begun = platform.transactions[payment(process).transaction]
        begun["paymentRequest"]["grosAmount"] = 0.01
        pay(platform, process)
        assert payment(process).status == "open"

    def test_is_found_out_by_the_job_that_asks_ever_more_rarely(
        self, platform: PaymentPlatform, clock: Clock
    ) -> None:
        process = permit()
        drained()
        pauses, at = [], AT
        for _ in range(12):
            due = payment(process).next_try_at
            assert due
            pauses.append(due - at)
            at = due
            clock(at)
            asking.ask_due(at=at)
        assert pauses == sorted(pauses)
        assert (pauses[0], pauses[-1]) == (timedelta(minutes=1), timedelta(hours=6))
        platform.pay(payment(process).transaction)
        asking.ask_due(at=at + timedelta(hours=6))
        assert payment(process).status == "paid"
        assert asking.ask_due(at=at + 100 * DAY) == 0

    @pytest.mark.parametrize(("status", "kept"), [("FAILED", "failed"), ("CANCELED", "canceled")])
    def test_that_comes_to_nothing_can_be_begun_again(
        self, platform: PaymentPlatform, status: str, kept: str
    ) -> None:
        process = permit()
        drained()
        first = payment(process).transaction
        pay(platform, process, status)
        assert (shown(process)["status"], shown(process)["url"]) == (kept, "")
        assert process.submission
        asking.note_news(process.submission, by=portal(), at=AT)
        drained()
        assert payment(process).transaction not in ("", first)
        pay(platform, process)
        assert payment(process).status == "paid"

    def test_at_the_counter_needs_the_number_of_the_receipt(
        self, platform: PaymentPlatform
    ) -> None:
        process = permit()
        drained()
        with pytest.raises(Invalid):
            note_paid(process.case_id, " ", by=colleague(), at=AT)
        note_paid(process.case_id, "K-2026-17", by=colleague(), at=AT)
        assert (payment(process).channel, payment(process).receipt) == ("counter", "K-2026-17")
        for again in (note_paid, waive):
            with pytest.raises(PaidAlready):
                again(process.case_id, "K-2026-18", by=colleague(), at=AT)
        # And online as well: the second payment is to be given back.
        platform.pay(payment(process).transaction)
        asking.ask_due(at=AT + DAY)
        assert payment(process).refund_due_at

    def test_is_not_waited_for_once_it_is_waived(self, platform: PaymentPlatform) -> None:
        process = permit()
        waive(process.case_id, "Härtefall", by=colleague(), at=AT)
        assert payment(process).status == "void"
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)

    def test_too_late_is_a_task_once(self, platform: PaymentPlatform) -> None:
        process = permit(days=3)
        assert asking.warn_overdue(at=AT + 3 * DAY) == 0
        assert asking.warn_overdue(at=AT + 4 * DAY) == 1
        assert asking.warn_overdue(at=AT + 5 * DAY) == 0
        assert tasks(process) == ["payment_overdue"]
        note_paid(process.case_id, "K-1", by=colleague(), at=AT + 5 * DAY)
        assert tasks(process) == []


class TestWithdrawing:
    def test_before_any_work_owes_nothing_and_gives_back_what_was_paid(
        self, platform: PaymentPlatform
    ) -> None:
        unpaid, paid = permit(), permit()
        drained()
        note_paid(paid.case_id, "K-1", by=colleague(), at=AT)
        for process in (unpaid, paid):
            withdraw(process.case_id, reason="", by=portal(), at=AT)
        assert (payment(unpaid).status, payment(unpaid).refund_due_at) == ("void", None)
        assert payment(paid).refund_due_at == AT
        note_refunded(paid.case_id, "A-1", by=colleague(), at=AT)
        with pytest.raises(NothingToRefund):
            note_refunded(paid.case_id, "A-1", by=colleague(), at=AT)
        # Somebody pays what is not owed any more.
        platform.pay(payment(unpaid).transaction)
        asking.ask_due(at=AT + DAY)
        assert payment(unpaid).refund_due_at
        assert recorded(unpaid.case_id)[-1] == "payment.refund_owed"

    def test_after_work_began_leaves_the_fee_owed(self, platform: PaymentPlatform) -> None:
        process = permit()
        fire(process.case_id, Step.EXAMINE, by=colleague(), at=AT)
        withdraw(process.case_id, reason="", by=portal(), at=AT)
        assert payment(process).status in ("wanted", "open")


class TestTheCashList:
    def rows(self, kind: str, at: datetime = AT, by: str = "a.lopes") -> list[UUID]:
        found = cash_list(kind, by=colleague(by), today=at.date())
        assert found.count == len(found.rows)
        assert found.cents == sum(one.cents for one in found.rows)
        return [one.case_id for one in found.rows]

    def test_is_what_is_open_overdue_or_to_be_given_back(self, platform: PaymentPlatform) -> None:
        late, soon, back = permit(days=1), permit(days=20), permit()
        note_paid(back.case_id, "K-1", by=colleague(), at=AT)
        withdraw(back.case_id, reason="", by=portal(), at=AT)
        assert self.rows("open") == [late.case_id, soon.case_id]
        assert self.rows("overdue", AT + 2 * DAY) == [late.case_id]
        assert self.rows("refund") == [back.case_id]
        assert self.rows("open", by="r.aydin") == []

    def test_takes_one_statement(self, platform: PaymentPlatform) -> None:
        permit()
        by = colleague()
        assert len(statements(lambda: cash_list("open", by=by, today=AT.date()))) == 1
