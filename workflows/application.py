"""What was applied for, read from what was sent: the one place that opens an envelope again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from efile.kernel.errors import FieldError
from workflows.catalogue.definition import Definition
from workflows.catalogue.pointers import split
from workflows.catalogue.submission import applicant_of
from workflows.models import Process, Submission
from workflows.offers import definition_of


@dataclass(frozen=True, slots=True)
class Application:
    """An application under its definition.

    ``form`` is what of the form can be relied on: members that break the schema are left out,
    and ``faults`` names every one. ``electronic`` says whether the decision may go through the
    portal.
    """

    definition: Definition
    form: Mapping[str, Any]
    faults: tuple[FieldError, ...]
    applicant: Mapping[str, Any]
    holder: str
    electronic: bool
    language: str

    @classmethod
    def of(cls, process: Process) -> "Application":
        """The application of ``process`` (its version loaded with it). One statement."""
        return cls.read(definition_of(process.version), envelope_of(process))

    @classmethod
    def read(cls, definition: Definition, envelope: Mapping[str, Any]) -> "Application":
        """The application that ``envelope`` makes under ``definition``."""
        form = envelope.get("form")
        faults = tuple(definition.validator.errors(form))
        applicant = applicant_of(envelope)
        consents = envelope.get("consents") or {}
        return cls(
            definition=definition,
            form=_reliable(form, faults),
            faults=faults,
            applicant=applicant,
            holder=str((applicant.get("identity") or {}).get("holder", "")),
            electronic=bool(consents.get("electronic_delivery")),
            language=str(envelope.get("language") or "de"),
        )

    @property
    def subject(self) -> str:
        """The subject of its case: German, like the file."""
        if self.faults:
            return self.definition.title.in_("de")
        return self.definition.subject_for(self.form)


def envelope_of(process: Process) -> dict[str, Any]:
    """What was sent for ``process``, opened; {} where nothing was. One statement."""
    if process.submission is None:
        return {}
    text = Submission.objects.values_list("envelope", flat=True).get(id=process.submission)
    envelope: dict[str, Any] = json.loads(text)
    return envelope


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
        values["deadline"] = _day(deadline.isoformat(), language)
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
    day = date.fromisoformat(iso)
    return f"{day:%d %B %Y}" if language.startswith("en") else f"{day:%d.%m.%Y}"
