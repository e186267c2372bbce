"""The debts: every owed reaction is carried out once, whatever dies in between."""

import random
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import connection
from django.db.models import F, Min
from django.db.models.functions import Now

from efile.kernel import events
from efile.kernel.clock import real_now
from efile.kernel.models import Delivery
from efile.kernel.verbs import unit_of_work

log = structlog.get_logger()

# How long a worker may take for one reaction before another may try it.
LEASE = timedelta(seconds=30)
ATTEMPTS_BEFORE_DEAD = 12
LONGEST_PAUSE = 3600.0


@dataclass(frozen=True, slots=True)
class Debt:
    """A claimed delivery. ``attempts`` doubles as the claim: a later claim makes this one void."""

    id: int
    reaction: str
    subject: UUID
    attempts: int
    correlation: str


# By the clock that the database's default for due_at reads. The last attempt is taken for dead
# until it says otherwise: a reaction that kills its worker must not come back for ever.
_CLAIM = """
UPDATE kernel_delivery
   SET attempts = attempts + 1, is_dead = attempts + 1 >= %s,
       due_at = statement_timestamp() + make_interval(secs => %s)
 WHERE id = ANY(ARRAY(
       SELECT id FROM kernel_delivery WHERE due_at <= statement_timestamp() AND NOT is_dead
        ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING id, reaction, subject, attempts, correlation
"""


def drain(*, limit: int = 20) -> int:
    """Carry out up to ``limit`` due reactions; returns how many were tried.

    Claimed one by one: a worker that is killed costs one debt one attempt and one lease, and a
    slow register does not use up the leases of others.
    """
    for tried in range(limit):
        claimed = claim(limit=1)
        if not claimed:
            return tried
        (debt,) = claimed
        with structlog.contextvars.bound_contextvars(correlation=debt.correlation):
            _settle(debt)
    return limit


def claim(*, limit: int) -> list[Debt]:
    """Up to ``limit`` due debts, oldest first, that nobody else may try while the lease runs."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [ATTEMPTS_BEFORE_DEAD, LEASE.total_seconds(), limit])
        return sorted((Debt(*row) for row in cursor.fetchall()), key=lambda debt: debt.id)


def _settle(debt: Debt) -> None:
    try:
        reaction = events.reaction(debt.reaction)
        prepared = reaction.prepare(debt.subject) if reaction.prepare else None
        with unit_of_work():
            if _still_ours(debt):
                reaction.apply(debt.subject, prepared)
    except Exception as error:  # noqa: BLE001 - whatever it was, the debt stays and someone hears of it
        _put_off(debt, error)


def _still_ours(debt: Debt) -> bool:
    """Strike the debt off in the transaction of its effect: both happen, or neither.

    Nothing is struck when the lease ran out and another worker claimed it meanwhile.
    """
    struck, _ = Delivery.objects.filter(id=debt.id, attempts=debt.attempts).delete()
    return bool(struck)


def _put_off(debt: Debt, error: Exception) -> None:
    dead = debt.attempts >= ATTEMPTS_BEFORE_DEAD
    pause = min(2.0**debt.attempts, LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311
    Delivery.objects.filter(id=debt.id, attempts=debt.attempts).update(
        due_at=Now() + timedelta(seconds=pause),
        is_dead=dead,
        last_failure=type(error).__name__,
    )
    log.error(
        "reaction_failed",
        reaction=debt.reaction,
        subject=str(debt.subject),
        attempt=debt.attempts,
        dead=dead,
        exc_info=(type(error), error, error.__traceback__),
    )


def owes(reaction: str, subject: UUID) -> bool:
    """Whether ``reaction`` is still to be carried out for ``subject``, now or later."""
    return Delivery.objects.filter(reaction=reaction, subject=subject, is_dead=False).exists()


def revive(delivery_id: int) -> bool:
    """Try a dead delivery again from the start; False when there is none under that id."""
    return bool(
        Delivery.objects.filter(id=delivery_id, is_dead=True).update(
            is_dead=False, attempts=0, due_at=Now()
        )
    )


def oldest_undelivered_seconds() -> float:
    """The age of the oldest debt, dead ones included; 0 when nothing is owed."""
    oldest = Delivery.objects.aggregate(oldest=Min(F("created_at")))["oldest"]
    return (real_now() - oldest).total_seconds() if oldest else 0.0


def dead_deliveries() -> int:
    """How many debts were given up on and wait for a person."""
    return Delivery.objects.filter(is_dead=True).count()
