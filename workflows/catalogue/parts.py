"""The parts of a service definition as frozen records, and how JSON becomes one of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from types import MappingProxyType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

_PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_.]*)\}")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in German, English and whatever other languages (BCP 47 tags) the service offers."""

    values: Mapping[str, str]

    def in_(self, language: str) -> str:
        """The text in ``language``, else in its main language, else in German."""
        tag = language.lower()
        folded = {known.lower(): text for known, text in self.values.items()}
        return folded.get(tag) or folded.get(tag.split("-")[0]) or self.values["de"]


def placeholders(template: str) -> list[str]:
    """The names in braces in ``template``, in order: ``"Zone {zone}"`` has ``["zone"]``."""
    return _PLACEHOLDER.findall(template)


def filled(template: str, values: Mapping[str, str]) -> str:
    """``template`` with its placeholders replaced; one without a value leaves nothing behind."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), template)


@dataclass(frozen=True, slots=True)
class Filing:
    """Where the case is filed: file plan position, one file per what, and its German subject."""

    position: str
    grouping: Literal["per_case", "per_applicant", "per_object"]
    subject: str
    object: str | None = None


@dataclass(frozen=True, slots=True)
class PartyRule:
    """Who must or may take part in a submission, and what must be known of them."""

    role: Literal["applicant", "representative"]
    required: bool
    kinds: tuple[Literal["person", "organisation"], ...]
    fields: tuple[str, ...]
    most: int = 1
    proof: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """A document to enclose. ``required``: always, never, or a CEL condition over the form."""

    key: str
    title: Text
    required: bool | str
    media_types: tuple[str, ...]
    max_bytes: int


@dataclass(frozen=True, slots=True)
class RegisterQuery:
    """What a register is asked, what for, and from which parts of the submission."""

    register: Literal["population", "vehicle", "benefits", "business", "civil_status"]
    purpose: str
    input: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Check:
    """A condition for granting, with the paragraph it rests on; ``reason`` goes into a refusal."""

    key: str
    title: Text
    about: str
    expression: str
    paragraph: str
    on_failure: Literal["refuse", "person"]
    reason: Text
    registers: tuple[RegisterQuery, ...] = ()
    proof: str | None = None

    @property
    def evidence(self) -> Literal["register", "records", "statement"]:
        """On what the answer rests: another authority, our own files, or the applicant's word."""
        if self.about in {"residence", "keeper", "vehicle", "benefits", "business", "civil_status"}:
            return "register"
        return "statement" if self.about == "form" else "records"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the procedure and the roles that may take it."""

    key: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A deadline that starts with ``event``: by a named rule of law, or so many days or months."""

    key: str
    title: Text
    kind: Literal["legal", "processing"]
    event: str
    rule: str | None = None
    working_days: int | None = None
    calendar_days: int | None = None
    months: int | None = None
    suspended_while_waiting: bool = False
    warn_days: int | None = None
    escalate_days: int | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """What can be done against a decision, and the instruction that says so.

    An application to the local court (§ 49 PStG) knows no period.
    """

    kind: Literal["action", "objection", "court_application", "none"]
    regime: Literal["VwVfG", "SGB_X", "AO"]
    body: str | None = None
    address: str | None = None
    period_months: int | None = None
    instruction: Text | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """Years after closing, and then: A to the archive, B to be appraised, V to be destroyed."""

    years: int
    disposal_code: Literal["A", "B", "V"]


@dataclass(frozen=True, slots=True)
class Automation:
    """How far the software decides alone.

    ``checks``: it grants when every check passed. ``full``: it also refuses where a failed check
    says so. A failed or open check goes to a person otherwise.
    """

    level: Literal["none", "checks", "full"]
    note: Text
    legal_basis: str | None = None
    sample_percent: int = 2

    def decides(self, tenant_basis: str | None) -> bool:
        """Whether anything may be decided without a person.

        § 35a VwVfG: only where a legal provision allows it; where the definition names none the
        tenant has to (``tenant_basis``).
        """
        return self.level != "none" and bool(self.legal_basis or (tenant_basis or "").strip())


