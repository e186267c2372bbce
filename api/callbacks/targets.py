"""Where a portal is called back: set by the portal itself, paused and set going by the office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum

from api.callbacks import lanes
from api.callbacks.pushing import Post, ping, seal_context
from api.callbacks.reaching import Resolver, require_reachable
from api.callbacks.sealing import sealed
from api.models import CallbackLane, CallbackTarget, PortalClient
from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from workflows import facts
from workflows.definitions.administrators import names_of, require_administrator
from workflows.feed import last_position, references_of

# For so long the replaced secret signs beside the new one.
OVERLAP: Final = timedelta(hours=24)
# Lanes shown to people at once.
MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Registered:
    """What a portal learns when it has set its address: the secret once, and how the ping went.

    ``ping`` is "" where the receiver took it, else the failure.
    """

    status: dict[str, Any]
    secret: str
    ping: str


def register(
    url: str,
    *,
    after: int | None,
    rotate: bool,
    by: Actor,
    at: datetime,
    resolve: Resolver | None = None,
    post: Post | None = None,
) -> Registered:
    """Have the portal called at ``url`` from now on, or from after position ``after`` of its feed.

    Names are resolved and the ping is sent outside any transaction. A receiver that does not take
    the ping is called all the same; where an administrator paused the calls, there is none.
    Refuses: Invalid (the address).
    """
    require_reachable(url, resolve=resolve)
    secret = set_target(url, after=after, rotate=rotate, by=by, at=at)
    target = _own(by)
    failure = "" if target.paused_by else ping(target, at=at, post=post)
    return Registered(status(by=by, at=at), secret, failure)


@verb
def set_target(
    url: str, *, after: int | None = None, rotate: bool = False, by: Actor, at: datetime
) -> str:
    """Keep the address; returns the secret where a new one was made, else "".

    A new address is tried at once. What is owed stays owed; ``after`` counts for a portal that
    was not called before. ``url`` has been checked.
    """
    client = PortalClient.objects.select_for_update().get(client_id=by.key.partition(":")[2])
    target = CallbackTarget.objects.select_for_update().filter(client=client).first()
    is_new = target is None
    if target is None:
        position = last_position(by=by)
        target = CallbackTarget(
            tenant_id=by.tenant_id,
            client=client,
            source=by.key,
            collected=position if after is None else min(after, position),
        )
    secret = token_urlsafe(48) if is_new or rotate else ""
    if secret:
        if not is_new:
            target.previous_secret, target.previous_until = target.secret, at + OVERLAP
        target.secret = sealed(secret, seal_context(target))
    target.url, target.set_at = url, at
    target.paused_by = "" if target.paused_by == lanes.GONE else target.paused_by
    target.save()
    lanes.reset(target, at=at)
    told = {"client": client.client_id, "rotated": bool(secret) and not is_new}
    record(facts.CallbackSet(case_id=None, facts=told), by=by, at=at)
    return secret


@verb
def remove_target(*, by: Actor, at: datetime) -> None:
    """Call the portal no more; what was owed is forgotten here and stays in its feed.

    Refuses: NotFound.
    """
    target = _own(by, lock=True)
    CallbackLane.objects.filter(target=target).delete()
    target.delete()
    told = {"client": target.client.client_id}
    record(facts.CallbackRemoved(case_id=None, facts=told), by=by, at=at)


def status(*, by: Actor, at: datetime) -> dict[str, Any]:
    """How the calls to the portal fare, for the portal itself. Refuses: NotFound."""
    target = _own(by)
    counts = _counts(CallbackLane.objects.filter(target=target))
    since = target.failing_since
    is_rotating = target.previous_until is not None and at < target.previous_until
    return {
        "url": target.url,
        "state": state_of(target),
        "failing_since": since.isoformat() if since else None,
        "failure": target.last_failure if since else "",
        "undelivered": counts["events"],
        "given_up": counts["given_up"],
        "last_success_at": _said(target.last_success_at),
        "previous_secret_until": _said(target.previous_until) if is_rotating else None,
    }


def state_of(target: CallbackTarget) -> str:
    """ok, failing or paused."""
    if target.paused_by:
        return "paused"
    return "failing" if target.failing_since else "ok"


def _said(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _own(by: Actor, *, lock: bool = False) -> CallbackTarget:
    targets = CallbackTarget.objects.select_related("client")
    targets = targets.select_for_update(of=("self",)) if lock else targets
    target = targets.filter(tenant_id=by.tenant_id, source=by.key).first()
    if target is None:
        raise NotFound
    return target


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A submission whose events are not sent any more until somebody says so."""

    id: UUID
    case_reference: str
    events: int
    waiting_since: datetime
    given_up_at: datetime
    failure: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How the calls to one portal fare, for whoever administers.

    ``events`` wait in ``waiting`` submissions since ``oldest``; ``given_up`` of these are not tried
    any more, the oldest of them by name. ``paused_by`` names a person, or is "" where the receiver
    wants no more calls.
    """

    url: str
    state: str
    paused_by: str
    events: int
    waiting: int
    oldest: datetime | None
    failing_since: datetime | None
    failure: str
    failed_at: datetime | None
    succeeded_at: datetime | None
    next_try_at: datetime | None
    is_late: bool
    given_up: int
    dead: Sequence[GivenUp]


def standing_of(client_id: str, *, by: Actor) -> tuple[str, Standing | None]:
    """The name of a portal, and how the calls to it fare; None where it wants none.

    Five statements at most. Refuses: ActionNotGranted, NotFound.
    """
    require_administrator(by)
    client = PortalClient.objects.filter(tenant_id=by.tenant_id, client_id=client_id).first()
    if client is None:
        raise NotFound
    target = CallbackTarget.objects.filter(client=client).first()
    return client.name, _standing(target, by) if target else None


def _standing(target: CallbackTarget, by: Actor) -> Standing:
    of_target = CallbackLane.objects.filter(target=target)
    counts = _counts(of_target)
    names = names_of([target.paused_by], by=by)
    return Standing(
        url=target.url,
        state=state_of(target),
        paused_by=names.get(target.paused_by, ""),
        events=counts["events"],
        waiting=counts["waiting"],
        oldest=counts["oldest"],
        failing_since=target.failing_since,
        failure=target.last_failure,
        failed_at=target.last_failure_at,
        succeeded_at=target.last_success_at,
        next_try_at=target.open_until or counts["next"],
        is_late=target.is_late,
        given_up=counts["given_up"],
        dead=_given_up(of_target, by) if counts["given_up"] else (),
    )


def _given_up(of_target: QuerySet[CallbackLane], by: Actor) -> list[GivenUp]:
    dead = of_target.filter(given_up_at__isnull=False).order_by("waiting_since", "id")[:MOST_SHOWN]
    references = references_of(by.tenant_id, [lane.submission for lane in dead])
    return [
        GivenUp(
            id=lane.id,
            case_reference=references.get(lane.submission, ""),
            events=lane.pending,
            waiting_since=lane.waiting_since,
            given_up_at=lane.given_up_at or lane.waiting_since,
            failure=lane.last_failure,
        )
        for lane in dead
    ]


@verb
def pause_target(client_id: str, *, by: Actor, at: datetime) -> None:
    """Call the portal no more until somebody resumes; what happens is kept for it.

    Refuses: ActionNotGranted, NotFound.
    """
    target = _administered(client_id, by, lock=True)
    target.paused_by = by.key
    target.save(update_fields=["paused_by"])
    record(facts.CallbackPaused(case_id=None, facts={"client": client_id}), by=by, at=at)


@verb
def resume_target(client_id: str, *, by: Actor, at: datetime) -> None:
    """Try everything that waits at once, whatever was paused or is to be waited for.

    Refuses: ActionNotGranted, NotFound.
    """
    target = _administered(client_id, by, lock=True)
    target.paused_by = ""
    target.save(update_fields=["paused_by"])
    lanes.reset(target, at=at)
    record(facts.CallbackResumed(case_id=None, facts={"client": client_id}), by=by, at=at)


@verb
def resend(client_id: str, lane_id: UUID | None = None, *, by: Actor, at: datetime) -> int:
    """Send what was given up again, of one submission or of all; returns of how many.

    It goes on where it stopped, in order; 0 where somebody was faster.
    Refuses: ActionNotGranted, NotFound.
    """
    target = _administered(client_id, by, lock=True)
    revived = lanes.revive(target, lane_id, at=at)
    if revived:
        told = {"client": client_id, "submissions": revived}
        record(facts.CallbackResent(case_id=None, facts=told), by=by, at=at)
    return revived


def _administered(client_id: str, by: Actor, *, lock: bool = False) -> CallbackTarget:
    require_administrator(by)
    targets = CallbackTarget.objects.select_related("client")
    targets = targets.select_for_update(of=("self",)) if lock else targets
    target = targets.filter(tenant_id=by.tenant_id, client__client_id=client_id).first()
    if target is None:
        raise NotFound
    return target


def _counts(of_target: QuerySet[CallbackLane]) -> Mapping[str, Any]:
    counted: Mapping[str, Any] = of_target.aggregate(
        events=Sum("pending", default=0),
        waiting=Count("id"),
        given_up=Count("id", filter=Q(given_up_at__isnull=False)),
        oldest=Min("waiting_since"),
        next=Min("due_at"),
    )
    return counted
