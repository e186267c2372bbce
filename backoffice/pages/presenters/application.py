"""What was applied for and by whom: the form's fields with their labels, and the parties."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.correcting import Pencil
from backoffice.pages.presenters.form_words import value_text
from backoffice.pages.presenters.party_forms import party_field
from backoffice.pages.presenters.values import (
    day_text,
    field_label,
    field_text,
    language,
    plain_text,
)
from backoffice.pages.rows import EvidenceRow, FieldGroup, FieldRow, PartyRow, Tag
from workflows.application import Application
from workflows.catalogue.forms import in_order
from workflows.catalogue.messages import message
from workflows.catalogue.pointers import join, within
from workflows.dossier import Dossier

ROLES: Final[Mapping[str, Promise]] = {
    "applicant": _("Antragstellende Person"),
    "representative": _("Bevollmächtigte Person"),
}
SOURCES: Final[Mapping[str, str]] = {
    "bundid": "BundID",
    "eid": "Online-Ausweis",
    "mein_unternehmenskonto": "Mein Unternehmenskonto",
}
LEVELS: Final[Mapping[str, Promise]] = {
    "basic": _("niedrig"),
    "substantial": _("substanziell"),
    "high": _("hoch"),
}


NOBODY: Final = Pencil()


def field_groups(application: Application, pencil: Pencil = NOBODY) -> tuple[FieldGroup, ...]:
    """The form as it counts: single fields first, then each group and list of its own.

    Faulty values stand there as they came, with what is wrong with them; nothing is left out.
    Where ``pencil`` may put something right, the fields that nobody stated are named, too.
    """
    said = application.effective.get("form")
    said = said if isinstance(said, dict) else {}
    schema = application.definition.form
    groups = [_group(application, pencil, gettext("Antrag"), schema, said, "/form")]
    for name, inner in in_order(schema.get("properties", {})):
        here, value, title = join("/form", name), said.get(name), field_label(inner, name)
        if inner.get("type") == "object" and isinstance(value, dict):
            groups.append(_group(application, pencil, title, inner, value, here))
        elif inner.get("type") == "array" and isinstance(value, list):
            rows = _items(application, pencil, inner.get("items", {}), value, here)
            groups.append(FieldGroup(title, tuple(rows)))
    return tuple(group for group in groups if group.rows or group.silent)


def item_text(schema: Mapping[str, Any], item: Any) -> str:
    """One entry of a list on one line, as far as it fits its schema."""
    return value_text(schema, item) if isinstance(item, dict) else field_text(schema, item)


SCOPES: Final[Mapping[str, Promise]] = {
    "application": _("handelt im Verfahren"),
    "receipt": _("bekommt die Schreiben"),
}


def party_rows(
    dossier: Dossier, pencil: Pencil = NOBODY, evidence: EvidenceRow | None = None
) -> tuple[PartyRow, ...]:
    """Who takes part, who vouches for the name, and where the applicant's stands on paper."""
    rows = [_party(dossier, one, pencil) for one in dossier.parties]
    return tuple(
        replace(row, evidence=evidence) if party.role == "applicant" else row
        for row, party in zip(rows, dossier.parties, strict=True)
    )


def _party(dossier: Dossier, party: Any, pencil: Pencil) -> PartyRow:
    rows = [*_details(dossier, party, pencil)]
    return PartyRow(
        role=str(ROLES.get(party.role, party.role)),
        name=party.display_name or gettext("ohne Namen"),
        details=tuple(row for row in rows if row.value or row.edit or row.corrected),
        silent=tuple(row for row in rows if not (row.value or row.edit or row.corrected)),
        identity=_identity(party),
    )


def _group(
    application: Application,
    pencil: Pencil,
    title: str,
    schema: Mapping[str, Any],
    said: Mapping[str, Any],
    here: str,
) -> FieldGroup:
    rows = tuple(_fields(application, pencil, schema, said, here))
    silent = _silent(application, pencil, schema, said, here, {row.key for row in rows})
    return FieldGroup(title, rows, tuple(silent))


