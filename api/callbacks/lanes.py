"""What is owed to each receiver: collected from the feed, claimed for a call, struck off after it.

A lane holds the events of one submission that have not arrived; it goes when the last of them has.
Locks are taken on the target first, then on its lanes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from random import SystemRandom
from typing import Final
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from api.callbacks import breaker
from api.callbacks.breaker import Circuit
from api.models import CallbackLane, CallbackTarget
from efile.kernel.actors import Actor
from efile.kernel.ids import uuid7
from workflows.feed import News, news, with_news

log = structlog.get_logger()

# Events put on lanes in one transaction.
COLLECTED_AT_ONCE: Final = 1000
GONE: Final = "gone"
_chance = SystemRandom()


def active() -> QuerySet[CallbackTarget]:
    """The targets that may be called: nobody has paused them, and their client is let in."""
    return CallbackTarget.objects.filter(paused_by="", client__deactivated_at__isnull=True)


def collect(*, at: datetime) -> int:
    """Put every new event on its lane; returns how many. Two statements where there is none."""
    known = list(active().values_list("id", "tenant_id", "source", "collected"))
    total = 0
    for index in with_news([(tenant, source, to) for _, tenant, source, to in known]):
        while found := _collect_for(known[index][0], at):
            total += found
    return total


_PUT = """
INSERT INTO api_callbacklane (id, tenant_id, target_id, submission, delivered, collected, pending,
                              waiting_since, attempts, last_failure, due_at)
SELECT n.id, %(tenant)s, %(target)s, n.submission, %(after)s, n.last, n.count,
       %(at)s, 0, '', %(at)s
  FROM unnest(%(ids)s::uuid[], %(submissions)s::uuid[], %(lasts)s::bigint[], %(counts)s::int[])
       AS n (id, submission, last, count)
    ON CONFLICT (target_id, submission) DO UPDATE
   SET collected = EXCLUDED.collected, pending = api_callbacklane.pending + EXCLUDED.pending
"""


@transaction.atomic
def _collect_for(target_id: int, at: datetime) -> int:
    """The next events of one target; returns by how many positions its feed went on."""
    locked = active().select_related("client").select_for_update(of=("self",), skip_locked=True)
    target = locked.filter(id=target_id).first()
    if target is None:
        return 0
    before = target.collected
    found, target.collected = news(after=before, limit=COLLECTED_AT_ONCE, by=receiver(target))
    if found:
        _put(target, found, after=before, at=at)
    target.save(update_fields=["collected"])
    return target.collected - before


def receiver(target: CallbackTarget) -> Actor:
    """The portal itself: what it may read is what it is told."""
    allowed = frozenset(target.client.allowed_scopes.split())
    return Actor(tenant_id=target.tenant_id, kind="portal", key=target.source, permissions=allowed)


def _put(target: CallbackTarget, found: Sequence[News], *, after: int, at: datetime) -> None:
    """A lane that is there grows; one that is new begins after everything collected so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT,
            {
                "tenant": target.tenant_id,
                "target": target.id,
                "after": after,
                "at": at,
                "ids": [uuid7() for _ in found],
                "submissions": [one.submission for one in found],
                "lasts": [one.last for one in found],
                "counts": [one.count for one in found],
            },
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """A lane that is ours until ``lease``: to be told what came after ``delivered``."""

    lane: UUID
    target: int
    submission: UUID
    delivered: int
    collected: int
    lease: datetime
    is_probe: bool = False


def due_targets(*, at: datetime) -> list[CallbackTarget]:
    """The targets with something to try at ``at``. One statement."""
    waiting = CallbackLane.objects.filter(target=OuterRef("id"), given_up_at__isnull=True)
    is_closed = Q(opened_at__isnull=True) & Exists(waiting.filter(due_at__lte=at))
    due = active().filter(is_closed | Q(open_until__lte=at) & Exists(waiting))
    return list(due.select_related("client"))


