"""The kinds of fields that a form can have, and what is edited of each."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.service_parts import Part, mapping

_CLOCK: Final = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
_LONG: Final = 200
_FORMATS: Final = {"date": "date", "email": "email", "idn-email": "email"}
_PATTERNS: Final = {_CLOCK: "clock", "[0-9]": "phone"}


def _labels(de: str, en: str) -> dict[str, Any]:
    return {"x-labels": {"de": de, "en": en}}


_ADDRESS: Final[Mapping[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["street", "postcode", "city"],
    "properties": {
        "street": {"type": "string", "maxLength": 100, **_labels("Straße", "Street")},
        "number": {"type": "string", "maxLength": 10, **_labels("Hausnummer", "House number")},
        "postcode": {
            "type": "string",
            "maxLength": 5,
            "pattern": "^[0-9]{5}$",
            "examples": ["40764"],
            **_labels("Postleitzahl", "Postcode"),
        },
        "city": {"type": "string", "maxLength": 100, **_labels("Ort", "Town")},
    },
}
# What a new field of each kind begins with, and how a kind is told from its schema.
KINDS: Final[Mapping[str, tuple[Promise, Mapping[str, Any]]]] = {
    "text": (_("Text, eine Zeile"), {"type": "string", "maxLength": 200}),
    "long": (_("Text, mehrere Zeilen"), {"type": "string", "maxLength": 2000}),
    "integer": (_("Ganze Zahl"), {"type": "integer", "minimum": 0}),
    "number": (_("Zahl mit Nachkommastellen"), {"type": "number", "minimum": 0}),
    "date": (_("Datum"), {"type": "string", "format": "date"}),
    "clock": (
        _("Uhrzeit"),
        {"type": "string", "maxLength": 5, "pattern": _CLOCK, "examples": ["14:00"]},
    ),
    "yes_no": (_("Ja oder nein"), {"type": "boolean"}),
    "tick": (_("Muss angehakt werden"), {"type": "boolean", "const": True}),
    "choice": (_("Auswahl: eines davon"), {"type": "string", "enum": [], "x-options": {}}),
    "several": (
        _("Auswahl: mehrere davon"),
        {
            "type": "array",
            "maxItems": 20,
            "uniqueItems": True,
            "items": {"type": "string", "enum": [], "x-options": {}},
        },
    ),
    "email": (_("E-Mail-Adresse"), {"type": "string", "format": "idn-email", "maxLength": 254}),
    "phone": (
        _("Telefonnummer"),
        {"type": "string", "maxLength": 40, "pattern": "[0-9]", "examples": ["02173 123456"]},
    ),
    "address": (_("Anschrift"), _ADDRESS),
    "group": (
        _("Gruppe von Feldern"),
        {"type": "object", "additionalProperties": False, "properties": {}},
    ),
    "list": (
        _("Liste von Texten"),
        {"type": "array", "maxItems": 10, "items": {"type": "string", "maxLength": 200}},
    ),
    "table": (
        _("Liste von Gruppen"),
        {
            "type": "array",
            "maxItems": 10,
            "items": {"type": "object", "additionalProperties": False, "properties": {}},
        },
    ),
}
_NEEDED: Final = (
    ("always", _("immer")),
    ("never", _("nein, freiwillig")),
    ("when", _("nur wenn …")),
    ("kept", _("wie es jetzt geregelt ist")),
)
_IS: Final = (("is", _("gleich ist")), ("is_not", _("etwas anderes ist als")))

_LABEL: Final = Part(at="x-labels", kind="words", label=_("Frage oder Beschriftung"), height=1)
_HELP: Final = Part(
    at="x-help", kind="words", label=_("Hilfe"), hint=_("Steht klein unter der Frage. Freiwillig.")
)
_FREE: Final = Part(
    at="x-free-text",
    kind="flag",
    label=_("Ein Mensch muss das lesen, bevor entschieden wird (§ 24 Abs. 1 VwVfG NRW)"),
)
_WHEN: Final = (
    Part(at="needed", kind="choice", label=_("Pflichtangabe?"), choices=_NEEDED),
    Part(at="when_field", kind="choice", label=_("Nur wenn das Feld"), source="siblings"),
    Part(at="when_is", kind="choice", label=_("gleich oder anders"), choices=_IS),
    Part(
        at="when_value",
        kind="line",
        label=_("Wert"),
        hint=_("Wie im Formular: etwa ja, nein, eine Auswahl oder eine Zahl."),
    ),
)
TEXT: Final = (
    Part(at="minLength", kind="integer", label=_("Mindestens so viele Zeichen")),
    Part(at="maxLength", kind="integer", label=_("Höchstens so viele Zeichen")),
    Part(
        at="pattern",
        kind="line",
        label=_("Muster der Schreibweise"),
        hint=_("Regulärer Ausdruck, für Erfahrene. Mit einem Beispiel darunter."),
    ),
    Part(at="example", kind="line", label=_("Beispiel für die Schreibweise")),
)
NUMBER: Final = (
    Part(at="minimum", kind="decimal", label=_("Kleinster Wert")),
    Part(at="maximum", kind="decimal", label=_("Größter Wert")),
)
ITEMS: Final = (
    Part(at="minItems", kind="integer", label=_("Mindestens so viele Einträge")),
    Part(at="maxItems", kind="integer", label=_("Höchstens so viele Einträge")),
)
_OPTIONS: Final = Part(
    at="options",
    kind="rows",
    label=_("Auswahl"),
    item=_("Möglichkeit"),
    folded=False,
    new={},
    none=[],
    parts=(
        Part(at="text", kind="words", label=_("So heißt sie"), height=1),
        Part(
            at="value",
            kind="line",
            label=_("Kennung"),
            hint=_("Entsteht aus dem deutschen Namen, wenn Sie nichts eintragen."),
        ),
    ),
)
_DEFAULT: Final = Part(at="default", kind="line", label=_("Vorbelegt mit"), hint=_("Freiwillig."))
_BY_KIND: Final[Mapping[str, tuple[Part, ...]]] = {
    "text": (_FREE, *TEXT),
    "long": (_FREE, *TEXT[:2]),
    "phone": TEXT,
    "integer": NUMBER,
    "number": NUMBER,
    "choice": (_OPTIONS, _DEFAULT),
    "several": (_OPTIONS, *ITEMS),
    "yes_no": (_DEFAULT,),
    "list": ITEMS,
    "table": ITEMS,
}


def kind_of(schema: Mapping[str, Any]) -> str:
    """Which of ``KINDS`` a field is; "text" for what none fits."""
    held = mapping(schema.get("items"))
    match schema.get("type"):
        case "boolean":
            return "tick" if "const" in schema else "yes_no"
        case "array":
            several = "enum" in held
            return "several" if several else "table" if held.get("type") == "object" else "list"
        case "object":
            return "address" if "postcode" in mapping(schema.get("properties")) else "group"
        case _ if "enum" in schema:
            return "choice"
        case "integer" | "number" as number:
            return str(number)
        case _:
            return _kind_of_text(schema)


def _kind_of_text(schema: Mapping[str, Any]) -> str:
    if written := _FORMATS.get(str(schema.get("format"))):
        return written
    if spelt := _PATTERNS.get(str(schema.get("pattern"))):
        return spelt
    most = schema.get("maxLength", 0)
    return "long" if isinstance(most, int) and most > _LONG else "text"


def parts_of(kind: str) -> tuple[Part, ...]:
    """What is edited of a field of that kind."""
    own = _BY_KIND.get(kind, ())
    return (_LABEL, *_WHEN, _HELP, *own)
