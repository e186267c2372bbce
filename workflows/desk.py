"""The desk: whose work lies where, which case comes first, and how much there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid
from efile.policy import seen_scopes
from workflows.models import State
from workflows.models.process import AT_WORK

# Counts are exact up to here and honest beyond ("mehr als 1.000").
COUNTED = 1000


class View(StrEnum):
    """The tabs of the work list."""

    TEAM = "team"
    MINE = "mine"
    WAITING = "waiting"
    TO_NOTIFY = "to_notify"


STATES: Mapping[View, list[State]] = {
    View.TEAM: [State.RECEIVED, State.IN_EXAMINATION],
    View.MINE: list(AT_WORK),
    View.WAITING: [State.WAITING],
    View.TO_NOTIFY: [State.DECIDED],
}


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One case on the work list."""

    case_id: UUID
    reference: str
    applicant: str
    subject: str
    service_key: str
    state: str
    due_on: date
    received_at: datetime
    assignee: str
    has_post: bool


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of the list begins: after this case. Text form ``2026-12-01.<case id>``."""

    due_on: date
    case_id: UUID

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """The cursor that ``str`` gave. Refuses: Invalid at /after."""
        try:
            due_on, _, case_id = text.partition(".")
            return cls(date.fromisoformat(due_on), UUID(case_id))
        except ValueError:
            raise Invalid([FieldError("/after", "format")]) from None

    def __str__(self) -> str:
        return f"{self.due_on.isoformat()}.{self.case_id}"


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a view is asked for."""

    view: View = View.TEAM
    service: str = ""


# The first page is the first rows of each scope the actor sees, merged: the cost follows the
# page and the number of scopes, never the number of cases. Single grants are a branch of their
# own, denials are taken out of both.
_LIST = """
WITH page AS (
  SELECT p.case_id, p.due_on
    FROM unnest(%(scopes)s::text[]) s(scope)
   CROSS JOIN LATERAL (
         SELECT case_id, due_on FROM workflows_process
          WHERE scope = s.scope AND tenant_id = %(tenant)s AND state = ANY(%(states)s)
            AND state IN ('received', 'in_examination', 'waiting_for_applicant', 'decided')
            AND (%(service)s = '' OR service_key = %(service)s)
            AND (%(assignee)s::int IS NULL OR assignee_id = %(assignee)s::int)
            AND (due_on, case_id) > (%(due_on)s::date, %(case)s::uuid)
            AND NOT case_id = ANY(%(denied)s::uuid[])
          ORDER BY due_on, case_id LIMIT %(limit)s) p
  UNION
  SELECT case_id, due_on FROM workflows_process
   WHERE case_id = ANY(%(granted)s::uuid[]) AND tenant_id = %(tenant)s
     AND state = ANY(%(states)s) AND (%(service)s = '' OR service_key = %(service)s)
     AND (%(assignee)s::int IS NULL OR assignee_id = %(assignee)s::int)
     AND (due_on, case_id) > (%(due_on)s::date, %(case)s::uuid)
     AND NOT case_id = ANY(%(denied)s::uuid[])
   ORDER BY due_on, case_id LIMIT %(limit)s
)
SELECT p.case_id, c.reference, c.applicant, c.subject, p.service_key, p.state, p.due_on,
       c.received_at, coalesce(u.display_name, ''),
       EXISTS (SELECT FROM workflows_task t
                WHERE t.case_id = p.case_id AND t.kind = 'review_answer' AND t.done_at IS NULL)
  FROM page g
  JOIN workflows_process p ON p.case_id = g.case_id
  JOIN efile_case c ON c.id = g.case_id
  LEFT JOIN kernel_user u ON u.id = p.assignee_id
 ORDER BY g.due_on, g.case_id
"""

_FIRST = Cursor(date.min, UUID(int=0))


def work_list(
    wanted: Filter, *, by: Actor, after: Cursor | None = None, limit: int = 50
) -> tuple[list[WorkItem], Cursor | None]:
    """A page of the list, oldest deadline first, and where the next one begins. One statement."""
    start = after or _FIRST
    parameters = _parameters(wanted, by) | {
        "due_on": start.due_on,
        "case": start.case_id,
        "limit": limit + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LIST, parameters)
        items = [WorkItem(*row) for row in cursor.fetchall()]
    if len(items) <= limit:
        return items, None
    last = items[limit - 1]
    return items[:limit], Cursor(last.due_on, last.case_id)


_COUNT = """
(SELECT count(*) FROM (
   SELECT FROM workflows_process
    WHERE tenant_id = %(tenant)s AND state = ANY(%(states_{view})s)
      AND state IN ('received', 'in_examination', 'waiting_for_applicant', 'decided')
      AND (scope = ANY(%(scopes)s::text[]) OR case_id = ANY(%(granted)s::uuid[]))
      AND NOT case_id = ANY(%(denied)s::uuid[])
      AND (%(service)s = '' OR service_key = %(service)s)
      AND ({mine})
    LIMIT %(limit)s) n)
"""
_COUNTS = "SELECT " + ", ".join(
    _COUNT.format(view=view.value, mine="assignee_id = %(user)s" if view is View.MINE else "true")
    for view in View
)


def counts(service: str, *, by: Actor) -> dict[View, int]:
    """How many cases each view holds; ``COUNTED`` + 1 means: more than that. One statement."""
    parameters = _parameters(Filter(service=service), by) | {
        "user": by.user_id,
        "limit": COUNTED + 1,
        **{f"states_{view.value}": STATES[view] for view in View},
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, parameters)
        row = cursor.fetchone()
    return dict(zip(View, row, strict=True))


def _parameters(wanted: Filter, by: Actor) -> dict[str, Any]:
    return {
        "tenant": by.tenant_id,
        "scopes": seen_scopes(by),
        "granted": list(by.granted),
        "denied": list(by.denied),
        "states": STATES[wanted.view],
        "service": wanted.service,
        "assignee": by.user_id if wanted.view is View.MINE else None,
    }
