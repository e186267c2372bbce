"""Services as Open311 (GeoReport v2) sees them: their codes and what else is asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from efile.kernel.errors import FieldError
from workflows.catalogue.definition import Definition
from workflows.catalogue.forms import in_order
from workflows.catalogue.parts import Text
from workflows.catalogue.pointers import follow, split

# What everybody may see; a report of any other class is never public.
PUBLIC_CLASS: Final = "general"
_SINGLE: Final = ("string", "integer", "number", "boolean")
# From so many characters on a text wants more than a line.
_LONG: Final = 200
_YES_NO: Final = {"true": {"de": "ja", "en": "yes"}, "false": {"de": "nein", "en": "no"}}


@dataclass(frozen=True, slots=True)
class Attribute:
    """A question that goes beyond what Open311 asks anyway; ``values`` are its options."""

    code: str
    datatype: str
    required: bool
    label: Text
    hint: Text | None
    values: Mapping[str, Text]
    schema: Mapping[str, Any]


def options(definition: Definition) -> dict[str, Text]:
    """The categories, each a service of its own; none where reports are not taken this way."""
    if definition.open311 is None:
        return {}
    return _options(_schema_at(definition.form, definition.open311.category))


def attributes(definition: Definition) -> list[Attribute]:
    """What is asked beside category, place and description, in the order of the form."""
    if definition.open311 is None:
        return []
    needed = definition.form.get("required", ())
    filled = _filled(definition.open311.pointers)
    return [
        Attribute(
            code=name,
            datatype=_datatype(schema),
            required=name in needed and "default" not in schema,
            label=Text(schema["x-labels"]),
            hint=Text(schema["x-help"]) if "x-help" in schema else None,
            values=_values(schema),
            schema=schema,
        )
        for name, schema in in_order(definition.form["properties"])
        if name not in filled and _askable(schema)
    ]


def problems_of_reports(data: Mapping[str, Any]) -> Iterator[FieldError]:
    """What a definition gets wrong about reports over Open311, beyond its pointers."""
    taken = data.get("open311")
    if not taken:
        return
    if data["access_class"] != PUBLIC_CLASS:
        yield FieldError("/open311", "open311_not_public", {"needed": PUBLIC_CLASS})
    if "enum" not in _schema_at(data["form"], taken["category"]):
        yield FieldError("/open311/category", "open311_without_options")
    filled = _filled(value for value in taken.values() if isinstance(value, str))
    for name in data["form"].get("required", ()):
        schema = data["form"]["properties"].get(name, {})
        inner = [f"{name}.{one}" for one in schema.get("required", ()) if name in filled]
        unasked = [one for one in inner if one.partition(".")[2] not in filled[name]]
        if name not in filled and not _askable(schema):
            unasked = [name]
        for field in unasked:
            yield FieldError("/open311", "open311_cannot_ask", {"field": field})


def _filled(pointers: Any) -> dict[str, set[str]]:
    """The fields that pointers lead to: name → the fields of that group, none for a single one."""
    found: dict[str, set[str]] = {}
    for pointer in pointers:
        _, name, *below = split(pointer)
        found.setdefault(name, set()).update(below)
    return found


def _schema_at(form: Mapping[str, Any], pointer: str) -> Mapping[str, Any]:
    path = "".join(f"/properties/{name}" for name in pointer.split("/")[2:])
    return follow(form, path) or {}


def _askable(schema: Mapping[str, Any]) -> bool:
    if schema.get("type") == "array":
        return "enum" in schema.get("items", {})
    return schema.get("type") in _SINGLE


def _datatype(schema: Mapping[str, Any]) -> str:
    if schema["type"] == "array":
        return "multivaluelist"
    if "enum" in schema or schema["type"] == "boolean":
        return "singlevaluelist"
    if schema["type"] in ("integer", "number"):
        return "number"
    if schema.get("format") in ("date", "date-time"):
        return "datetime"
    return "text" if schema.get("maxLength", 0) > _LONG else "string"


def _values(schema: Mapping[str, Any]) -> dict[str, Text]:
    if schema["type"] == "boolean":
        return {key: Text(label) for key, label in _YES_NO.items()}
    return _options(schema.get("items", schema))


def _options(schema: Mapping[str, Any]) -> dict[str, Text]:
    """The labels of a choice, in its own order."""
    labels = schema.get("x-options", {})
    return {str(key): Text(labels[str(key)]) for key in schema.get("enum", ())}
