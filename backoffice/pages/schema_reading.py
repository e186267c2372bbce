"""What a posted form says as the JSON its schema describes, and such JSON as what a form posts.

An input is named by the JSON pointer of its value, so that a fault of the value is a fault of the
input. A row of a list is there when the list's own name was posted once for it. Forms know no
null and no empty text: what was left blank is absent, and so is a group or a row in which nothing
was said beyond the defaults.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from efile.spelling import storable
from workflows.catalogue.pointers import join

Posted = Mapping[str, Sequence[str]]
Schema = Mapping[str, Any]

# What is posted for a row of a list, once for each.
ROW: Final = "row"
# JSON readers agree on integers up to here (RFC 7493, section 2.2).
_SAFE: Final = 2**53 - 1

_DAY: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_WHOLE: Final = re.compile(r"[+-]?([0-9]{1,16}|[0-9]{1,3}(\.[0-9]{3}){1,4})")
# A comma before the decimals; a dot, too, unless three digits follow: "1.000" may be a thousand.
_DECIMAL: Final = re.compile(
    r"[+-]?([0-9]{1,16}|[0-9]{1,3}(\.[0-9]{3}){1,4}(?=,))(,[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?"
    r"|[+-]?[0-9]{1,16}\.(?![0-9]{3}$)[0-9]{1,20}([eE][+-]?[0-9]{1,3})?"
)


def read(schema: Schema, posted: Posted, pointer: str, *, needed: bool = False) -> Any:
    """The value at ``pointer``; None where nothing was said, but a group that is ``needed``.

    Never refuses: text that is no number or no day stays text, for the validator to name.
    """
    match schema.get("type"):
        case "object":
            return _group(schema, posted, pointer, needed=needed)
        case "array":
            return _list(schema, posted, pointer, needed=needed)
        case _:
            return _single(schema, _last(posted, pointer))


def written(schema: Schema, value: Any, pointer: str) -> dict[str, list[str]]:
    """What a form that says ``value`` posts: ``read`` gives the same value again."""
    return {name: [*texts] for name, texts in _written(schema, value, pointer)}


def text_of(value: Any) -> str:
    """A single value as its input shows and posts it: "1,5", "true", the ISO day."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value).replace(".", ",")
        case _:
            return str(value)


def choices(schema: Schema) -> list[Any]:
    """All values that a field can have; empty where it is not a choice."""
    if "const" in schema:
        return [schema["const"]]
    if schema.get("type") == "boolean":
        return [True, False]
    return list(schema.get("enum", ()))


def _group(schema: Schema, posted: Posted, pointer: str, *, needed: bool) -> Any:
    required = schema.get("required", ())
    found, said = {}, needed
    for name, inner in schema.get("properties", {}).items():
        value = read(inner, posted, join(pointer, name), needed=name in required)
        if value is not None:
            found[name] = value
            said = said or not _is_silent(inner, value)
    return found if said else None


def _list(schema: Schema, posted: Posted, pointer: str, *, needed: bool) -> Any:
    items = schema.get("items", {})
    rows = range(len(posted.get(pointer, ())))
    found = [read(items, posted, join(pointer, row)) for row in rows]
    said = [value for value in found if value is not None]
    return said if said or needed else None


def _is_silent(schema: Schema, value: Any) -> bool:
    """Whether ``value`` says no more than a form that nobody has touched."""
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return all(_is_silent(known.get(name, {}), inner) for name, inner in value.items())
    if isinstance(value, list):
        return not value
    default = schema.get("default")
    return type(value) is type(default) and bool(value == default)


def _last(posted: Posted, pointer: str) -> str:
    """What was posted under ``pointer``: of a tick and the mark beside it, the tick."""
    values = posted.get(pointer, ())
    # Browsers post line ends as CRLF.
    return storable(values[-1].replace("\r\n", "\n")).strip() if values else ""


def _single(schema: Schema, text: str) -> Any:
    if not text:
        return None
    if known := choices(schema):
        return next((value for value in known if text_of(value) == text), text)
    match schema.get("type"):
        case "integer":
            return _whole(text)
        case "number":
            return _number(text)
        case "string" if schema.get("format") == "date":
            return _day(text)
        case _:
            return text


def _whole(text: str) -> Any:
    if not _WHOLE.fullmatch(text):
        return text
    number = int(text.replace(".", ""))
    return number if abs(number) <= _SAFE else text


def _number(text: str) -> Any:
    if not _DECIMAL.fullmatch(text):
        return text
    if _WHOLE.fullmatch(text):
        return _whole(text)
    plain = text.replace(".", "").replace(",", ".") if "," in text else text
    number = float(plain)
    return number if abs(number) <= _SAFE else text


def _day(text: str) -> str:
    """A day as JSON has it, also where somebody has typed it the German way."""
    typed = _DAY.fullmatch(text)
    return f"{typed[3]}-{int(typed[2]):02}-{int(typed[1]):02}" if typed else text


def _written(schema: Schema, value: Any, pointer: str) -> Iterator[tuple[str, list[str]]]:
    match value:
        case Mapping():
            known = schema.get("properties", {})
            for name, inner in value.items():
                yield from _written(known.get(name, {}), inner, join(pointer, name))
        case list():
            yield pointer, [ROW] * len(value)
            for row, item in enumerate(value):
                yield from _written(schema.get("items", {}), item, join(pointer, row))
        case None:
            return
        case _:
            yield pointer, [text_of(value)]
