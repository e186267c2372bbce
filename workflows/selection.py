"""Many cases at once: what would change, what cannot and why, and carrying it out one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid, Refusal
from efile.kernel.models import User
from efile.policy import Action, may, person
from workflows.assignment import assign
from workflows.follow_ups import set_follow_up
from workflows.models import State
from workflows.wanted import SEEN, reach

# What somebody can look through before pressing the button.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Assignment:
    """Make somebody responsible; None gives the case back to the team."""

    user_id: int | None


@dataclass(frozen=True, slots=True)
class Reminder:
    """Have the case seen again, by somebody or by the team."""

    due_on: date
    text: str
    user_id: int | None


Change = Assignment | Reminder


@dataclass(frozen=True, slots=True)
class Selected:
    """A selected case as it stands, and why the change cannot be made: a code, or nothing.

    ``seen`` is what a page shows of it: whoever carries the change out later says what they saw.
    """

    case_id: UUID
    reference: str
    applicant: str
    service_key: str
    state: str
    assignee_id: int | None
    assignee: str
    revision: int
    scope: str
    is_held: bool
    hindrance: str = ""

    @property
    def seen(self) -> str:
        return f"{self.revision}.{self.assignee_id or ''}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: ``refusal`` is the code of what spoke against it, or empty."""

    case: Selected
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Intended:
    """A change of one case by somebody who saw it as ``seen``."""

    case_id: UUID
    seen: str
    change: Change


# In the order in which they were asked for.
_SELECTED = """
SELECT p.case_id, c.reference, c.applicant, p.service_key, p.state, p.assignee_id,
       coalesce(u.display_name, ''), p.revision, p.scope,
       EXISTS (SELECT FROM workflows_heldact h WHERE h.case_id = p.case_id)
  FROM unnest(%(cases)s::uuid[]) WITH ORDINALITY s(id, place)
  JOIN workflows_process p ON p.case_id = s.id
  JOIN efile_case c ON c.id = p.case_id
  LEFT JOIN kernel_user u ON u.id = p.assignee_id
 WHERE p.tenant_id = %(tenant)s AND {seen}
 ORDER BY s.place
"""


def plan(case_ids: Sequence[UUID], change: Change | None = None, *, by: Actor) -> list[Selected]:
    """The selected cases that ``by`` sees, each with what hinders ``change``.

    One statement, two more for a change that names somebody. Refuses: Invalid (more than
    ``MOST`` cases).
    """
    return _planned(dict.fromkeys(case_ids, change), by)


def carry_out(intended: Sequence[Intended], *, by: Actor, at: datetime) -> list[Outcome]:
    """Make each change in a transaction of its own, as far as nothing speaks against it.

    What somebody else changed since it was seen stays as it is. Refuses: as ``plan``.
    """
    steps = {one.case_id: one for one in intended}
    found = _planned({case_id: one.change for case_id, one in steps.items()}, by)
    return [Outcome(one, _carried_out(one, steps[one.case_id], by, at)) for one in found]


def _planned(changes: Mapping[UUID, Change | None], by: Actor) -> list[Selected]:
    if len(changes) > MOST:
        raise Invalid([FieldError("/case", "max_items", {"limit": MOST})])
    asked = reach(by) | {"cases": list(changes)}
    with connection.cursor() as cursor:
        cursor.execute(_SELECTED.format(seen=SEEN), asked)
        rows = cursor.fetchall()
    named = {one.user_id for one in changes.values() if one and one.user_id is not None}
    colleagues = _colleagues(named, by)
    found = [Selected(*row) for row in rows]
    return [
        replace(case, hindrance=_hindrance(case, change, colleagues, by))
        if (change := changes[case.case_id])
        else case
        for case in found
    ]


def _colleagues(named: set[int], by: Actor) -> dict[int, Actor]:
    """Those who are named, as actors."""
    if not named:
        return {}
    users = User.objects.filter(id__in=named, tenant_id=by.tenant_id, is_active=True)
    return {user.pk: by if user.pk == by.user_id else person(user) for user in users}


def _hindrance(case: Selected, change: Change, colleagues: Mapping[int, Actor], by: Actor) -> str:
    """The code of whatever the verb would refuse, or of what would change nothing."""
    is_assignment = isinstance(change, Assignment)
    action, needed = (
        (Action.ASSIGN, Action.EXAMINE) if is_assignment else (Action.FOLLOW_UP, Action.FOLLOW_UP)
    )
    if case.is_held:
        return "act_is_held"
    if not may(action, case.case_id, case.scope, by=by):
        return "action_not_granted"
    if case.state == State.CLOSED:
        return "case_is_closed"
    if is_assignment and case.assignee_id == change.user_id:
        return "unchanged"
    if change.user_id is None:
        return ""
    colleague = colleagues.get(change.user_id)
    able = colleague and may(needed, case.case_id, case.scope, by=colleague)
    return "" if able else "not_able"


def _carried_out(case: Selected, step: Intended, by: Actor, at: datetime) -> str:
    if case.seen != step.seen:
        return "case_changed"
    if case.hindrance:
        return case.hindrance
    try:
        _make(step.change, case, by, at)
    except Invalid as refusal:
        return refusal.errors[0].rule
    except Refusal as refusal:
        return refusal.code
    return ""


def _make(change: Change, case: Selected, by: Actor, at: datetime) -> None:
    if isinstance(change, Assignment):
        assign(case.case_id, change.user_id, by=by, at=at, revision=case.revision)
    else:
        set_follow_up(case.case_id, change.due_on, change.text, change.user_id, by=by, at=at)


def give_back(
    before: Mapping[UUID, int | None], after: int | None, *, by: Actor, at: datetime
) -> list[Outcome]:
    """Undo an assignment to ``after``: each case goes to whoever had it ``before``.

    What somebody else has assigned since stays where it is. Refuses: as ``plan``.
    """
    steps = [
        Intended(
            one.case_id,
            one.seen if one.assignee_id == after else "",
            Assignment(before[one.case_id]),
        )
        for one in plan(list(before), by=by)
    ]
    return carry_out(steps, by=by, at=at)
