"""The checks of a case: what came out, on what it rests, and why nothing came out."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.values import field_label, field_text, language, plain_text
from backoffice.pages.rows import CheckRow, FieldRow
from backoffice.pages.words import check_tag
from workflows.catalogue.definition import Definition
from workflows.catalogue.parts import Check, filled
from workflows.dossier import Dossier

# What a rule reads beside the form, in words (workflows.catalogue.rules.FACTS).
VARIABLES: Final[Mapping[str, Promise]] = {
    "applicant.kind": _("Antrag: Art der Person"),
    "applicant.birth_date": _("Antrag: Geburtsdatum"),
    "applicant.street": _("Antrag: Straße"),
    "applicant.number": _("Antrag: Hausnummer"),
    "applicant.postcode": _("Antrag: Postleitzahl"),
    "applicant.city": _("Antrag: Ort"),
    "applicant.assurance": _("Antrag: Vertrauensniveau der Anmeldung"),
    "registers.population.found": _("Melderegister: Person gefunden"),
    "registers.population.blocked": _("Melderegister: Auskunft gesperrt"),
    "registers.population.main_residence": _("Melderegister: Hauptwohnung in der Stadt"),
    "registers.population.street": _("Melderegister: Straße"),
    "registers.population.number": _("Melderegister: Hausnummer"),
    "registers.population.postcode": _("Melderegister: Postleitzahl"),
    "registers.population.district": _("Melderegister: Bezirk"),
    "registers.population.parking_zone": _("Melderegister: Bewohnerparkzone"),
    "registers.vehicle.found": _("Fahrzeugregister: Kennzeichen gefunden"),
    "registers.vehicle.admitted": _("Fahrzeugregister: zugelassen"),
    "registers.vehicle.is_keeper": _("Fahrzeugregister: Person ist Halterin oder Halter"),
    "registers.vehicle.vehicle_class": _("Fahrzeugregister: Fahrzeugklasse"),
    "standing.active_permits": _("Bestand: gültige Ausweise der Person"),
    "standing.active_for_object": _("Bestand: gültige Ausweise zum selben Gegenstand"),
    "address.known": _("Straßenverzeichnis: Anschrift bekannt"),
    "address.district": _("Straßenverzeichnis: Bezirk"),
    "address.parking_zone": _("Straßenverzeichnis: Bewohnerparkzone"),
    "today": _("Tag der Prüfung"),
}
# Why a check said nothing (workflows.catalogue.rules.CheckOutcome.error).
SILENCES: Final[Mapping[str, Promise]] = {
    "register_unavailable": _("Ein Register hat nicht geantwortet. Ein Mensch muss nachsehen."),
    "fact_missing": _("Eine Tatsache fehlt, die die Regel braucht. Ein Mensch muss nachsehen."),
    "not_evaluable": _("Die Regel lässt sich auf diese Angaben nicht anwenden."),
}


def check_rows(dossier: Dossier) -> tuple[CheckRow, ...]:
    """The checks of the definition in its order; those that never ran are open."""
    return tuple(_row(dossier, check) for check in dossier.definition.checks)


def checks_summary(dossier: Dossier) -> str:
    """How many passed ("4 von 6 erfüllt"); nothing where nothing is checked."""
    total = len(dossier.definition.checks)
    passed = sum(result.outcome == "passed" for result in dossier.checks)
    if not total:
        return ""
    return gettext("%(passed)d von %(total)d erfüllt") % {"passed": passed, "total": total}


def reason_of(dossier: Dossier, check: Check, tongue: str) -> str:
    """What a refusal for this check would say."""
    shown = dossier.definition.shown(dossier.application.form, tongue)
    return filled(check.reason.in_(tongue), shown)


def _row(dossier: Dossier, check: Check) -> CheckRow:
    title = check.title.in_(language())
    result = next((one for one in dossier.checks if one.key == check.key), None)
    if result is None:
        tag = check_tag("open")
        return CheckRow(key=check.key, outcome=tag, title=title, basis=check.paragraph)
    explanation = ""
    if result.outcome == "failed":
        explanation = reason_of(dossier, check, language())
    elif result.detail:
        explanation = str(SILENCES[result.detail])
    return CheckRow(
        key=check.key,
        outcome=check_tag("unavailable" if result.outcome == "not_evaluated" else result.outcome),
        title=title,
        explanation=explanation,
        basis=result.paragraph,
        inputs=tuple(
            FieldRow(label=_label(dossier.definition, name), value=_value(name, value, dossier))
            for name, value in result.inputs.items()
        ),
        rule=result.rule,
        rule_version=str(result.version_number),
        checked_at=result.evaluated_at,
    )


def _label(definition: Definition, name: str) -> str:
    if name in VARIABLES:
        return str(VARIABLES[name])
    group, _dot, field = name.partition(".")
    schema = _schema(definition, field)
    if group == "given":
        return gettext("%(field)s angegeben") % {"field": field_label(schema, field)}
    return field_label(schema, field)


def _value(name: str, value: Any, dossier: Dossier) -> str:
    group, _dot, field = name.partition(".")
    if group == "form":
        return field_text(_schema(dossier.definition, field), value)
    if name in ("today", "applicant.birth_date"):
        return field_text({"format": "date"}, value)
    return plain_text(value)


def _schema(definition: Definition, field: str) -> Mapping[str, Any]:
    return next((one.schema for one in definition.validator.fields if one.name == field), {})
