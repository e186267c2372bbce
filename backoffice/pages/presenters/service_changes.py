"""What somebody does to a draft beyond typing, and differences as people read them."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.service_parts import ABSENT, Part, listed, mapping
from backoffice.pages.presenters.values import NOTHING, day_text, euros, language, plain_text
from backoffice.pages.rows.service_pages import AmountRow, ChangeRow
from efile.kernel.errors import Conflict, NotFound
from workflows.catalogue.forms import numbered
from workflows.catalogue.money import FeeTable, computed
from workflows.catalogue.parts import build
from workflows.catalogue.pointers import follow, split
from workflows.catalogue.rules import RuleError, Rules
from workflows.definitions.differences import Difference
from workflows.definitions.documents import REMOVE, changed, moved_item
from workflows.definitions.naming import path_in

# More of a value than this is a page to read, not a difference to see.
_LONGEST: Final = 600
_KINDS: Final[Mapping[str, Promise]] = {
    "added": _("neu"),
    "removed": _("entfällt"),
    "changed": _("geändert"),
    "moved": _("andere Reihenfolge"),
}


def done(
    document: Mapping[str, Any], parts: Sequence[Part], what: str, from_on: str = ""
) -> tuple[dict[str, Any], str]:
    """``document`` after a button: "add", "remove", "up", "down" or "table" and a pointer.

    Also the pointer of what the reader wants to see next. ``from_on`` is the first day of the next
    table. Refuses: NotFound for what cannot be done.
    """
    act, _colon, pointer = what.partition(":")
    part = _part_at(parts, pointer)
    if act == "add" and part is not None:
        return _begun(document, part, pointer)
    place = split(pointer)[-1] if pointer else ""
    if act == "remove" and part is not None and part.kind == "group" and part.new is not ABSENT:
        gone = REMOVE if part.none is ABSENT else part.none
        return changed(document, pointer, gone), pointer
    if act == "table" and part is not None:
        return _next_table(document, pointer, from_on)
    if not place.isdecimal() or follow(document, pointer) is None:
        raise NotFound
    around = pointer.rpartition("/")[0]
    if act == "remove":
        return changed(document, pointer, REMOVE), around
    if act in ("up", "down"):
        to = max(int(place) + (1 if act == "down" else -1), 0)
        to = min(to, len(listed(follow(document, around))) - 1)
        return moved_item(document, pointer, to), f"{around}/{to}"
    raise NotFound


def change_rows(
    differences: Iterable[Difference], document: Mapping[str, Any]
) -> tuple[ChangeRow, ...]:
    """The differences, each with its place and both sides in words."""
    return tuple(
        ChangeRow(
            path=" › ".join(one.path if language() == "de" else _english(one, document)),
            before=value_text(one.before, one.pointer),
            after=value_text(one.after, one.pointer),
            kind=str(_KINDS[one.kind]),
        )
        for one in differences
    )


def value_text(value: Any, pointer: str = "") -> str:
    """A value of a definition on a line, as people read it."""
    if type(value) is int and pointer.endswith("/cents"):
        return euros(value)
    if isinstance(value, str) and pointer.endswith(("/valid_from", "/valid_until")):
        return day_text(value)
    if isinstance(value, Mapping) and isinstance(value.get("de"), str):
        value = value.get(language()) or value["de"]
    text = NOTHING if value in (None, {}, []) else plain_text(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def amounts(document: Mapping[str, Any], today: date) -> tuple[AmountRow, ...]:
    """The fee of the sample application today and with each table; empty while it is unsound."""
    fee, form = document.get("fee"), mapping(document.get("example")).get("form")
    if not isinstance(fee, Mapping) or not isinstance(form, Mapping):
        return ()
    try:
        table, rules = build(FeeTable, fee), Rules(numbered(document["form"]))
        days = sorted({today, *(one.valid_from for one in table.periods)})
        return tuple(_amount(table, rules, form, day) for day in days)
    except (AttributeError, Conflict, KeyError, RuleError, TypeError, ValueError):
        return ()  # a draft's table may be half written


def _amount(table: FeeTable, rules: Rules, form: Mapping[str, Any], day: date) -> AmountRow:
    try:
        found = computed(table, rules, form, day, service="")
    except Conflict:
        return AmountRow(day_text(day), NOTHING)
    lines = tuple(f"{one.title.in_(language())}: {euros(one.cents)}" for one in found.positions)
    return AmountRow(day_text(day), euros(found.cents), lines)


def _english(one: Difference, document: Mapping[str, Any]) -> tuple[str, ...]:
    return path_in(document, one.pointer, "en") or one.path


def _part_at(parts: Sequence[Part], pointer: str) -> Part | None:
    """The part that edits what ``pointer`` names; None for an item of a list."""
    found: Part | None = None
    for token in split(pointer):
        if found is not None and found.kind == "rows" and token.isdecimal():
            parts, found = found.parts, None
            continue
        found = next((one for one in parts if one.at == token), None)
        if found is None:
            return None
        parts = found.parts if found.kind != "rows" else parts
    return found


def _begun(document: Mapping[str, Any], part: Part, pointer: str) -> tuple[dict[str, Any], str]:
    new = deepcopy(part.new) if part.new is not ABSENT else {}
    if part.kind == "group":
        return changed(document, pointer, new), pointer
    if part.kind != "rows":
        raise NotFound
    items = listed(follow(document, pointer))
    return changed(document, pointer, [*items, new]), f"{pointer}/{len(items)}"


def _next_table(
    document: Mapping[str, Any], pointer: str, from_on: str
) -> tuple[dict[str, Any], str]:
    """One more table from a day: as the last one, which ends the day before."""
    periods = [dict(mapping(one)) for one in listed(follow(document, pointer))]
    try:
        first = date.fromisoformat(from_on)
    except ValueError:
        raise NotFound from None
    following = deepcopy(periods[-1]) if periods else {"positions": [{}]}
    following.pop("valid_until", None)
    if periods:
        periods[-1]["valid_until"] = (first - timedelta(days=1)).isoformat()
    periods.append({**following, "valid_from": first.isoformat()})
    return changed(document, pointer, periods), f"{pointer}/{len(periods) - 1}"
