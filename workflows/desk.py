"""The desk: whose work lies where, which case comes first, and how much there is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid
from workflows import follow_ups
from workflows.inbox import to_clarify_by
from workflows.models import InboxItem
from workflows.wanted import PERIODS, REACHES, SEEN, Branch, Filter, View, branches, parameters

# Counts are exact up to here and honest beyond ("mehr als 1.000").
COUNTED: Final = 1000
# The views that stand above the list; the others are reached from the numbers of the overview.
TABS: Final = (View.TODAY, View.TEAM, View.MINE, View.WAITING, View.TO_NOTIFY, View.ALL)
PAGE: Final = 50
_EXPORTED_AT_ONCE: Final = 500
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Sort(StrEnum):
    """What a list is sorted by. Never by name: the place of a page would name somebody."""

    DUE = "due"
    RECEIVED = "received"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list. Text form ``due``, ``-received``: a minus turns it round."""

    sort: Sort = Sort.DUE
    descending: bool = False

    @classmethod
    def read(cls, text: str) -> "Order":
        """The order that ``str`` gave; the usual one for anything else."""
        name = text.removeprefix("-")
        return cls(Sort(name), text.startswith("-")) if name in list(Sort) else cls()

    def __str__(self) -> str:
        return f"-{self.sort}" if self.descending else str(self.sort)

    @property
    def turned(self) -> "Order":
        return Order(self.sort, not self.descending)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of a list begins: behind this case, which had this key when it was shown.

    Text form ``<rank>.<key>.<case id>``. The key is a day, a moment in microseconds, or nothing
    where it would name the case: a reference is looked up.
    """

    rank: int
    key: date | datetime | None
    case_id: UUID

    @classmethod
    def read(cls, text: str, order: Order) -> "Cursor":
        """The cursor that ``str`` gave. Refuses: Invalid at /after."""
        try:
            rank, key, case_id = text.split(".")
            return cls(int(rank), _KEYS[order.sort].read(key), UUID(case_id))
        except (ValueError, OverflowError):
            raise Invalid([FieldError("/after", "cursor")]) from None

    def __str__(self) -> str:
        key = self.key
        if isinstance(key, datetime):
            return f"{self.rank}.{(key - _EPOCH) // timedelta(microseconds=1)}.{self.case_id}"
        return f"{self.rank}.{key.isoformat() if key else ''}.{self.case_id}"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One case on the work list; a follow-up is the reader's next one.

    ``alarm`` says what was said of a deadline that runs: "warned", "escalated" or nothing.
    """

    case_id: UUID
    reference: str
    applicant: str
    subject: str
    service_key: str
    state: str
    due_on: date
    received_at: datetime
    assignee: str
    has_post: bool
    follow_up_on: date | None = None
    follow_up: str = ""
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is; ``COUNTED`` + 1 means: more than that.

    ``wanted`` is the whole of the list that was asked for, ``fresh`` what has come to it since.
    """

    views: Mapping[View, int]
    wanted: int
    follow_ups: int
    to_clarify: int
    fresh: int = 0


@dataclass(frozen=True, slots=True)
class _Key:
    """What a list is sorted by, in SQL and in a cursor."""

    column: str
    parameter: str
    scope: str = "p.scope"
    source: str = "workflows_process p"

    def read(self, text: str) -> date | datetime | None:
        if self.parameter.endswith("::date"):
            return date.fromisoformat(text)
        if self.parameter.endswith("::timestamptz"):
            return _EPOCH + timedelta(microseconds=int(text))
        return None


_KEYS: Final[Mapping[Sort, _Key]] = {
    Sort.DUE: _Key("p.due_on", "%(key)s::date"),
    Sort.RECEIVED: _Key("p.received_at", "%(key)s::timestamptz"),
    Sort.REFERENCE: _Key(
        "c.reference",
        "(SELECT reference FROM efile_case WHERE tenant_id = %(tenant)s AND id = %(case)s::uuid)",
        scope="c.scope",
        source="workflows_process p JOIN efile_case c ON c.id = p.case_id{still_open}",
    ),
}

# What lies in many scopes is the first rows of each, merged: the cost follows the page and the
# number of scopes, never the number of cases.
_BY_SCOPE = """
SELECT x.* FROM unnest(%(scopes)s::text[]) s(scope)
 CROSS JOIN LATERAL (
       SELECT {rank} AS rank, {key} AS key, p.case_id FROM {source}
        WHERE {scope} = s.scope AND p.scope = s.scope AND {seen} AND {where}
        ORDER BY {key} {way}, p.case_id {way} LIMIT %(limit)s) x
