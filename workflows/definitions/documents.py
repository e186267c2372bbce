"""Documents: definitions as JSON in the order of their file, begun, changed and put in order."""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from typing import Any, Final

from efile.kernel.errors import FieldError, Invalid
from workflows.catalogue.definition import Definition
from workflows.catalogue.forms import fields, in_order, numbered
from workflows.catalogue.loading import SHIPPED, definition_schema
from workflows.catalogue.pointers import follow, split
from workflows.catalogue.source import read

Document = dict[str, Any]


class _Remove:
    """What takes away instead of putting something there."""

    def __repr__(self) -> str:
        return "REMOVE"


REMOVE: Final = _Remove()

# The order in which people write what no schema arranges: a submission and its parties.
_SUBMISSION: Final = (
    *("service", "language", "form", "parties", "attachments", "consents"),
    *("reply_channel", "on_invalid"),
)
_PARTY: Final = (
    *("role", "kind", "given_names", "family_name", "birth_name", "organisation", "birth_date"),
    *("address", "email", "phone", "identity", "street", "number", "postcode", "city"),
)


@cache
def _skeleton() -> str:
    return (SHIPPED / "shared" / "skeleton.yaml").read_text("utf-8")


def skeleton(
    key: str, title: str, *, unit: str, position: str, remedy: Mapping[str, Any] | None = None
) -> Document:
    """A complete and sound definition of the simplest service, to be changed from there.

    One field, a person who decides, no checks, no fee, action before the administrative court
    unless ``remedy`` says otherwise. ``title`` stands for every language until it is translated.
    """
    document: Document = read(_skeleton()).document
    document |= {"key": key, "title": dict.fromkeys(document["languages"], title), "unit": unit}
    document["file"] |= {"position": position, "subject": title}
    document["example"] |= {"service": key}
    return document | ({"remedy": dict(remedy)} if remedy else {})


def definition_in(document: Mapping[str, Any]) -> Definition:
    """The definition that a sound ``document`` is; its fields know their places."""
    return Definition.from_json({**document, "form": numbered(document["form"])})


def document_of(definition: Definition) -> Document:
    """``definition`` as its file could have it: ``definition_in`` gives it back, to the digest."""
    return in_file_order(definition.as_json())


def in_file_order(document: Mapping[str, Any]) -> Document:
    """A copy of ``document`` in the order of the schema; the form in the order of its fields."""
    whole: Document = _arranged(document, definition_schema())
    if isinstance(form := whole.get("form"), Mapping):
        whole["form"] = unnumbered(form)
    example = whole.get("example")
    if isinstance(example, Mapping):
        whole["example"] = _arranged_example(example, whole.get("form"))
    return whole


