"""What the office does about a payment: takes it at the counter, waives it, gives it back."""

from datetime import datetime
from uuid import UUID

from efile.kernel.actors import Actor
from efile.kernel.errors import Conflict, FieldError, Invalid
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.policy import Action, require
from workflows import facts
from workflows.machine import locked, raise_revision
from workflows.models import Payment, PaymentStatus, Process
from workflows.payments.asking import go_on, settle_as_paid
from workflows.payments.demanding import NothingToPay, PaidAlready
from workflows.payments.gate import UNPAID


class NothingToRefund(Conflict):
    """Nothing has to be given back, or no more."""

    code = "nothing_to_refund"


@verb
def note_paid(
    case_id: UUID, receipt: str, *, by: Actor, at: datetime, revision: int | None = None
) -> None:
    """The fee was paid at the counter, under the number of the ``receipt``.

    Refuses: NotFound, ActIsHeld, ActionNotGranted, CaseChanged, Invalid (no number), NothingToPay,
    PaidAlready.
    """
    process, payment = _payment(case_id, by, revision)
    if not receipt.strip():
        raise Invalid([FieldError("/receipt", "required")])
    _require_unpaid(payment)
    settle_as_paid(process, payment, channel="counter", receipt=receipt.strip(), by=by, at=at)


@verb
def waive(
    case_id: UUID, reason: str, *, by: Actor, at: datetime, revision: int | None = None
) -> None:
    """The fee need not be paid, for a reason that is kept; what waited for it goes on.

    Refuses: as ``note_paid``, Invalid (no reason).
    """
    process, payment = _payment(case_id, by, revision)
    if not reason.strip():
        raise Invalid([FieldError("/reason", "required")])
    _require_unpaid(payment)
    _drop(payment, {"reason": reason.strip()}, by, at)
    go_on(process, by=by, at=at)


@verb
def note_refunded(
    case_id: UUID, receipt: str, *, by: Actor, at: datetime, revision: int | None = None
) -> None:
    """What had to be given back was given back, under the number of the ``receipt``.

    Refuses: NotFound, ActIsHeld, ActionNotGranted, CaseChanged, Invalid, NothingToRefund.
    """
    _, payment = _payment(case_id, by, revision)
    if not receipt.strip():
        raise Invalid([FieldError("/receipt", "required")])
    if payment.refund_due_at is None or payment.refunded_at:
        raise NothingToRefund
    payment.refunded_at = at
    payment.save(update_fields=["refunded_at"])
    said = {"cents": payment.cents, "receipt": receipt.strip()}
    record(facts.Refunded(case_id=case_id, facts=said), by=by, at=at)


def note_withdrawal(case_id: UUID, *, worked: bool, by: Actor, at: datetime) -> None:
    """The application was withdrawn: before anybody ``worked`` on it nothing is owed for it.

    § 49 (3) AufenthG: no fee where the application is withdrawn before work on it begins. Later it
    stays owed, and a person says otherwise. Inside a verb.
    """
    payment = Payment.objects.select_for_update().filter(case_id=case_id).first()
    if payment is None or worked:
        return
    if payment.status in UNPAID:
        _drop(payment, {"because": "withdrawn"}, by, at)
    elif payment.status == PaymentStatus.PAID and payment.refund_due_at is None:
        payment.refund_due_at = at
        payment.save(update_fields=["refund_due_at"])
        said = {"cents": payment.cents, "because": "withdrawn"}
        record(facts.RefundOwed(case_id=case_id, facts=said), by=by, at=at)


def _payment(case_id: UUID, by: Actor, revision: int | None) -> tuple[Process, Payment]:
    process = locked(case_id, by=by)
    require(Action.CASH, case_id, process.scope, by=by)
    raise_revision(process, seen=revision)
    payment = Payment.objects.select_for_update().filter(case_id=case_id).first()
    if payment is None:
        raise NothingToPay
    return process, payment


def _require_unpaid(payment: Payment) -> None:
    if payment.status == PaymentStatus.PAID:
        raise PaidAlready
    if payment.status not in UNPAID:
        raise NothingToPay


def _drop(payment: Payment, said: dict[str, str], by: Actor, at: datetime) -> None:
    # A transaction over there stays open: whoever pays it all the same gets it back, so the
    # platform is asked on.
    payment.status = PaymentStatus.VOID
    payment.next_try_at = payment.next_try_at if payment.transaction else None
    payment.save(update_fields=["status", "next_try_at"])
    told = {"cents": payment.cents, **said}
    record(facts.PaymentDropped(case_id=payment.case_id, facts=told), by=by, at=at)
