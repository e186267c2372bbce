"""What the payment platform is asked, and what is made of its answers.

Level-triggered: a demand is put, an open payment is asked after. Whoever dies between a call and
its note calls again; a demand that the platform knows already, but we do not, is put under a new
id: nobody was ever shown where to pay the first one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from efile.kernel.actors import Actor, system
from efile.kernel.clock import local_date, now
from efile.kernel.journal import record
from efile.kernel.verbs import unit_of_work, verb
from workflows import facts
from workflows.machine import announce, locked, locked_submission
from workflows.models import Payment, PaymentStatus, Process, Task
from workflows.models.process import AT_WORK
from workflows.offers import definition_of
from workflows.payments import platform
from workflows.payments.demanding import begin_again
from workflows.payments.gate import UNPAID, waits_undecided
from workflows.payments.platform import (
    Demand,
    DemandRefused,
    Item,
    PaymentsUnavailable,
    Transaction,
)

JOB: Final = "payments"
BATCH: Final = 100
SHORTEST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the platform said; ``seen`` is the attempt and status when it was asked."""

    seen: tuple[UUID, str]
    said: Transaction | DemandRefused | None


def call(case_id: UUID) -> Asked | None:
    """Put the demand, or ask how the payment stands. Runs outside any transaction."""
    payment = Payment.objects.select_related("case").filter(case_id=case_id).first()
    if payment is None or payment.next_try_at is None:
        return None
    said: Transaction | DemandRefused | None
    try:
        if payment.transaction:
            said = platform.ask(payment.transaction)
        else:
            said = platform.demand(_demand(payment))
    except DemandRefused as refusal:
        said = refusal
    except PaymentsUnavailable:
        said = None
    return Asked(_seen(payment), said)


def note(case_id: UUID, asked: Asked | None) -> None:
    """Note what the platform said. A reaction: an answer about an earlier attempt is none."""
    if asked is None:
        return
    at = now()
    tenant_id = Process.objects.values_list("tenant_id", flat=True).get(case_id=case_id)
    by = system(tenant_id, JOB)
    process = locked(case_id, by=by)
    payment = Payment.objects.select_for_update().get(case_id=case_id)
    if _seen(payment) != asked.seen:
        return
    match asked.said:
        case Transaction():
            _hear(process, payment, asked.said, by, at)
        case DemandRefused():
            _refused(process, payment, asked.said, by, at)
        case None:
            _later(payment, at)


def ask_due(*, at: datetime) -> int:
    """Ask for every payment whose time has come; returns for how many."""
    due = Payment.objects.filter(next_try_at__lte=at)
    cases = list(due.order_by("next_try_at").values_list("case_id", flat=True)[:BATCH])
    for case_id in cases:
        asked = call(case_id)
        with unit_of_work():
            note(case_id, asked)
    return len(cases)


def warn_overdue(*, at: datetime) -> int:
    """Open a task for every case at work that is unpaid past its day; returns for how many."""
    due = Payment.objects.filter(
        status__in=UNPAID, due_on__lt=local_date(at), overdue_at__isnull=True
    )
    at_work = Process.objects.filter(state__in=AT_WORK).values("case_id")
    rows = list(due.filter(case_id__in=at_work).values_list("case_id", "tenant_id")[:BATCH])
    return sum(
        _note_overdue(case_id, by=system(tenant_id, JOB), at=at) for case_id, tenant_id in rows
    )


@verb
def _note_overdue(case_id: UUID, *, by: Actor, at: datetime) -> bool:
    process = locked(case_id, by=by)
    payment = Payment.objects.select_for_update().get(case_id=case_id)
    late = payment.status in UNPAID and payment.due_on < local_date(at)
    if not late or payment.overdue_at or process.state not in AT_WORK:
        return False
    payment.overdue_at = at
    payment.save(update_fields=["overdue_at"])
    _fail(process, "overdue", by, at)
    _call_person(process, "payment_overdue", {"due_on": payment.due_on.isoformat()}, at)
    return True


