"""What the variables of rules and their sources are called, in words that people read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from workflows.catalogue.parts import Check, Text
from workflows.catalogue.rules import FACTS


def _text(de: str, en: str) -> Text:
    return Text(MappingProxyType({"de": de, "en": en}))


# Who can be asked about what a check is about.
REGISTERS: Final[Mapping[str, Text]] = {
    "population": _text("Melderegister", "Population register"),
    "vehicle": _text("Fahrzeugregister", "Vehicle register"),
    "benefits": _text("Sozialleistungsverzeichnis", "Register of benefits"),
    "business": _text("Gewerberegister", "Business register"),
    "civil_status": _text("Personenstandsregister", "Civil status register"),
}
# Where an answer comes from if not from a register.
SOURCES: Final[Mapping[str, Text]] = {
    "records": _text("Eigene Verzeichnisse", "Our own records"),
    "statement": _text("Angaben im Antrag", "Statements in the application"),
}

_GROUPS: Final[Mapping[str, Text]] = {
    "applicant": _text("Antrag", "Application"),
    "standing": _text("Bestand", "Records"),
    "matter": _text("Bestand", "Records"),
    "address": _text("Straßenverzeichnis", "Street directory"),
    **{f"registers.{key}": name for key, name in REGISTERS.items()},
}
_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "applicant.kind": ("Art der Person", "kind of person"),
    "applicant.birth_date": ("Geburtsdatum", "date of birth"),
    "applicant.street": ("Straße", "street"),
    "applicant.number": ("Hausnummer", "house number"),
    "applicant.postcode": ("Postleitzahl", "postcode"),
    "applicant.city": ("Ort", "town"),
    "applicant.assurance": ("Vertrauensniveau der Anmeldung", "assurance level of the sign-in"),
    "registers.population.found": ("Person gefunden", "person found"),
    "registers.population.blocked": ("Auskunft gesperrt", "information blocked"),
    "registers.population.main_residence": (
        "Hauptwohnung in der Stadt",
        "main residence in the city",
    ),
    "registers.population.street": ("Straße", "street"),
    "registers.population.number": ("Hausnummer", "house number"),
    "registers.population.postcode": ("Postleitzahl", "postcode"),
    "registers.population.district": ("Bezirk", "district"),
    "registers.population.parking_zone": ("Bewohnerparkzone", "residents' parking zone"),
    "registers.vehicle.found": ("Kennzeichen gefunden", "plate found"),
    "registers.vehicle.admitted": ("zugelassen", "admitted to traffic"),
    "registers.vehicle.is_keeper": ("Person ist Halterin oder Halter", "person is the keeper"),
    "registers.vehicle.vehicle_class": ("Fahrzeugklasse", "vehicle class"),
    "registers.benefits.found": ("Leistung läuft", "a benefit is paid"),
    "registers.benefits.kind": ("Art der Leistung", "kind of benefit"),
    "registers.benefits.valid_to": ("Leistung bewilligt bis", "benefit granted until"),
    "registers.business.found": ("Gewerbe angemeldet", "business registered"),
    "registers.business.trade": ("angemeldete Tätigkeit", "registered trade"),
    "registers.business.craft": (
        "in der Handwerksrolle eingetragen",
        "entered in the register of crafts",
    ),
    "registers.civil_status.found": ("Eintrag liegt hier vor", "event is recorded here"),
    "registers.civil_status.entitled": (
        "Person gehört zum berechtigten Kreis",
        "person is among those entitled",
    ),
    "registers.civil_status.restricted": ("Sperrvermerk", "information is barred"),
    "matter.found": ("angegebene Nummer bekannt", "number stated is known"),
    "matter.is_running": ("läuft noch", "still running"),
    "matter.is_holder": ("gehört der antragstellenden Person", "belongs to the applicant"),
    "standing.active_permits": ("gültige Ausweise der Person", "valid permits of the person"),
    "standing.active_for_object": (
        "gültige Ausweise zum selben Gegenstand",
        "valid permits for the same object",
    ),
    "address.known": ("Anschrift bekannt", "address known"),
    "address.district": ("Bezirk", "district"),
    "address.parking_zone": ("Bewohnerparkzone", "residents' parking zone"),
}
_TODAY: Final = _text("Tag der Prüfung", "day of the check")
_STATED: Final = _text("angegeben", "stated")


def variable_name(name: str, form: Mapping[str, Any], language: str) -> str:
    """What the variable ``name`` of a rule is called; ``form`` maps fields to their schemas."""
    if name == "today":
        return _TODAY.in_(language)
    if name in FACTS:
        group, _, _ = name.rpartition(".")
        return f"{_GROUPS[group].in_(language)}: {_text(*_NAMES[name]).in_(language)}"
    group, _, field = name.partition(".")
    labels = form.get(field, {}).get("x-labels")
    label = Text(labels).in_(language) if labels else field
    return f"{label}: {_STATED.in_(language)}" if group == "given" else label


def source_name(check: Check, language: str) -> str:
    """Where the answer of ``check`` comes from: the registers asked, or whose word it is."""
    if check.evidence == "register":
        asked = dict.fromkeys(query.register for query in check.registers)
        return ", ".join(REGISTERS[one].in_(language) for one in asked)
    return SOURCES[check.evidence].in_(language)
