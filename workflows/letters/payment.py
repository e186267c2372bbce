"""Where the fee goes: the account of the letterhead, and the reference that tells whose it is."""

from collections.abc import Mapping
from datetime import date

from efile.kernel.clock import local_date
from efile.letters.parts import Payment
from workflows.letters.writing import Writing
from workflows.models import Payment as Demand
from workflows.models import PaymentStatus
from workflows.payments.reference import payment_reference


def payment_for(
    letterhead: Mapping[str, str], city: str, case_reference: str, *, paid_on: date | None = None
) -> Payment | None:
    """How to pay the fee of a case, or when it was ``paid_on``.

    None where nothing was paid and the letterhead names no account.
    """
    if not letterhead.get("iban") and paid_on is None:
        return None
    return Payment(
        recipient=letterhead.get("payee") or letterhead.get("authority") or city,
        iban=letterhead.get("iban", ""),
        bic=letterhead.get("bic", ""),
        payment_reference=payment_reference(case_reference),
        paid_on=paid_on,
    )


def payment_of(writing: Writing) -> Payment | None:
    """How the fee of the case that is written about is paid, or when it was paid online.

    One statement where the service is paid online, else none.
    """
    process, fee = writing.process, writing.definition.fee
    paid_at = None
    if fee and fee.payment:
        paid = Demand.objects.filter(case_id=process.case_id, status=PaymentStatus.PAID)
        paid_at = paid.values_list("paid_at", flat=True).first()
    return payment_for(
        writing.letterhead,
        process.tenant.name,
        process.case.reference,
        paid_on=local_date(paid_at) if paid_at else None,
    )
