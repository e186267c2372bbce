"""The list of a day's deadlines in a unit: entered, due and overdue; signed by the head, kept."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.kernel.journal import canonical, record
from efile.kernel.models import Unit
from efile.kernel.verbs import verb
from efile.policy import MATRIX, Action, ActionNotGranted, seen_scopes
from workflows import facts
from workflows.catalogue.definition import compiled
from workflows.catalogue.parts import only
from workflows.deadlines.defined import APPLICANTS
from workflows.models import DeadlineList, ServiceVersion
from workflows.wanted import Period, units_of

LONGEST_NOTE: Final = 300


class DayIsNotOver(Conflict):
    """A list is signed when nothing can come to it any more: from the next day on."""

    code = "day_is_not_over"


class ListIsSigned(Conflict):
    """The list of that day has been signed already."""

    code = "list_is_signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A deadline as it stood at the end of the day.

    ``title`` is the definition's, by language, empty for what no definition names; ``set_by`` and
    ``service`` are in words. ``changed``: it took the place of another end. ``state`` is
    "running", "paused", "met", "overtaken" or "moved".
    """

    case_id: str
    reference: str
    service: Mapping[str, str]
    key: str
    title: Mapping[str, str]
    event_on: str
    ends_on: str
    derivation: Sequence[Mapping[str, Any]]
    set_at: str
    set_by: str
    state: Literal["running", "paused", "met", "overtaken", "moved"]
    changed: bool
    entered: bool
    due: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed the list, when, and what they noted."""

    signer: str
    at: datetime
    note: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DayList:
    """The list of one unit; ``signature`` None: nobody has signed it yet."""

    unit_id: int
    unit: str
    day: date
    lines: Sequence[Line]
    signature: Signature | None


def listed_units(by: Actor) -> list[tuple[int, str]]:
    """The units whose lists ``by`` sees, in the order of the town hall. One statement."""
    known = Unit.objects.filter(tenant_id=by.tenant_id, id__in=units_of(seen_scopes(by)))
    return list(known.order_by("path").values_list("id", "name"))


def day_list(unit_id: int, day: date, *, by: Actor) -> DayList:
    """What was entered on ``day``, due then, or overdue, as far as ``by`` sees the cases.

    A signed list is as it was signed; any other is made from rows that never change, so that it
    is the same whenever it is asked for once the day is over. At most three statements.
    Refuses: NotFound (no unit that ``by`` sees).
    """
    name = _unit(unit_id, by).name
    kept = DeadlineList.objects.filter(tenant_id=by.tenant_id, unit_id=unit_id, day=day).first()
    if kept is None:
        return DayList(unit_id, name, day, _lines(unit_id, day, by), None)
    signature = Signature(kept.signer, kept.signed_at, kept.note, kept.sha256)
    lines = [Line(**row) for row in kept.rows]
    seen = _seen([line.case_id for line in lines], by)
    return DayList(unit_id, name, day, [one for one in lines if one.case_id in seen], signature)


def may_sign(unit_id: int, *, by: Actor) -> bool:
    """Whether ``by`` is head of the unit."""
    return unit_id in units_of(by.scopes_of(MATRIX[Action.OVERSEE]))


@verb
def sign_list(unit_id: int, day: date, *, note: str = "", by: Actor, at: datetime) -> DeadlineList:
    """The head has gone through the list of ``day``; from here on it is kept as it was seen.

    Refuses: NotFound, ActionNotGranted, DayIsNotOver, ListIsSigned, Invalid (note too long).
    """
    unit = _unit(unit_id, by)
    if not may_sign(unit_id, by=by):
        raise ActionNotGranted(action=Action.OVERSEE.value)
    if day >= local_date(at):
        raise DayIsNotOver
    if len(note) > LONGEST_NOTE:
        raise Invalid([FieldError("/note", "max_length", {"limit": LONGEST_NOTE})])
    rows = [asdict(line) for line in _lines(unit_id, day, by)]
    digest = hashlib.sha256(canonical(rows)).hexdigest()
    kept, is_new = DeadlineList.objects.get_or_create(
        tenant_id=by.tenant_id,
        unit_id=unit_id,
        day=day,
        defaults={
            "id": uuid7(),
            "rows": rows,
            "sha256": digest,
            "signed_at": at,
            "signed_by": by.key,
            "signer": by.label,
            "note": note.strip(),
        },
    )
    if not is_new:
        raise ListIsSigned
    told = {"unit": unit.key, "day": day, "deadlines": len(rows), "sha256": digest}
    record(facts.DeadlineListSigned(case_id=None, facts=told), by=by, at=at)
    return kept


def _unit(unit_id: int, by: Actor) -> Unit:
    unit = Unit.objects.filter(tenant_id=by.tenant_id, id=unit_id).first()
    if unit is None or unit_id not in units_of(seen_scopes(by)):
        raise NotFound
    return unit


# Three ways through the indexes: what was entered that day, what had run out and still runs, and
# what had run out and was over only later.
_FOUND: Final = """
SELECT id FROM workflows_deadline
 WHERE tenant_id = %(tenant)s AND set_at >= %(start)s AND set_at < %(end)s