def note_news(submission_id: UUID, *, by: Actor, at: datetime) -> dict[str, Any] | None:
    """The portal says that something happened: the platform is asked, and nothing is believed.

    A payment that failed or was given up is demanded anew. Returns what is known so far: the
    platform is asked after this. Refuses: NotFound, InClarification.
    """
    with unit_of_work():
        process = locked_submission(submission_id, by=by)
        payment = Payment.objects.select_for_update().filter(case_id=process.case_id).first()
        if payment is None:
            return None
        if _can_be_asked(process, payment, at):
            record(facts.PaymentAsked(case_id=process.case_id), by=by, at=at)
        return told(payment)


def told(payment: Payment) -> dict[str, Any]:
    """A payment as its sender is told of it."""
    return {
        "cents": payment.cents,
        "status": payment.status,
        "url": payment.url if payment.status == PaymentStatus.OPEN else "",
        "due_on": payment.due_on.isoformat(),
        "reference": payment.reference,
    }


def _can_be_asked(process: Process, payment: Payment, at: datetime) -> bool:
    if payment.status in (PaymentStatus.FAILED, PaymentStatus.CANCELED):
        # What the platform refused, a person has to look at first.
        if payment.failure or process.state not in AT_WORK:
            return False
        begin_again(payment, at=at, fee=None)
    return payment.status in (PaymentStatus.WANTED, PaymentStatus.OPEN)


