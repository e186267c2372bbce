"""What somebody has typed and not yet sent: kept for them alone, and no part of the file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.kernel.verbs import verb
from efile.lifecycle import CaseIsClosed
from workflows.machine import ActIsHeld, known_to
from workflows.models import Draft, HeldAct, Process, State

# Values by field, as a form sends them.
Typed = Mapping[str, Sequence[str]]

LARGEST: Final = 100_000
KEPT_FOR: Final = timedelta(days=90)


class DraftTooLarge(Invalid):
    """More was typed than any form takes (``limit`` bytes of JSON)."""

    code = "draft_too_large"


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft of the form of ``action``; ``revision`` is the case's that it was typed against."""

    id: UUID
    action: str
    typed: Typed
    revision: int
    saved_at: datetime


@verb
def save_draft(
    case_id: UUID, action: str, typed: Typed, *, revision: int | None, by: Actor, at: datetime
) -> Saved:
    """Keep what ``by`` typed into the form of ``action``, in the place of what was kept before.

    Nothing of it is recorded. Refuses: NotFound, CaseIsClosed, ActIsHeld, DraftTooLarge.
    """
    if by.user_id is None:
        raise NotFound
    sent = HeldAct.objects.filter(case_id=OuterRef("case_id"), action=action, user_id=by.user_id)
    process = (
        Process.objects.filter(known_to(by), case_id=case_id).annotate(is_sent=Exists(sent)).first()
    )
    if process is None:
        raise NotFound
    if process.state == State.CLOSED:
        raise CaseIsClosed
    if process.is_sent:
        # What was sent comes back as a draft when it is taken back: nothing may be in its place.
        raise ActIsHeld
    seen = process.revision if revision is None else revision
    return put(process.tenant_id, case_id, by.user_id, action, typed, revision=seen, at=at)


@verb
def discard_draft(case_id: UUID, action: str, *, by: Actor) -> None:
    """Throw away what ``by`` typed into the form of ``action``. Refuses: NotFound."""
    require_seen(case_id, by=by)
    forget(case_id, action, by.user_id)


def require_seen(case_id: UUID, *, by: Actor) -> None:
    """Refuse with NotFound unless ``by`` sees the case. One statement."""
    if not Process.objects.filter(known_to(by), case_id=case_id).exists():
        raise NotFound


def drafts_of(case_id: UUID, *, by: Actor) -> dict[str, Saved]:
    """What ``by`` has typed on the case, by action. One statement.

    Whether ``by`` may see the case is the caller's question.
    """
    mine = Draft.objects.filter(Q(user_id=by.user_id), case_id=case_id)
    return {draft.action: _saved(draft) for draft in mine}


_PUT = """
INSERT INTO workflows_draft (id, tenant_id, case_id, user_id, action, content, revision, saved_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (case_id, user_id, action) DO UPDATE
   SET content = EXCLUDED.content, revision = EXCLUDED.revision, saved_at = EXCLUDED.saved_at
RETURNING id
"""


def put(
    tenant_id: int,
    case_id: UUID,
    user_id: int,
    action: str,
    typed: Typed,
    *,
    revision: int,
    at: datetime,
) -> Saved:
    """Keep a draft for somebody; whether they may is the caller's question."""
    content = json.dumps({name: list(values) for name, values in typed.items()}, ensure_ascii=False)
    if len(content.encode()) > LARGEST:
        raise DraftTooLarge([FieldError("", "draft_too_large", {"limit": LARGEST})])
    row: list[Any] = [uuid7(), tenant_id, case_id, user_id, action, content, revision, at]
    with connection.cursor() as cursor:
        cursor.execute(_PUT, row)
        (key,) = cursor.fetchone()
    return Saved(key, action, typed, revision, at)


def forget(case_id: UUID, action: str, user_id: int | None) -> None:
    """The form of ``action`` was sent: what was kept of it is no longer wanted."""
    Draft.objects.filter(Q(user_id=user_id), case_id=case_id, action=action).delete()


def typed_from(said: Mapping[str, Any]) -> Typed:
    """What a form said, in the shape in which a form sends it."""
    return {
        name: [str(one) for one in value] if isinstance(value, list) else [str(value)]
        for name, value in said.items()
        if value is not None
    }


def clear_away(*, at: datetime) -> int:
    """Delete the drafts of closed cases and those nobody came back to; returns how many."""
    past = Q(case__closed_at__isnull=False) | Q(saved_at__lt=at - KEPT_FOR)
    return Draft.objects.filter(past).delete()[0]


def _saved(draft: Draft) -> Saved:
    return Saved(draft.id, draft.action, draft.content, draft.revision, draft.saved_at)
