"""A fee demanded before a step: noted with the case, put to the platform by the worker."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict
from efile.kernel.ids import uuid7
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.policy import Action, require
from workflows import facts
from workflows.application import Application
from workflows.catalogue.money import Fee, FeeUndetermined
from workflows.catalogue.money import Payment as Rule
from workflows.machine import locked, raise_revision
from workflows.models import Payment, PaymentStatus, Process
from workflows.models.process import AT_WORK
from workflows.payments.reference import payment_reference

# The worker asks at once; a demand that is still unheard after this is put again by the job.
PATIENCE: Final = timedelta(minutes=2)


class NothingToPay(Conflict):
    """Nothing is to be paid here, or no more."""

    code = "nothing_to_pay"


class PaidAlready(Conflict):
    """The fee is paid."""

    code = "paid_already"


def demand_at_intake(
    process: Process, application: Application, reference: str, *, by: Actor, at: datetime
) -> None:
    """Demand the fee of a new case where its definition wants it paid, inside a verb.

    A form with faults, or one that no fee can be told for, goes to a person first.
    """
    rule = _rule(application)
    if rule is None or application.faults:
        return
    try:
        fee = application.definition.fee_for(application.form, local_date(at))
    except FeeUndetermined:
        return
    if fee.cents > 0:
        _demand(process, rule, fee, reference, by, at)


@verb
def demand_payment(
    case_id: UUID, *, by: Actor, at: datetime, revision: int | None = None
) -> Payment:
    """Demand the fee, again where an attempt came to nothing.

    Refuses: NotFound, ActIsHeld, ActionNotGranted, CaseChanged, NothingToPay, PaidAlready,
    FeeUndetermined.
    """
    process = locked(case_id, by=by)
    require(Action.CASH, case_id, process.scope, by=by)
    raise_revision(process, seen=revision)
    application = Application.of(process)
    rule = _rule(application)
    if rule is None or application.faults or process.state not in AT_WORK:
        raise NothingToPay
    payment = Payment.objects.select_for_update().filter(case_id=case_id).first()
    fee = application.definition.fee_for(application.form, local_date(at))
    if fee.cents <= 0:
        raise NothingToPay
    if payment is None:
        return _demand(process, rule, fee, process.case.reference, by, at)
    if payment.status == PaymentStatus.PAID:
        raise PaidAlready
    begin_again(payment, at=at, due_on=local_date(at) + timedelta(days=rule.days), fee=fee)
    _record(payment, by, at)
    return payment


def begin_again(
    payment: Payment, *, at: datetime, due_on: date | None = None, fee: Fee | None
) -> None:
    """A new attempt under a new id: what an earlier one asked for can no longer be paid by it."""
    payment.status, payment.request = PaymentStatus.WANTED, uuid7()
    payment.transaction = payment.url = payment.failure = ""
    payment.tries, payment.next_try_at, payment.overdue_at = 0, at + PATIENCE, None
    if fee:
        payment.cents, payment.items = fee.cents, _items(fee)
    if due_on:
        payment.due_on = due_on
    payment.save()


def _rule(application: Application) -> Rule | None:
    """How the fee is paid online; None where it is not, or where the city has no platform."""
    fee = application.definition.fee
    return fee.payment if fee and settings.PAYMENT_URL else None


def _demand(
    process: Process, rule: Rule, fee: Fee, reference: str, by: Actor, at: datetime
) -> Payment:
    payment = Payment.objects.create(
        tenant_id=process.tenant_id,
        case_id=process.case_id,
        reference=payment_reference(reference).replace(" ", ""),
        cents=fee.cents,
        items=_items(fee),
        due_on=local_date(at) + timedelta(days=rule.days),
        demanded_at=at,
        request=uuid7(),
        next_try_at=at + PATIENCE,
    )
    _record(payment, by, at)
    return payment


def _items(fee: Fee) -> list[dict[str, object]]:
    return [
        {"title": line.title.in_("de"), "quantity": line.quantity, "cents_each": line.cents_each}
        for line in fee.positions
    ]


def _record(payment: Payment, by: Actor, at: datetime) -> None:
    told = {"cents": payment.cents, "due_on": payment.due_on, "reference": payment.reference}
    record(facts.PaymentDemanded(case_id=payment.case_id, facts=told), by=by, at=at)
