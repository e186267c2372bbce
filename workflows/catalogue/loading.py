"""From a file to a definition: everything wrong with it is found at once and named."""

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from efile.kernel.errors import FieldError, Invalid
from workflows.catalogue.consistency import problems_in
from workflows.catalogue.definition import Definition
from workflows.catalogue.forms import FormValidator, numbered
from workflows.catalogue.letters import KINDS, shared_letters, unknown_placeholders
from workflows.catalogue.pointers import join, sort_key
from workflows.catalogue.source import Source, read

SHIPPED: Traversable = files(__package__)


@cache
def definition_schema() -> dict[str, Any]:
    """The JSON Schema of definitions, for editors and for the docs."""
    found: dict[str, Any] = json.loads((SHIPPED / "definition.schema.json").read_text("utf-8"))
    return found


@cache
def _shape() -> FormValidator:
    return FormValidator(definition_schema())


def shared_faults() -> list[FieldError]:
    """Everything wrong with the letters that all services share; by pointer."""
    shape = {"$ref": "#/$defs/letters", "required": [*KINDS], "$defs": definition_schema()["$defs"]}
    known = shared_letters()
    whole = [
        FieldError(join("", kind, part), "required")
        for kind, letter in known.items()
        for part in ("title", "summary", "paragraphs")
        if part not in letter
    ]
    faults = [*FormValidator(shape).errors(known, ""), *whole]
    return faults or list(unknown_placeholders(known, frozenset()))


def shape_faults(document: Any) -> list[FieldError]:
    """What keeps a document from being a definition at all, by its schema; by pointer."""
    return _shape().errors(document, "")


def faults_in(document: Any) -> list[FieldError]:
    """Everything wrong with a definition as JSON: its shape, else its sense; by pointer."""
    return shape_faults(document) or sorted(
        problems_in(document), key=lambda fault: (sort_key(fault.pointer), fault.rule)
    )


def problems(text: str, *, source: str) -> list[FieldError]:
    """Everything wrong with a definition's YAML, in the order of the file.

    Each has a JSON pointer into the document, the rule broken, and among its facts ``file``
    (that is ``source``) and ``line``.
    """
    return _problems(read(text), source)


def _problems(yaml: Source, name: str) -> list[FieldError]:
    located = [
        FieldError(p.pointer, p.rule, {**p.facts, "file": name, "line": yaml.line_of(p.pointer)})
        for p in yaml.problems or faults_in(yaml.document)
    ]
    return sorted(located, key=lambda problem: int(problem.facts["line"]))


def parse(text: str, *, source: str) -> Definition:
    """The definition in the YAML ``text``; ``source`` names it in problems.

    Refuses: Invalid with all ``problems``.
    """
    yaml = read(text)
    if found := _problems(yaml, source):
        raise Invalid(found)
    return Definition.from_json({**yaml.document, "form": numbered(yaml.document["form"])})


def load_catalogue(folder: Traversable = SHIPPED) -> list[Definition]:
    """Every definition (``<key>.yaml``) in ``folder``, by default those shipped; by key.

    Refuses: Invalid with the problems of all files together.
    """
    definitions: list[Definition] = []
    found = shared_faults()
    for file in sorted(_yaml_files(folder), key=lambda file: file.name):
        try:
            definition = parse(file.read_text("utf-8"), source=file.name)
        except Invalid as refusal:
            found += refusal.errors
            continue
        except UnicodeDecodeError:
            found.append(FieldError("", "encoding", {"file": file.name, "line": 1}))
            continue
        if file.name != f"{definition.key}.yaml":
            facts = {"allowed": [file.name.removesuffix(".yaml")], "file": file.name, "line": 1}
            found.append(FieldError("/key", "const", facts))
        definitions.append(definition)
    if found:
        raise Invalid(found)
    return definitions


def _yaml_files(folder: Traversable) -> Iterable[Traversable]:
    return (file for file in folder.iterdir() if file.is_file() and file.name.endswith(".yaml"))
