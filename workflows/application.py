"""What was applied for: what was sent, and what was put beside it since. Opened here alone."""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final

from django.db import connection

from efile.kernel.errors import FieldError
from efile.letters.text import day_in
from workflows.catalogue.definition import Definition
from workflows.catalogue.pointers import follow, split
from workflows.catalogue.submission import applicant_of
from workflows.models import Process
from workflows.offers import definition_of

# The corrections of a case, oldest first, as one column of whoever reads the case.
CORRECTIONS: Final = """(
SELECT json_agg(json_build_object('pointer', k.pointer, 'value', k.value, 'reason', k.reason,
                'at', k.made_at, 'by', k.made_by, 'name', coalesce(u.display_name, ''))
                ORDER BY k.made_at, k.id)::text
  FROM workflows_correction k LEFT JOIN kernel_user u ON k.made_by = 'user:' || u.id
 WHERE k.case_id = {case})"""


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a caseworker put in the place of ``sent``; ``value`` None: nothing is stated there.

    ``by`` is the journal's key of whoever did it, ``name`` what colleagues call them.
    """

    pointer: str
    value: Any
    sent: Any
    reason: str
    at: datetime
    by: str
    name: str


@dataclass(frozen=True, slots=True)
class Application:
    """An application under its definition.

    ``form`` is what of the form can be relied on, corrections included: members that break the
    schema are left out, and ``faults`` names every one. ``applicant`` and ``parties`` are as
    corrected, too; ``sent`` stays what was sent, to the letter. ``corrections`` maps pointers into
    the submission to what counts there now. ``electronic`` says whether the decision may go
    through the portal.
    """

    definition: Definition
    form: Mapping[str, Any]
    faults: tuple[FieldError, ...]
    applicant: Mapping[str, Any]
    holder: str
    electronic: bool
    language: str
    sent: Mapping[str, Any] = field(default_factory=dict)
    effective: Mapping[str, Any] = field(default_factory=dict)
    corrections: Mapping[str, Corrected] = field(default_factory=dict)

    @classmethod
    def of(cls, process: Process) -> "Application":
        """The application of ``process`` (its version loaded with it). One statement."""
        return cls.read(definition_of(process.version), *_opened(process))

    @classmethod
    def read(
        cls,
        definition: Definition,
        envelope: Mapping[str, Any],
        corrections: Sequence[Mapping[str, Any]] = (),
    ) -> "Application":
        """The application that ``envelope`` makes under ``definition``.

        ``corrections`` are rows as the column CORRECTIONS gives them, oldest first.
        """
        effective = with_corrections(envelope, corrections)
        form = effective.get("form")
        faults = tuple(definition.validator.errors(form))
        applicant = applicant_of(effective)
        consents = effective.get("consents") or {}
        return cls(
            definition=definition,
            form=_reliable(form, faults),
            faults=faults,
            applicant=applicant,
            holder=str((applicant.get("identity") or {}).get("holder", "")),
            electronic=bool(consents.get("electronic_delivery")),
            language=str(effective.get("language") or "de"),
            sent=envelope,
            effective=effective,
            corrections=_counting(envelope, corrections),
        )

    @property
    def sent_form(self) -> Any:
        """The form as it was sent, whatever that was."""
        return self.sent.get("form")

    @property
    def subject(self) -> str:
        """The subject of its case: German, like the file."""
        if self.faults:
            return self.definition.title.in_("de")
        return self.definition.subject_for(self.form)


_OPENED = f"""
SELECT envelope, {CORRECTIONS.format(case="%s")} FROM workflows_submission WHERE id = %s
"""  # noqa: S608 - put together from constants of this file alone


def _opened(process: Process) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What was sent for ``process`` and its corrections; nothing where nothing was sent."""
    if process.submission is None:
        return {}, []
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, [process.case_id, process.submission])
        return opened(*cursor.fetchone())


def opened(
    envelope: str | None, corrections: str | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Envelope and column CORRECTIONS as the database has them, ready for ``Application.read``."""
    return json.loads(envelope or "{}"), json.loads(corrections or "[]")


def with_corrections(
    envelope: Mapping[str, Any], corrections: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """A copy of ``envelope`` in which the corrections stand in the place of what was sent."""
    if not corrections:
        return envelope
    whole = deepcopy(dict(envelope))
    for one in corrections:
        _put(whole, split(one["pointer"]), one["value"])
    return whole


def _put(whole: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set ``value`` at ``path``, None takes away what is there; groups on the way are begun.

    A path into a list leads to an item that is there, or nowhere.
    """
    here: Any = whole
    for name, below in pairwise(path):
        if isinstance(here, list):
            if not name.isdecimal() or int(name) >= len(here):
                return
            here = here[int(name)]
        else:
            if not isinstance(here.get(name), dict | list) and not below.isdecimal():
                here[name] = {}
            here = here.get(name)
        if not isinstance(here, dict | list):
            return
    last = path[-1]
    if isinstance(here, list):
        if last.isdecimal() and int(last) < len(here) and value is not None:
            here[int(last)] = value
    elif value is None:
        here.pop(last, None)
    else:
        here[last] = value


def _counting(
    envelope: Mapping[str, Any], corrections: Sequence[Mapping[str, Any]]
) -> dict[str, Corrected]:
    """The latest correction of each pointer; one that says again what was sent is none."""
    latest = {one["pointer"]: one for one in corrections}
    return {
        pointer: Corrected(
            pointer=pointer,
            value=one["value"],
            sent=sent,
            reason=one["reason"],
            at=datetime.fromisoformat(one["at"]),
            by=one["by"],
            name=one["name"],
        )
        for pointer, one in latest.items()
        if (sent := follow(envelope, pointer)) != one["value"]
    }


def _reliable(form: Any, faults: tuple[FieldError, ...]) -> Mapping[str, Any]:
    if not isinstance(form, dict):
        return {}
    broken = {parts[1] for fault in faults if len(parts := split(fault.pointer)) > 1}
    return {name: value for name, value in form.items() if name not in broken}


def named(
    language: str,
    *,
    case_reference: str,
    unit: str,
    deadline: date | None = None,
    appointment: Mapping[str, str] | None = None,
    matter: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """What texts may name beside the form, for the placeholders of ``catalogue.consistency``.

    ``appointment`` has date, start and end, ``matter`` number, valid_from and valid_to; ISO days.
    """
    values = {"case_reference": case_reference, "unit": unit}
    if deadline:
        values["deadline"] = day_in(deadline, language)
    if appointment:
        values["slot_date"] = _day(appointment["date"], language)
        start, end = appointment["start"][:5], appointment["end"][:5]
        clock = "" if language.startswith("en") else " Uhr"
        values["slot_window"] = f"{start}–{end}{clock}"
    if matter:
        values["matter_number"] = matter["number"]
        values["valid_from"] = _day(matter["valid_from"], language)
        if matter["valid_to"]:
            values["valid_until"] = _day(matter["valid_to"], language)
    return values


def _day(iso: str, language: str) -> str:
    return day_in(date.fromisoformat(iso), language)