"""
_DIRECTLY = """
SELECT {rank} AS rank, {key} AS key, p.case_id FROM {source} WHERE {seen} AND {where}
"""
_LIST = """
WITH page AS (
  SELECT * FROM ({parts}) part ORDER BY rank, key {way}, case_id {way} LIMIT %(limit)s
)
SELECT p.case_id, c.reference, c.applicant, c.subject, p.service_key, p.state, p.due_on,
       p.received_at, coalesce(u.display_name, ''),
       EXISTS (SELECT FROM workflows_task t
                WHERE t.case_id = p.case_id AND t.kind = 'review_answer' AND t.done_at IS NULL),
       f.due_on, coalesce(f.text, ''), coalesce(a.alarm, ''), g.rank, g.key
  FROM page g
  JOIN workflows_process p ON p.case_id = g.case_id
  JOIN efile_case c ON c.id = g.case_id
  LEFT JOIN kernel_user u ON u.id = p.assignee_id
  LEFT JOIN LATERAL (
       SELECT f.due_on, f.text FROM workflows_followup f
        WHERE f.case_id = p.case_id AND f.done_at IS NULL AND {for_me}
        ORDER BY f.due_on, f.id LIMIT 1) f ON true
  LEFT JOIN LATERAL (
       SELECT min(CASE WHEN d.escalated_at IS NULL THEN 'warned' ELSE 'escalated' END) AS alarm
         FROM workflows_deadline d
        WHERE d.case_id = p.case_id AND d.is_running AND NOT d.is_paused
          AND (d.warned_at IS NOT NULL OR d.escalated_at IS NOT NULL)) a ON true
 ORDER BY g.rank, g.key {way}, g.case_id {way}
