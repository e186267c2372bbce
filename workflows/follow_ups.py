"""Follow-ups (Wiedervorlagen): on which day somebody wants to see a case again, and why."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid, NotFound
from efile.kernel.journal import record
from efile.kernel.models import User
from efile.kernel.verbs import verb
from efile.lifecycle import CaseIsClosed
from efile.policy import Action, may, person, require
from workflows import facts
from workflows.machine import locked
from workflows.models import FollowUp, Process, State
from workflows.wanted import SEEN, reach

LONGEST_TEXT: Final = 300
# Nobody is reminded of anything after so long; who needs that sets a date of law.
FURTHEST_YEARS: Final = 10


class FollowUpIsDone(Conflict):
    """Somebody has seen to it already."""

    code = "follow_up_is_done"


# Whose list a follow-up is on: the named person's; nobody's is the team's, or whoever has the case.
FOR_ME: Final = (
    "(f.user_id = %(me)s::int OR f.user_id IS NULL"
    " AND (p.assignee_id IS NULL OR p.assignee_id = %(me)s::int))"
)
_OPEN: Final = (
    f"f.tenant_id = %(tenant)s AND f.done_at IS NULL AND p.tenant_id = %(tenant)s AND {SEEN}"
)
_COUNT: Final = """
(SELECT count(*) FROM (
   SELECT FROM workflows_followup f JOIN workflows_process p ON p.case_id = f.case_id
    WHERE {open} AND {for_me} AND f.due_on <= %(today)s::date LIMIT %(most)s) n)
"""
# How much of one's own list is due today, with the parameters of a work list.
COUNT: Final = _COUNT.format(open=_OPEN, for_me=FOR_ME)


@dataclass(frozen=True, slots=True)
class FollowUpItem:
    """An open follow-up on the list; ``whose`` it is to see to, empty for the team's."""

    id: UUID
    case_id: UUID
    reference: str
    applicant: str
    service_key: str
    state: str
    due_on: date
    text: str
    whose: str
    set_by: str


@dataclass(frozen=True, slots=True)
class OpenFollowUp:
    """An open follow-up of one case."""

    id: UUID
    due_on: date
    text: str
    user_id: int | None
    whose: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list begins: behind this follow-up. Text form ``2026-12-01.<id>``."""

    due_on: date
    id: UUID

    @classmethod
    def read(cls, text: str) -> "Place":
        """The place that ``str`` gave. Refuses: Invalid at /after."""
        due_on, _, key = text.partition(".")
        try:
            return cls(date.fromisoformat(due_on), UUID(key))
        except ValueError:
            raise Invalid([FieldError("/after", "cursor")]) from None

    def __str__(self) -> str:
        return f"{self.due_on.isoformat()}.{self.id}"


@verb
def set_follow_up(
    case_id: UUID, due_on: date, text: str, for_user: int | None, *, by: Actor, at: datetime
) -> UUID:
    """Have the case seen again on ``due_on`` by ``for_user``, or by the team; returns its id.

    Refuses: NotFound, ActIsHeld, ActionNotGranted, CaseIsClosed, Invalid (a day that is past or
    beyond ten years, a text that is too long, a colleague who may not work on the case).
    """
    process = _open_case(case_id, by)
    errors = [*_faults_of(due_on, local_date(at))]
    if len(text.strip()) > LONGEST_TEXT:
        errors.append(FieldError("/text", "max_length", {"limit": LONGEST_TEXT}))
    if for_user is not None and not _able(process, for_user):
        errors.append(FieldError("/user", "not_able"))
    if errors:
        raise Invalid(errors)
    follow_up = FollowUp.objects.create(
        tenant_id=by.tenant_id,
        case_id=case_id,
        due_on=due_on,
        text=text.strip(),
        user_id=for_user,
        set_at=at,
        set_by=by.key,
    )
    told = {"follow_up": follow_up.id, "due_on": due_on, "text": follow_up.text}
    record(facts.FollowUpSet(case_id=case_id, facts=told), by=by, at=at)
    return follow_up.id


@verb
def finish_follow_up(case_id: UUID, follow_up_id: UUID, *, by: Actor, at: datetime) -> None:
    """It was seen to.

    Refuses: NotFound, ActIsHeld, ActionNotGranted, CaseIsClosed, FollowUpIsDone.
    """
    follow_up = _open_follow_up(case_id, follow_up_id, by)
    follow_up.done_at = at
    follow_up.save(update_fields=["done_at"])
    record(facts.FollowUpDone(case_id=case_id, facts={"follow_up": follow_up.id}), by=by, at=at)


@verb
def move_follow_up(
    case_id: UUID, follow_up_id: UUID, due_on: date, reason: str, *, by: Actor, at: datetime
) -> None:
    """See the case again on another day, for a reason that is kept.

    Refuses: as ``finish_follow_up``, Invalid (no reason; a day as in ``set_follow_up``).
    """
    follow_up = _open_follow_up(case_id, follow_up_id, by)
    errors = [*_faults_of(due_on, local_date(at))]
    if not reason.strip():
        errors.append(FieldError("/reason", "required"))
    if errors:
        raise Invalid(errors)
    before, follow_up.due_on = follow_up.due_on, due_on
    follow_up.save(update_fields=["due_on"])
    told = {
        "follow_up": follow_up.id,
        "before": before,
        "due_on": due_on,
        "reason": reason.strip(),
    }
    record(facts.FollowUpMoved(case_id=case_id, facts=told), by=by, at=at)


def open_follow_ups(case_id: UUID) -> list[OpenFollowUp]:
    """What somebody wants to see of the case again, the next day first. One statement.

    Whether the reader may see the case is the caller's question.
    """
    found = FollowUp.objects.select_related("user").filter(case_id=case_id, done_at__isnull=True)
    return [
        OpenFollowUp(
            one.id, one.due_on, one.text, one.user_id, one.user.display_name if one.user else ""
        )
        for one in found.order_by("due_on", "id")
    ]


_LIST = """
SELECT f.id, f.case_id, c.reference, c.applicant, p.service_key, p.state, f.due_on, f.text,
       coalesce(u.display_name, a.display_name, ''), coalesce(s.display_name, '')
  FROM workflows_followup f
  JOIN workflows_process p ON p.case_id = f.case_id
  JOIN efile_case c ON c.id = f.case_id
  LEFT JOIN kernel_user u ON u.id = f.user_id
  LEFT JOIN kernel_user a ON a.id = p.assignee_id AND f.user_id IS NULL
  LEFT JOIN kernel_user s ON f.set_by = 'user:' || s.id
 WHERE {open} AND {whose} AND f.due_on <= %(until)s::date
   AND (f.due_on, f.id) > (%(due_on)s::date, %(id)s::uuid)
 ORDER BY f.due_on, f.id LIMIT %(limit)s
