"""The journal of one case in full: what happened, who did it, and whether it still proves so."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.kernel.models import Unit, User
from efile.kernel.verify import Fault, Report, verify
from efile.models import Case, Document
from efile.policy import Action, require, visible_to
from efile.verify import cases_without_chain, project_cases
from workflows.dossier import HistoryEntry
from workflows.verify import project_work

PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with its number in the chain; ``is_erased``: its values were lawfully erased."""

    seq: int
    entry: HistoryEntry
    is_erased: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries, in which order; ``after`` is the number of the last one of the page before."""

    kind: str = ""
    oldest_first: bool = False
    after: int | None = None


@dataclass(frozen=True, slots=True)
class JournalView:
    """A page of the journal; ``after`` begins the next one.

    ``kinds``: how often each kind of entry stands in the whole journal. ``people``, ``units`` and
    ``documents``: the names behind the keys in the page's values.
    """

    case_id: UUID
    reference: str
    access_class: str
    wanted: Wanted
    kinds: Mapping[str, int]
    lines: Sequence[Line]
    after: int | None
    people: Mapping[int, str]
    units: Mapping[int, str]
    documents: Mapping[str, str]


def open_journal(
    case_id: UUID, wanted: Wanted, *, by: Actor, limit: int | None = PAGE
) -> JournalView:
    """A page of the case's journal, or all of it from ``wanted`` on: six statements at most.

    Refuses: NotFound, ActionNotGranted.
    """
    case = _readable(case_id, by)
    lines = _lines(case_id, wanted, limit)
    page = lines if limit is None else lines[:limit]
    return JournalView(
        case_id=case_id,
        reference=case.reference,
        access_class=case.access_class,
        wanted=wanted,
        kinds=_kinds(case_id),
        lines=page,
        after=page[-1].seq if len(lines) > len(page) else None,
        people=_names(User, "display_name", _people(page), by),
        units=_names(Unit, "name", _of_field(page, "case.lead_unit"), by),
        documents={
            str(key): title
            for key, title in _names(Document, "title", _documents(page), by).items()
        },
    )


def prove(case_id: UUID, *, by: Actor) -> Report:
    """Whether the case's journal still proves what happened, and what is wrong if it does not.

    Of one case only: that whole cases are gone is seen where all chains are read.
    Refuses: NotFound, ActionNotGranted.
    """
    _readable(case_id, by)
    report = verify([project_cases, project_work], cases_without_chain, only=case_id)
    if not report.checked and not report.faults:
        gone = Fault("missing_chain", by.tenant_id, case_id, None, "the case has no journal")
        report.faults.append(gone)
    return report


def _readable(case_id: UUID, by: Actor) -> Case:
    case = Case.objects.filter(visible_to(by), id=case_id).first()
    if case is None:
        raise NotFound
    require(Action.READ_JOURNAL, case.id, case.scope, by=by)
    return case


# The order is a word of the statement, not a value: nothing of the address gets in here.
_LINES = """
SELECT e.seq, e.kind, e.actor, coalesce(u.display_name, ''), e.at, v.values
  FROM kernel_journalentry e
  LEFT JOIN kernel_journalvalues v ON v.chain = e.chain_id AND v.seq = e.seq
  LEFT JOIN kernel_user u ON e.actor = 'user:' || u.id
 WHERE e.chain_id = %(case)s AND (%(kind)s = '' OR e.kind = %(kind)s)
   AND (%(after)s::int IS NULL OR e.seq {beyond} %(after)s::int)
 ORDER BY e.seq {order} LIMIT %(limit)s
"""
_ORDERS: Final = {
    False: _LINES.format(beyond="<", order="DESC"),
    True: _LINES.format(beyond=">", order="ASC"),
}


def _lines(case_id: UUID, wanted: Wanted, limit: int | None) -> list[Line]:
    parameters: dict[str, Any] = {
        "case": case_id,
        "kind": wanted.kind,
        "after": wanted.after,
        "limit": None if limit is None else limit + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS[wanted.oldest_first], parameters)
        return [_line(*row) for row in cursor.fetchall()]


def _line(seq: int, kind: str, actor: str, name: str, at: datetime, values: str | None) -> Line:
    changes, facts = _told(values)
    entry = HistoryEntry(
        kind=kind, actor=actor, actor_name=name, at=at, changes=changes, facts=facts
    )
    return Line(seq, entry, is_erased=values is None)


def _told(values: str | None) -> tuple[dict[str, tuple[Any, Any]], dict[str, Any]]:
    """Changes and facts of an entry; none where the values are erased or no longer make sense."""
    if values is None:
        return {}, {}
    try:
        told = json.loads(values)
        changes = {field: (before, after) for field, (before, after) in told["changes"].items()}
        return changes, dict(told["facts"])
    except (ValueError, TypeError, KeyError, AttributeError):  # tampered with; prove() names it
        return {}, {}


def _kinds(case_id: UUID) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, count(*) FROM kernel_journalentry WHERE chain_id = %s GROUP BY kind",
            [case_id],
        )
        return dict(cursor.fetchall())


def _people(lines: Sequence[Line]) -> set[int]:
    named = {int(key) for key in _named_in(lines, "grant", "denial") if key.isdecimal()}
    return named | _of_field(lines, "process.assignee")


def _documents(lines: Sequence[Line]) -> set[UUID]:
    """The documents that came to the case, and those that were read."""
    read = {str(line.entry.facts.get("document", "")) for line in lines}
    return {UUID(key) for key in read | _named_in(lines, "document") if _is_uuid(key)}


def _named_in(lines: Sequence[Line], *tables: str) -> set[str]:
    """The keys in the names of changed fields: ``12`` of ``grant.12``."""
    fields = (field.partition(".") for line in lines for field in line.entry.changes)
    return {key for table, _, key in fields if table in tables}


def _of_field(lines: Sequence[Line], field: str) -> set[int]:
    """The keys that ``field`` held before or after."""
    told = (value for line in lines for value in line.entry.changes.get(field, ()))
    return {value for value in told if isinstance(value, int)}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _names(table: Any, column: str, keys: set[Any], by: Actor) -> dict[Any, str]:
    """No statement where nothing is mentioned."""
    if not keys:
        return {}
    rows = table.objects.filter(tenant_id=by.tenant_id, id__any=sorted(keys))
    return dict(rows.values_list("id", column))
