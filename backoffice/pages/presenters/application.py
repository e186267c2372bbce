"""What was applied for and by whom: the form's fields with their labels, and the parties."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.values import (
    day_text,
    field_label,
    field_text,
    language,
    plain_text,
)
from backoffice.pages.rows import FieldGroup, FieldRow, PartyRow, Tag
from workflows.application import Application
from workflows.catalogue.messages import message
from workflows.catalogue.pointers import join, split
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
    "basic": _("Vertrauensniveau niedrig"),
    "substantial": _("Vertrauensniveau substanziell"),
    "high": _("Vertrauensniveau hoch"),
}


def field_groups(application: Application, sent: Any) -> tuple[FieldGroup, ...]:
    """The form as it was ``sent``: single fields first, then each group and list of its own.

    Faulty values stand there as they came, with what is wrong with them; nothing is left out.
    """
    sent = sent if isinstance(sent, dict) else {}
    schema = application.definition.form
    groups = [FieldGroup(gettext("Antrag"), tuple(_fields(application, schema, sent, "/form")))]
    for name, inner in schema.get("properties", {}).items():
        here, value = join("/form", name), sent.get(name)
        if inner.get("type") == "object" and isinstance(value, dict):
            rows = _fields(application, inner, value, here)
            groups.append(FieldGroup(field_label(inner, name), tuple(rows)))
        elif inner.get("type") == "array" and isinstance(value, list):
            rows = _items(application, inner.get("items", {}), value, here)
            groups.append(FieldGroup(field_label(inner, name), tuple(rows)))
    return tuple(group for group in groups if group.rows)


def item_text(schema: Mapping[str, Any], item: Any) -> str:
    """One entry of a list on one line, as far as it fits its schema."""
    if not isinstance(item, dict):
        return plain_text(item)
    known = schema.get("properties", {})
    return ", ".join(_said(known.get(name, {}), name, value) for name, value in item.items())


def _said(schema: Mapping[str, Any], name: str, value: Any) -> str:
    """The value with its label; an option speaks for itself."""
    text = field_text(schema, value)
    if str(value) in schema.get("x-options", {}):
        return text
    return f"{field_label(schema, name)}: {text}"


def label_at(schema: Mapping[str, Any], pointer: str) -> str:
    """What the field under ``pointer`` (from the form's root) is called; "" where it is none."""
    found: Mapping[str, Any] = schema
    name = ""
    for name in split(pointer):
        inner = found.get("items" if name.isdecimal() else "properties", {})
        found = inner if name.isdecimal() else inner.get(name, {})
    return field_label(found, "") if name else ""


def party_rows(dossier: Dossier) -> tuple[PartyRow, ...]:
    """Who takes part, and who vouches for the name."""
    return tuple(
        PartyRow(
            role=str(ROLES.get(party.role, party.role)),
            name=party.display_name or gettext("ohne Namen"),
            details=tuple(_details(party)),
            identity=_identity(party),
        )
        for party in dossier.parties
    )


def _fields(
    application: Application, schema: Mapping[str, Any], sent: Mapping[str, Any], here: str
) -> Iterator[FieldRow]:
    """The single fields of one level; a missing one with its default or what is wrong with that."""
    known = schema.get("properties", {})
    for name, inner in known.items():
        if inner.get("type") in ("object", "array") and isinstance(sent.get(name), dict | list):
            continue
        note = _faults(application, join(here, name))
        if name not in sent and "default" in inner:
            note = note or gettext("nicht angegeben, es gilt die Vorgabe")
        if name in sent or note:
            value = field_text(inner, sent.get(name, inner.get("default")))
            yield FieldRow(label=field_label(inner, name), value=value, note=note)
    for name in sorted(sent.keys() - known.keys()):
        note = _faults(application, join(here, name))
        yield FieldRow(label=name, value=plain_text(sent[name]), note=note)


def _items(
    application: Application, schema: Mapping[str, Any], items: list[Any], here: str
) -> Iterator[FieldRow]:
    for index, item in enumerate(items):
        yield FieldRow(
            label=gettext("Nr. %(number)d") % {"number": index + 1},
            value=item_text(schema, item),
            note=_faults(application, join(here, index)),
        )


def _faults(application: Application, pointer: str) -> str:
    """What is wrong at ``pointer`` or below it."""
    return " ".join(
        message(fault.rule, fault.facts, language())
        for fault in application.faults
        if fault.pointer == pointer or fault.pointer.startswith(f"{pointer}/")
    )


def _details(party: Any) -> Iterator[FieldRow]:
    address = party.address
    street = f"{address.get('street', '')} {address.get('number', '')}".strip()
    city = f"{address.get('postcode', '')} {address.get('city', '')}".strip()
    facts = {
        gettext("Geburtsdatum"): day_text(party.birth_date) if party.birth_date else "",
        gettext("Anschrift"): ", ".join(part for part in (street, city) if part),
        gettext("E-Mail"): party.email,
        gettext("Telefon"): party.phone,
    }
    return (FieldRow(label=label, value=value) for label, value in facts.items() if value)


def _identity(party: Any) -> Tag:
    if party.assurance not in LEVELS:
        return Tag(gettext("ohne Anmeldung"), "neutral")
    source = SOURCES.get(party.identity_source, party.identity_source)
    return Tag(f"{source}, {LEVELS[party.assurance]}", "info")