_CLAIM: Final = """
UPDATE api_callbacklane l SET due_at = %(lease)s
  FROM (SELECT id FROM api_callbacklane
         WHERE target_id = %(target)s AND given_up_at IS NULL AND due_at <= %(due)s
         ORDER BY attempts, due_at LIMIT %(most)s FOR UPDATE SKIP LOCKED) c
 WHERE l.id = c.id
RETURNING l.id, l.submission, l.delivered, l.collected, l.due_at
"""


def claim(target: CallbackTarget, *, most: int, at: datetime, lease: timedelta) -> list[Claim]:
    """Lanes of ``target`` to be tried now, at most so many; ours for as long as the lease.

    Of an open circuit one lane, and that once per pause: the one that was tried least.
    """
    until = at + lease
    if target.opened_at is None:
        return _claim(target, due=at, most=most, lease=until)
    probing = CallbackTarget.objects.filter(id=target.id, open_until__lte=at)
    if not probing.update(open_until=until):
        return []
    far = at + breaker.LONGEST_WISH
    return _claim(target, due=far, most=1, lease=until, is_probe=True)


def _claim(
    target: CallbackTarget, *, due: datetime, most: int, lease: datetime, is_probe: bool = False
) -> list[Claim]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"target": target.id, "due": due, "most": most, "lease": lease})
        return [
            Claim(lane, target.id, submission, delivered, collected, until, is_probe)
            for lane, submission, delivered, collected, until in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call for a claimed lane went: ``failure`` is empty where all it told has arrived.

    ``arrived`` is the position of the last event told, ``count`` how many there were.
    """

    claim: Claim
    arrived: int
    count: int
    failure: str = ""
    wish: timedelta | None = None
    is_gone: bool = False


def note(outcomes: Iterable[Outcome], *, at: datetime) -> list[int]:
    """Strike off what has arrived, and set when the rest is tried again.

    Returns the targets that are not to be called any more for now.
    """
    by_target: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        by_target.setdefault(outcome.claim.target, []).append(outcome)
    return [target for target, of_it in by_target.items() if not _note_for(target, of_it, at)]


def release(claims: Iterable[Claim], *, at: datetime) -> None:
    """Let others have lanes that were claimed and not told anything."""
    for lease, of_lease in groupby(claims, key=lambda claim: claim.lease):
        ids = [claim.lane for claim in of_lease]
        CallbackLane.objects.filter(id__any=ids, due_at=lease).update(due_at=at)


@transaction.atomic
def _note_for(target_id: int, outcomes: Sequence[Outcome], at: datetime) -> bool:
    """Whether the target may be called on."""
    target = CallbackTarget.objects.select_for_update().filter(id=target_id).first()
    if target is None:  # its client wants no calls any more
        return False
    claimed = [outcome.claim.lane for outcome in outcomes]
    locked = CallbackLane.objects.select_for_update().filter(id__any=claimed)
    by_id = {lane.id: lane for lane in locked}
    done = []
    for outcome in outcomes:
        lane = by_id.get(outcome.claim.lane)
        if outcome.failure:
            _note_failure(target, lane, outcome, at)
        elif _note_success(target, lane, outcome, at):
            done.append(outcome.claim.lane)
    if done:
        CallbackLane.objects.filter(id__any=done).delete()
    target.save(
        update_fields=[*_CIRCUIT, "last_success_at", "last_failure_at", "last_failure", "paused_by"]
    )
    return not (target.paused_by or circuit_of(target).is_open)


def _note_success(
    target: CallbackTarget, lane: CallbackLane | None, outcome: Outcome, at: datetime
) -> bool:
    """Whether nothing is left of the lane. One that somebody else moved meanwhile is theirs.

    A lane without anything to tell was called for nothing, so it says nothing of the receiver.
    """
    before = circuit_of(target)
    if outcome.count:
        target.last_success_at = at
        _keep(target, before.succeeded())
        if before.is_open:
            _go_on(target, before, at)
    elif outcome.claim.is_probe:
        target.open_until = at
    if lane is None or lane.delivered != outcome.claim.delivered:
        return False
    if lane.collected <= outcome.arrived:
        return True
    lane.delivered = outcome.arrived
    lane.pending = max(lane.pending - outcome.count, 1)
    lane.attempts, lane.failing_since, lane.last_failure = 0, None, ""
    lane.waiting_since = at
    lane.due_at = None if lane.given_up_at else at
    lane.save()
    return False


def _note_failure(
    target: CallbackTarget, lane: CallbackLane | None, outcome: Outcome, at: datetime
) -> None:
    draw = _chance.random()
    target.last_failure_at, target.last_failure = at, outcome.failure
    if outcome.is_gone:
        target.paused_by = GONE
    before, is_probe = circuit_of(target), outcome.claim.is_probe
    after = before.failed(
        outcome.claim.submission, at=at, wish=outcome.wish, draw=draw, is_probe=is_probe
    )
    _keep(target, after)
    if after.is_open and not before.is_open:
        log.warning("callback_circuit_opened", client=target.source, failure=outcome.failure)
    if lane and lane.due_at == outcome.claim.lease:
        _failed(lane, outcome, at, draw)
    if is_probe and breaker.is_given_up(after.failing_since or at, at):
        _give_up_whole(target, at)


def _failed(lane: CallbackLane, outcome: Outcome, at: datetime, draw: float) -> None:
    lane.attempts += 1
    lane.failing_since = lane.failing_since or at
    lane.last_failure = outcome.failure
    lane.due_at = breaker.next_try(lane.attempts, at=at, wish=outcome.wish, draw=draw)
    if breaker.is_given_up(lane.failing_since, at):
        lane.due_at, lane.given_up_at = None, at
    lane.save()


def _go_on(target: CallbackTarget, outage: Circuit, at: datetime) -> None:
    """It answers again: everything is due, and what failed only with it begins its days anew.

    What was never tried is due already, or somebody is just telling it.
    """
    waiting = CallbackLane.objects.filter(target=target, given_up_at__isnull=True, attempts__gt=0)
    waiting.update(due_at=at)
    waiting.filter(failing_since__gte=outage.failing_since).update(failing_since=None, attempts=0)
    log.info("callback_circuit_closed", client=target.source)


def _give_up_whole(target: CallbackTarget, at: datetime) -> None:
    """Whoever has not answered for so long is not told any more what has waited for so long."""
    CallbackLane.objects.filter(
        target=target, given_up_at__isnull=True, waiting_since__lte=at - breaker.GIVE_UP_AFTER
    ).update(given_up_at=at, due_at=None, last_failure=target.last_failure)


_CIRCUIT: Final = (
    "failures",
    "failed_lane",
    "failing_since",
    "opened_at",
    "open_until",
    "probes",
)


def circuit_of(target: CallbackTarget) -> Circuit:
    """The breaker as it stands in the row."""
    return Circuit(**{name: getattr(target, name) for name in _CIRCUIT})


def _keep(target: CallbackTarget, circuit: Circuit) -> None:
    for name in _CIRCUIT:
        setattr(target, name, getattr(circuit, name))


def reset(target: CallbackTarget, *, at: datetime) -> None:
    """Begin anew: the circuit closed, and everything that waits due at once."""
    _keep(target, Circuit())
    target.save(update_fields=list(_CIRCUIT))
    CallbackLane.objects.filter(target=target, given_up_at__isnull=True).update(
        due_at=at, failing_since=None, attempts=0
    )


def revive(target: CallbackTarget, lane_id: UUID | None, *, at: datetime) -> int:
    """Try what was given up again, one lane or all; returns how many there were."""
    dead = CallbackLane.objects.filter(target=target, given_up_at__isnull=False)
    if lane_id is not None:
        dead = dead.filter(id=lane_id)
    return dead.update(
        given_up_at=None, due_at=at, failing_since=None, attempts=0, waiting_since=at
    )
