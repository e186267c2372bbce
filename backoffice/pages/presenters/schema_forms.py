"""A form's schema as fields: labels, options, what is needed when, and what was wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.translation import gettext

from backoffice.pages.presenters.values import field_label, field_text, language
from backoffice.pages.rows import Option
from backoffice.pages.rows.counter import SchemaField
from backoffice.pages.schema_reading import Posted, Schema, choices, read, text_of
from workflows.catalogue.forms import FormValidator, in_order, with_defaults
from workflows.catalogue.parts import Text
from workflows.catalogue.pointers import join

# More options than this are a list to choose from, fewer stand side by side.
_SIDE_BY_SIDE: Final = 4
# Texts that may be longer than this want more than one line.
_LONG: Final = 200
_KINDS: Final[Mapping[str, Any]] = {
    "date": "date",
    "email": "email",
    "idn-email": "email",
    "uri": "url",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form as it was filled in: what was posted, and the sentences about what is wrong with it.

    ``errors`` go by JSON pointer. ``added`` is the list that is to get another row.
    """

    posted: Posted = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    added: str = ""


def element_id(pointer: str) -> str:
    """The id of the element for ``pointer``; names of fields have no hyphen, so none meet."""
    return "f" + pointer.replace("-", "--").replace("/", "-")


def schema_fields(schema: Schema, filled: Filled, pointer: str) -> tuple[SchemaField, ...]:
    """The fields of an object's ``schema``, filled in and with what is wrong."""
    needed = {*schema.get("required", ())}
    demands = _demands(schema, filled, pointer)
    known = schema.get("properties", {})
    return tuple(
        schema_field(
            known[name],
            filled,
            join(pointer, name),
            # a choice with a default is made already: there is nothing optional about it
            required=name in needed
            or demands.get(name, "") is None
            or ("default" in known[name] and bool(choices(known[name]))),
            when=demands.get(name) or "",
        )
        for name in _in_order(schema)
    )


def schema_field(
    schema: Schema, filled: Filled, pointer: str, *, required: bool = False, when: str = ""
) -> SchemaField:
    """One field, group or list; ``when`` says under which condition it is needed."""
    shown = SchemaField(
        name=pointer,
        id=element_id(pointer),
        label=field_label(schema, pointer.rpartition("/")[2]),
        kind="group",
        hint=_help(schema),
        required=required,
        when=when,
        error=filled.errors.get(pointer, ""),
    )
    match schema.get("type"):
        case "object":
            return replace(shown, fields=schema_fields(schema, filled, pointer))
        case "array":
            return _list(schema, filled, shown)
        case _:
            return _single(schema, filled, shown)


def every_field(fields: tuple[SchemaField, ...]) -> Iterator[SchemaField]:
    """All of ``fields`` with what is inside them, as they stand on the page."""
    for one in fields:
        yield one
        yield from every_field(one.fields)
        yield from every_field(one.rows)


def _in_order(schema: Schema) -> list[str]:
    """As ``x-order`` says: a list of names, or each field its place. Else what is needed first.

    A published definition is canonical JSON (RFC 8785): its objects have lost their order, its
    lists have not.
    """
    known = schema.get("properties", {})
    if isinstance(order := schema.get("x-order"), list):
        return order
    if known and all("x-order" in one for one in known.values()):
        return [name for name, _ in in_order(known)]
    needed = [name for name in schema.get("required", ()) if name in known]
    rest = [name for name in known if name not in needed]
    return needed + sorted(rest, key=lambda name: known[name].get("type") in ("object", "array"))


def _single(schema: Schema, filled: Filled, shown: SchemaField) -> SchemaField:
    known = choices(schema)
    default = text_of(schema["default"]) if "default" in schema else ""
    value = [*filled.posted.get(shown.name, [default])][-1]
    if "const" in schema or (known == [True, False] and "default" in schema):
        ticked = text_of(known[0])
        left_out = text_of(known[1]) if known == [True, False] else ""
        label = shown.label if known[0] is True else f"{shown.label}: {ticked}"
        return replace(
            shown, kind="tick", label=label, value=ticked, mark=left_out, checked=value == ticked
        )
    if known:
        return _choice(schema, known, value, shown)
    kind = _KINDS.get(schema.get("format", ""), "text")
    if kind == "text" and _is_long(schema):
        kind = "textarea"
    modes = {"integer": "numeric", "number": "decimal"}
    return replace(
        shown,
        kind=kind,
        value=value,
        inputmode=modes.get(schema["type"], ""),
        hint=" ".join(part for part in (shown.hint, _example(schema)) if part),
    )