"""


def work_list(
    wanted: Filter,
    *,
    by: Actor,
    today: date,
    order: Order | None = None,
    after: Cursor | None = None,
    limit: int = PAGE,
) -> tuple[list[WorkItem], Cursor | None]:
    """A page of the list, and where the next one begins. One statement.

    The oldest deadline first unless ``order`` says otherwise; of today's work one's own before
    everybody's.
    """
    order = order or Order()
    asked = parameters(wanted, by=by, today=today) | {"limit": limit + 1}
    if after:
        asked |= {"key": after.key, "case": after.case_id}
    with connection.cursor() as cursor:
        cursor.execute(_page(wanted, order, after), asked)
        rows = cursor.fetchall()
    items = [WorkItem(*row[:-2]) for row in rows[:limit]]
    if len(rows) <= limit:
        return items, None
    *_, rank, key = rows[limit - 1]
    return items, Cursor(rank, None if isinstance(key, str) else key, items[-1].case_id)


def whole_list(
    wanted: Filter, *, by: Actor, today: date, order: Order | None = None
) -> Iterator[WorkItem]:
    """Every case of the list in its order, fetched a few hundred at a time."""
    after: Cursor | None = None
    while True:
        items, after = work_list(
            wanted, by=by, today=today, order=order, after=after, limit=_EXPORTED_AT_ONCE
        )
        yield from items
        if after is None:
            return


def counts(
    wanted: Filter,
    *,
    by: Actor,
    today: date,
    since: datetime | None = None,
    shown: Sequence[UUID] = (),
) -> Counts:
    """How much every view holds in the units and service of ``wanted``, and ``wanted`` itself.

    With ``since`` also what has come to the list from then on and is not among the ``shown``.
    Two statements: the inbox is counted by its own rule.
    """
    views = [_count(branches(wanted.turned_to(view))) for view in TABS]
    fresh = _count(branches(wanted), fresh=True) if since else "0"
    columns = [*views, _count(branches(wanted)), follow_ups.COUNT, fresh]
    asked = parameters(wanted, by=by, today=today)
    asked |= {"most": COUNTED + 1, "since": since, "shown": list(shown)}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", asked)
        *viewed, whole, followed, come = cursor.fetchone()
    inbox = InboxItem.objects.filter(to_clarify_by(by), settled_at__isnull=True)
    return Counts(
        views=dict(zip(TABS, viewed, strict=True)),
        wanted=whole,
        follow_ups=followed,
        to_clarify=inbox[: COUNTED + 1].count(),
        fresh=come,
    )


def relief(wanted: Filter, *, by: Actor, today: date) -> dict[str, int]:
    """How many cases there would be without each thing that narrows ``wanted``.

    A statement for each: this is asked where nothing is left.
    """
    names = [name for name in wanted.narrowing if name != "period"]
    return {name: _how_many(wanted.without(name), by, today) for name in names}


def _how_many(wanted: Filter, by: Actor, today: date) -> int:
    asked = parameters(wanted, by=by, today=today) | {"most": COUNTED + 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + _count(branches(wanted)), asked)
        return int(cursor.fetchone()[0])


def _page(wanted: Filter, order: Order, after: Cursor | None) -> str:
    key, way = _KEYS[order.sort], "DESC" if order.descending else "ASC"
    # What is not looked back at is open; saying so leads the planner to the index of open cases.
    still_open = "" if wanted.view in PERIODS else " AND c.closed_at IS NULL"
    parts = [
        part
        for branch in branches(wanted)
        if after is None or branch.rank >= after.rank
        for part in _parts(branch, key, key.source.format(still_open=still_open), way, after)
    ]
    return _LIST.format(parts=" UNION ".join(parts), way=way, for_me=follow_ups.FOR_ME)


def _parts(branch: Branch, key: _Key, source: str, way: str, after: Cursor | None) -> Iterator[str]:
    where = branch.where
    if after and after.rank == branch.rank:
        beyond = "<" if way == "DESC" else ">"
        where += f" AND ({key.column}, p.case_id) {beyond} ({key.parameter}, %(case)s::uuid)"
    said: dict[str, Any] = {
        "rank": branch.rank,
        "key": key.column,
        "source": source,
        "where": where,
    }
    if branch.few:
        yield _DIRECTLY.format(seen=SEEN, **said)
    else:
        yield _BY_SCOPE.format(seen=REACHES[0], scope=key.scope, way=way, **said)
        yield _DIRECTLY.format(seen=REACHES[1], **said)


_SOME = "(SELECT p.case_id FROM workflows_process p WHERE {seen} AND {where} LIMIT %(most)s)"
_HOW_MANY = "(SELECT least(count(*), %(most)s) FROM ({found}) n)"
# Whatever made it somebody's work since then, unless the reader has it before them.
_FRESH = "p.touched_at > %(since)s::timestamptz AND NOT p.case_id = ANY(%(shown)s::uuid[])"
_FRESHLY_ANSWERED = (
    "(p.touched_at > %(since)s::timestamptz OR EXISTS (SELECT FROM workflows_task t"
    " WHERE t.case_id = p.case_id AND t.kind = 'review_answer' AND t.done_at IS NULL"
    " AND t.opened_at > %(since)s::timestamptz)) AND NOT p.case_id = ANY(%(shown)s::uuid[])"
)


def _count(parts: Sequence[Branch], *, fresh: bool = False) -> str:
    """How many cases the branches name together, counted no further than anybody reads."""
    found = [
        _SOME.format(seen=seen, where=part.where + (_fresh(part) if fresh else ""))
        for part in parts
        for seen in ((SEEN,) if part.few else REACHES)
    ]
    return _HOW_MANY.format(found=" UNION ".join(found))


def _fresh(part: Branch) -> str:
    return f" AND {_FRESHLY_ANSWERED if part.few else _FRESH}"
