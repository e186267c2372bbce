"""A service definition: everything that differs from one service to the next, ready to be used."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any, Final, cast

import rfc8785

from efile.kernel.errors import Conflict
from efile.letters.text import day_in
from workflows.catalogue import money
from workflows.catalogue.continuing import Effect, ProactiveOffer, StandingMatter, WaitingList
from workflows.catalogue.forms import FormValidator
from workflows.catalogue.letters import OF_EFFECTS, shared_letters
from workflows.catalogue.money import NOTHING, Assessment, Fee, FeeTable
from workflows.catalogue.parts import (
    Automation,
    Check,
    DeadlineRule,
    DecisionText,
    Discretion,
    Filing,
    Guidance,
    LetterText,
    Open311,
    Outcome,
    PartyRule,
    Proof,
    PublicTexts,
    RegisterQuery,
    Remedy,
    Retention,
    Slots,
    Step,
    Text,
    TextBlock,
    build,
    filled,
    only,
)
from workflows.catalogue.pointers import follow
from workflows.catalogue.rules import Rules

_KEPT: Final = 64  # compiled definitions per process; a city has some dozens


class DefinitionAltered(Conflict):
    """A stored version is no longer what was published: its digest differs."""

    code = "definition_altered"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of the matter that a grant creates: its data, first day and whole months.

    ``months`` None: until it is ended.
    """

    data: Mapping[str, Any]
    valid_from: date
    months: int | None


@dataclass(frozen=True, slots=True)
class SlotWish:
    """The appointment a form asks for: which kind, from which day, and whether only then."""

    kind: str
    wish_date: date | None
    strict: bool