def _choice(schema: Schema, known: list[Any], value: str, shown: SchemaField) -> SchemaField:
    options = [
        Option(text_of(one), field_text(schema, one), selected=text_of(one) == value)
        for one in known
    ]
    if value and not any(option.selected for option in options):
        options.append(Option(value, value, selected=True))  # what was posted stays to be seen
    if len(options) > _SIDE_BY_SIDE:
        nothing = Option("", gettext("Bitte wählen"))
        return replace(shown, kind="select", options=(nothing, *options))
    if not shown.required and "default" not in schema:
        options.append(Option("", gettext("keine Angabe"), selected=not value))
    return replace(shown, kind="radios", options=tuple(options))


def _list(schema: Schema, filled: Filled, shown: SchemaField) -> SchemaField:
    """At least as many rows as are needed, and the one that was asked for."""
    items, posted = schema.get("items", {}), len(filled.posted.get(shown.name, ()))
    least = max(schema.get("minItems", 0), int(shown.required))
    most = schema.get("maxItems", posted + 1)
    count = min(max(posted + (filled.added == shown.name), least), max(most, posted))
    rows = [_row(items, filled, shown, number, most=most) for number in range(count)]
    if filled.added == shown.name and rows:
        rows[-1] = _focused(rows[-1])
    label = schema.get("x-add")
    add = Text(label).in_(language()) if label else gettext("Weitere Zeile")
    return replace(shown, kind="list", rows=tuple(rows), add=add if count < most else "")


def _row(
    items: Schema, filled: Filled, shown: SchemaField, number: int, *, most: int
) -> SchemaField:
    """The row with its number; where there can be only one, it goes by the name of the list."""
    row = schema_field(items, filled, join(shown.name, number), required=True)
    if most == 1:
        remove = "" if shown.required else gettext("Wieder entfernen")
        return replace(row, label="" if row.fields else shown.label, remove=remove)
    named = {"label": shown.label, "number": number + 1}
    label = gettext("%(label)s: Nr. %(number)d") % named
    return replace(row, label=label, remove=gettext("Nr. %(number)d entfernen") % named)


def _focused(row: SchemaField) -> SchemaField:
    """The row with its first input ready to be typed into."""
    if not row.fields:
        return replace(row, autofocus=True)
    first, *rest = row.fields
    return replace(row, fields=(_focused(first), *rest))


def _demands(schema: Schema, filled: Filled, pointer: str) -> dict[str, str | None]:
    """Fields that are needed only sometimes: the words of the condition, None while it holds."""
    conditions = [one for one in (schema, *schema.get("allOf", ())) if "if" in one]
    if not conditions:
        return {}
    value = with_defaults(schema, read(schema, filled.posted, pointer, needed=True))
    found: dict[str, str | None] = {}
    for one in conditions:
        holds = not FormValidator(one["if"]).errors(value)
        for branch, applies in (("then", holds), ("else", not holds)):
            words = _condition(schema, one["if"]) if branch == "then" else _sometimes()
            for name in one.get(branch, {}).get("required", ()):
                found[name] = None if applies else found.get(name, words)
    return found


def _sometimes() -> str:
    return gettext("Je nach den übrigen Angaben nötig.")


def _condition(schema: Schema, condition: Schema) -> str:
    """What a condition asks for, where it asks for the value of one field."""
    asked = condition.get("properties", {})
    if len(asked) != 1:
        return _sometimes()
    ((name, wanted),) = asked.items()
    inner = schema.get("properties", {}).get(name, {})
    words = {"field": field_label(inner, name)}
    negated = "not" in wanted
    values = choices(wanted["not"] if negated else wanted)
    if not values:
        return _sometimes()
    if values == [True] and not negated:
        return gettext("Nötig, wenn „%(field)s“ zutrifft.") % words
    words["value"] = gettext("“ oder „").join(field_text(inner, value) for value in values)
    if negated:
        return gettext("Nötig, wenn bei „%(field)s“ etwas anderes als „%(value)s“ steht.") % words
    return gettext("Nötig, wenn bei „%(field)s“ „%(value)s“ steht.") % words


def _help(schema: Schema) -> str:
    return Text(schema["x-help"]).in_(language()) if "x-help" in schema else ""


def _example(schema: Schema) -> str:
    examples = schema.get("examples")
    if not examples or "pattern" not in schema:
        return ""
    return gettext("Zum Beispiel %(example)s.") % {"example": text_of(examples[0])}


def _is_long(schema: Schema) -> bool:
    return schema["type"] == "string" and bool(schema.get("maxLength", 0) > _LONG)
