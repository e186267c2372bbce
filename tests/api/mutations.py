"""Requests wrong in one place: made from valid ones, so that they get as far as they can."""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

Json = dict[str, Any]
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
UNKNOWN: Final = "01890000-0000-7000-8000-000000000001"


@dataclass(frozen=True, slots=True)
class Sent:
    """A request; ``schema`` is that of its JSON body, references resolved, {} for other bodies.

    Without an ``optional`` body it is valid, too.
    """

    method: str
    path: str
    content: bytes
    media_type: str = "application/json"
    headers: Json = field(default_factory=dict)
    schema: Json = field(default_factory=dict)
    optional: bool = False


Mutation = Callable[[Sent, random.Random], Sent | None]


def wrong_in_one_place(
    valid: Sent, chance: random.Random, count: int
) -> Iterator[tuple[str, Sent]]:
    """``count`` requests made from ``valid`` that must be refused, and what was done to each."""
    fitting = [one for one in MUTATIONS if one(valid, chance)]
    for number in range(count):
        mutate = fitting[number % len(fitting)]
        mutated = mutate(valid, chance)
        assert mutated is not None
        yield mutate.__name__, mutated


def valid(schema: Json) -> Any:
    """A value that ``schema`` (references resolved) accepts: its example, or every member of it."""
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema or "enum" in schema:
        return schema.get("const") or schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: valid(inner) for name, inner in schema.get("properties", {}).items()}
        case "array":
            return [valid(schema["items"])] if schema.get("minItems") else []
        case "boolean":
            return True
        case "integer":
            return schema.get("minimum", 1)
    written = {"uuid": UNKNOWN, "date": "2026-03-02", "date-time": "2026-03-02T10:00:00Z"}
    return written.get(schema.get("format", ""), "x")


def _content(sent: Sent, content: bytes | str) -> Sent:
    return replace(sent, content=content.encode() if isinstance(content, str) else content)


def _json(mutate: Callable[[Json, Json, random.Random], bool]) -> Mutation:
    """A mutation of the value that a JSON body writes down; False: it has nothing to offer."""

    def on_value(sent: Sent, chance: random.Random) -> Sent | None:
        if not sent.schema:
            return None
        value = json.loads(sent.content)
        found = mutate(value, sent.schema, chance)
        return _content(sent, json.dumps(value)) if found else None

    on_value.__name__ = mutate.__name__
    return on_value


def _text(mutate: Callable[[str, random.Random], str | bytes]) -> Mutation:
    """A mutation of the text of a JSON body."""

    def on_text(sent: Sent, chance: random.Random) -> Sent | None:
        if not sent.schema:
            return None
        mutated = _content(sent, mutate(sent.content.decode(), chance))
        if sent.optional and not mutated.content.strip():
            return _content(sent, "[")
        return mutated

    on_text.__name__ = mutate.__name__
    return on_text


def _members(value: Any, schema: Json) -> list[tuple[Json, str, Json]]:
    """Every member of ``value`` that ``schema`` describes: its object, its name, its schema."""
    found: list[tuple[Json, str, Json]] = []
    if isinstance(value, dict):
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                found += [(value, name, inner), *_members(value[name], inner)]
    elif isinstance(value, list) and value:
        found += _members(value[0], schema.get("items", {}))
    return found


@_text
def truncated(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text))]


@_text
def with_more_behind(text: str, chance: random.Random) -> str:
    return text + chance.choice(["x", "}", "]", ",", text, "\0", "//", '"'])