"""
_FIRST: Final = Place(date.min, UUID(int=0))


def follow_up_list(
    *,
    everybodys: bool,
    until: date | None,
    by: Actor,
    after: Place | None = None,
    limit: int = 50,
) -> tuple[list[FollowUpItem], Place | None]:
    """A page of one's own and the team's follow-ups, or of ``everybodys``, oldest day first.

    Those due up to ``until``, or all; and where the next page begins. One statement.
    """
    start = after or _FIRST
    asked = reach(by) | {
        "me": by.user_id,
        "until": until or date.max,
        "due_on": start.due_on,
        "id": start.id,
        "limit": limit + 1,
    }
    with connection.cursor() as cursor:
        whose = "true" if everybodys else FOR_ME
        cursor.execute(_LIST.format(open=_OPEN, whose=whose), asked)
        items = [FollowUpItem(*row) for row in cursor.fetchall()]
    if len(items) <= limit:
        return items, None
    last = items[limit - 1]
    return items[:limit], Place(last.due_on, last.id)


def _open_case(case_id: UUID, by: Actor) -> Process:
    process = locked(case_id, by=by)
    require(Action.FOLLOW_UP, case_id, process.scope, by=by)
    if process.state == State.CLOSED:
        raise CaseIsClosed
    return process


def _open_follow_up(case_id: UUID, follow_up_id: UUID, by: Actor) -> FollowUp:
    _open_case(case_id, by)
    follow_up = FollowUp.objects.filter(case_id=case_id, id=follow_up_id).first()
    if follow_up is None:
        raise NotFound
    if follow_up.done_at is not None:
        raise FollowUpIsDone
    return follow_up


def _faults_of(due_on: date, today: date) -> list[FieldError]:
    last = date(today.year + FURTHEST_YEARS, 12, 31)
    if today <= due_on <= last:
        return []
    limits = {"minimum": today.isoformat(), "maximum": last.isoformat()}
    return [FieldError("/due_on", "out_of_range", limits)]


def _able(process: Process, user_id: int) -> bool:
    colleague = User.objects.filter(id=user_id, tenant_id=process.tenant_id, is_active=True).first()
    if colleague is None:
        return False
    return may(Action.FOLLOW_UP, process.case_id, process.scope, by=person(colleague))
