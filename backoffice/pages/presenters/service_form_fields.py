"""The fields of a service's form as an administrator edits them: order, conditions, choices.

A field is opened as an *entry*, a flat group that ``parts_of`` its kind edit, and closed again
into its schema; what no part names stays in the schema as it was.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from backoffice.pages.presenters.service_form_kinds import (
    ITEMS,
    KINDS,
    NUMBER,
    TEXT,
    kind_of,
    parts_of,
)
from backoffice.pages.presenters.service_parts import listed, mapping
from backoffice.pages.presenters.service_reading import new_key
from backoffice.pages.schema_reading import choices, text_of
from workflows.catalogue.pointers import follow, join, split

# What an entry says of whether the field is needed.
_WHEN: Final = ("needed", "when_field", "when_is", "when_value")
# What an option goes by until somebody says what it is called.
_UNNAMED: Final = re.compile(r"option(_[0-9]+)?")


@dataclass(frozen=True, slots=True)
class FormField:
    """A field in a form: ``pointer`` leads to its schema from the document's root."""

    pointer: str
    name: str
    schema: Mapping[str, Any]
    depth: int
    place: int
    last: int
    needed: str


def every_field(form: Any, base: str = "/form", depth: int = 0) -> Iterator[FormField]:
    """All fields of a form in order, groups before what is inside them."""
    known = mapping(mapping(form).get("properties"))
    for place, (name, schema) in enumerate(known.items()):
        pointer = join(base, "properties", name)
        yield FormField(
            pointer, name, mapping(schema), depth, place, len(known) - 1, _needed(form, name)[0]
        )
        inside = mapping(schema)
        if inside.get("type") == "object":
            yield from every_field(inside, pointer, depth + 1)
        elif mapping(inside.get("items")).get("type") == "object":
            yield from every_field(inside["items"], join(pointer, "items"), depth + 1)


