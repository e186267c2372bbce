"""What waits for a payment: the step that the definition says, and nothing else."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from efile.kernel.errors import Conflict
from workflows.models import Payment, PaymentStatus, Process
from workflows.models.process import UNDECIDED
from workflows.offers import definition_of

UNPAID: Final = (
    PaymentStatus.WANTED,
    PaymentStatus.OPEN,
    PaymentStatus.FAILED,
    PaymentStatus.CANCELED,
)
_DECIDING: Final = frozenset({"grant", "grant_in_part", "refuse", "settle"})
# blocks → steps (``machine.Step``). Whoever may not examine cannot decide without having examined.
BLOCKED: Final[Mapping[str, frozenset[str]]] = {
    "examine": frozenset({"examine"}) | _DECIDING,
    "decide": _DECIDING,
    "notify": frozenset({"notify"}),
    "nothing": frozenset(),
}


class PaymentIsMissing(Conflict):
    """The step (``step``) is not taken before the fee is paid (due ``due_on``)."""

    code = "payment_is_missing"


def require_paid(process: Process, step: str, *, kind: str, today: date) -> None:
    """Refuse with PaymentIsMissing what waits for the payment. No statement where nothing does.

    § 16 (1) GebG NRW lets an act depend on an advance: once that is overdue a person (``kind``
    "user") may refuse the application for it.
    """
    if step not in BLOCKED[_blocks(process)]:
        return
    payment = _unpaid(process)
    if payment is None:
        return
    if step == "refuse" and kind == "user" and payment.due_on < today:
        return
    raise PaymentIsMissing(step=step, due_on=payment.due_on.isoformat())


def is_awaited(process: Process, *steps: str) -> bool:
    """Whether one of ``steps`` waits for the payment of the case."""
    return bool(BLOCKED[_blocks(process)].intersection(steps)) and _unpaid(process) is not None


def waits_undecided(process: Process) -> bool:
    """Whether the payment keeps the case, still undecided, from being examined or decided."""
    return process.state in UNDECIDED and bool(BLOCKED[_blocks(process)] & {"examine", "grant"})


def _blocks(process: Process) -> str:
    fee = definition_of(process.version).fee
    return fee.payment.blocks if fee and fee.payment else "nothing"


def _unpaid(process: Process) -> Payment | None:
    return Payment.objects.filter(case_id=process.case_id, status__in=UNPAID).first()
