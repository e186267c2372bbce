"""What everybody may know of reports: what, where, since when, and what became of it.

Never who reported, and nothing somebody wrote (docs/adr/0019): of the place only a street that
the city's own directory knows, a house number, and a position rounded to some ten metres.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from efile.letters.text import day_in
from workflows.application import CORRECTIONS, Application, opened
from workflows.catalogue.definition import Definition
from workflows.catalogue.open311 import PUBLIC_CLASS, options
from workflows.catalogue.parts import Text, filled
from workflows.catalogue.pointers import follow, split
from workflows.models import State
from workflows.public_words import PUBLIC_STATES, definition_in
from workflows.streets import known_streets

_LANGUAGE: Final = "de"
_OPEN: Final = frozenset({"received", "in_examination", "waiting_for_you"})
# Some ten metres: enough to find a pothole, too little to find a bed.
_DIGITS: Final = 4
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3} ?[a-z]?")
# What stands in a text where the street is not told.
_NOWHERE: Final = Text({"de": "ohne Anschrift", "en": "without an address"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports: received from ``start`` and before ``end``, the newest first.

    ``categories`` maps keys of services to their options, None: all of them. ``is_open`` None:
    open ones and others.
    """

    categories: Mapping[str, frozenset[str] | None]
    start: datetime
    end: datetime
    is_open: bool | None = None
    limit: int = 1000
    offset: int = 0


@dataclass(frozen=True, slots=True)
class PublicReport:
    """A report as everybody may see it; ``id`` is that of its submission, in no order of ours."""

    id: UUID
    service_key: str
    category: str
    title: str
    is_open: bool
    notes: str
    unit: str
    address: str | None
    latitude: float | None
    longitude: float | None
    description: str | None
    received_at: datetime
    changed_at: datetime
    expected_on: date | None


# Only what was filed under a version that makes it public, in the class that everybody may see.
_PUBLIC: Final = """
WITH taken AS MATERIALIZED (
  SELECT v.id, v.definition::jsonb -> 'open311' AS open311
    FROM workflows_serviceversion v
   WHERE v.service_id IN (SELECT s.id FROM workflows_service s
                           WHERE s.tenant_id = %(tenant)s AND s.key = ANY (%(services)s))
), versions AS MATERIALIZED (
  SELECT id, open311 ->> 'category' AS category
    FROM taken WHERE jsonb_typeof(open311) = 'object'
), scopes AS MATERIALIZED (
  SELECT u.id || %(class)s AS scope FROM kernel_unit u WHERE u.tenant_id = %(tenant)s
)"""
# What somebody corrected counts as corrected.
_CATEGORY: Final = """coalesce(
         (SELECT k.value #>> '{}' FROM workflows_correction k
           WHERE k.case_id = p.case_id AND k.pointer = w.category
           ORDER BY k.made_at DESC, k.id DESC LIMIT 1),
         (SELECT s.envelope::jsonb #>> string_to_array(substr(w.category, 2), '/')
            FROM workflows_submission s WHERE s.id = p.submission))"""
# First the index alone, over the time asked about (``arrivals``), then the rows it names, one by
# one: OFFSET 0 keeps the planner from reading whole tables for it, however much there was before.
_LISTED: Final = f"""{_PUBLIC}, arrived AS MATERIALIZED (
  SELECT a.case_id FROM scopes CROSS JOIN LATERAL (
         SELECT p.case_id FROM workflows_process p
          WHERE p.scope = scopes.scope AND p.service_key = ANY (%(services)s)
            AND p.received_at >= %(start)s AND p.received_at < %(end)s OFFSET 0) a
), chosen AS (
  SELECT p.case_id
    FROM arrived CROSS JOIN LATERAL (
         SELECT * FROM workflows_process o WHERE o.case_id = arrived.case_id OFFSET 0) p
    JOIN versions w ON w.id = p.version_id
   WHERE p.submission IS NOT NULL AND p.state = ANY (%(states)s)
     AND (p.service_key = ANY (%(whole)s)
          OR p.service_key || '.' || {_CATEGORY} = ANY (%(codes)s))
   ORDER BY p.received_at DESC, p.case_id DESC LIMIT %(limit)s OFFSET %(offset)s)
"""  # noqa: S608 - put together from constants of this file alone
_NAMED: Final = f"""{_PUBLIC}, chosen AS (
  SELECT p.case_id
    FROM workflows_process p JOIN versions w ON w.id = p.version_id
    JOIN scopes ON scopes.scope = p.scope
   WHERE p.submission = ANY (%(ids)s))
"""  # noqa: S608 - put together from constants of this file alone
_TOLD: Final = f"""
SELECT s.id, p.service_key, s.envelope, {CORRECTIONS.format(case="p.case_id")} AS corrections,
       p.state, p.outcome, p.due_on, p.received_at, coalesce(p.done_at, p.state_since) AS changed,
       u.name AS unit, v.id AS version, v.sha256,
       (SELECT d.ends_on FROM workflows_deadline d
         WHERE d.case_id = p.case_id AND d.key = 'processing'
         ORDER BY d.is_running DESC, d.set_at DESC LIMIT 1) AS expected_on
  FROM chosen
  JOIN workflows_process p ON p.case_id = chosen.case_id
  JOIN workflows_submission s ON s.id = p.submission
  JOIN workflows_serviceversion v ON v.id = p.version_id
  JOIN efile_case c ON c.id = p.case_id
  JOIN kernel_unit u ON u.id = c.lead_unit_id
 ORDER BY p.received_at DESC, p.case_id DESC
"""  # noqa: S608 - put together from constants of this file alone


