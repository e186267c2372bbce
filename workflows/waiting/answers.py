"""What becomes of an offered place: accepted, declined, or left to lapse."""

import json
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import structlog
from django.db.models import Exists, OuterRef, Q

from efile.kernel.actors import Actor, system
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid, Refusal
from efile.kernel.models import User
from efile.kernel.verbs import part, verb
from efile.policy import Action, ActionNotGranted, person, require
from workflows.decisions import decide
from workflows.machine import Step, announce, locked, locked_submission
from workflows.models import PlaceOffer, PlaceOfferState, Process, StandingMatter, Task
from workflows.repeat import fingerprint, once
from workflows.waiting import entries, offering, places

log = structlog.get_logger()

Answer = Literal["accept", "decline"]
JOB: Final = "waiting"
BATCH: Final = 200
LONGEST_NOTE: Final = 300


class PlaceNotOffered(Conflict):
    """The case is offered no place at present."""

    code = "place_not_offered"


class PlaceOfferLapsed(Conflict):
    """The place was kept until ``due_on``; it goes to the next in line."""

    code = "place_offer_lapsed"


def answer_submission(
    submission_id: UUID, answer: Answer, *, key: str | None, by: Actor, at: datetime
) -> tuple[str, bool]:
    """The sender accepts or declines the place; returns (JSON of the new state, replayed).

    Refuses: NotFound, InClarification, PlaceNotOffered, PlaceOfferLapsed, KeyReused.
    """

    def act() -> str:
        return json.dumps(_answered(submission_id, answer, by, at))

    digest = fingerprint(f"place-offer:{submission_id}", {"answer": answer})
    return once(key, digest, by=by, act=act)


@verb
def _answered(submission_id: UUID, answer: Answer, by: Actor, at: datetime) -> dict[str, Any]:
    process = locked_submission(submission_id, by=by)
    made = _take(process, answer, "", by, at)
    return {"id": str(made.id), "state": made.state, "answered_at": at.isoformat()}


@verb
def note_answer(case_id: UUID, answer: Answer, note: str, *, by: Actor, at: datetime) -> PlaceOffer:
    """What the applicant told somebody of the office, who says how they know (``note``).

    Refuses: NotFound, ActIsHeld, ActionNotGranted, PlaceNotOffered, PlaceOfferLapsed, Invalid.
    """
    process = locked(case_id, by=by)
    if not note.strip():
        raise Invalid([FieldError("/note", "required")])
    if len(note.strip()) > LONGEST_NOTE:
        raise Invalid([FieldError("/note", "max_length", {"limit": LONGEST_NOTE})])
    return _take(process, answer, note.strip(), by, at)


def lapse_places(*, at: datetime) -> int:
    """Offers nobody answered in time go to the next in line; returns how many were over."""
    over = PlaceOffer.objects.filter(state=PlaceOfferState.OPEN, due_on__lt=local_date(at))
    waiting = over.order_by("due_on", "id").values_list("case_id", "tenant_id")[:BATCH]
    return sum(_lapse(case_id, system(tenant_id, JOB), at) for case_id, tenant_id in waiting)


@verb
def _lapse(case_id: UUID, by: Actor, at: datetime) -> int:
    process = locked(case_id, by=by)
    made = _open_offer(process)
    # Somebody may have answered while we waited for the lock.
    if made is None or not offering.due(made, local_date(at)):
        return 0
    offering.settle(made, PlaceOfferState.LAPSED, by=by, at=at)
    announce(process, "waiting_listed", at=at)
    offering.succeed(made.round_id, by=by, at=at)
    return 1


def free_ended(*, at: datetime) -> int:
    """Places whose matter is over are free for the next round; returns how many."""
    today = local_date(at)
    matters = StandingMatter.objects.filter(case_id=OuterRef("case_id"))
    standing = matters.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=today),
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
    )
    over = PlaceOffer.objects.filter(
        Exists(matters), ~Exists(standing), state=PlaceOfferState.ACCEPTED
    )
    found = over.values_list("case_id", "tenant_id")[:BATCH]
    return sum(_free(case_id, system(tenant_id, JOB), at) for case_id, tenant_id in found)


@verb
def _free(case_id: UUID, by: Actor, at: datetime) -> int:
    locked(case_id, by=by)
    made = PlaceOffer.objects.select_related("entry").filter(
        case_id=case_id, state=PlaceOfferState.ACCEPTED
    )
    one = made.first()
    if one is None:
        return 0
    places.lock(one.tenant_id, one.entry.list_key)
    offering.settle(one, PlaceOfferState.ENDED, by=by, at=at)
    offering.succeed(one.round_id, by=by, at=at)
    return 1


def _open_offer(process: Process) -> PlaceOffer | None:
    """What the case is offered, under the lock of its list."""
    open_ones = PlaceOffer.objects.select_related("entry").filter(
        case_id=process.case_id, state=PlaceOfferState.OPEN
    )
    made = open_ones.first()
    if made is None:
        return None
    places.lock(made.tenant_id, made.entry.list_key)
    return open_ones.first()


def _take(process: Process, answer: Answer, note: str, by: Actor, at: datetime) -> PlaceOffer:
    require(Action.ANSWER_PLACE, process.case_id, process.scope, by=by)
    made = _open_offer(process)
    if made is None:
        raise PlaceNotOffered
    if offering.due(made, local_date(at)):
        raise PlaceOfferLapsed(due_on=made.due_on.isoformat())
    if answer == "decline":
        offering.settle(made, PlaceOfferState.DECLINED, note, by=by, at=at)
        announce(process, "waiting_listed", at=at)
        offering.succeed(made.round_id, by=by, at=at)
        return made
    offering.settle(made, PlaceOfferState.ACCEPTED, note, by=by, at=at)
    entries.strike(made.entry, "placed", by=by, at=at)
    _grant(process, made, by, at)
    return made


def _grant(process: Process, made: PlaceOffer, by: Actor, at: datetime) -> None:
    """Whoever carried the round out has decided; taking the place makes it a grant.

    What stands against it now (a fault in the form, a right that is gone) is for a person to see.
    """
    try:
        with part():
            decider = by if by.kind == "user" else _decider(made)
            decide(process.case_id, Step.GRANT, by=decider, at=at)
    except Refusal as refusal:
        log.info("not_granted", case=str(process.case_id), because=refusal.code)
        Task.objects.create(
            tenant_id=process.tenant_id,
            case_id=process.case_id,
            kind="examine",
            facts={"reason": "place_accepted", "because": refusal.code},
            opened_at=at,
        )


def _decider(made: PlaceOffer) -> Actor:
    kind, _, number = made.offered_by.partition(":")
    user = User.objects.filter(id=int(number), is_active=True).first() if kind == "user" else None
    if user is None:
        raise ActionNotGranted(action=Action.DECIDE.value)
    return person(user)
