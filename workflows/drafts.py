"""What somebody has typed and not yet sent: kept for them alone, and no part of the file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from efile.facts import MessageWritten, NoteWritten
from efile.kernel.actors import Actor
from efile.kernel.errors import Conflict, FieldError, Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.kernel.verbs import verb
from efile.lifecycle import CaseIsClosed
from workflows.facts import ActHeld, StateChanged
from workflows.machine import ActIsHeld, known_to, locked
from workflows.models import Draft, HeldAct, Process, State

# Values by field, as a form sends them.
Typed = Mapping[str, Sequence[str]]

LARGEST: Final = 100_000
KEPT_FOR: Final = timedelta(days=90)
# What the journal says once a form was sent, by action; the others take a step of their own name.
_SENT: Final[Mapping[str, str]] = {"note": NoteWritten.name, "message": MessageWritten.name}


class DraftTooLarge(Invalid):
    """More was typed than any form takes (``limit`` bytes of JSON)."""

    code = "draft_too_large"


class FormWasSent(Conflict):
    """What is typed here was sent since the page was shown: it is no draft any more."""

    code = "form_was_sent"


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
    case_id: UUID,
    action: str,
    typed: Typed,
    *,
    revision: int | None,
    by: Actor,
    at: datetime,
    shown_at: datetime | None = None,
) -> Saved:
    """Keep what ``by`` typed into the form of ``action``, in the place of what was kept before.

    ``shown_at`` is when the page with the form was made. Nothing of it is recorded. Refuses:
    NotFound, CaseIsClosed, ActIsHeld, FormWasSent, DraftTooLarge.
    """
    if by.user_id is None:
        raise NotFound
    # What is saved while its form is being sent waits for that, and only then looks.
    process = locked(case_id, by=by, even_held=True)
    if process.state == State.CLOSED:
        raise CaseIsClosed
    seen = process.revision if revision is None else revision
    saved = put(
        process.tenant_id,
        case_id,
        by.user_id,
        action,
        typed,
        revision=seen,
        at=at,
        provided=_NOT_SENT,
        said={
            "shown_at": shown_at,
            "actor": by.key,
            "kinds": [_SENT.get(action, StateChanged.name), ActHeld.name],
        },
    )
    if saved:
        return saved
    # What was sent comes back as a draft when it is taken back: nothing may be in its place.
    mine = HeldAct.objects.filter(case_id=case_id, action=action, user_id=by.user_id)
    raise ActIsHeld if mine.exists() else FormWasSent


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
SELECT %(id)s::uuid, %(tenant)s::bigint, %(case)s::uuid, %(user)s::bigint, %(action)s::text,
       %(content)s::jsonb, %(revision)s::int, %(at)s::timestamptz
 WHERE {provided}
ON CONFLICT (case_id, user_id, action) DO UPDATE
   SET content = EXCLUDED.content, revision = EXCLUDED.revision, saved_at = EXCLUDED.saved_at
RETURNING id
"""
# Values that were erased tell no action: the kind of the entry has to do.
_NOT_SENT = """
NOT EXISTS (SELECT FROM workflows_heldact h
             WHERE h.case_id = %(case)s AND h.action = %(action)s::text AND h.user_id = %(user)s)
AND NOT EXISTS (SELECT FROM kernel_journalentry e
                  LEFT JOIN kernel_journalvalues v ON v.chain = e.chain_id AND v.seq = e.seq
                 WHERE e.chain_id = %(case)s AND e.actor = %(actor)s AND e.kind = ANY(%(kinds)s)
                   AND e.at > %(shown_at)s::timestamptz
                   AND %(action)s::text = coalesce(v.values::jsonb #>> '{facts,action}',
                                                   v.values::jsonb #>> '{facts,step}',
                                                   %(action)s::text))
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
    provided: str = "true",
    said: Mapping[str, Any] | None = None,
) -> Saved | None:
    """Keep a draft for somebody; whether they may is the caller's question. One statement.

    None, and nothing is kept, unless ``provided`` (SQL about the draft and what is ``said``).
    """
    content = json.dumps({name: list(values) for name, values in typed.items()}, ensure_ascii=False)
    if len(content.encode()) > LARGEST:
        raise DraftTooLarge([FieldError("", "draft_too_large", {"limit": LARGEST})])
    row: dict[str, Any] = {
        "id": uuid7(),
        "tenant": tenant_id,
        "case": case_id,
        "user": user_id,
        "action": action,
        "content": content,
        "revision": revision,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PUT.format(provided=provided), row | dict(said or {}))
        kept = cursor.fetchone()
    return Saved(kept[0], action, typed, revision, at) if kept else None


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