UNION
SELECT id FROM workflows_deadline
 WHERE tenant_id = %(tenant)s AND is_running AND NOT is_paused AND ends_on <= %(day)s
   AND set_at < %(end)s
UNION
SELECT id FROM workflows_deadline
 WHERE tenant_id = %(tenant)s AND over_at >= %(start)s AND ends_on <= %(day)s
   AND set_at < %(end)s
"""
_LINES: Final = f"""
SELECT d.case_id, c.reference, d.key, d.event, d.event_on, d.ends_on, d.derivation, d.set_at,
       coalesce(u.display_name, d.set_by), d.is_paused, d.over_at, d.over_because,
       EXISTS (SELECT FROM workflows_deadline b WHERE b.case_id = d.case_id AND b.key = d.key
                  AND b.over_because = 'moved' AND b.over_at = d.set_at),
       v.id, v.sha256
  FROM ({_FOUND}) f
  JOIN workflows_deadline d ON d.id = f.id
  JOIN efile_case c ON c.id = d.case_id
  JOIN workflows_process p ON p.case_id = d.case_id
  JOIN workflows_serviceversion v ON v.id = p.version_id
  LEFT JOIN kernel_user u ON d.set_by = 'user:' || u.id
 WHERE c.tenant_id = %(tenant)s AND c.lead_unit_id = %(unit)s
   AND (c.scope = ANY(%(scopes)s::text[]) OR c.id = ANY(%(granted)s::uuid[]))
   AND NOT c.id = ANY(%(denied)s::uuid[])
 ORDER BY d.ends_on, c.reference, d.key, d.set_at, d.id
"""  # noqa: S608 - put together from constants of this file alone


def _lines(unit_id: int, day: date, by: Actor) -> list[Line]:
    span = Period(day, day)
    asked = _reach(by) | {"unit": unit_id, "day": day, "start": span.start, "end": span.end}
    with connection.cursor() as cursor:
        cursor.execute(_LINES, asked)
        rows = cursor.fetchall()
    return [line for row in rows if (line := _line(row, day, span)) is not None]


def _line(row: tuple[Any, ...], day: date, span: Period) -> Line | None:
    case_id, reference, key, event, event_on, ends_on, derivation, set_at, set_by, *rest = row
    is_paused, over_at, because, changed, version, sha256 = rest
    definition = compiled(sha256, lambda: _definition(version))
    rule = only(definition.deadlines, key)
    stood = over_at is None or over_at >= span.end
    ran = not is_paused and (stood or (over_at >= span.start and because != "moved"))
    entered = span.start <= set_at < span.end
    due, overdue = ran and ends_on == day, ran and ends_on < day and event not in APPLICANTS
    if not (entered or due or (overdue and stood)):
        return None
    return Line(
        case_id=str(case_id),
        reference=reference,
        service=dict(definition.title.values),
        key=key,
        title=dict(rule.title.values) if rule and rule.event == event else {},
        event_on=event_on.isoformat(),
        ends_on=ends_on.isoformat(),
        derivation=json.loads(derivation) if isinstance(derivation, str) else derivation,
        set_at=set_at.isoformat(),
        set_by=set_by,
        state=("paused" if is_paused else "running") if stood else because,
        changed=changed,
        entered=entered,
        due=due,
        overdue=overdue and stood,
    )


def _definition(version_id: int) -> Mapping[str, Any]:
    stored = ServiceVersion.objects.values_list("definition", flat=True).get(id=version_id)
    found: Mapping[str, Any] = json.loads(stored)
    return found


def _reach(by: Actor) -> dict[str, Any]:
    return {
        "tenant": by.tenant_id,
        "scopes": seen_scopes(by),
        "granted": list(by.granted),
        "denied": list(by.denied),
    }


def _seen(cases: Sequence[str], by: Actor) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, _reach(by) | {"cases": [UUID(one) for one in set(cases)]})
        return {str(case_id) for (case_id,) in cursor.fetchall()}


_SEEN: Final = """
SELECT id FROM efile_case c
 WHERE c.id = ANY(%(cases)s::uuid[]) AND c.tenant_id = %(tenant)s
   AND (c.scope = ANY(%(scopes)s::text[]) OR c.id = ANY(%(granted)s::uuid[]))
   AND NOT c.id = ANY(%(denied)s::uuid[])
"""


def sections(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """The parts of the list: what is overdue, due, and entered; a line may stand in two."""
    yield "overdue", [one for one in lines if one.overdue]
    yield "due", [one for one in lines if one.due]
    yield "entered", [one for one in lines if one.entered]
