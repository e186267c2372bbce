"""What has been waiting for too long: figures for machines, a line in the log for people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import connection

log = structlog.get_logger()

LATE_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What has not arrived, over all receivers: events, the oldest one's age, submissions."""

    events: int
    oldest_seconds: float
    given_up: int
    late_receivers: int


_BACKLOG = """
SELECT coalesce(sum(l.pending), 0),
       coalesce(extract(epoch FROM %(at)s - min(l.waiting_since)), 0),
       count(l.given_up_at),
       count(DISTINCT l.target_id) FILTER (WHERE l.waiting_since <= %(late)s)
  FROM api_callbacklane l
"""


def backlog(*, at: datetime) -> Backlog:
    """What has not arrived by ``at``. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BACKLOG, {"at": at, "late": at - LATE_AFTER})
        events, oldest, given_up, late = cursor.fetchone()
    return Backlog(int(events), max(float(oldest), 0.0), given_up, late)


# Who changed sides since the last look: a row for each, once.
_TURNED = """
UPDATE api_callbacktarget t SET is_late = n.is_late
  FROM (SELECT t.id, EXISTS (SELECT FROM api_callbacklane l
                              WHERE l.target_id = t.id AND l.waiting_since <= %s) AS is_late
          FROM api_callbacktarget t) n
 WHERE n.id = t.id AND n.is_late <> t.is_late
RETURNING t.source, t.is_late, t.last_failure
"""


def watch(*, at: datetime) -> int:
    """Say so, once, where something has been waiting for an hour, and where that is over.

    Returns for how many receivers it began.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TURNED, [at - LATE_AFTER])
        turned = cursor.fetchall()
    for source, is_late, failure in turned:
        if is_late:
            log.error("callbacks_undelivered", client=source, failure=failure)
        else:
            log.info("callbacks_caught_up", client=source)
    return sum(is_late for _, is_late, _ in turned)
