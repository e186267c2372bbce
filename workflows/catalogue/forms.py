"""What a citizen filled in, checked against the form's schema: every fault, by pointer and rule."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, cast

import jsonschema_rs

from efile.kernel.errors import FieldError
from workflows.catalogue.pointers import join, sort_key

# Forms are flat; whatever is nested deeper than this was not made by a form.
MAX_DEPTH: Final = 24

# jsonschema-rs names an error after its keyword; where that is not our machine name:
_RENAMED: Final[Mapping[str, str]] = {
    "content_encoding": "content",
    "content_media_type": "content",
    "from_utf8": "content",
    "backtrack_limit_exceeded": "pattern",
    "regex_engine_failure": "pattern",
    "ref": "invalid",
    "custom": "invalid",
    "one_of_multiple_valid": "one_of",
    "one_of_not_valid": "one_of",
    "constant": "const",
    "referencing": "invalid",
}
# What neither PostgreSQL nor the rule engine can hold: NUL and halves of surrogate pairs.
_UNREADABLE: Final = re.compile("[\x00\ud800-\udfff]")


def rule_of(kind: str) -> str:
    """The machine name of a jsonschema-rs error kind: ``minLength`` becomes min_length."""
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.lstrip("$")).lower()
    return _RENAMED.get(snake, snake)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form by its ``path`` ("pickup", "street"); an optional one may be absent."""

    path: tuple[str, ...]
    schema: Mapping[str, Any]
    optional: bool

    @property
    def name(self) -> str:
        return ".".join(self.path)

    @property
    def pointer(self) -> str:
        return join("", *self.path)


