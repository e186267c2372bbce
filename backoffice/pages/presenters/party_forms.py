"""Who takes part, as a form: the rule of a service for a party in the terms of a form's schema."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflows.catalogue.parts import PartyRule
from workflows.catalogue.submission import PARTY_FIELDS

_LABELS: Final[Mapping[str, Promise]] = {
    "kind": _("Art"),
    "organisation": _("Firma oder Organisation"),
    "given_names": _("Vornamen"),
    "family_name": _("Familienname"),
    "birth_name": _("Geburtsname"),
    "birth_date": _("Geburtsdatum"),
    "address": _("Anschrift"),
    "street": _("Straße"),
    "number": _("Hausnummer"),
    "postcode": _("Postleitzahl"),
    "city": _("Ort"),
    "email": _("E-Mail"),
    "phone": _("Telefon"),
}
_KINDS: Final[Mapping[str, Promise]] = {
    "person": _("Person"),
    "organisation": _("Firma oder Organisation"),
}
_ROLES: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "applicant": (_("Antragstellende Person"), _("Weitere antragstellende Person")),
    "representative": (_("Bevollmächtigte Person"), _("Bevollmächtigte Person angeben")),
}
# What belongs to one kind only; the rest is asked of everybody.
_OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "organisation": ("organisation",),
    "person": ("given_names", "family_name", "birth_name", "birth_date"),
}
_OF_ALL: Final = ("address", "email", "phone")


def parties_schema(rule: PartyRule) -> dict[str, Any]:
    """The parties of one role as a list, with the labels of the reader's language."""
    label, another = _ROLES[rule.role]
    return {
        "type": "array",
        "minItems": int(rule.required),
        "maxItems": rule.most,
        "x-labels": {"de": str(label)},
        "x-add": {"de": str(another)},
        "items": _party(rule),
    }


def _party(rule: PartyRule) -> dict[str, Any]:
    names = [name for kind, own in _OF_KIND.items() if kind in rule.kinds for name in own]
    fields = {name: party_field(name) for name in (*names, *_OF_ALL) if _is_asked(name, rule)}
    needed = {
        kind: [n for n in rule.fields if n in own or n in _OF_ALL]
        for kind, own in _OF_KIND.items()
        if kind in rule.kinds
    }
    if len(rule.kinds) == 1:
        only = {"required": needed[rule.kinds[0]], "properties": fields}
        return {"type": "object", "x-order": [*fields], **only}
    options = {kind: {"de": str(_KINDS[kind])} for kind in rule.kinds}
    choice = {"type": "string", "enum": [*rule.kinds], "default": rule.kinds[0]}
    return {
        "type": "object",
        "x-order": ["kind", *fields],
        "properties": {"kind": _labelled("kind", choice) | {"x-options": options}, **fields},
        "allOf": [
            {"if": {"properties": {"kind": {"const": kind}}}, "then": {"required": names}}
            for kind, names in needed.items()
        ],
    }


def _is_asked(name: str, rule: PartyRule) -> bool:
    """A birth name is asked for only where the service needs it."""
    return name != "birth_name" or name in rule.fields


def party_field(name: str) -> dict[str, Any]:
    """The schema of one field of a party, with the labels of the reader's language."""
    schema = dict(PARTY_FIELDS[name])
    if "properties" in schema:
        inner = schema["properties"]
        schema["properties"] = {one: _labelled(one, field) for one, field in inner.items()}
    return _labelled(name, schema)


def _labelled(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """With words, and without the limit that would give a name several lines."""
    plain = {key: value for key, value in schema.items() if key != "maxLength"}
    return plain | {"x-labels": {"de": str(_LABELS[name])}}
