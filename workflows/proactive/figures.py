"""How offers unasked are taken up: the head's figures, and those of one case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from efile.kernel.actors import Actor
from efile.policy import MATRIX, Action, ActionNotGranted
from workflows.models import ProactiveOffer


def year_before(today: date) -> date:
    """Since when the figures count: the same day a year ago, 1 March for 29 February."""
    try:
        return today.replace(year=today.year - 1)
    except ValueError:
        return date(today.year - 1, 3, 1)


@dataclass(frozen=True, slots=True)
class Taken:
    """The offers of one service since a day, and what became of them."""

    service_key: str
    occasion: str
    made: int
    waiting: int
    accepted: int
    declined: int
    lapsed: int
    withdrawn: int


_FIGURES: Final = """
SELECT service_key, occasion, count(*),
       count(*) FILTER (WHERE state = 'open'), count(*) FILTER (WHERE state = 'accepted'),
       count(*) FILTER (WHERE state = 'declined'), count(*) FILTER (WHERE state = 'lapsed'),
       count(*) FILTER (WHERE state = 'withdrawn')
  FROM workflows_proactiveoffer
 WHERE tenant_id = %s AND scope = ANY(%s::text[]) AND made_at >= %s
 GROUP BY 1, 2 ORDER BY 1, 2
"""


def offer_figures(*, by: Actor, since: date) -> list[Taken]:
    """What was offered in the units ``by`` oversees. One statement. Refuses: ActionNotGranted."""
    scopes = by.scopes_of(MATRIX[Action.OVERSEE])
    if not scopes:
        raise ActionNotGranted(action=Action.OVERSEE.value)
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [by.tenant_id, scopes, since])
        return [Taken(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer as the office sees it, beside its case."""

    id: UUID
    service_key: str
    state: str
    reason: str
    made_on: date
    valid_until: date
    case_id: UUID | None


def offers_of_case(case_id: UUID) -> Sequence[Offered]:
    """The offers made for the case's matters, and the one it came from. One statement.

    Whether somebody may see the case is the caller's to have asked.
    """
    rows = ProactiveOffer.objects.filter(Q(matter__case_id=case_id) | Q(case_id=case_id))
    return [
        Offered(
            row.id,
            row.service_key,
            row.state,
            row.reason,
            row.made_at.date(),
            row.valid_until,
            row.case_id,
        )
        for row in rows.order_by("-made_at", "-id")
    ]