@dataclass(frozen=True, slots=True)
class SlotKind:
    """A kind of appointment: ``standard``, ``express``."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class Slots:
    """The calendar booked from, and where the form says which kind, when, and whether only then.

    ``kind`` may be unsaid where there is one kind only; ``slot`` points to the id of a slot held
    beforehand.
    """

    calendar: str
    kinds: tuple[SlotKind, ...]
    kind: str | None = None
    slot: str | None = None
    wish_date: str | None = None
    strict: str | None = None
    provider: Literal["builtin", "external"] = "builtin"
    place: Literal["address", "office"] = "address"
    hold_minutes: int = 15
    move_until_days: int = 1


@dataclass(frozen=True, slots=True)
class PublicTexts:
    """What the citizen reads: per public state what comes next, per event what happened."""

    states: Mapping[str, Text]
    events: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case without a decision ends, and what whoever reported is told."""

    key: str
    title: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Discretion:
    """The law that leaves the decision to discretion, and what has to be weighed."""

    legal_basis: str
    considerations: Text


@dataclass(frozen=True, slots=True)
class Open311:
    """Which field of the form takes what of a report over Open311 (GeoReport v2), by pointer.

    Each option of ``category`` is a service there. A service that has this publishes the state of
    its reports; what people wrote only where ``publish_description`` says so.
    """

    category: str
    street: str
    description: str
    number: str | None = None
    detail: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    media_url: str | None = None
    publish_description: bool = False

    @property
    def pointers(self) -> tuple[str, ...]:
        """The fields that GeoReport's own arguments fill."""
        named = (self.category, self.street, self.description, self.number, self.detail)
        more = (self.latitude, self.longitude, self.media_url)
        return tuple(pointer for pointer in (*named, *more) if pointer)


@dataclass(frozen=True, slots=True)
class DecisionText:
    """The words of a decision letter."""

    title: Text
    body: Text


@dataclass(frozen=True, slots=True)
class LetterText:
    """The words of a letter: templates over what the case is about.

    ``items`` introduces a list of proofs, ``deadline`` is a line of its own, ``further`` stands
    below both. Of a decision letter only title, summary and paragraphs are used: fee, reasons,
    remedy and signature have their own places.
    """

    title: Text
    summary: Text
    paragraphs: tuple[Text, ...]
    items: Text | None = None
    deadline: Text | None = None
    further: tuple[Text, ...] = ()
    closing: Text | None = None


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A text that caseworkers put into what they write; ``uses`` says where it belongs.

    Uses: grant, grant_in_part, refuse (each the reasons), clauses, discretion, request_proof,
    message.
    """

    key: str
    uses: frozenset[str]
    title: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Guidance:
    """What staff and the phone desk tell people: who can apply, what goes wrong, what to do."""

    conditions: Text
    typical_errors: Text
    steps: Mapping[str, Text]


def build(kind: type[_T], value: Any) -> _T:
    """JSON that the definition schema accepts, as the record ``kind``; lists become tuples."""
    return cast(_T, _built(kind, value))


def _built(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if kind is Text:
        return Text(MappingProxyType(dict(value)))
    if kind is date:
        return date.fromisoformat(value)
    if isinstance(kind, type) and is_dataclass(kind):
        known = _hints(kind)
        # "from" is a word of the language: its field is called from_.
        named = {name if name in known else f"{name}_": inner for name, inner in value.items()}
        return kind(**{name: _built(known[name], inner) for name, inner in named.items()})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        inner = [argument for argument in arguments if argument is not type(None)]
        return _built(inner[0], value) if len(inner) == 1 else value
    if origin in (frozenset, tuple):
        return origin(_built(arguments[0], item) for item in value)
    if origin is not None and isinstance(value, Mapping):
        return MappingProxyType({key: _built(arguments[1], v) for key, v in value.items()})
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints, known = get_type_hints(kind), {field.name for field in fields(kind)}
    return {name: hint for name, hint in hints.items() if name in known}


def only(items: Sequence[_T], key: str) -> _T | None:
    """The item of ``items`` whose ``key`` is that, or None."""
    return next((item for item in items if getattr(item, "key", None) == key), None)
