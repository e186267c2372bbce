"""The description of the API as frozen rows for the page that people read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from api.openapi import document
from api.problem_words import PROBLEMS
from api.problems import codes
from api.schemas.parts import Schema


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a member of an object."""

    name: str
    kind: str
    link: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation may answer; ``link`` names the schema of its body, if any."""

    status: str
    description: str
    link: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation with everything to know about it."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: tuple[Field, ...]
    body: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Operations that belong together."""

    title: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A schema: its members and an example."""

    name: str
    description: str
    fields: tuple[Field, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A code that may come with a status."""

    code: str
    status: int
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    title: str
    version: str
    groups: tuple[Group, ...]
    shapes: tuple[Shape, ...]
    problems: tuple[Problem, ...]


@cache
def page() -> Page:
    """The page, made once per process."""
    described = document()
    operations: dict[str, list[Operation]] = {}
    for path, methods in described["paths"].items():
        for method, told in methods.items():
            operations.setdefault(told["tags"][0], []).append(_operation(path, method, told))
    return Page(
        title=described["info"]["title"],
        version=described["info"]["version"],
        groups=tuple(Group(title, tuple(found)) for title, found in operations.items()),
        shapes=tuple(_shape(*item) for item in described["components"]["schemas"].items()),
        problems=tuple(_problem(code, status) for code, status in codes().items()),
    )


def _operation(path: str, method: str, told: Schema) -> Operation:
    scopes = [scope for need in told["security"] for given in need.values() for scope in given]
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        description=told["description"],
        scope=" ".join(scopes),
        parameters=tuple(
            _field(f"{one['name']} ({one['in']})", one["schema"] | one, one.get("required", False))
            for one in told["parameters"]
        )
        if "parameters" in told
        else (),
        body=_link(told.get("requestBody", {})),
        answers=tuple(
            Answer(status, answer["description"].replace("`", ""), _link(answer))
            for status, answer in told["responses"].items()
        ),
    )


def _shape(name: str, schema: Schema) -> Shape:
    examples = schema.get("examples", [])
    return Shape(
        name,
        schema.get("description", ""),
        tuple(_members(schema)),
        json.dumps(examples[0], ensure_ascii=False, indent=2) if examples else "",
    )


def _members(schema: Schema) -> Iterator[Field]:
    needed = schema.get("required", [])
    for name, member in schema.get("properties", {}).items():
        yield _field(name, member, name in needed)


def _field(name: str, schema: Schema, required: bool) -> Field:
    return Field(name, _kind(schema), _component(schema), required, schema.get("description", ""))


def _kind(schema: Schema) -> str:
    """What a value is, in a few words."""
    if "enum" in schema:
        return " | ".join(schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if "$ref" in schema:
        return _component(schema)
    kind: Any = schema.get("type", "")
    if kind == "array":
        return f"list of {_kind(schema['items'])}"
    words = kind if isinstance(kind, str) else " or ".join(kind)
    limit = f", at most {schema['maxLength']}" if "maxLength" in schema else ""
    return f"{words} ({schema['format']})" if "format" in schema else words + limit


def _component(schema: Schema) -> str:
    """The component that ``schema`` or its items refer to, if any."""
    found = schema.get("$ref") or schema.get("items", {}).get("$ref", "")
    return str(found).rpartition("/")[2]


def _link(part: Schema) -> str:
    """The component in the body that ``part`` describes, if any."""
    return next((_component(one.get("schema", {})) for one in part.get("content", {}).values()), "")


def _problem(code: str, status: int) -> Problem:
    words = PROBLEMS[code]
    return Problem(code, status, words.title[1], words.detail[1])
