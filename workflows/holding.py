"""A minute's recall: what leaves the house is held back that long, and can be taken back."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from efile.kernel import outbox
from efile.kernel.actors import Actor, system
from efile.kernel.clock import now
from efile.kernel.errors import Conflict, Invalid, Refusal
from efile.kernel.journal import record
from efile.kernel.models import User
from efile.kernel.verbs import part, verb
from efile.policy import Action, ActionNotGranted, person, require
from workflows import drafts, facts
from workflows.acts import ACTS, Said
from workflows.letters import require_words
from workflows.machine import CaseChanged, locked
from workflows.models import HeldAct, Process, Task

JOB: Final = "acts"
# The reaction of the wiring that carries out what is held.
REACTION: Final = "acts.carry_out"


class NothingIsHeld(Conflict):
    """It has gone out already, or somebody took it back."""

    code = "nothing_is_held"


class _Rehearsed(Exception):
    """The act could be carried out; this takes it back."""


@dataclass(frozen=True, slots=True)
class Held:
    """An act that leaves the house at ``due_at``, unless it is taken back before."""

    action: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Recalled:
    """An act that was taken back, and whose it was."""

    action: str
    user_id: int


def leaves_at(held_at: datetime) -> datetime:
    """When an act that was held at ``held_at`` leaves the house."""
    return held_at + timedelta(seconds=settings.RECALL_SECONDS)


@verb
def hold(
    case_id: UUID,
    action: str,
    said: Said,
    *,
    by: Actor,
    at: datetime,
    revision: int | None = None,
) -> Held | None:
    """Do ``action`` (a key of ``ACTS``) in a minute; None where it was done at once.

    It is carried out and undone again, so that whatever is refused is refused now: what the act
    itself refuses, PlaceholderMissing (its letter would have a gap), ActIsHeld.
    """
    wait = timedelta(seconds=settings.RECALL_SECONDS)
    if not wait or by.user_id is None:
        _act(case_id, action, said, by=by, at=at, revision=revision)
        drafts.forget(case_id, action, by.user_id)
        return None
    process = locked(case_id, by=by)
    _rehearse(case_id, action, said, by=by, at=at, revision=revision)
    HeldAct.objects.create(
        tenant_id=process.tenant_id,
        case_id=case_id,
        action=action,
        said=dict(said),
        user_id=by.user_id,
        revision=process.revision,
        held_at=at,
    )
    drafts.forget(case_id, action, by.user_id)
    # What was said stays out of the journal until it is done.
    record(facts.ActHeld(case_id=case_id, facts={"action": action}, pause=wait), by=by, at=at)
    return Held(action, leaves_at(at))


@verb
def recall(case_id: UUID, *, by: Actor, at: datetime) -> Recalled:
    """Take back what is held. What was typed is a draft again, of whoever typed it.

    Refuses: NotFound, NothingIsHeld, ActionNotGranted (another's act, and ``by`` is no head).
    """
    process = locked(case_id, by=by, even_held=True)
    held = HeldAct.objects.filter(case_id=case_id).first()
    if held is None:
        raise NothingIsHeld
    if held.user_id != by.user_id:
        require(Action.RECALL, case_id, process.scope, by=by)
    held.delete()
    _as_draft(process, held, at)
    record(facts.ActRecalled(case_id=case_id, facts={"action": held.action}), by=by, at=at)
    return Recalled(held.action, held.user_id)


def carry_out(case_id: UUID, _prepared: None = None) -> None:
    """Do what is held on the case, as the person who held it, with their rights of this moment.

    A reaction: it runs in the transaction that strikes off its debt. What is refused now becomes
    a task, and what was typed a draft.
    """
    tenant_id = Process.objects.values_list("tenant_id", flat=True).get(case_id=case_id)
    by, at = system(tenant_id, JOB), now()
    process = locked(case_id, by=by)
    held = HeldAct.objects.filter(case_id=case_id).first()
    # Something was taken back and something else held: that one's own debt comes later.
    if held is None or outbox.owes(REACTION, case_id):
        return
    held.delete()
    try:
        with part():
            if process.revision != held.revision:
                raise CaseChanged
            doer = _still_here(held)
            _act(case_id, held.action, held.said, by=doer, at=at, revision=held.revision)
    except Refusal as refusal:
        _fail(process, held, refusal, by=by, at=at)


@verb
def note_failure(case_id: UUID, *, by: Actor, at: datetime) -> None:
    """Somebody has seen that an act was not carried out: its task is done.

    Refuses: NotFound, ActionNotGranted.
    """
    process = locked(case_id, by=by)
    require(Action.EXAMINE, case_id, process.scope, by=by)
    Task.objects.filter(case_id=case_id, facts__reason="act_failed", done_at__isnull=True).update(
        done_at=at, done_by=by.key
    )


def _act(
    case_id: UUID, action: str, said: Said, *, by: Actor, at: datetime, revision: int | None
) -> None:
    ACTS[action](case_id, said, by=by, at=at, revision=revision)
    require_words(case_id, made_at=at)


def _rehearse(
    case_id: UUID, action: str, said: Said, *, by: Actor, at: datetime, revision: int | None
) -> None:
    with suppress(_Rehearsed), part():
        _act(case_id, action, said, by=by, at=at, revision=revision)
        raise _Rehearsed


def _still_here(held: HeldAct) -> Actor:
    user = User.objects.filter(id=held.user_id, is_active=True).first()
    if user is None:
        raise ActionNotGranted(action=held.action)
    return person(user)


def _fail(process: Process, held: HeldAct, refusal: Refusal, *, by: Actor, at: datetime) -> None:
    """Lose nothing silently: a task for whoever looks next, and the text for who wrote it."""
    _as_draft(process, held, at)
    said = {"action": held.action, "because": _code(refusal)}
    Task.objects.create(
        tenant_id=process.tenant_id,
        case_id=process.case_id,
        kind="examine",
        facts={"reason": "act_failed", **said},
        opened_at=at,
    )
    record(facts.ActFailed(case_id=process.case_id, facts=said), by=by, at=at)


def _code(refusal: Refusal) -> str:
    """What was refused: of a form the first rule that it broke."""
    if isinstance(refusal, Invalid) and refusal.code == Invalid.code and refusal.errors:
        return refusal.errors[0].rule
    return refusal.code


def _as_draft(process: Process, held: HeldAct, at: datetime) -> None:
    typed = drafts.typed_from(held.said)
    drafts.put(
        process.tenant_id,
        process.case_id,
        held.user_id,
        held.action,
        typed,
        revision=process.revision,
        at=at,
    )