def holders(form: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """Where a new field can go: pointers of the form and of its groups."""
    found: list[tuple[str, Mapping[str, Any]]] = [("/form", {})]
    for one in every_field(form):
        if one.schema.get("type") == "object":
            found.append((one.pointer, one.schema))
        elif mapping(one.schema.get("items")).get("type") == "object":
            found.append((join(one.pointer, "items"), one.schema))
    return found


def added(
    form: Mapping[str, Any], holder: str, kind: str, labels: Mapping[str, str], *, needed: bool
) -> tuple[dict[str, Any], str]:
    """``form`` with a new field at the end of ``holder``, and the field's pointer."""
    whole = deepcopy(dict(form))
    around = _at(whole, holder)
    known = around.setdefault("properties", {})
    name = new_key(labels, [*known], "field", mark="_")
    known[name] = {**deepcopy(dict(KINDS[kind][1])), "x-labels": dict(labels)}
    if needed:
        around["required"] = [*listed(around.get("required")), name]
    return whole, join(holder, "properties", name)


def removed(form: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    """``form`` without the field, and without what was said of it elsewhere in its group."""
    whole = deepcopy(dict(form))
    around, name = _around(whole, pointer)
    around.get("properties", {}).pop(name, None)
    _forget(around, name)
    return whole


def moved(form: Mapping[str, Any], pointer: str, by: int) -> dict[str, Any]:
    """``form`` with the field so many places further down (negative: up)."""
    whole = deepcopy(dict(form))
    around, name = _around(whole, pointer)
    known = around.get("properties", {})
    names = [*known]
    place = min(max(names.index(name) + by, 0), len(names) - 1)
    names.remove(name)
    names.insert(place, name)
    around["properties"] = {one: known[one] for one in names}
    return whole


def opened(form: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    """The field as the group that its parts edit."""
    around, name = _around(form, pointer)
    schema = dict(mapping(mapping(around.get("properties")).get(name)))
    held = mapping(schema["items"]) if kind_of(schema) == "several" else schema
    entry = {**schema}
    if "default" in schema:
        entry["default"] = _typed_out(schema, schema["default"])
    if examples := listed(schema.get("examples")):
        entry["example"] = text_of(examples[0])
    if "enum" in held:
        words = mapping(held.get("x-options"))
        known = [text_of(value) for value in held["enum"]]
        entry["options"] = [
            {"text": words.get(value, {})} | ({} if _UNNAMED.fullmatch(value) else {"value": value})
            for value in known
        ]
    entry["needed"], condition = _needed(around, name)
    if condition:
        entry |= condition
    return entry


def closed(form: Mapping[str, Any], pointer: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """``form`` with the field as ``entry`` says it."""
    whole = deepcopy(dict(form))
    around, name = _around(whole, pointer)
    schema = dict(around["properties"][name])
    kind = kind_of(schema)
    for part in parts_of(kind):
        if part.at.startswith("x-") or part in (*NUMBER, *ITEMS, *TEXT[:3]):
            # unticked is as good as unsaid
            _put(
                schema,
                part.at,
                entry.get(part.at) or None if part.kind == "flag" else entry.get(part.at),
            )
    names = {part.at for part in parts_of(kind)}
    before = opened(form, pointer)
    if "example" in names and entry.get("example") != before.get("example"):
        _put(schema, "examples", [entry["example"]] if entry.get("example") else None)
    if "options" in names:
        _put_options(schema["items"] if kind == "several" else schema, entry.get("options", []))
    if "default" in names:
        _put(schema, "default", _read_in(schema, entry.get("default")))
    around["properties"][name] = schema
    if any(entry.get(part) != before.get(part) for part in _WHEN):
        _forget(around, name)
        match entry.get("needed"):
            case "always":
                around["required"] = [*listed(around.get("required")), name]
            case "when":
                around["allOf"] = [*listed(around.get("allOf")), _condition(around, name, entry)]
    return whole


def _put(schema: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        schema.pop(name, None)
    else:
        schema[name] = value


def _put_options(held: dict[str, Any], options: Sequence[Mapping[str, Any]]) -> None:
    values: list[Any] = []
    words: dict[str, Any] = {}
    for one in options:
        text = mapping(one.get("text"))
        known = str(one.get("value") or "")
        if not known or _UNNAMED.fullmatch(known):
            known = new_key(text, [*words], "option", mark="_")
        whole = held.get("type") == "integer" and known.lstrip("-").isdecimal()
        values.append(int(known) if whole else known)
        words[known] = dict(text)
    held["enum"], held["x-options"] = values, words


def _needed(around: Any, name: str) -> tuple[str, dict[str, Any]]:
    """Whether a field is needed in its group: always, never, when, or by a rule of its own.

    With "when" the condition comes along, as the parts of a field say it.
    """
    held = mapping(around)
    if name in listed(held.get("required")):
        return "always", {}
    found = [mapping(one) for one in listed(held.get("allOf")) if _speaks_of(one, name)]
    if not found:
        return "never", {}
    simple = _simple(held, found[0], name) if len(found) == 1 else {}
    return ("when", simple) if simple else ("kept", {})


def _speaks_of(rule: Any, name: str) -> bool:
    branches = (mapping(mapping(rule).get(branch)) for branch in ("then", "else"))
    return any(name in listed(branch.get("required")) for branch in branches)


def _simple(around: Mapping[str, Any], rule: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The condition where it asks for the value of one field and demands this one alone."""
    wanted = mapping(mapping(rule.get("if")).get("properties"))
    if rule.keys() != {"if", "then"} or rule["then"] != {"required": [name]} or len(wanted) != 1:
        return {}
    ((other, test),) = wanted.items()
    negated = "not" in mapping(test)
    held = mapping(test.get("not") if negated else test)
    if held.keys() != {"const"}:
        return {}
    schema = mapping(mapping(around.get("properties")).get(other))
    return {
        "when_field": other,
        "when_is": "is_not" if negated else "is",
        "when_value": _typed_out(schema, held["const"]),
    }


def _condition(around: Mapping[str, Any], name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    other = str(entry.get("when_field", ""))
    schema = mapping(mapping(around.get("properties")).get(other))
    test: dict[str, Any] = {"const": _read_in(schema, entry.get("when_value", ""))}
    if entry.get("when_is") == "is_not":
        test = {"not": test}
    return {
        "if": {"required": [other], "properties": {other: test}},
        "then": {"required": [name]},
    }


def _typed_out(schema: Mapping[str, Any], value: Any) -> str:
    """A value as somebody would type it: an option by its German name, ja and nein."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    words = mapping(mapping(schema.get("x-options")).get(text_of(value)))
    return str(words.get("de") or text_of(value))


def _read_in(schema: Mapping[str, Any], typed: Any) -> Any:
    text = str(typed or "").strip()
    if not text:
        return None
    if schema.get("type") == "boolean":
        return {"ja": True, "yes": True, "nein": False, "no": False}.get(text.lower(), text)
    for value in choices(schema):
        names = mapping(mapping(schema.get("x-options")).get(text_of(value))).values()
        if text.lower() in {text_of(value).lower(), *(str(one).lower() for one in names)}:
            return value
    whole = schema.get("type") == "integer" and text.lstrip("-").isdecimal()
    return int(text) if whole else text


def _forget(around: dict[str, Any], name: str) -> None:
    """Takes away what makes the field needed."""
    kept = [one for one in listed(around.get("required")) if one != name]
    _put(around, "required", kept or None)
    others = [one for one in listed(around.get("allOf")) if not _speaks_of(one, name)]
    _put(around, "allOf", others or None)


def _around(form: Mapping[str, Any], pointer: str) -> tuple[dict[str, Any], str]:
    """The group that a field stands in, and the field's name."""
    return _at(form, "/" + "/".join(split(pointer)[:-2])), split(pointer)[-1]


def _at(form: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    found: dict[str, Any] = follow({"form": form}, pointer)
    return found
