"""Whether a document can be published: everything that is looked at, and what was found."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from efile.kernel.clock import local_date
from efile.kernel.errors import FieldError, Refusal
from efile.kernel.models import Tenant
from efile.letters.text import euros, german_date
from workflows.catalogue.definition import Definition
from workflows.catalogue.loading import faults_in, shape_faults
from workflows.catalogue.messages import message
from workflows.catalogue.money import Fee
from workflows.catalogue.pointers import join
from workflows.definitions.documents import definition_in
from workflows.definitions.procedure import faults_of_procedure, reachable
from workflows.definitions.sample_deadlines import sample_deadlines
from workflows.definitions.sample_letters import rendered_letters
from workflows.definitions.sampling import sampled_checks
from workflows.offers import find_place

SECTIONS: Final = (
    *("shape", "sense", "procedure", "rules", "example"),
    *("letters", "place", "fee", "deadlines"),
)
_RULES: Final = ("rule_", "evidence_", "register_")

Weight = Literal["error", "hint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at ``pointer`` (an error), or worth a look (a hint: it stops nothing)."""

    section: str
    pointer: str
    rule: str
    facts: Mapping[str, Any]
    weight: Weight = "error"

    def words(self, language: str = "de") -> str:
        """One sentence for people."""
        return message(self.rule, self.facts, language)

    def as_error(self) -> FieldError:
        return FieldError(self.pointer, self.rule, self.facts)


@dataclass(frozen=True, slots=True)
class Examined:
    """Something that was looked at and what came of it: "granted · de", "12 KB"."""

    what: str
    shown: str


@dataclass(frozen=True, slots=True)
class Section:
    """One of ``SECTIONS``; "not_examined" where what comes before it is not sound."""

    key: str
    state: Literal["passed", "failed", "not_examined"]
    findings: tuple[Finding, ...] = ()
    examined: tuple[Examined, ...] = ()


@dataclass(frozen=True, slots=True)
class Validation:
    """What was found of a document; ``sha256`` is that of the definition it would be."""

    sections: tuple[Section, ...]
    sha256: str | None

    @property
    def is_sound(self) -> bool:
        """Whether it can be published."""
        return all(section.state == "passed" for section in self.sections)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(one for section in self.sections for one in section.findings)

    @property
    def errors(self) -> tuple[FieldError, ...]:
        """What keeps it from being published."""
        return tuple(one.as_error() for one in self.findings if one.weight == "error")