def list_reports(tenant_id: int, wanted: Wanted) -> list[PublicReport]:
    """The reports of ``wanted``, the newest first. Two statements, however many there are."""
    whole = [key for key, chosen in wanted.categories.items() if chosen is None]
    states = [
        state
        for state, public in PUBLIC_STATES.items()
        if wanted.is_open in (None, public in _OPEN)
    ]
    asked = {
        "services": list(wanted.categories),
        "whole": whole,
        "codes": [f"{key}.{one}" for key, few in wanted.categories.items() for one in few or ()],
        "start": wanted.start,
        "end": wanted.end,
        "states": [State(state).value for state in states],
        "limit": wanted.limit,
        "offset": wanted.offset,
    }
    return _told(tenant_id, _LISTED, asked)


def find_reports(
    tenant_id: int, services: Iterable[str], ids: Sequence[UUID]
) -> list[PublicReport]:
    """Those of ``ids`` that are public reports of ``services``. Two statements, however many."""
    return _told(tenant_id, _NAMED, {"services": list(services), "ids": list(ids)})


def _told(tenant_id: int, chosen: str, asked: Mapping[str, Any]) -> list[PublicReport]:
    with connection.cursor() as cursor:
        cursor.execute(chosen + _TOLD, {**asked, "tenant": tenant_id, "class": f":{PUBLIC_CLASS}"})
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    read = [(row, _read(row)) for row in rows]
    streets = known_streets(tenant_id, _streets(read))
    return [told for row, form in read if (told := _report(row, form, streets))]


def _read(row: Mapping[str, Any]) -> Mapping[str, Any]:
    definition = _definition(row)
    form = Application.read(definition, *opened(row["envelope"], row["corrections"])).form
    return {"form": form}


def _streets(read: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> list[str]:
    named = (_said(_definition(row), form, "street") for row, form in read)
    return [street for street in named if isinstance(street, str)]


def _report(
    row: Mapping[str, Any], form: Mapping[str, Any], streets: Mapping[str, str]
) -> PublicReport | None:
    """The report; None where even its category cannot be told."""
    definition = _definition(row)
    category = options(definition).get(_said(definition, form, "category"))
    if category is None:
        return None
    taken, title = definition.open311, category.in_(_LANGUAGE)
    street = streets.get(_said(definition, form, "street") or "")
    number = _said(definition, form, "number") or ""
    if not _NUMBER.fullmatch(number):
        number = ""
    public = PUBLIC_STATES[row["state"]]
    return PublicReport(
        id=row["id"],
        service_key=row["service_key"],
        category=_said(definition, form, "category"),
        title=title,
        is_open=public in _OPEN,
        notes=_notes(definition, row, public, title, street),
        unit=row["unit"],
        address=f"{street} {number}".strip() if street else None,
        latitude=_rounded(_said(definition, form, "latitude")),
        longitude=_rounded(_said(definition, form, "longitude")),
        description=_said(definition, form, "description")
        if taken and taken.publish_description
        else None,
        received_at=row["received_at"],
        changed_at=row["changed"],
        expected_on=row["expected_on"],
    )


def _definition(row: Mapping[str, Any]) -> Definition:
    definition = definition_in(row)
    assert definition is not None  # every row has a version
    return definition


def _said(definition: Definition, form: Mapping[str, Any], name: str) -> Any:
    """What the form says where the definition points for ``name``; None where it does not."""
    pointer = getattr(definition.open311, name, None)
    return follow(form, pointer) if pointer else None


def _notes(
    definition: Definition, row: Mapping[str, Any], public: str, title: str, street: str | None
) -> str:
    """What became of it, in the definition's own public words; they may name nothing else."""
    taken = definition.open311
    assert taken is not None  # such versions alone are read
    values = {
        ".".join(split(taken.category)[1:]): title,
        ".".join(split(taken.street)[1:]): street or _NOWHERE.in_(_LANGUAGE),
        "deadline": day_in(row["due_on"], _LANGUAGE),
        "unit": row["unit"],
    }
    ended = definition.outcome(row["outcome"])
    text = ended.text if ended and public not in _OPEN else definition.public_texts.states[public]
    return filled(text.in_(_LANGUAGE), values)


def _rounded(degrees: Any) -> float | None:
    return round(float(degrees), _DIGITS) if isinstance(degrees, int | float) else None
