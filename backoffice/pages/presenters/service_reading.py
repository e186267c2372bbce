"""What a posted editor page says, put into the draft; what no part names stays as it was."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backoffice.pages.presenters.service_parts import (
    ABSENT,
    Ground,
    Part,
    listed,
    mapping,
)
from backoffice.pages.presenters.service_rules import (
    Clause,
    clauses_of,
    expression_of,
    registers_in,
)
from backoffice.pages.schema_reading import Posted, text_of
from efile.spelling import storable
from workflows.catalogue.pointers import join

_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,6})?")
_MONEY: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,7})(?:,([0-9]{1,2}))?\s*€?")
_DAY: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
MEGABYTE: Final = 1024 * 1024

# What a register is asked with where nobody said otherwise.
_PERSON: Final = {
    name: f"/applicant/{name}" for name in ("given_names", "family_name", "birth_date")
}
_ADDRESS: Final = {name: f"/applicant/address/{name}" for name in ("street", "number", "postcode")}
_ASKED_WITH: Final[Mapping[str, Mapping[str, str]]] = {
    "population": _PERSON | _ADDRESS,
    "vehicle": {"plate": "/form/plate"} | _PERSON,
    "benefits": _PERSON,
    "business": {"organisation": "/applicant/organisation"} | _PERSON,
    "civil_status": _PERSON,
}


def read_parts(
    parts: Sequence[Part], posted: Posted, pointer: str, old: Any, ground: Ground
) -> dict[str, Any]:
    """The group at ``pointer`` as it is after ``posted``: a copy of ``old``, its parts replaced."""
    found = dict(mapping(old))
    for part in parts:
        was = found.get(part.at, ABSENT)
        value = read_part(part, posted, join(pointer, part.at), was, ground)
        if value is not ABSENT:
            found[part.at] = value
        else:
            found.pop(part.at, None)
    return found


def read_part(part: Part, posted: Posted, pointer: str, old: Any, ground: Ground) -> Any:
    """The value of one part; ABSENT (or what the part stores for nothing) where nothing is said."""
    return _READERS.get(part.kind, _single)(_Input(part, posted, pointer, old, ground))


@dataclass(frozen=True, slots=True)
class _Input:
    """A part, what was posted for it under ``pointer``, and what the draft held there."""

    part: Part
    posted: Posted
    pointer: str
    old: Any
    ground: Ground

    @property
    def text(self) -> str:
        return _one(self.posted, self.pointer)


def new_key(title: Any, taken: Sequence[str], fallback: str, *, mark: str = "-") -> str:
    """A machine name made of a German title, unlike those that are ``taken``."""
    text = mapping(title).get("de", "") if not isinstance(title, str) else title
    plain = unicodedata.normalize("NFKD", str(text).lower().translate(_UMLAUTS))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode())
    while words and not words[0][0].isalpha():
        words.pop(0)
    base = mark.join(words)[:40].strip(mark) or fallback
    names = [base, *(f"{base}{mark}{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _group(at: _Input) -> Any:
    if at.part.new is not ABSENT and at.old in (None, ABSENT):
        return at.part.none if at.old is None else at.old
    found = read_parts(at.part.parts, at.posted, at.pointer, at.old, at.ground)
    return found or at.part.none


def _rows(at: _Input) -> Any:
    part, known = at.part, listed(at.old)
    found: list[Any] = []
    for mark in at.posted.get(at.pointer, ()):
        was = known[int(mark)] if mark.isdecimal() and int(mark) < len(known) else {}
        here = join(at.pointer, mark)
        if not part.parts:
            found.append(_said(at.posted, here, was, at.ground.languages))
            continue
        item = read_parts(part.parts, at.posted, here, was, at.ground)
        if part.keyed and not item.get("key") and item.get("title"):
            taken = [str(mapping(one).get("key")) for one in (*known, *found)]
            item = {"key": new_key(item["title"], taken, part.at.replace("_", "-"))} | item
        found.append(_asked(item) if part.at == "checks" else item)
    if found or at.old is ABSENT:
        return found or ABSENT
    return [] if part.none == [] else part.none


def _asked(check: dict[str, Any]) -> dict[str, Any]:
    """``check`` asking exactly the registers that its rule reads."""
    read = registers_in(str(check.get("expression", "")))
    known = {mapping(one).get("register"): one for one in listed(check.get("registers"))}
    title, paragraph = mapping(check.get("title")).get("de", ""), check.get("paragraph", "")
    purpose = ", ".join(part for part in (title, paragraph) if part)[:300]
    asked = [
        known.get(name)
        or {"register": name, "purpose": purpose, "input": dict(_ASKED_WITH.get(name, _PERSON))}
        for name in read
    ]
    others = {name: value for name, value in check.items() if name != "registers"}
    return others | ({"registers": asked} if asked else {})


def _words(at: _Input) -> Any:
    return _said(at.posted, at.pointer, at.old, at.ground.languages) or at.part.none


def _said(posted: Posted, pointer: str, old: Any, languages: Sequence[str]) -> dict[str, str]:
    was = dict(mapping(old))
    for tag in dict.fromkeys([*languages, *was]):
        if (name := join(pointer, tag)) in posted:
            was[tag] = _one(posted, name)
            if not was[tag]:
                del was[tag]
    return was


def _lines(at: _Input) -> Any:
    lines = [line.strip() for line in at.text.split("\n")]
    return [line for line in lines if line] or at.part.none


def _ticks(at: _Input) -> Any:
    chosen = at.posted.get(at.pointer, ())
    known = [value for value, _ in at.ground.choices_of(at.part)]
    ticked = [value for value in known if text_of(value) in chosen]
    before = [value for value in listed(at.old) if value in ticked]
    return before + [value for value in ticked if value not in before]


def _steps(at: _Input) -> list[dict[str, Any]]:
    """One row of ticks per step; a step that nobody may take is not there."""
    roles = {
        key: [one for one, _ in at.part.choices if one in at.posted.get(join(at.pointer, key), ())]
        for key, _ in at.part.parts[0].choices
    }
    was = {mapping(one).get("key"): mapping(one).get("roles") for one in listed(at.old)}
    order = [*was, *(key for key in roles if key not in was)]
    return [
        {"key": key, "roles": _as_before(was.get(key), roles[key])}
        for key in order
        if roles.get(key)
    ]


def _as_before(before: Any, now: list[Any]) -> list[Any]:
    return before if isinstance(before, list) and {*before} == {*now} else now


def _map(at: _Input) -> Any:
    sides = [at.posted.get(f"{at.pointer}?{side}", ()) for side in ("name", "to")]
    found: dict[str, Any] = {}
    for pair in zip(*sides, strict=False):
        name, to = (storable(text).strip() for text in pair)
        if name and to:
            found[name] = {"value": _fixed(to[1:].strip())} if to.startswith("=") else to
    return found or at.part.none


def _fixed(text: str) -> Any:
    return {"ja": True, "nein": False}.get(
        text.lower(), int(text) if _WHOLE.fullmatch(text) else text
    )


def _rule(at: _Input) -> Any:
    return _expression(at) or at.part.none


def _expression(at: _Input) -> str:
    """The typed expression where somebody changed it, else what the conditions say."""
    was, words = _one(at.posted, f"{at.pointer}?was"), at.ground.words
    if at.text != was or f"{at.pointer}?left" not in at.posted:
        return at.text
    clauses = tuple(_clauses(at.posted, at.pointer))
    return was if clauses == clauses_of(was, words) else expression_of(clauses, words)


def _clauses(posted: Posted, pointer: str) -> Iterator[Clause]:
    sides = [posted.get(f"{pointer}?{name}", ()) for name in ("left", "compare", "right")]
    for left, compare, right in zip(*sides, strict=False):
        if left:
            bare = compare in ("holds", "fails", "given", "lacking")
            yield Clause(left, compare, "" if bare else storable(right).strip())


def _needed(at: _Input) -> bool | str:
    match _one(at.posted, f"{at.pointer}?needed"):
        case "always":
            return True
        case "when":
            return _expression(at) or "true"
        case _:
            return False


def _flag(at: _Input) -> Any:
    if at.text == "on":
        return True
    return False if isinstance(at.old, bool) or at.part.none is False else ABSENT


def _single(at: _Input) -> Any:
    """What is typed as its kind has it; text that is none stays text, for the faults to name."""
    text = at.text
    if not text:
        return at.part.none
    match at.part.kind:
        case "choice":
            known = at.ground.choices_of(at.part)
            return next((value for value, _ in known if text_of(value) == text), text)
        case "integer":
            return int(text) if _WHOLE.fullmatch(text) else text
        case "decimal" if _DECIMAL.fullmatch(text):
            number = float(text.replace(",", "."))
            return int(number) if number.is_integer() else number
        case "cents" if money := _MONEY.fullmatch(text):
            return int(money[1].replace(".", "")) * 100 + int((money[2] or "0").ljust(2, "0"))
        case "megabytes" if _DECIMAL.fullmatch(text):
            return int(float(text.replace(",", ".")) * MEGABYTE)
        case "day" if typed := _DAY.fullmatch(text):
            return f"{typed[3]}-{int(typed[2]):02}-{int(typed[1]):02}"
        case _:
            return text


_READERS: Final[Mapping[str, Callable[[_Input], Any]]] = {
    "group": _group,
    "rows": _rows,
    "words": _words,
    "lines": _lines,
    "ticks": _ticks,
    "steps": _steps,
    "map": _map,
    "rule": _rule,
    "needed": _needed,
    "flag": _flag,
}


def _one(posted: Posted, name: str) -> str:
    values = posted.get(name, ())
    return storable(values[-1].replace("\r\n", "\n")).strip() if values else ""


def same(one: Any, other: Any) -> bool:
    """Whether two documents are the same, the order of their members included."""
    return json.dumps(one) == json.dumps(other)
