"""The file plan as a reader may see it: its positions, how much lies there, which files."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.models import FilePlan
from efile.policy import seen_scopes

# Files and cases are counted up to here; beyond it is "mehr als 1.000".
COUNTED = 1000
# Whoever sees no more cases than this has them counted one by one, wherever they lie.
FEW = 20_000
PAGE = 50
_BEFORE_ALL = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Position:
    """A position of the plan; files lie only below leaves."""

    id: int
    parent_id: int | None
    code: str
    title: str
    is_leaf: bool
    retention_years: int
    disposal_code: str
    access_class: str


# A position with how many files and cases the reader sees there itself.
_Counted = tuple[Position, int, int]


@dataclass(frozen=True, slots=True)
class Branch:
    """A position in the tree: ``level`` 1 is a main group.

    ``files`` and ``cases``: how many the reader sees there and below, ``COUNTED`` + 1 for more.
    """

    position: Position
    level: int
    files: int
    cases: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A version of the plan, each position before those below it.

    ``versions``: all there are, (version, valid from), the latest first.
    """

    version: int
    valid_from: date
    branches: Sequence[Branch]
    versions: Sequence[tuple[int, date]]


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file with what its reader sees of it: of the newest ``COUNTED`` + 1 cases at most.

    ``subject``: that of the first of those cases; the file's own may speak of one unseen.
    ``changed_at``: the last entry in a case's journal, reading aside.
    """

    id: UUID
    reference: str
    subject: str
    opened_at: datetime
    open_cases: int
    closed_cases: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the files below a position, the newest first; ``before`` begins the next page.

    ``above``: the positions that lead there, the main group first.
    """

    position: Position
    above: Sequence[Position]
    files: Sequence[ListedFile]
    before: UUID | None


def file_plan(*, by: Actor, on: date, version: int | None = None) -> Plan:
    """The plan in force ``on`` a day, or its ``version``. Two statements.

    Refuses: NotFound where there is no such plan.
    """
    plans = list(FilePlan.objects.filter(tenant_id=by.tenant_id).order_by("-version"))
    wanted = (
        plan
        for plan in plans
        if (plan.valid_from <= on if version is None else plan.version == version)
    )
    plan = next(wanted, None)
    if plan is None:
        raise NotFound
    return Plan(
        version=plan.version,
        valid_from=plan.valid_from,
        branches=_as_tree(_counted(plan.pk, by)),
        versions=[(one.version, one.valid_from) for one in plans],
    )


def shelf(position_id: int, *, by: Actor, before: UUID | None = None) -> Shelf:
    """The files below a position that ``by`` sees. Two statements, however many files.

    Refuses: NotFound.
    """
    way = _way_to(position_id, by)
    if not way:
        raise NotFound
    files = _files(position_id, before or _BEFORE_ALL, by)
    return Shelf(
        position=way[-1],
        above=way[:-1],
        files=files[:PAGE],
        before=files[PAGE - 1].id if len(files) > PAGE else None,
    )


# The permission predicate (efile.policy.visible_to) in the terms of these statements.
_SEEN = """
(c.scope = ANY(%(scopes)s::text[]) OR c.id = ANY(%(granted)s::uuid[]))
 AND NOT c.id = ANY(%(denied)s::uuid[]) AND c.tenant_id = %(tenant)s
"""

_POSITION = """p.id, p.parent_id, p.code, p.title, p.is_leaf, p.retention_years,
       p.disposal_code, p.access_class"""

# Two ways to the same numbers, of which only one is gone. Somebody with few cases: from those to
# their positions, for most of what lies in a big position may be nothing to them. Somebody with
# many: from each position to its files until there are enough, however many the city has. The
# predicate is split where it says OR, so that the first way stops early, too.
_COUNTED = """
WITH mine AS MATERIALIZED (
  (SELECT c.case_file_id FROM efile_case c
    WHERE c.scope = ANY(%(scopes)s::text[]) AND NOT c.id = ANY(%(denied)s::uuid[])
      AND c.tenant_id = %(tenant)s LIMIT %(few)s::int + 1)
   UNION ALL
  (SELECT c.case_file_id FROM efile_case c
    WHERE c.id = ANY(%(granted)s::uuid[]) AND NOT c.scope = ANY(%(scopes)s::text[])
      AND NOT c.id = ANY(%(denied)s::uuid[]) AND c.tenant_id = %(tenant)s)
), sees AS MATERIALIZED (SELECT count(*) > %(few)s::int AS many FROM mine)
SELECT {position}, least(coalesce(n.files, m.files), %(counted)s::int)::int,
       least(coalesce(n.cases, m.cases, 0), %(counted)s::int)::int
  FROM efile_fileplanposition p
  LEFT JOIN (
       SELECT f.position_id, count(*) AS files, sum(s.cases) AS cases
         FROM (SELECT case_file_id, count(*) AS cases FROM mine
                WHERE NOT (SELECT many FROM sees) GROUP BY case_file_id) s
         JOIN efile_casefile f ON f.id = s.case_file_id
        GROUP BY f.position_id) n ON n.position_id = p.id
 CROSS JOIN LATERAL (
       SELECT count(*) AS files, sum(s.cases) AS cases
         FROM (SELECT k.cases
                 FROM efile_casefile f
                CROSS JOIN LATERAL (
                      SELECT count(*) AS cases
                        FROM (SELECT FROM efile_case c
                               WHERE c.case_file_id = f.id AND {seen}
                               LIMIT %(counted)s::int) seen) k
                WHERE (SELECT many FROM sees) AND f.position_id = p.id
                  AND f.tenant_id = %(tenant)s AND k.cases > 0
                ORDER BY f.id DESC LIMIT %(counted)s::int) s) m
 WHERE p.tenant_id = %(tenant)s AND p.plan_id = %(plan)s
"""

