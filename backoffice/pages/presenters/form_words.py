"""The words of a form's schema: what a field is called, and a value of several parts."""

from collections.abc import Mapping
from typing import Any

from backoffice.pages.presenters.values import field_label, field_text
from workflows.catalogue.pointers import split


def label_at(schema: Mapping[str, Any], pointer: str) -> str:
    """What the field under ``pointer`` (from the form's root) is called; "" where it is none."""
    found: Mapping[str, Any] = schema
    name = ""
    for name in split(pointer):
        inner = found.get("items" if name.isdecimal() else "properties", {})
        found = inner if name.isdecimal() else inner.get(name, {})
    return field_label(found, "") if name else ""


def value_text(schema: Mapping[str, Any], value: Any) -> str:
    """A value on one line, also one with several parts, as far as it fits its schema."""
    if not isinstance(value, dict):
        return field_text(schema, value)
    known = schema.get("properties", {})
    return ", ".join(_said(known.get(name, {}), name, inner) for name, inner in value.items())


def _said(schema: Mapping[str, Any], name: str, value: Any) -> str:
    """The value with its label; an option speaks for itself."""
    text = field_text(schema, value)
    if str(value) in schema.get("x-options", {}):
        return text
    return f"{field_label(schema, name)}: {text}"
