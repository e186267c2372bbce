"""The payment of a case, read with the case itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from workflows.models import Payment
from workflows.payments.gate import UNPAID

# A column of the process: one payment at most.
PAYMENT: Final = Subquery(
    Payment.objects.filter(case_id=OuterRef("case_id")).values(
        told=JSONObject(
            cents="cents",
            status="status",
            reference="reference",
            due_on="due_on",
            paid_at="paid_at",
            channel="channel",
            receipt="receipt",
            failure="failure",
            refund_due_at="refund_due_at",
            refunded_at="refunded_at",
        )
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOnCase:
    """What there is to know of a payment; ``status`` as ``workflows.models.PaymentStatus``."""

    cents: int
    status: str
    reference: str
    due_on: date
    paid_at: datetime | None
    channel: str
    receipt: str
    failure: str
    refund_due: bool

    @classmethod
    def read(cls, told: Mapping[str, Any] | None) -> "PaymentOnCase | None":
        """The payment that the column ``PAYMENT`` tells of."""
        if told is None:
            return None
        return cls(
            cents=told["cents"],
            status=told["status"],
            reference=told["reference"],
            due_on=date.fromisoformat(told["due_on"]),
            paid_at=datetime.fromisoformat(told["paid_at"]) if told["paid_at"] else None,
            channel=told["channel"],
            receipt=told["receipt"],
            failure=told["failure"],
            refund_due=bool(told["refund_due_at"]) and not told["refunded_at"],
        )

    @property
    def is_unpaid(self) -> bool:
        """Whether it is still to be paid."""
        return self.status in UNPAID
