"""Reads YAML strictly: the JSON it stands for, the line of every part, and no surprises."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from efile.kernel.errors import FieldError
from workflows.catalogue.pointers import join

MAX_CHARACTERS: Final = 512 * 1024
MAX_NUMBER: Final = 2**53 - 1  # beyond it JSON numbers are no longer exact (RFC 8785, 3.2.2.3)

_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_WORDS: Final[dict[str, Any]] = {"": None, "~": None, "null": None, "true": True, "false": False}
_CORE: Final = "tag:yaml.org,2002:"
_PLAIN_TAGS: Final = frozenset(
    _CORE + name for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
)


@dataclass(slots=True)
class Source:
    """A document as JSON, with what was wrong with the YAML and where everything stands.

    ``lines`` maps JSON pointers to line numbers from 1.
    """

    document: Any = None
    problems: list[FieldError] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)

    def line_of(self, pointer: str) -> int:
        """The line of ``pointer``, or of the nearest part around it that is there."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)

    def _read(self, node: yaml.Node, pointer: str) -> Any:
        self.lines.setdefault(pointer, node.start_mark.line + 1)
        if id(node) in self._seen:
            return self._refuse(pointer, "yaml_alias")
        self._seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            return self._refuse(pointer, "yaml_tag", tag=node.tag.removeprefix(_CORE))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, pointer)
        if isinstance(node, yaml.SequenceNode):
            return [self._read(item, join(pointer, i)) for i, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.style:
            return node.value
        value = _scalar(node.value)
        if isinstance(value, (int, float)) and abs(value) > MAX_NUMBER:
            return self._refuse(pointer, "yaml_number", limit=MAX_NUMBER)
        return value

    def _mapping(self, node: yaml.MappingNode, pointer: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
                self._refuse(pointer, "yaml_key")
                continue
            here = join(pointer, key.value)
            if key.value in found:
                self.lines[here] = key.start_mark.line + 1
                self._refuse(here, "yaml_duplicate_key")
                continue
            self.lines[here] = key.start_mark.line + 1
            found[key.value] = self._read(value, here)
        return found

    def _refuse(self, pointer: str, rule: str, **facts: Any) -> None:
        self.problems.append(FieldError(pointer, rule, facts))


def read(text: str) -> Source:
    """``text`` as JSON. Never raises: what cannot be read is among the problems.

    Plain scalars mean what JSON would mean by them, anything else is text: no dates, no ``yes``,
    no ``07:00`` as a number of seconds. Anchors, tags, merge keys and duplicate keys are refused.
    """
    source = Source()
    if len(text) > MAX_CHARACTERS:
        source.problems.append(FieldError("", "yaml_too_large", {"limit": MAX_CHARACTERS}))
        return source
    try:
        # The pure Python reader: libyaml's composer dies on deep nesting instead of refusing it.
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        source.document = source._read(node, "") if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        source.lines[""] = mark.line + 1 if mark else 1
        source.problems.append(FieldError("", "yaml_syntax", {"detail": str(error.problem)}))
    except yaml.YAMLError:
        source.problems.append(FieldError("", "yaml_syntax", {"detail": "unreadable character"}))
    except RecursionError:
        source.problems.append(FieldError("", "too_deep"))
    return source


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)
