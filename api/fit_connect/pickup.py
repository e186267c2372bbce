"""One pickup on its way from seen to answered: each step can die, and is then taken again.

The order is what keeps a submission from being lost: what was sent lies on file, durably, before
the delivery service is told that we have it; after that its copy vanishes. And what keeps it from
being doubled: filing is repeat-safe under its id, and an answer is only given to what has none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import structlog
from django.db import connection

from api.fit_connect.client import DeliveryServiceUnavailable, NotThere, Unheard, Waiting
from api.fit_connect.events import InvalidEvent, signed
from api.fit_connect.problems import Faulty, rejection
from api.fit_connect.receiving import Received, Reception
from api.models.fit_connect import FitConnectReply, FitConnectSubmission, Pickup, Stage
from efile.kernel.clock import real_now
from efile.kernel.errors import Refusal

log = structlog.get_logger()

# So long a worker may be at one pickup before another may try it: attachments can be large.
LEASE: Final = timedelta(minutes=10)
SHORTEST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)

P = TypeVar("P", FitConnectSubmission, FitConnectReply)


@dataclass(frozen=True, slots=True)
class Way:
    """How one kind of pickup goes: what it is called, how it is fetched, how it is filed.

    ``file`` puts the received on file and returns the columns of ours to be kept with it.
    """

    what: str
    fetch: Callable[[Waiting], Received]
    file: Callable[[Received, Waiting], Mapping[str, Any]]


_CLAIM: Final = """
UPDATE {table} SET attempts = attempts + 1, due_at = %(until)s
 WHERE id = (SELECT id FROM {table} WHERE due_at <= %(at)s AND tenant_id = %(tenant)s
              ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def claim(model: type[P], tenant_id: int, *, at: datetime) -> P | None:
    """The pickup whose turn it is, nobody else's while the lease runs; None: there is none."""
    statement = _CLAIM.format(table=model._meta.db_table)
    told: dict[str, Any] = {"until": at + LEASE, "at": at, "tenant": tenant_id}
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        row = cursor.fetchone()
    return model.objects.get(id=row[0]) if row else None


def advance(row: Pickup, waiting: Waiting, way: Way, reception: Reception) -> None:
    """Take the pickup as far as it goes. Refuses: DeliveryServiceUnavailable.

    Whatever else goes wrong is noted at the pickup, which is tried again, for ever: after 14 days
    the delivery service itself gives the submission back to its sender.
    """
    try:
        if row.stage == Stage.SEEN:
            _take(row, waiting, way, reception)
        if row.stage in (Stage.FILED, Stage.REFUSED):
            _answer(row, waiting, way, reception)
    except NotThere:
        log.warning("fit_connect_gone", what=way.what, id=str(waiting.id), stage=row.stage)
        _end(row, Stage.GONE)
    except DeliveryServiceUnavailable as refusal:
        put_off(row, refusal.failure)
        raise
    except Refusal as refusal:
        log.warning("fit_connect_later", what=way.what, id=str(waiting.id), because=refusal.code)
        put_off(row, refusal.code)
    except Exception as error:
        # What is wrong with one may not stop the others.
        log.exception("fit_connect_failed", what=way.what, id=str(waiting.id))
        put_off(row, type(error).__name__)


def put_off(row: Any, failure: str) -> None:
    """Try again later, ever less often. ``row`` has ``attempts``, ``due_at`` and ``failure``."""
    pause = min(SHORTEST_PAUSE * 2 ** min(row.attempts - 1, 10), LONGEST_PAUSE)
    row.failure, row.due_at = failure[:60], real_now() + pause
    row.save(update_fields=["failure", "due_at"])


def _take(row: Pickup, waiting: Waiting, way: Way, reception: Reception) -> None:
    """Fetch, check and file; or find that it is formally faulty. Then it is to be answered."""
    try:
        received = way.fetch(waiting)
        ours = way.file(received, waiting)
    except Faulty as faulty:
        log.warning(
            "fit_connect_faulty",
            what=way.what,
            id=str(waiting.id),
            problems=[one.name for one in faulty.problems],
        )
        row.problems = [{"name": one.name, "instance": one.instance} for one in faulty.problems]
        row.stage, told, ours = Stage.REFUSED, rejection(faulty.problems), {}
    else:
        row.stage, told = Stage.FILED, {"authenticationTags": received.tags}
    row.answer = signed(
        "accept" if row.stage == Stage.FILED else "reject",
        f"{way.what}:{waiting.id}",
        told,
        case_id=waiting.case_id,
        issuer=reception.configuration.destination,
        at=real_now(),
        key=reception.keys.signing,
    )
    for name, value in ours.items():
        setattr(row, name, value)
    row.save(update_fields=["stage", "problems", "answer", *ours])


def _answer(row: Pickup, waiting: Waiting, way: Way, reception: Reception) -> None:
    """Tell the delivery service, unless the log shows that it was told or decided already."""
    ended = _ended(f"{way.what}:{waiting.id}", waiting.case_id, reception)
    if ended is None:
        try:
            reception.service.tell(waiting.case_id, row.answer)
        except Unheard as refusal:
            put_off(row, f"unheard_{refusal.status}")
            return
        ended = Stage.ACCEPTED if row.stage == Stage.FILED else Stage.REJECTED
    if row.stage == Stage.FILED and ended != Stage.ACCEPTED:
        # Its sender thinks that it was rejected, or has taken it back; we have a case of it.
        log.error("fit_connect_ended_elsewhere", what=way.what, id=str(waiting.id))
        row.failure = "ended_elsewhere"
    elif row.stage == Stage.REFUSED and ended == Stage.ACCEPTED:
        ended, row.failure = Stage.GONE, "ended_elsewhere"
    else:
        row.failure = ""
    _end(row, ended)


def _ended(subject: str, case_id: UUID, reception: Reception) -> Stage | None:
    """How the log says that it ended; None while it has not, or where the log says nothing."""
    try:
        last = reception.log_of(case_id).of(subject, "accept", "reject", "delete")
    except InvalidEvent:
        return None  # why it was refused; telling it once more does no harm
    except NotThere:
        return Stage.GONE
    stages = {"accept": Stage.ACCEPTED, "reject": Stage.REJECTED, "delete": Stage.GONE}
    return stages[last[0].what] if last else None


def _end(row: Pickup, stage: Stage) -> None:
    row.stage, row.due_at, row.answer = stage, None, ""
    row.save(update_fields=["stage", "due_at", "answer", "failure"])
