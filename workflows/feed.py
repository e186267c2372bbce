"""Everything that happens to a sender's submissions, in one order: to be read, and to be pushed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from efile.kernel.actors import Actor
from efile.policy import granted
from workflows.public_words import NAMED, definition_in, event_text, values_in

# ruff: noqa: S608 - the statements are put together from constants of this package alone
_EVENTS = f"""
SELECT {NAMED}, e.position, e.id, e.submission, e.kind, e.at
  FROM workflows_publicevent e
  JOIN workflows_process p ON p.case_id = e.case_id
  JOIN workflows_serviceversion v ON v.id = p.version_id
  JOIN efile_case c ON c.id = e.case_id
  JOIN kernel_unit u ON u.id = c.lead_unit_id
  JOIN workflows_submission s ON s.id = e.submission
"""


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a sender's events and the cursor after its last one."""

    events: list[dict[str, Any]]
    next: int


# By the time at which they were made; within a millisecond, where keys come in any order, as one
# transaction wrote them. Two transactions about one case are never that near: they wait in line.
_NUMBER = """
UPDATE workflows_publicevent e SET position = n.position
  FROM (SELECT id, (SELECT coalesce(max(position), 0) FROM workflows_publicevent
                     WHERE tenant_id = %(tenant)s AND source = %(source)s)
                   + row_number() OVER (ORDER BY left(id::text, 13), cmin::text::bigint, id)
                   AS position
          FROM workflows_publicevent
         WHERE tenant_id = %(tenant)s AND source = %(source)s AND position IS NULL) n
 WHERE e.id = n.id
"""


@transaction.atomic
def feed(*, after: int, limit: int, by: Actor) -> Feed:
    """The sender's events after cursor ``after``, in one order that never changes.

    Events get their position when a reader first sees them, one reader at a time. A key drawn at
    writing would do worse: a transaction that draws early and commits late is skipped for good.
    """
    _number(by.tenant_id, by.key)
    events = _told(
        f"WHERE e.tenant_id = %s AND e.source = %s AND {granted('s.service_key')}"
        " AND e.position > %s ORDER BY e.position LIMIT %s",
        [by.tenant_id, by.key, by.services("read"), after, limit],
    )
    return Feed(events, int(events[-1]["cursor"]) if events else after)


def _number(tenant_id: int, source: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"feed:{tenant_id}:{source}"]
        )
        cursor.execute(_NUMBER, {"tenant": tenant_id, "source": source})


# A sender's feed, and up to which position of it somebody knows.
Known = tuple[int, str, int]

_NEWS = """
SELECT k.number FROM unnest(%s::bigint[], %s::text[], %s::bigint[])
         WITH ORDINALITY AS k (tenant, source, position, number)
 WHERE EXISTS (SELECT FROM workflows_publicevent e
                WHERE e.tenant_id = k.tenant AND e.source = k.source AND e.position IS NULL)
    OR EXISTS (SELECT FROM workflows_publicevent e
                WHERE e.tenant_id = k.tenant AND e.source = k.source
                  AND e.position > k.position)
"""


def with_news(known: Sequence[Known]) -> list[int]:
    """The indexes of those of whom there is more than is known. One statement."""
    if not known:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NEWS, [list(column) for column in zip(*known, strict=True)])
        return [number - 1 for (number,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class News:
    """How many events of one submission came up, and the position of the last of them."""

    submission: UUID
    count: int
    last: int


_COUNTED = f"""
SELECT e.submission, count(*), max(e.position), {granted("s.service_key")}
  FROM (SELECT submission, position FROM workflows_publicevent
         WHERE tenant_id = %s AND source = %s AND position > %s
         ORDER BY position LIMIT %s) e
  LEFT JOIN workflows_submission s ON s.id = e.submission
 GROUP BY e.submission, s.service_key ORDER BY max(e.position)
"""


def news(*, after: int, limit: int, by: Actor) -> tuple[list[News], int]:
    """What the sender's next ``limit`` events are about, and the position of the last of them.

    Numbered as the feed numbers; what the sender may not read is passed over. To be called inside
    the transaction that keeps the position. Three statements.
    """
    _number(by.tenant_id, by.key)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [by.services("read"), by.tenant_id, by.key, after, limit])
        rows = cursor.fetchall()
    found = [News(submission, count, last) for submission, count, last, is_read in rows if is_read]
    return found, max((last for _, _, last, _ in rows), default=after)


@transaction.atomic
def last_position(*, by: Actor) -> int:
    """Where the sender's feed ends just now; 0 where nothing has happened."""
    _number(by.tenant_id, by.key)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(position), 0) FROM workflows_publicevent "
            "WHERE tenant_id = %s AND source = %s",
            [by.tenant_id, by.key],
        )
        (position,) = cursor.fetchone()
    return int(position)


def events_of(
    stretches: Collection[tuple[UUID, int, int]], *, limit: int, by: Actor
) -> Mapping[UUID, list[dict[str, Any]]]:
    """The first ``limit`` events of each (submission, after, up to), in the shape of the feed.

    What the sender ``by`` may not read, or no longer, has none. One statement, however many
    there are.
    """
    submissions, after, until = zip(*stretches, strict=True) if stretches else ((), (), ())
    told = _told(
        "JOIN (SELECT k.submission AS wanted, w.id AS picked"
        "        FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[])"
        "               AS k (submission, after, until)"
        "       CROSS JOIN LATERAL ("
        "             SELECT w.id FROM workflows_publicevent w"
        "              WHERE w.submission = k.submission"
        "                AND w.position > k.after AND w.position <= k.until"
        "              ORDER BY w.position LIMIT %s) w) k ON k.picked = e.id "
        f"WHERE e.tenant_id = %s AND e.source = %s AND {granted('s.service_key')} "
        "ORDER BY e.position",
        [
            *(list(submissions), list(after), list(until), limit),
            *(by.tenant_id, by.key, by.services("read")),
        ],
    )
    found: dict[UUID, list[dict[str, Any]]] = {submission: [] for submission in submissions}
    for event in told:
        found[UUID(event["submission"])].append(event)
    return found


_FILED = """
SELECT s.id, c.reference FROM workflows_submission s LEFT JOIN efile_case c ON c.id = s.case_id
 WHERE s.tenant_id = %s AND s.id = ANY(%s)
"""


def references_of(tenant_id: int, submissions: Collection[UUID]) -> Mapping[UUID, str]:
    """The case reference of each submission; a reference names nobody. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FILED, [tenant_id, list(submissions)])
        return {submission: reference or "" for submission, reference in cursor.fetchall()}


def _told(wanted: str, parameters: list[Any]) -> list[dict[str, Any]]:
    """The events ``e`` that ``wanted`` picks, as every sender is told them. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS + wanted, parameters)
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [_event(row) for row in rows]


def _event(row: Mapping[str, Any]) -> dict[str, Any]:
    definition = definition_in(row)
    values = values_in(definition, row)
    return {
        "id": str(row["id"]),
        "cursor": str(row["position"]),
        "submission": str(row["submission"]),
        "case_reference": row["reference"],
        "type": row["kind"],
        "at": row["at"].isoformat(),
        "text": event_text(definition, row["kind"], row["language"], values),
    }