def _fields(
    application: Application,
    pencil: Pencil,
    schema: Mapping[str, Any],
    said: Mapping[str, Any],
    here: str,
) -> Iterator[FieldRow]:
    """The single fields of one level; a missing one with its default or what is wrong with that."""
    known = schema.get("properties", {})
    needed = schema.get("required", ())
    for name, inner in in_order(known):
        pointer = join(here, name)
        if inner.get("type") in ("object", "array") and isinstance(said.get(name), dict | list):
            continue
        note = _faults(application, pointer)
        if name not in said and "default" in inner:
            note = note or gettext("nicht angegeben, es gilt die Vorgabe")
        shown = name in said or note or pointer in application.corrections
        if shown or pencil.editing.at == pointer:
            value = field_text(inner, said.get(name, inner.get("default")))
            row = FieldRow(label=field_label(inner, name), value=value, note=note)
            yield pencil.row(application, pointer, inner, row, required=name in needed)
    for name in sorted(said.keys() - known.keys()):
        note = _faults(application, join(here, name))
        yield FieldRow(label=name, value=plain_text(said[name]), note=note)


def _silent(
    application: Application,
    pencil: Pencil,
    schema: Mapping[str, Any],
    said: Mapping[str, Any],
    here: str,
    shown: set[str],
) -> Iterator[FieldRow]:
    """The single fields that nobody stated, for whoever may state them."""
    for name, inner in in_order(schema.get("properties", {})):
        pointer = join(here, name)
        single = inner.get("type") not in ("object", "array")
        if not single or name in said or not pencil.reaches(pointer):
            continue
        row = FieldRow(label=field_label(inner, name), value="")
        marked = pencil.row(application, pointer, inner, row, required=False)
        if marked.key not in shown:
            yield marked


def _items(
    application: Application,
    pencil: Pencil,
    schema: Mapping[str, Any],
    items: list[Any],
    here: str,
) -> Iterator[FieldRow]:
    for index, item in enumerate(items):
        row = FieldRow(
            label=gettext("Nr. %(number)d") % {"number": index + 1},
            value=item_text(schema, item),
            note=_faults(application, join(here, index)),
        )
        yield pencil.row(application, join(here, index), schema, row, required=True)


def _faults(application: Application, pointer: str) -> str:
    """What is wrong at ``pointer`` or below it."""
    return " ".join(
        message(fault.rule, fault.facts, language())
        for fault in application.faults
        if within(pointer, fault.pointer)
    )


def _details(dossier: Dossier, party: Any, pencil: Pencil) -> Iterator[FieldRow]:
    """What is known of a party and what could be; the file's word where nothing was sent."""
    application = dossier.application
    sent = application.effective.get("parties") or []
    stated = sent[party.position] if party.position < len(sent) else _kept(party)
    rule = next((one for one in application.definition.parties if one.role == party.role), None)
    for name in _OF_KIND[party.kind]:
        schema, value = party_field(name), stated.get(name)
        shown = address_text(value) if name == "address" else field_text(schema, value)
        row = FieldRow(label=field_label(schema, name), value=shown if value else "")
        pointer = join("/parties", party.position, name)
        required = rule is not None and name in rule.fields
        told = address_text if name == "address" else None
        yield pencil.row(application, pointer, schema, row, required=required, told=told)
    if authority := stated.get("authority"):
        yield FieldRow(label=gettext("Vollmacht"), value=_authority(authority))


def _authority(authority: Mapping[str, Any]) -> str:
    """What a representative may do, and until when."""
    said = ", ".join(str(SCOPES.get(one, one)) for one in authority.get("scope", []))
    if until := authority.get("until"):
        return gettext("%(scope)s, bis %(day)s") % {"scope": said, "day": day_text(until)}
    return said


_OF_KIND: Final = {
    "person": ("family_name", "given_names", "birth_date", "address", "email", "phone"),
    "organisation": ("organisation", "address", "email", "phone"),
}


def _kept(party: Any) -> dict[str, Any]:
    """The party as the file has it, in the words of a submission."""
    born = party.birth_date.isoformat() if party.birth_date else ""
    return {name: getattr(party, name) for name in _OF_KIND[party.kind]} | {"birth_date": born}


def address_text(address: Any) -> str:
    """An address on one line: "Lindenstraße 1a, 40764 Musterstadt"."""
    known = address if isinstance(address, dict) else {}
    street = f"{known.get('street', '')} {known.get('number', '')}".strip()
    city = f"{known.get('postcode', '')} {known.get('city', '')}".strip()
    return ", ".join(part for part in (street, city) if part)


def _identity(party: Any) -> Tag:
    if party.assurance not in LEVELS:
        return Tag(gettext("ohne Anmeldung"), "neutral")
    source = SOURCES.get(party.identity_source, party.identity_source)
    level = str(LEVELS[party.assurance])
    spoken = gettext("Vertrauensniveau %(level)s") % {"level": level}
    return Tag(f"{source}, {level}", "info", spoken=f"{source}, {spoken}")