_FILES = """
WITH page AS (
  SELECT f.id, f.reference, f.opened_at
    FROM efile_casefile f
   WHERE f.position_id = %(position)s AND f.tenant_id = %(tenant)s AND f.id < %(before)s
     AND EXISTS (SELECT FROM efile_case c WHERE c.case_file_id = f.id AND {seen})
   ORDER BY f.id DESC LIMIT %(limit)s
)
SELECT g.id, g.reference,
       (SELECT c.subject FROM efile_case c
         WHERE c.case_file_id = g.id AND {seen} ORDER BY c.number LIMIT 1),
       g.opened_at, n.open, n.closed, n.changed_at
  FROM page g
 CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE s.closed_at IS NULL) AS open,
              count(s.closed_at) AS closed, max(e.at) AS changed_at
         FROM (SELECT c.id, c.closed_at FROM efile_case c
                WHERE c.case_file_id = g.id AND {seen}
                ORDER BY c.number DESC LIMIT %(counted)s) s
         LEFT JOIN LATERAL (
              SELECT at FROM kernel_journalentry
               WHERE chain_id = s.id AND kind <> 'document.fetched'
               ORDER BY seq DESC LIMIT 1) e ON true) n
 ORDER BY g.id DESC
"""

_WAY = """
WITH RECURSIVE way AS (
  SELECT p.id, p.parent_id, 0 AS height FROM efile_fileplanposition p
   WHERE p.id = %(position)s AND p.tenant_id = %(tenant)s
   UNION ALL
  SELECT p.id, p.parent_id, w.height + 1
    FROM way w JOIN efile_fileplanposition p ON p.id = w.parent_id
)
SELECT {position} FROM way w JOIN efile_fileplanposition p ON p.id = w.id ORDER BY w.height DESC
"""


def _counted(plan_id: int, by: Actor) -> list[_Counted]:
    statement = _COUNTED.format(position=_POSITION, seen=_SEEN)
    with connection.cursor() as cursor:
        cursor.execute(
            statement, _reader(by) | {"plan": plan_id, "few": FEW, "counted": COUNTED + 1}
        )
        return [(Position(*row[:-2]), *row[-2:]) for row in cursor.fetchall()]


def _way_to(position_id: int, by: Actor) -> list[Position]:
    """The positions from the main group down to this one; none where it is not ``by``'s city's."""
    parameters = {"position": position_id, "tenant": by.tenant_id}
    with connection.cursor() as cursor:
        cursor.execute(_WAY.format(position=_POSITION), parameters)
        return [Position(*row) for row in cursor.fetchall()]


def _files(position_id: int, before: UUID, by: Actor) -> list[ListedFile]:
    parameters = _reader(by) | {
        "position": position_id,
        "before": before,
        "limit": PAGE + 1,
        "counted": COUNTED + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FILES.format(seen=_SEEN), parameters)
        return [ListedFile(*row) for row in cursor.fetchall()]


def _reader(by: Actor) -> dict[str, Any]:
    return {
        "tenant": by.tenant_id,
        "scopes": seen_scopes(by),
        "granted": list(by.granted),
        "denied": list(by.denied),
    }


def _as_tree(counted: Sequence[_Counted]) -> list[Branch]:
    """Each position before those below it, counts including them and capped as they are."""
    below: dict[int | None, list[_Counted]] = defaultdict(list)
    for one in sorted(counted, key=lambda one: _in_order(one[0].code)):
        below[one[0].parent_id].append(one)
    return [branch for root in below[None] for branch in _walk(root, below, 1)]


def _walk(
    counted: _Counted, below: Mapping[int | None, Sequence[_Counted]], level: int
) -> Iterator[Branch]:
    position, files, cases = counted
    branches = [
        branch for child in below.get(position.id, ()) for branch in _walk(child, below, level + 1)
    ]
    children = [branch for branch in branches if branch.level == level + 1]
    yield Branch(
        position,
        level,
        min(files + sum(child.files for child in children), COUNTED + 1),
        min(cases + sum(child.cases for child in children), COUNTED + 1),
    )
    yield from branches


def _in_order(code: str) -> list[tuple[int, str]]:
    """32.9 before 32.10; a code that is no number after those that are."""
    return [(int(part), "") if part.isdecimal() else (10**9, part) for part in code.split(".")]