@dataclass(frozen=True, eq=False, repr=False)
class Definition:
    """One version of a service, as its file says; the fields carry the file's names.

    Immutable; two definitions are the same exactly when their ``sha256`` is.
    """

    canonical: bytes
    key: str
    title: Text
    summary: Text
    leika_key: str | None
    legal_bases: tuple[str, ...]
    unit: str
    languages: tuple[str, ...]
    assurance_level: str
    access_class: str
    file: Filing
    parties: tuple[PartyRule, ...]
    form: Mapping[str, Any]
    address: str | None
    proofs: tuple[Proof, ...]
    checks: tuple[Check, ...]
    steps: tuple[Step, ...]
    deadlines: tuple[DeadlineRule, ...]
    fee: FeeTable | None
    remedy: Remedy
    retention: Retention
    automation: Automation
    standing_matter: StandingMatter | None
    slots: Slots | None
    public_texts: PublicTexts
    decisions: Mapping[str, DecisionText]
    guidance: Guidance
    example: Mapping[str, Any]
    text_blocks: tuple[TextBlock, ...] = ()
    letters: Mapping[str, Any] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    discretion: Discretion | None = None
    assessment: Assessment | None = None
    proactive: tuple[ProactiveOffer, ...] = ()
    waiting_list: WaitingList | None = None
    open311: Open311 | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Definition":
        """The definition that ``as_json`` gave; what is stored was checked when it came in."""
        return build(cls, {**data, "canonical": rfc8785.dumps(dict(data))})

    def as_json(self) -> dict[str, Any]:
        """The definition as JSON, word for word as its file has it."""
        return cast("dict[str, Any]", json.loads(self.canonical))

    def __repr__(self) -> str:
        return f"<Definition {self.key} {self.sha256[:12]}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Definition) and self.canonical == other.canonical

    def __hash__(self) -> int:
        return hash(self.sha256)

    @cached_property
    def sha256(self) -> str:
        """Hex SHA-256 over the canonical JSON (RFC 8785)."""
        return hashlib.sha256(self.canonical).hexdigest()

    @cached_property
    def validator(self) -> FormValidator:
        return FormValidator(self.form)

    @cached_property
    def rules(self) -> Rules:
        return Rules(self.form)

    @property
    def processing_days(self) -> int:
        """Working days in which the city means to decide."""
        rule = only(self.deadlines, "processing")
        return rule.working_days or 0 if rule else 0

    def letter(self, kind: str) -> LetterText:
        """The words of a letter of ``kind`` (``letters.KINDS``).

        What this service says itself stands before what all services share.
        """
        own: dict[str, Any] = {}
        if kind in self.decisions:
            decision = self.decisions[kind]
            own = {"title": decision.title.values, "paragraphs": [decision.body.values]}
        return build(LetterText, {**shared_letters()[kind], **own, **self.letters.get(kind, {})})

    def letter_kind(self, decision: str, form: Mapping[str, Any]) -> str:
        """The kind of letter for a ``decision`` on this ``form``: a grant may change or end."""
        kind = OF_EFFECTS.get(self.effect_of(form)) if decision == "granted" else None
        return kind or decision

    def proof(self, key: str) -> Proof | None:
        return only(self.proofs, key)

    def check(self, key: str) -> Check | None:
        return only(self.checks, key)

    def outcome(self, key: str) -> Outcome | None:
        return only(self.outcomes, key)

    def roles_for(self, step: str) -> frozenset[str]:
        """Who may take ``step``; nobody where the service does not have it."""
        found = only(self.steps, step)
        return frozenset(found.roles) if found else frozenset()

    def register_queries(self) -> list[RegisterQuery]:
        """What the checks need to ask, each question once."""
        asked = [query for check in self.checks for query in check.registers]
        return [query for i, query in enumerate(asked) if query not in asked[:i]]

    def input_for(
        self, query: RegisterQuery, form: Mapping[str, Any], applicant: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What ``query`` sends to its register; what is not stated is left out."""
        said = {"form": self.validator.apply_defaults(form), "applicant": applicant}
        found = {name: follow(said, pointer) for name, pointer in query.input.items()}
        return {name: value for name, value in found.items() if value is not None}

    def address_in(self, form: Mapping[str, Any], applicant: Mapping[str, Any]) -> Any:
        """The address the service is about, as stated; None where it is about none."""
        return follow({"form": form, "applicant": applicant}, self.address or "/none")

    def object_of(self, form: Mapping[str, Any], applicant: Mapping[str, Any]) -> Any:
        """What the case file is kept for, where it is kept per object."""
        return follow({"form": form, "applicant": applicant}, self.file.object or "/none")

    def subject_for(self, form: Mapping[str, Any]) -> str:
        """The subject of the case, in German as the file is."""
        return filled(self.file.subject, self.shown(form, "de"))

    def shown(self, form: Mapping[str, Any], language: str) -> dict[str, str]:
        """The form's single values as people read them: labels of options, German dates."""
        whole = self.validator.apply_defaults(form)
        values: dict[str, str] = {}
        for one in self.validator.fields:
            value = follow(whole, one.pointer)
            if value is not None and one.schema["type"] not in ("array", "object"):
                values[one.name] = shown_value(one.schema, value, language)
        return values

    def required_proofs(self, form: Mapping[str, Any]) -> list[str]:
        """Keys of the proofs this ``form`` needs; one whose condition cannot be told is needed."""
        data = self.rules.bind(form=form)
        return [proof.key for proof in self.proofs if self._needed(proof.required, data)]

    def effect_of(self, form: Mapping[str, Any]) -> Effect:
        """What a grant of this ``form`` does to the matter of this service."""
        data = self.rules.bind(form=form)
        for one in self.standing_matter.effects if self.standing_matter else ():
            if self.rules.compile(one.when, "form").value(data):
                return one.effect
        return "begin"

    def matter_number_in(self, form: Mapping[str, Any]) -> str:
        """The number of the matter that ``form`` is about; "" where it names none."""
        pointer = self.standing_matter.number if self.standing_matter else None
        return str(follow({"form": form}, pointer or "/none") or "")

    def free_texts(self, form: Mapping[str, Any]) -> list[str]:
        """Pointers of what ``form`` says in the applicant's own words and could matter."""
        return [
            one.pointer
            for one in self.validator.fields
            if one.schema.get("x-free-text") and str(follow(form, one.pointer) or "").strip()
        ]

    def _needed(self, required: bool | str, data: Mapping[str, Any]) -> bool:
        if isinstance(required, bool):
            return required
        return self.rules.compile(required, "form").value(data) is not False

    def fee_for(self, form: Mapping[str, Any], on: date) -> Fee:
        """The fee of this ``form`` by the table in force ``on`` that day.

        Refuses: FeeUndetermined.
        """
        return self._computed(self.fee, form, on) if self.fee else NOTHING

    def assessed(self, form: Mapping[str, Any], on: date) -> Fee:
        """What is to be paid per interval of the assessment, by the table in force ``on`` that day.

        Refuses: FeeUndetermined.
        """
        return self._computed(self.assessment, form, on) if self.assessment else NOTHING

    def _computed(self, table: FeeTable | Assessment, form: Mapping[str, Any], on: date) -> Fee:
        return money.computed(table, self.rules, form, on, service=self.key)

    def terms_for(
        self, form: Mapping[str, Any], applicant: Mapping[str, Any], decided_on: date
    ) -> Terms | None:
        """The terms of the matter a grant creates; None where it creates none.

        It begins on the day wished for, but never before the decision.
        """
        matter = self.standing_matter
        if matter is None:
            return None
        said = {"form": self.validator.apply_defaults(form), "applicant": applicant}
        wished = follow(said, matter.valid_from) if matter.valid_from else None
        months = None
        if matter.months:
            condition = self.rules.compile(matter.months, "form", "INT")
            months = condition.value(self.rules.bind(form=form))
        return Terms(
            {name: follow(said, pointer) for name, pointer in matter.data.items()},
            max(decided_on, date.fromisoformat(wished)) if wished else decided_on,
            months,
        )

    def slot_wish(self, form: Mapping[str, Any]) -> SlotWish | None:
        """The appointment ``form`` asks for; None where the service has none."""
        if self.slots is None:
            return None
        said = {"form": self.validator.apply_defaults(form)}
        day = follow(said, self.slots.wish_date) if self.slots.wish_date else None
        strict = follow(said, self.slots.strict) if self.slots.strict else False
        wish = date.fromisoformat(day) if day else None
        kind = follow(said, self.slots.kind) if self.slots.kind else self.slots.kinds[0].key
        return SlotWish(kind, wish, bool(strict))


def shown_value(schema: Mapping[str, Any], value: Any, language: str) -> str:
    """A value as people read it: the label of an option, a day, yes or no, items in a row."""
    if isinstance(value, list | tuple):
        items = schema.get("items", {})
        return ", ".join(shown_value(items, item, language) for item in value)
    if isinstance(value, Mapping):
        known = schema.get("properties", {})
        return ", ".join(
            shown_value(known.get(name, {}), inner, language) for name, inner in value.items()
        )
    options = schema.get("x-options", {})
    if str(value) in options:
        return Text(options[str(value)]).in_(language)
    if schema.get("format") == "date":
        return day_in(date.fromisoformat(value), language)
    if isinstance(value, bool):
        yes, no = ("yes", "no") if language.startswith("en") else ("ja", "nein")
        return yes if value else no
    return str(value)


_compiled: OrderedDict[str, Definition] = OrderedDict()
_compiling = Lock()


def compiled(sha256: str, read: Callable[[], Mapping[str, Any]]) -> Definition:
    """The definition with that digest, kept with everything it has compiled.

    ``read`` fetches its JSON and is called only where this process has not seen it (lately).
    Refuses: DefinitionAltered.
    """
    with _compiling:
        if sha256 in _compiled:
            _compiled.move_to_end(sha256)
            return _compiled[sha256]
    definition = Definition.from_json(read())  # may query: not under the lock
    if definition.sha256 != sha256:
        raise DefinitionAltered(expected=sha256, found=definition.sha256)
    with _compiling:
        _compiled[sha256] = definition
        while len(_compiled) > _KEPT:
            _compiled.popitem(last=False)
    return definition
