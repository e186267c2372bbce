"""The words of letters: which kinds there are, what each may name, and whether they hold."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from efile.kernel.errors import FieldError
from efile.letters.text import PlaceholderMissing, filled
from workflows.catalogue.parts import LetterText, Text, placeholders
from workflows.catalogue.pointers import join
from workflows.catalogue.source import read

if TYPE_CHECKING:
    from workflows.catalogue.definition import Definition

# What a text may name in every letter, beside the fields of the form.
COMMON: Final = frozenset(
    {"applicant", "case_reference", "city", "dated", "received_on", "service", "unit"}
)
DECISION: Final = frozenset(
    {"applicant", "case_reference", "decided_on", "district", "fee", "matter_number"}
    | {"reasons", "received_on", "slot_date", "slot_window", "valid_from", "valid_until"}
    | {"facility", "place_from"}
    | {"amount", "period"}
)
_ASKING: Final = frozenset({"cooperation_law", "deadline", "hearing_law", "text"})

# Every kind of letter, and what its texts may name beyond COMMON.
KINDS: Final[Mapping[str, frozenset[str]]] = {
    "granted": DECISION,
    "granted_in_part": DECISION,
    "refused": DECISION,
    "changed": DECISION,
    "ended": DECISION,
    "returned": DECISION,
    "reviewed": DECISION,
    "recovered": DECISION,
    "revocation": frozenset({"ended_on", "matter_number", "matter_title", "revocation_law"}),
    "proof_request": _ASKING,
    "hearing": _ASKING,
    "warning": _ASKING,
    "forwarding": frozenset({"to"}),
    "withdrawal": frozenset(),
    "message": frozenset({"text"}),
    "duty_reminder": frozenset({"deadline", "duty", "matter_number", "period"}),
    "duty_warning": frozenset({"cooperation_law", "deadline", "duty", "matter_number", "period"}),
    "place_offer": frozenset({"deadline", "facility", "place_from"}),
}
# A grant that does something to a matter that exists is told in words of its own.
OF_EFFECTS: Final[Mapping[str, str]] = {
    "change": "changed",
    "end": "ended",
    "return": "returned",
    "review": "reviewed",
    "recover": "recovered",
}
_SAMPLE: Final[Mapping[str, str]] = {
    "applicant": "Đorđe Yılmaz",
    "case_reference": "32.2-000123/26-01",
    "city": "Stadt Musterstadt",
    "dated": "10.03.2026",
    "received_on": "03.03.2026",
    "unit": "Bürgerservice",
    "decided_on": "10.03.2026",
    "district": "3",
    "fee": "25,00 €",
    "reasons": "Die Voraussetzungen liegen nicht vor.",
    "ended_on": "10.03.2026",
    "revocation_law": "§ 49 VwVfG NRW",
    "cooperation_law": "§ 26 Abs. 2 VwVfG NRW",
    "hearing_law": "§ 28 VwVfG NRW",
    "deadline": "24.03.2026",
    "text": "Bitte schreiben Sie uns, wem das Auto gehört.",
    "to": "Kreis Mettmann",
}
_OF_DUTIES: Final[Mapping[str, str]] = {"duty": "Quartalserklärung", "period": "1. Quartal 2026"}
_OF_AMOUNTS: Final[Mapping[str, str]] = {"amount": "80,00 €", "period": "01.03.2026 bis 31.12.2026"}
_OF_MATTERS: Final[Mapping[str, str]] = {
    "matter_number": "BPA-26-000001",
    "valid_from": "10.03.2026",
    "valid_until": "09.03.2027",
}
_OF_SLOTS: Final[Mapping[str, str]] = {"slot_date": "17.03.2026", "slot_window": "07:00–16:00 Uhr"}

_OF_PLACES: Final[Mapping[str, str]] = {
    "facility": "Kita Sonnenhügel",
    "place_from": "01.08.2026",
}

Problems = Iterator[FieldError]


@cache
def shared_letters() -> Mapping[str, Mapping[str, Any]]:
    """The letters of all services as their file has them (shared/letters.yaml), by kind."""
    file = files(__package__) / "shared" / "letters.yaml"
    found: dict[str, dict[str, Any]] = read(file.read_text("utf-8")).document
    return found


def texts_of(letter: LetterText) -> Iterator[tuple[str, Text]]:
    """Every text of ``letter`` with its pointer below the letter's own."""
    for name in ("title", "summary", "items", "deadline", "closing"):
        if text := getattr(letter, name):
            yield join("", name), text
    for name in ("paragraphs", "further"):
        for index, text in enumerate(getattr(letter, name)):
            yield join("", name, index), text


def unknown_placeholders(letters: Mapping[str, Any], own: frozenset[str]) -> Problems:
    """What a definition's ``letters`` name that no such letter knows; ``own``: form fields."""
    for kind, parts in letters.items():
        known = own | COMMON | KINDS[kind]
        for pointer, text in _templates(parts, join("/letters", kind)):
            for name in placeholders(text):
                if name not in known:
                    facts = {"placeholder": name, "allowed": sorted(known)}
                    yield FieldError(pointer, "placeholder_unknown", facts)


def gaps(definition: "Definition") -> Problems:
    """What the letters of ``definition`` name and its own example does not say.

    A letter with a gap is never sent, so a text may name only what is always there.
    """
    samples = {language: sample_values(definition, language) for language in definition.languages}
    for kind in kinds_of(definition):
        for pointer, text in texts_of(definition.letter(kind)):
            for language, values in samples.items():
                try:
                    filled(text.in_(language), values)
                except PlaceholderMissing as missing:
                    here = join("/letters", kind) + pointer
                    yield FieldError(join(here, language), "placeholder_empty", missing.facts)


def kinds_of(definition: "Definition") -> list[str]:
    """The kinds of letters that ``definition`` can send."""
    matter = definition.standing_matter
    effects = {one.effect for one in matter.effects} if matter else set()
    never = {kind for effect, kind in OF_EFFECTS.items() if effect not in effects}
    never |= {"revocation"} if not matter else set()
    returns = {one.key for one in matter.duties if one.kind == "return"} if matter else set()
    never |= {"duty_reminder", "duty_warning"} if not returns else set()
    never |= {"place_offer"} if not definition.waiting_list else set()
    return [kind for kind in KINDS if kind not in never]


def sample_values(definition: "Definition", language: str) -> dict[str, str]:
    """Values for every placeholder, from the definition's example and an invented case."""
    values = definition.shown(definition.example["form"], language)
    values |= _SAMPLE
    values["service"] = definition.title.in_(language)
    if matter := definition.standing_matter:
        values |= _OF_MATTERS
        if not matter.months:
            values.pop("valid_until")  # it goes on until it is ended
        values["matter_title"] = matter.title.in_(language)
        values |= _OF_DUTIES
    if definition.assessment:
        values |= _OF_AMOUNTS
    if definition.slots:
        values |= _OF_SLOTS
    if definition.waiting_list:
        values |= _OF_PLACES
    return values


def _templates(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _templates(inner, join(pointer, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _templates(inner, join(pointer, index))
