"""Rules in words: an expression (CEL) as conditions that all have to hold, and back again.

Only what was put together from such conditions can be taken apart again; everything else stays
the expression that somebody experienced has written.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.values import field_label, language
from backoffice.pages.schema_reading import choices, text_of
from workflows.catalogue.forms import Field, fields
from workflows.catalogue.parts import Text
from workflows.catalogue.rules import FACTS, RuleError, Rules, Scope

# How two values are compared, in words. {0} stands for the variable, {1} for the value.
COMPARISONS: Final[Mapping[str, tuple[Promise, str]]] = {
    "is": (_("ist gleich"), "{0} == {1}"),
    "is_not": (_("ist nicht"), "{0} != {1}"),
    "at_least": (_("ist mindestens"), "{0} >= {1}"),
    "at_most": (_("ist höchstens"), "{0} <= {1}"),
    "more": (_("ist größer als, liegt nach"), "{0} > {1}"),
    "less": (_("ist kleiner als, liegt vor"), "{0} < {1}"),
    "holds": (_("trifft zu"), "{0}"),
    "fails": (_("trifft nicht zu"), "!{0}"),
    "given": (_("ist angegeben"), "given.{0}"),
    "lacking": (_("ist nicht angegeben"), "!given.{0}"),
    "days_ahead": (_("liegt so viele Tage in der Zukunft, mindestens"), "days(today, {0}) >= {1}"),
    "days_ahead_most": (
        _("liegt so viele Tage in der Zukunft, höchstens"),
        "days(today, {0}) <= {1}",
    ),
    "aged": (_("ergibt ein Alter heute von mindestens"), "age({0}, today) >= {1}"),
}
_BARE: Final = frozenset({"holds", "fails", "given", "lacking"})
_VARIABLE: Final = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*"
_VALUE: Final = rf"'[^'\\]*'|-?[0-9]+(?:\.[0-9]+)?|true|false|{_VARIABLE}"
_PATTERNS: Final = {
    "days_ahead": rf"days\(today, ({_VARIABLE})\) >= ([0-9]+)",
    "days_ahead_most": rf"days\(today, ({_VARIABLE})\) <= ([0-9]+)",
    "aged": rf"age\(({_VARIABLE}), today\) >= ([0-9]+)",
    "lacking": r"!given\.([a-z0-9_.]+)()",
    "given": r"given\.([a-z0-9_.]+)()",
    "fails": rf"!({_VARIABLE})()",
    "holds": rf"({_VARIABLE})()",
    "is": rf"({_VARIABLE}) == ({_VALUE})",
    "is_not": rf"({_VARIABLE}) != ({_VALUE})",
    "at_least": rf"({_VARIABLE}) >= ({_VALUE})",
    "at_most": rf"({_VARIABLE}) <= ({_VALUE})",
    "more": rf"({_VARIABLE}) > ({_VALUE})",
    "less": rf"({_VARIABLE}) < ({_VALUE})",
}
# What may lack counts only where it was said: a check speaks about what is there.
_IF_GIVEN: Final = re.compile(r"\(!given\.([a-z0-9_.]+) \|\| (.+)\)")

_FACTS: Final[Mapping[str, Promise]] = {
    "applicant.kind": _("Antragsteller: Person oder Organisation"),
    "applicant.birth_date": _("Antragsteller: Geburtsdatum"),
    "applicant.street": _("Antragsteller: Straße"),
    "applicant.number": _("Antragsteller: Hausnummer"),
    "applicant.postcode": _("Antragsteller: Postleitzahl"),
    "applicant.city": _("Antragsteller: Ort"),
    "applicant.assurance": _("Antragsteller: Vertrauensniveau der Anmeldung"),
    "registers.population.found": _("Melderegister: Person gefunden"),
    "registers.population.blocked": _("Melderegister: Auskunft gesperrt"),
    "registers.population.main_residence": _("Melderegister: Hauptwohnsitz in der Stadt"),
    "registers.population.street": _("Melderegister: Straße"),
    "registers.population.number": _("Melderegister: Hausnummer"),
    "registers.population.postcode": _("Melderegister: Postleitzahl"),
    "registers.population.district": _("Melderegister: Bezirk"),
    "registers.population.parking_zone": _("Melderegister: Parkzone"),
    "registers.vehicle.found": _("Fahrzeugregister: Kennzeichen bekannt"),
    "registers.vehicle.admitted": _("Fahrzeugregister: zugelassen"),
    "registers.vehicle.is_keeper": _("Fahrzeugregister: Person ist Halter"),
    "registers.vehicle.vehicle_class": _("Fahrzeugregister: Klasse (M1 ist Pkw)"),
    "registers.benefits.found": _("Sozialleistungen: Leistung läuft"),
    "registers.benefits.kind": _("Sozialleistungen: Art"),
    "registers.benefits.valid_to": _("Sozialleistungen: letzter Tag"),
    "registers.business.found": _("Gewerberegister: angemeldet"),
    "registers.business.trade": _("Gewerberegister: Gewerbe"),
    "registers.business.craft": _("Gewerberegister: in der Handwerksrolle"),
    "registers.civil_status.found": _("Personenstandsregister: Eintrag gefunden"),
    "registers.civil_status.entitled": _("Personenstandsregister: berechtigt"),
    "registers.civil_status.restricted": _("Personenstandsregister: gesperrt"),
    "matter.found": _("Unsere Akten: genannte Nummer bekannt"),
    "matter.is_running": _("Unsere Akten: genannte Sache läuft noch"),
    "matter.is_holder": _("Unsere Akten: genannte Sache gehört der Person"),
    "standing.active_permits": _("Unsere Akten: laufende Sachen der Person"),
    "standing.active_for_object": _("Unsere Akten: laufende Sachen zum Gegenstand"),
    "address.known": _("Straßenverzeichnis: Anschrift bekannt"),
    "address.district": _("Straßenverzeichnis: Bezirk"),
    "address.parking_zone": _("Straßenverzeichnis: Parkzone"),
    "today": _("Heute"),
}


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition: ``left`` a variable, ``compare`` of COMPARISONS, ``right`` as people type it."""

    left: str
    compare: str
    right: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What rules over one form may name, and how values of its fields are said."""

    form: Mapping[str, Field]
    language: str

    @classmethod
    def of(cls, schema: Mapping[str, Any]) -> "Vocabulary":
        """The words for ``schema``, as far as it can be read: a draft may hold anything."""
        try:
            found = {f"form.{one.name}": one for one in fields(schema)}
        except (AttributeError, TypeError):
            found = {}
        return cls(found, language())

    def variables(self, scope: Scope) -> Iterator[tuple[str, str]]:
        """Every variable of ``scope`` with its words: fields of the form first."""
        form = gettext("Formular")
        for name, one in self.form.items():
            if one.schema.get("type") not in ("object", "array"):
                yield name, f"{form}: {field_label(one.schema, one.path[-1])}"
        if scope == "check":
            for name in FACTS:
                if name != "today":
                    yield name, str(_FACTS.get(name, name))

    def kind(self, variable: str) -> str:
        """The type of a variable: string, integer, number, boolean (int and bool of facts)."""
        if variable in self.form:
            return str(self.form[variable].schema.get("type", ""))
        return FACTS.get(variable, ("", ""))[0]


def clauses_of(expression: str, words: Vocabulary) -> tuple[Clause, ...] | None:
    """The conditions that ``expression`` is made of; None where it is more than that."""
    if not expression.strip():
        return ()
    found = [_clause(part.strip(), words) for part in " ".join(expression.split()).split(" && ")]
    return None if None in found else tuple(one for one in found if one)


def expression_of(clauses: Sequence[Clause], words: Vocabulary) -> str:
    """The conditions as one expression; those without a variable are left out."""
    return " && ".join(_written(one, words) for one in clauses if one.left)


def fault_of(
    expression: str, form: Mapping[str, Any], scope: Scope, returns: Any
) -> RuleError | None:
    """What is wrong with ``expression`` over ``form``; None also where the form cannot be read."""
    try:
        rules = Rules(form)
    except (AttributeError, KeyError, TypeError, RuntimeError):
        return None
    try:
        rules.compile(expression, scope, returns)
    except RuleError as error:
        return error
    return None


def registers_in(expression: str) -> list[str]:
    """The registers that ``expression`` reads, each once, in its order."""
    return [*dict.fromkeys(re.findall(r"\bregisters\.([a-z_]+)\.", expression))]


def _clause(text: str, words: Vocabulary) -> Clause | None:
    if optional := _IF_GIVEN.fullmatch(text):
        inner = _clause(optional[2], words)
        about = f"form.{optional[1]}"
        return inner if inner and inner.left == about and _may_lack(about, words) else None
    for compare, pattern in _PATTERNS.items():
        if not (found := re.fullmatch(pattern, text)):
            continue
        name, value = found[1], found[2]
        if compare in ("given", "lacking"):
            return Clause(f"form.{name}", compare)
        if compare == "holds" and words.kind(name) not in ("bool", "boolean"):
            return None
        return Clause(name, compare, _said(name, value, words))
    return None


def _written(clause: Clause, words: Vocabulary) -> str:
    template = COMPARISONS.get(clause.compare, COMPARISONS["is"])[1]
    if clause.compare in ("given", "lacking"):
        return template.format(clause.left.removeprefix("form."))
    value = "" if clause.compare in _BARE else _literal(clause, words)
    text = template.format(clause.left, value)
    if _may_lack(clause.left, words):
        return f"(!given.{clause.left.removeprefix('form.')} || {text})"
    return text


def _may_lack(variable: str, words: Vocabulary) -> bool:
    return variable in words.form and words.form[variable].optional


def _literal(clause: Clause, words: Vocabulary) -> str:
    """What somebody typed, as the expression has it: a variable, a number, a day, a text."""
    typed = clause.right.strip()
    if clause.compare in ("days_ahead", "days_ahead_most", "aged"):
        return typed or "0"
    if typed.lower() in ("heute", "today"):
        return "today"
    for name, label in words.variables("check"):
        if typed in (name, label):
            return name
    kind = words.kind(clause.left)
    if kind in ("bool", "boolean"):
        return "false" if typed.lower() in ("nein", "no", "false") else "true"
    if kind in ("integer", "int", "number"):
        number = typed.replace(",", ".")
        return f"{float(number)}" if kind == "number" and _is_number(number) else number
    value = _option(clause.left, typed, words) or _iso(typed)
    return "'" + value.replace("\\", "").replace("'", "’") + "'"


def _said(variable: str, value: str, words: Vocabulary) -> str:
    if not value:
        return ""
    if value == "today":
        return gettext("heute")
    if value in ("true", "false"):
        return gettext("ja") if value == "true" else gettext("nein")
    if not value.startswith("'"):
        named = dict(words.variables("check"))
        return named.get(value, value.replace(".", ",") if value[0].isdigit() else value)
    text = value[1:-1]
    options = words.form[variable].schema.get("x-options", {}) if variable in words.form else {}
    if text in options:
        return Text(options[text]).in_(words.language)
    return f"{date.fromisoformat(text):%d.%m.%Y}" if _is_day(text) else text


def _option(variable: str, typed: str, words: Vocabulary) -> str:
    """The value of the choice that is called ``typed``."""
    if variable not in words.form:
        return ""
    schema = words.form[variable].schema
    for value in choices(schema):
        labels = schema.get("x-options", {}).get(text_of(value), {})
        if typed.lower() in {text_of(value).lower(), *(label.lower() for label in labels.values())}:
            return text_of(value)
    return ""


def _iso(typed: str) -> str:
    found = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", typed)
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else typed


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text)) and len(text) == len("2026-01-01")
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    try:
        return bool(float(text) + 1) or True
    except ValueError:
        return False