def fields(schema: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[Field]:
    """Every field of a form's ``schema`` in order, groups before what is inside them.

    A field counts as optional where it or a group around it may be absent after defaults.
    """
    needed = frozenset(schema.get("required", ()))
    for name, inner in in_order(schema.get("properties", {})):
        lacking = name not in needed and "default" not in inner
        yield Field((*above, name), inner, lacking)
        if inner.get("type") == "object":
            for below in fields(inner, (*above, name)):
                yield Field(below.path, below.schema, below.optional or lacking)


def in_order(properties: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The fields of a form or group as people are to see them; stored JSON forgets their order."""
    return sorted(properties.items(), key=lambda item: item[1].get("x-order", 0))


def numbered(schema: Any) -> Any:
    """A copy of ``schema`` in which every field knows its place, by the order they stand in."""
    if isinstance(schema, list):
        return [numbered(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    copy = {name: numbered(inner) for name, inner in schema.items()}
    properties = copy.get("properties")
    if schema.get("type") == "object" and isinstance(properties, dict):
        copy["properties"] = {
            name: {"x-order": place, **inner} if isinstance(inner, dict) else inner
            for place, (name, inner) in enumerate(properties.items())
        }
    return copy


def with_defaults(schema: Mapping[str, Any], value: Any) -> Any:
    """A copy of ``value`` in which every absent property that has a default carries it.

    Absent groups stay absent: whoever says nothing about a group has not half filled it in.
    """
    if isinstance(value, Mapping):
        known: Mapping[str, Any] = schema.get("properties", {})
        given = {key: with_defaults(known.get(key, {}), inner) for key, inner in value.items()}
        absent = {k: s["default"] for k, s in known.items() if k not in value and "default" in s}
        return given | absent
    if isinstance(value, list):
        return [with_defaults(schema.get("items", {}), item) for item in value]
    return value


class FormValidator:
    """A form's schema (JSON Schema 2020-12), compiled; formats are checked, nothing is fetched.

    Raises ``jsonschema_rs.ValidationError`` where ``schema`` itself is not a valid schema.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self._compiled = jsonschema_rs.Draft202012Validator(
            dict(schema), validate_formats=True, ignore_unknown_formats=False, offline=True
        )

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(fields(self.schema))

    def apply_defaults(self, form: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of ``form`` completed by the schema's defaults; ``form`` stays as it was sent."""
        return cast("dict[str, Any]", with_defaults(self.schema, form))

    def errors(self, form: Any, base: str = "/form") -> list[FieldError]:
        """Every fault of ``form``, ordered by pointer; empty when it is valid.

        Pointers start at ``base`` and name the offending property itself, also one that is
        missing or not expected. Facts come from the schema, never from the form.
        """
        unreadable = list(_unreadable(form, base))
        if unreadable:  # no form produces these, and the validator cannot be given them
            return _ordered(unreadable)
        if self._compiled.is_valid(form):
            return []
        found = self._compiled.iter_errors(form)
        return _ordered([fault for error in found for fault in self._faults(error, base)])

    def _faults(self, error: jsonschema_rs.ValidationError, base: str) -> Iterator[FieldError]:
        kinds, kind = jsonschema_rs.ValidationErrorKind, error.kind
        here = join(base, *error.instance_path)
        rule = rule_of(kind.name)
        if isinstance(kind, kinds.Required):
            yield FieldError(join(here, kind.property), rule)
        elif isinstance(kind, (kinds.AdditionalProperties, kinds.UnevaluatedProperties)):
            for name in kind.unexpected:
                yield FieldError(join(here, name), rule)
        elif isinstance(kind, kinds.PropertyNames):
            yield FieldError(join(here, str(kind.error.instance)), rule)
        elif isinstance(kind, (kinds.AnyOf, kinds.OneOfNotValid)):
            yield from self._alternatives(kind.context, here, rule, base)
        else:
            yield FieldError(here, rule, self._facts(error))

    def _alternatives(
        self,
        branches: Sequence[Sequence[jsonschema_rs.ValidationError]],
        here: str,
        rule: str,
        base: str,
    ) -> Iterator[FieldError]:
        """The faults of the alternative that was meant, or that none was completed.

        Not meant is one of another type, nor, where several are left, one that a fixed value
        (``const``) tells apart from what was sent.
        """
        faults = [[f for error in branch for f in self._faults(error, base)] for branch in branches]
        meant = [b for b in faults if not any((f.pointer, f.rule) == (here, "type") for f in b)]
        if len(meant) > 1:
            meant = [b for b in meant if not any(f.rule == "const" for f in b)]
        if len(meant) == 1:
            yield from meant[0]
            return
        missing = [[f.pointer for f in branch if f.rule == "required"] for branch in meant]
        yield FieldError(here, rule, {"alternatives": missing} if missing and all(missing) else {})

    def _facts(self, error: jsonschema_rs.ValidationError) -> dict[str, Any]:
        kinds = jsonschema_rs.ValidationErrorKind
        match error.kind:
            case kinds.Type(types):
                return {"expected": list(types)}
            case kinds.Enum(options):
                return {"allowed": list(options)}
            case kinds.Constant(expected):
                return {"allowed": [expected]}
            case kinds.Format(name):
                return {"format": name}
            case kinds.Pattern(pattern):
                examples = self._schema_around(error).get("examples")
                return {"pattern": pattern} | ({"example": examples[0]} if examples else {})
            case kinds.MultipleOf(limit):
                return {"limit": limit}
            case kind:
                return {"limit": kind.limit} if hasattr(kind, "limit") else {}

    def _schema_around(self, error: jsonschema_rs.ValidationError) -> Mapping[str, Any]:
        found: Any = self.schema
        for step in error.schema_path[:-1]:
            found = found[step]
        return cast("Mapping[str, Any]", found)


def _unreadable(value: Any, here: str, depth: int = 0) -> Iterator[FieldError]:
    if isinstance(value, str) and _UNREADABLE.search(value):
        yield FieldError(here, "characters")
    elif isinstance(value, float) and not math.isfinite(value):
        yield FieldError(here, "not_finite")
    elif isinstance(value, (Mapping, list)) and depth == MAX_DEPTH:
        yield FieldError(here, "too_deep", {"limit": MAX_DEPTH})
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if _UNREADABLE.search(name):
                yield FieldError(here, "characters")  # the name itself cannot be repeated
            else:
                yield from _unreadable(inner, join(here, name), depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unreadable(inner, join(here, index), depth + 1)


def _ordered(faults: Sequence[FieldError]) -> list[FieldError]:
    once = {(fault.pointer, fault.rule): fault for fault in faults}
    return sorted(once.values(), key=lambda fault: (sort_key(fault.pointer), fault.rule))
