"""The small pieces that schemas are put together from."""

from collections.abc import Sequence
from typing import Any

Schema = dict[str, Any]

UUID: Schema = {"type": "string", "format": "uuid"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
TEXT: Schema = {"type": "string"}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
LANGUAGE: Schema = {
    "type": "string",
    "maxLength": 20,
    "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
    "description": "Language tag (BCP 47), also plain language: de-x-leicht.",
}


def text(most: int, description: str = "", **more: Any) -> Schema:
    """A string of at most ``most`` characters."""
    return described({"type": "string", "maxLength": most, **more}, description)


def described(schema: Schema, description: str) -> Schema:
    """``schema`` with words."""
    return {**schema, "description": description} if description else schema


def nullable(schema: Schema) -> Schema:
    """``schema``, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def listed(items: Schema, most: int | None = None) -> Schema:
    """A list of ``items``."""
    limit = {} if most is None else {"maxItems": most}
    return {"type": "array", "items": items, **limit}


def closed(properties: Schema, required: Sequence[str] = (), description: str = "") -> Schema:
    """An object that a sender writes: what is not provided for is refused, so no typo is lost."""
    schema = opened(properties, required, description)
    return {**schema, "additionalProperties": False}


def opened(properties: Schema, required: Sequence[str] = (), description: str = "") -> Schema:
    """An object that we write: more members may come with time."""
    schema: Schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = list(required)
    return described(schema, description)


def told(properties: Schema, description: str = "") -> Schema:
    """An object that we write, and whose members are all there."""
    return opened(properties, list(properties), description)


def component(name: str) -> Schema:
    """A reference to another schema of the API."""
    return {"$ref": f"#/components/schemas/{name}"}