def settle_as_paid(
    process: Process,
    payment: Payment,
    *,
    channel: str,
    receipt: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """The fee is paid, ``online`` or at the ``counter``: what waited for it goes on, inside a verb.

    Money for what need not be paid any more is to be given back.
    """
    was_void = payment.status == PaymentStatus.VOID
    payment.status, payment.paid_at, payment.channel = PaymentStatus.PAID, at, channel
    payment.receipt = receipt
    # The link is out: whoever pays a second time online is to get it back.
    payment.next_try_at = at + SHORTEST_PAUSE if channel != "online" and payment.url else None
    payment.refund_due_at = at if was_void else None
    payment.save()
    told = {"cents": payment.cents, "channel": channel, "reference": payment.reference}
    record(facts.PaymentBooked(case_id=process.case_id, facts=told), by=by, at=at)
    announce(process, "payment_received", at=at)
    if was_void:
        told = {"cents": payment.cents, "because": "void"}
        record(facts.RefundOwed(case_id=process.case_id, facts=told), by=by, at=at)
    else:
        go_on(process, by=by, at=at)


def go_on(process: Process, *, by: Actor, at: datetime) -> None:
    """What waited for the payment is owed now: checks that may decide, letters that may go."""
    overdue = Task.objects.filter(
        case_id=process.case_id,
        kind="examine",
        done_at__isnull=True,
        facts__reason__in=["payment_overdue", "payment_refused"],
    )
    overdue.update(done_at=at, done_by=by.key)
    if waits_undecided(process):
        record(facts.ChecksAskedFor(case_id=process.case_id), by=by, at=at)
    elif process.state == "decided":
        record(facts.LetterOwed(case_id=process.case_id, facts={"kind": "paid"}), by=by, at=at)


def _hear(process: Process, payment: Payment, said: Transaction, by: Actor, at: datetime) -> None:
    if (said.request, said.cents) != (str(payment.request), payment.cents):
        # Another payment than ours: whatever became of that one, ours is not paid by it.
        _later(payment, at)
        return
    if payment.status == PaymentStatus.WANTED:
        payment.status, payment.transaction, payment.url = PaymentStatus.OPEN, said.id, said.url
        payment.tries = 0
        told = {"cents": payment.cents, "reference": payment.reference}
        record(facts.PaymentOpened(case_id=process.case_id, facts=told), by=by, at=at)
        announce(process, "payment_requested", at=at)
    if payment.status == PaymentStatus.PAID or (
        payment.status == PaymentStatus.VOID and said.status in ("FAILED", "CANCELED")
    ):
        _hear_late(process, payment, said, by, at)
    else:
        _STANDS[said.status](process, payment, by, at)


def _hear_late(
    process: Process, payment: Payment, said: Transaction, by: Actor, at: datetime
) -> None:
    """Nobody waits for this one any more; what comes in all the same is to be given back."""
    if said.status == "INITIAL":
        _later(payment, at)
        return
    payment.next_try_at = None
    if said.status == "BOOKED":
        payment.refund_due_at, payment.refunded_at = at, None
        told = {"cents": payment.cents, "because": "paid_twice"}
        record(facts.RefundOwed(case_id=process.case_id, facts=told), by=by, at=at)
    payment.save()


def _initial(_process: Process, payment: Payment, _by: Actor, at: datetime) -> None:
    _later(payment, at)


def _booked(process: Process, payment: Payment, by: Actor, at: datetime) -> None:
    settle_as_paid(process, payment, channel="online", by=by, at=at)


def _failed(process: Process, payment: Payment, by: Actor, at: datetime) -> None:
    _come_to_nothing(process, payment, PaymentStatus.FAILED, by, at)


def _canceled(process: Process, payment: Payment, by: Actor, at: datetime) -> None:
    _come_to_nothing(process, payment, PaymentStatus.CANCELED, by, at)


_STANDS: Final[dict[str, Callable[[Process, Payment, Actor, datetime], None]]] = {
    "INITIAL": _initial,
    "BOOKED": _booked,
    "FAILED": _failed,
    "CANCELED": _canceled,
}


def _come_to_nothing(
    process: Process, payment: Payment, status: PaymentStatus, by: Actor, at: datetime
) -> None:
    payment.status, payment.url, payment.next_try_at = status, "", None
    payment.save()
    _fail(process, status.value, by, at)
    announce(process, "payment_failed", at=at)


def _refused(
    process: Process, payment: Payment, refusal: DemandRefused, by: Actor, at: datetime
) -> None:
    if refusal.code == platform.EXISTS:
        begin_again(payment, at=at, fee=None)
        told = {"cents": payment.cents, "reference": payment.reference, "again": True}
        record(facts.PaymentDemanded(case_id=process.case_id, facts=told), by=by, at=at)
        return
    payment.status, payment.failure, payment.next_try_at = (
        PaymentStatus.FAILED,
        refusal.code,
        None,
    )
    payment.save()
    _fail(process, refusal.code, by, at)
    _call_person(process, "payment_refused", {"code": refusal.code}, at)


def _later(payment: Payment, at: datetime) -> None:
    """Ask again, each time after twice as long: an open payment, or a platform that was down."""
    pause = min(SHORTEST_PAUSE * 2**payment.tries, LONGEST_PAUSE)
    payment.tries, payment.next_try_at = min(payment.tries + 1, 20), at + pause
    payment.save()


def _fail(process: Process, because: str, by: Actor, at: datetime) -> None:
    said = {"because": because}
    record(facts.PaymentFailed(case_id=process.case_id, facts=said), by=by, at=at)


def _call_person(process: Process, reason: str, more: dict[str, str], at: datetime) -> None:
    Task.objects.create(
        tenant_id=process.tenant_id,
        case_id=process.case_id,
        kind="examine",
        facts={"reason": reason, **more},
        opened_at=at,
    )


def _seen(payment: Payment) -> tuple[UUID, str]:
    return payment.request, payment.status


def _demand(payment: Payment) -> Demand:
    title = definition_of(
        Process.objects.select_related("version").get(case_id=payment.case_id).version
    ).title
    return Demand(
        request=payment.request,
        at=payment.demanded_at,
        cents=payment.cents,
        reference=payment.reference,
        # What it is for, without saying who: a payment platform is another party.
        description=title.in_("de"),
        items=[Item(one["title"], one["quantity"], one["cents_each"]) for one in payment.items],
    )
