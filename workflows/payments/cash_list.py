"""The cash list: what is to be paid, what is overdue, what has to be given back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.policy import MATRIX, Action, ActionNotGranted, may_anywhere

PAGE: Final = 100
MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Due:
    """A payment that somebody may have to see to; ``service`` is the key of the service."""

    case_id: UUID
    case_reference: str
    applicant: str
    service: str
    reference: str
    cents: int
    status: str
    due_on: date
    demanded_at: datetime
    refund_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CashList:
    """A page of the list, and how much is on all of it: number and sum in cents."""

    rows: list[Due]
    count: int
    cents: int


_LIST: Final = """
SELECT p.case_id, c.reference, c.applicant, w.service_key, p.reference, p.cents, p.status,
       p.due_on, p.demanded_at, p.refund_due_at, count(*) OVER (), sum(p.cents) OVER ()
  FROM workflows_payment p
  JOIN efile_case c ON c.id = p.case_id
  JOIN workflows_process w ON w.case_id = p.case_id
 WHERE p.tenant_id = %(tenant)s AND c.scope = ANY(%(scopes)s) AND NOT c.id = ANY(%(denied)s)
   AND CASE %(kind)s
       WHEN 'refund' THEN p.refund_due_at IS NOT NULL AND p.refunded_at IS NULL
       WHEN 'overdue' THEN p.status IN ('wanted', 'open', 'failed', 'canceled')
                           AND p.due_on < %(today)s
       ELSE p.status IN ('wanted', 'open', 'failed', 'canceled') END
 ORDER BY p.due_on, p.id LIMIT %(limit)s OFFSET %(offset)s
"""
KINDS: Final = ("open", "overdue", "refund")


def cash_list(kind: str, *, by: Actor, today: date, page: int = 1, size: int = PAGE) -> CashList:
    """Payments of ``kind`` (KINDS) where ``by`` takes money, what is due first. One statement.

    Refuses: ActionNotGranted.
    """
    if not may_anywhere(Action.CASH, by=by):
        raise ActionNotGranted(action=Action.CASH.value)
    asked: dict[str, Any] = {
        "tenant": by.tenant_id,
        "scopes": by.scopes_of(MATRIX[Action.CASH]),
        "denied": list(by.denied),
        "kind": kind,
        "today": today,
        "limit": size,
        "offset": (page - 1) * size,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LIST, asked)
        rows = cursor.fetchall()
    count, cents = (int(rows[0][10]), int(rows[0][11])) if rows else (0, 0)
    return CashList([Due(*row[:10]) for row in rows], count, cents)