def unnumbered(schema: Any) -> Any:
    """A copy of ``schema`` with its fields in order, and their numbers left out.

    ``numbered`` gives it back as it was: numbers that are no plain count stay.
    """
    if isinstance(schema, list):
        return [unnumbered(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    copy = {name: unnumbered(inner) for name, inner in schema.items()}
    properties = copy.get("properties")
    known = isinstance(properties, dict) and all(isinstance(p, dict) for p in properties.values())
    if schema.get("type") == "object" and known and properties:
        placed = in_order(properties)
        if [one.get("x-order") for _, one in placed] == list(range(len(placed))):
            placed = [(name, _without(one, "x-order")) for name, one in placed]
        copy["properties"] = dict(placed)
    return copy


def changed(document: Mapping[str, Any], pointer: str, value: Any) -> Document:
    """A copy of ``document`` with ``value`` at ``pointer``; ``REMOVE`` takes away what is there.

    The token "-" names the place behind a list's last item; a name that is not there yet is added
    to its group. Refuses: Invalid (pointer_unknown: no group or list on the way, no such item).
    """
    whole: Any = deepcopy(dict(document))
    *path, last = split(pointer) or [""]
    here = whole
    for token in path:
        here = _inside(here, token, pointer)
    value = deepcopy(value) if not isinstance(value, _Remove) else value
    if isinstance(here, list):
        _put_in_list(here, last, value, pointer)
    elif isinstance(here, dict) and pointer:
        if isinstance(value, _Remove):
            if last not in here:
                raise _unknown(pointer)
            del here[last]
        else:
            here[last] = value
    else:
        raise _unknown(pointer)
    found: Document = whole
    return found


def moved_item(document: Mapping[str, Any], pointer: str, to: int) -> Document:
    """A copy of ``document`` whose list item or member at ``pointer`` stands at place ``to``.

    Counted from 0; beyond the end means last. Refuses: Invalid (pointer_unknown).
    """
    around, _, token = pointer.rpartition("/")
    holder = follow(document, around)
    name = (split(pointer) or [""])[-1]
    if isinstance(holder, Mapping) and name in holder:
        names = [known for known in holder if known != name]
        names.insert(max(to, 0), name)
        return changed(document, around, {known: holder[known] for known in names})
    if isinstance(holder, list) and token.isdecimal() and int(token) < len(holder):
        items = [*holder[: int(token)], *holder[int(token) + 1 :]]
        items.insert(max(to, 0), holder[int(token)])
        return changed(document, around, items)
    raise _unknown(pointer)


def as_text(document: Mapping[str, Any]) -> str:
    """``document`` as it is stored: JSON in its own order."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _inside(here: Any, token: str, pointer: str) -> Any:
    if isinstance(here, list) and token.isdecimal() and int(token) < len(here):
        return here[int(token)]
    if isinstance(here, dict) and token in here:
        return here[token]
    raise _unknown(pointer)


def _put_in_list(items: list[Any], place: str, value: Any, pointer: str) -> None:
    if place == "-" and not isinstance(value, _Remove):
        items.append(value)
    elif not (place.isdecimal() and int(place) < len(items)):
        raise _unknown(pointer)
    elif isinstance(value, _Remove):
        del items[int(place)]
    else:
        items[int(place)] = value


def _unknown(pointer: str) -> Invalid:
    return Invalid([FieldError(pointer, "pointer_unknown", {"pointer": pointer})])


def _without(mapping: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {known: value for known, value in mapping.items() if known != name}


def _arranged(value: Any, schema: Mapping[str, Any]) -> Any:
    schema = _resolved(schema)
    if isinstance(value, list):
        return [_arranged(item, schema.get("items", {})) for item in value]
    if not isinstance(value, Mapping):
        return value
    known, others = _members(schema)
    if "de" in value:
        known = {name: {} for name in ("de", "en", *known)}
    whole = {
        name: _arranged(value[name], known.get(name) or others)
        for name in _sorted(value, tuple(known))
    }
    options, enum = whole.get("x-options"), whole.get("enum")
    if isinstance(options, dict) and isinstance(enum, list):
        whole["x-options"] = {n: options[n] for n in _sorted(options, [str(one) for one in enum])}
    return whole


def _members(schema: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """What is known of the members, in order, and the schema of those that have any name."""
    known = dict(schema.get("properties", {}))
    for pattern, inner in schema.get("patternProperties", {}).items():
        known |= dict.fromkeys(pattern.strip("^()$").split("|"), inner)
    names = _resolved(schema.get("propertyNames", {})).get("enum", ())
    others = schema.get("additionalProperties")
    others = others if isinstance(others, Mapping) else {}
    return dict.fromkeys(names, others) | known, others


def _resolved(schema: Any) -> Mapping[str, Any]:
    """``schema`` with what it refers to; of alternatives the one that is not null."""
    if not isinstance(schema, Mapping):
        return {}
    if reference := schema.get("$ref"):
        inner = _resolved(follow(definition_schema(), reference.removeprefix("#")))
        return {**inner, **_without(schema, "$ref")}
    if "type" not in schema and "oneOf" in schema:
        real = [one for one in schema["oneOf"] if one.get("type") != "null"]
        return {**schema, **_resolved(real[0])} if real else schema
    return schema


def _arranged_example(example: Mapping[str, Any], form: Any) -> dict[str, Any]:
    whole = {name: example[name] for name in _sorted(example, _SUBMISSION)}
    if isinstance(filled := whole.get("form"), Mapping) and isinstance(form, Mapping):
        whole["form"] = _as_in_form(filled, form)
    if isinstance(parties := whole.get("parties"), list):
        whole["parties"] = [_arranged_party(party) for party in parties]
    return whole


def _arranged_party(party: Any) -> Any:
    if not isinstance(party, Mapping):
        return party
    return {name: _arranged_party(party[name]) for name in _sorted(party, _PARTY)}


def _as_in_form(value: Any, schema: Mapping[str, Any]) -> Any:
    """What was filled in, in the order of the form's fields."""
    if isinstance(value, list):
        return [_as_in_form(item, schema.get("items", {})) for item in value]
    if not isinstance(value, Mapping):
        return value
    known = schema.get("properties", {})
    names = _sorted(value, tuple(known))
    return {name: _as_in_form(value[name], known.get(name, {})) for name in names}


def _sorted(names: Mapping[str, Any], first: Sequence[str]) -> list[str]:
    """``names`` with those of ``first`` in front in that order, the others as they stand."""
    place = {name: number for number, name in enumerate(first)}
    return sorted(names, key=lambda name: place.get(name, len(place)))


def field_names(document: Mapping[str, Any]) -> list[str]:
    """The dotted names of the form's fields, in order; none where the form cannot be read."""
    form = document.get("form")
    try:
        return [one.name for one in fields(form)] if isinstance(form, Mapping) else []
    except (AttributeError, TypeError):
        return []
