"""Who comes on a day: the appointments of one calendar, in the order of the clock."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.policy import MATRIX, Action, ActionNotGranted, may_anywhere


@dataclass(frozen=True, slots=True)
class Coming:
    """One appointment; ``state``: booked, pending (another system has yet to confirm), missed."""

    case_id: UUID
    reference: str
    applicant: str
    kind: str
    district: str
    starts: time
    ends: time
    state: Literal["booked", "pending", "missed"]


_DAY: Final = """
SELECT b.case_id, c.reference, c.applicant, y.kind, y.district, y.starts, y.ends,
       CASE WHEN b.missed_at IS NOT NULL THEN 'missed'
            WHEN b.owed = 'book' THEN 'pending' ELSE 'booked' END
  FROM workflows_slotday y
  JOIN workflows_booking b ON b.slot_id = y.id
   AND (b.cancelled_at IS NULL OR b.missed_at IS NOT NULL)
  JOIN efile_case c ON c.id = b.case_id
 WHERE y.tenant_id = %(tenant)s AND y.calendar = %(calendar)s AND y.day = %(day)s
   AND c.scope = ANY(%(scopes)s::text[]) AND NOT c.id = ANY(%(denied)s::uuid[])
 ORDER BY y.starts, y.district, c.applicant, b.id
"""


def day_list(calendar: str, day: date, *, by: Actor) -> list[Coming]:
    """Everybody who comes on ``day``, in units where ``by`` keeps appointments. One statement.

    Refuses: ActionNotGranted.
    """
    if not may_anywhere(Action.APPOINT, by=by):
        raise ActionNotGranted(action=Action.APPOINT.value)
    asked: dict[str, Any] = {
        "tenant": by.tenant_id,
        "calendar": calendar,
        "day": day,
        "scopes": by.scopes_of(MATRIX[Action.APPOINT]),
        "denied": list(by.denied),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DAY, asked)
        return [Coming(*row) for row in cursor.fetchall()]