@_text
def not_utf_8(text: str, chance: random.Random) -> bytes:
    at = chance.randrange(len(text))
    broken = chance.choice([b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"])
    return text[:at].encode() + broken + text[at:].encode()


@_text
def utf_16(text: str, _chance: random.Random) -> bytes:
    return text.encode("utf-16")


@_text
def a_name_twice(text: str, chance: random.Random) -> str:
    name = json.dumps(chance.choice(list(json.loads(text)) or ["x"]))
    return "{" + f"{name}:1,{name}:{chance.choice(['1', 'null', '{}'])}" + "}"


@_text
def endlessly_deep(_text: str, chance: random.Random) -> str:
    opening, inner = chance.choice([("[", ""), ('{"a":', "1")])
    return opening * chance.choice([200, 3_000, 100_000]) + inner


@_text
def not_an_object(_text: str, chance: random.Random) -> str:
    return chance.choice(["[]", "null", "17", '"text"', "true", "", " ", "[{}]", "{}{}", "NaN"])


def _beside(written: list[str]) -> Callable[[str, random.Random], str]:
    def beside(text: str, chance: random.Random) -> str:
        rest = text.lstrip()[1:]
        comma = "" if rest.lstrip().startswith("}") else ","
        return "{" + f'"zz":{chance.choice(written)}{comma}' + rest

    return beside


@_text
def with_a_number_that_nobody_holds(text: str, chance: random.Random) -> str:
    big = ["1e400", "-1e999", "9" * 400, "9007199254740993", "NaN", "-Infinity", "1" * 5_000]
    return _beside(big)(text, chance)


@_text
def with_characters_that_nobody_holds(text: str, chance: random.Random) -> str:
    return _beside(['"\\u0000"', '"\\ud800"', '"\\udfff x"', '"a\tb"', '"\x1f"'])(text, chance)


@_text
def with_a_member_that_is_not_provided_for(text: str, chance: random.Random) -> str:
    return _beside(["1", "null", "{}", "[]", '"x"'])(text, chance)


@_json
def without_a_needed_member(value: Json, schema: Json, chance: random.Random) -> bool:
    places = [(value, name) for name in schema.get("required", []) if name in value]
    for holder, name, inner in _members(value, schema):
        if isinstance(holder[name], dict):
            places += [
                (holder[name], one) for one in inner.get("required", []) if one in holder[name]
            ]
    if places:
        holder, name = chance.choice(places)
        del holder[name]
    return bool(places)


_ALIEN: Final[dict[str, list[Any]]] = {
    "string": [17, True, None, [], {}, ["x"]],
    "object": [17, "x", None, [], False],
    "array": [17, "x", None, {}, True],
    "boolean": [17, "true", None, [], {}],
    "integer": ["17", 1.5, None, [], {}],
}


@_json
def with_another_type(value: Json, schema: Json, chance: random.Random) -> bool:
    places = [one for one in _members(value, schema) if str(one[2].get("type")) in _ALIEN]
    if places:
        holder, name, inner = chance.choice(places)
        holder[name] = chance.choice(_ALIEN[inner["type"]])
    return bool(places)


@_json
def beyond_what_is_allowed(value: Json, schema: Json, chance: random.Random) -> bool:
    places = [
        one
        for one in _members(value, schema)
        if {"maxLength", "enum", "const", "format", "maxItems", "maximum"} & one[2].keys()
    ]
    if not places:
        return False
    holder, name, inner = chance.choice(places)
    if "maxLength" in inner:
        holder[name] = "x" * (inner["maxLength"] + chance.choice([1, 1_000]))
    elif "maxItems" in inner:
        holder[name] = [{}] * (inner["maxItems"] + 1)
    elif "maximum" in inner:
        holder[name] = chance.choice([inner["maximum"] + 1, -1])
    else:
        holder[name] = chance.choice(["", "nonsense", "2026-02-30", "'; --", "０"])
    return True


def another_media_type(sent: Sent, chance: random.Random) -> Sent | None:
    if not sent.schema:
        return None
    kinds = ["text/plain", "application/xml", "multipart/form-data", "text/json", "x", "a/b/c"]
    return replace(sent, media_type=chance.choice(kinds))


def a_length_that_is_not_its_own(sent: Sent, chance: random.Random) -> Sent | None:
    if not sent.schema:
        return None
    none = [] if sent.optional else ["-1", "abc", "0", "1e3", "٣"]
    told = chance.choice([*none, "1", str(len(sent.content) - 1)])
    return replace(sent, headers=sent.headers | {"CONTENT_LENGTH": told})


def in_pieces(sent: Sent, _chance: random.Random) -> Sent | None:
    return replace(sent, headers=sent.headers | {"HTTP_TRANSFER_ENCODING": "chunked"})


def without_a_token(sent: Sent, chance: random.Random) -> Sent | None:
    told = chance.choice(["", "Bearer", "Bearer x", "Basic eDp5", "Bearer \xe4", "Bearer a b"])
    return replace(sent, headers=sent.headers | {"HTTP_AUTHORIZATION": told})


def with_no_key_of_its_own(sent: Sent, chance: random.Random) -> Sent | None:
    if "HTTP_IDEMPOTENCY_KEY" not in sent.headers:
        return None
    told = chance.choice(["", " ", "x" * 256, "a b", "ü", "\t"])
    return replace(sent, headers=sent.headers | {"HTTP_IDEMPOTENCY_KEY": told})


def to_nowhere(sent: Sent, chance: random.Random) -> Sent | None:
    if not (found := _ID.search(sent.path)):
        return None
    told = chance.choice(["nonsense", "%00", "%ff", "1' or 1=1", "0" * 36, f"{found[0]}x"])
    return replace(sent, path=sent.path.replace(found[0], told))


def that_is_not_what_it_says(sent: Sent, chance: random.Random) -> Sent | None:
    if sent.media_type != "application/pdf":
        return None
    said: list[Json] = [
        {"HTTP_CONTENT_DIGEST": "sha-256=:AAAA:"},
        {"HTTP_CONTENT_DIGEST": f"sha-256=:{'A' * 43}=:"},
        {"HTTP_CONTENT_DISPOSITION": "attachment; filename*=UTF-8''%ff.pdf"},
        {"HTTP_CONTENT_DISPOSITION": "attachment; filename*=nonsense"},
    ]
    bytes_ = chance.choice([b"", b"MZ\x90", b"<html>", sent.content])
    return replace(sent, content=bytes_, headers=sent.headers | chance.choice(said))


MUTATIONS: Final[tuple[Mutation, ...]] = (
    truncated,
    with_more_behind,
    not_utf_8,
    utf_16,
    a_name_twice,
    endlessly_deep,
    not_an_object,
    with_a_number_that_nobody_holds,
    with_characters_that_nobody_holds,
    with_a_member_that_is_not_provided_for,
    without_a_needed_member,
    with_another_type,
    beyond_what_is_allowed,
    another_media_type,
    a_length_that_is_not_its_own,
    in_pieces,
    without_a_token,
    with_no_key_of_its_own,
    to_nowhere,
    that_is_not_what_it_says,
)