_Looked = tuple[list[Finding], list[Examined]]


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a section looks at: a document that is a definition, for a tenant, on a day."""

    document: Mapping[str, Any]
    definition: Definition
    tenant: Tenant
    at: datetime


def validate(document: Any, *, tenant_id: int, at: datetime, letters: bool = True) -> Validation:
    """Look at everything in ``document``; never raises, whatever it is.

    The parts that can be looked at alone are, even where others are unsound. Without ``letters``
    no PDF is made: for looks in between, while somebody types. Writes nothing.
    """
    faults = _faults(document)
    sections = {key: _section(key, found) for key, found in faults.items()}
    if sections["shape"].findings:
        return Validation(tuple(_in_order(sections)), None)
    sections["procedure"] = _looked_at("procedure", lambda: _procedure(document))
    tenant = Tenant.objects.get(pk=tenant_id)
    sections["place"] = _looked_at("place", lambda: _place(document, tenant))
    if any(faults.values()):
        return Validation(tuple(_in_order(sections)), None)
    whole = _Subject(document, definition_in(document), tenant, at)
    sections["example"] = _looked_at("example", lambda: _example(whole))
    sections["fee"] = _looked_at("fee", lambda: _fee(whole))
    sections["deadlines"] = _looked_at("deadlines", lambda: _deadlines(whole))
    if letters:
        sections["letters"] = _looked_at("letters", lambda: _letters(whole))
    else:
        sections["letters"] = Section("letters", "not_examined")
    return Validation(tuple(_in_order(sections)), whole.definition.sha256)


def _faults(document: Any) -> dict[str, list[FieldError]]:
    """What the catalogue finds, by section; those it could not come to are left out."""
    if found := shape_faults(document):
        return {"shape": found}
    sections: dict[str, list[FieldError]] = {"shape": [], "sense": [], "rules": []}
    for fault in faults_in(document):
        sections.setdefault(_section_of(fault), []).append(fault)
    if any(sections.values()):
        return sections
    return {**sections, "example": [], "letters": []}


def _section_of(fault: FieldError) -> str:
    if fault.rule.startswith(_RULES):
        return "rules"
    if fault.pointer.startswith("/example"):
        return "example"
    return "letters" if fault.pointer.startswith("/letters") else "sense"


def _section(key: str, faults: Sequence[FieldError]) -> Section:
    found = tuple(Finding(key, one.pointer, one.rule, one.facts) for one in faults)
    return Section(key, "failed" if found else "passed", found)


def _in_order(sections: Mapping[str, Section]) -> Iterator[Section]:
    for key in SECTIONS:
        yield sections.get(key) or Section(key, "not_examined")


def _looked_at(key: str, look: Callable[[], _Looked]) -> Section:
    """What ``look`` finds; where a rule of the house stops it, that is what it found."""
    try:
        findings, examined = look()
    except Refusal as refusal:
        findings, examined = [_finding(key, "", refusal.code, **refusal.facts)], []
    failed = any(one.weight == "error" for one in findings)
    return Section(key, "failed" if failed else "passed", tuple(findings), tuple(examined))


def _finding(
    section: str, pointer: str, rule: str, *, weight: Weight = "error", **facts: Any
) -> Finding:
    return Finding(section, pointer, rule, facts, weight)


def _procedure(document: Mapping[str, Any]) -> _Looked:
    found = [
        Finding("procedure", fault.pointer, fault.rule, fault.facts, "hint" if hint else "error")
        for fault, hint in faults_of_procedure(document)
    ]
    return found, [Examined(state, "") for state in reachable(document["steps"])]


def _place(document: Mapping[str, Any], tenant: Tenant) -> _Looked:
    key, code = document["unit"], document["file"]["position"]
    unit, position = find_place(tenant.pk, key, code)
    found = []
    if unit is None:
        found.append(_finding("place", "/unit", "unit_unknown", unit=key))
    if position is None:
        found.append(_finding("place", "/file/position", "position_unknown", position=code))
    elif position.access_class != document["access_class"]:
        facts = {"position": code, "access_class": position.access_class}
        found.append(_finding("place", "/access_class", "access_differs", weight="hint", **facts))
    seen = [(key, unit.name if unit else ""), (code, position.title if position else "")]
    return found, [Examined(what, shown) for what, shown in seen if shown]


def _example(whole: _Subject) -> _Looked:
    found, examined = [], []
    for one in sampled_checks(whole.definition, local_date(whole.at)):
        examined.append(Examined(one.check.key, one.outcome.outcome))
        if not one.passes:
            here = join("/checks", whole.definition.checks.index(one.check), "expression")
            found.append(_finding("example", here, "example_fails_check", check=one.check.key))
    return found, examined


def _fee(whole: _Subject) -> _Looked:
    form, today = whole.definition.example["form"], local_date(whole.at)
    fee = whole.definition.fee_for(form, today)
    assessed = whole.definition.assessed(form, today)
    return [], [*_lines("fee", fee), *_lines("assessment", assessed)]


def _lines(what: str, fee: Fee) -> Iterator[Examined]:
    if fee.legal_basis or what == "fee":
        yield Examined(what, euros(fee.cents))
    for line in fee.positions:
        yield Examined(line.title.in_("de"), euros(line.cents))


def _deadlines(whole: _Subject) -> _Looked:
    ends = sample_deadlines(whole.definition, whole.tenant, local_date(whole.at))
    return [], [Examined(one.rule.key, german_date(one.ends_on)) for one in ends]


def _letters(whole: _Subject) -> _Looked:
    examined = []
    made = rendered_letters(whole.definition, tenant_id=whole.tenant.pk, at=whole.at)
    for letter, pdf in made:
        size = max(1, round(len(pdf) / 1024))
        examined.append(Examined(f"{letter.kind} · {letter.language}", f"{size} KB"))
    return [], examined
