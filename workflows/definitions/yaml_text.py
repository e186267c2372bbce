"""A document as YAML that people can read and change, and that reads back as the same document."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import yaml

from workflows.definitions.documents import in_file_order

_WIDTH: Final = 96
# Short groups of single values stand on one line, as people write them.
_ONE_LINE: Final = 72


class _Part(dict[str, Any]):
    """One part of a document with its name: a line of its own, however short."""


class _Writer(yaml.SafeDumper):
    """Writes no anchors, texts as blocks where they have lines, numbers as JSON has them."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the answer is always the same
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def _text(writer: _Writer, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _number(writer: _Writer, value: float) -> yaml.ScalarNode:
    # 1e-07 would read back as text: YAML's core schema and ours differ there.
    return writer.represent_scalar("tag:yaml.org,2002:float", format(Decimal(repr(value)), "f"))


def _group(writer: _Writer, value: Mapping[str, Any]) -> yaml.MappingNode:
    short = _is_short(value)
    return writer.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=short)


def _list(writer: _Writer, value: list[Any]) -> yaml.SequenceNode:
    single = all(not isinstance(item, (dict, list)) for item in value)
    short = single and len(str(value)) <= _ONE_LINE and "\n" not in "".join(map(str, value))
    return writer.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=short)


def _is_short(value: Mapping[str, Any]) -> bool:
    single = all(not isinstance(inner, (dict, list)) for inner in value.values())
    return single and len(str(dict(value))) <= _ONE_LINE and "\n" not in str(value)


def _part(writer: _Writer, value: _Part) -> yaml.MappingNode:
    return writer.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=False)


_Writer.add_representer(_Part, _part)
_Writer.add_representer(str, _text)
_Writer.add_representer(float, _number)
_Writer.add_representer(dict, _group)
_Writer.add_representer(list, _list)


def as_yaml(document: Mapping[str, Any]) -> str:
    """``document`` as YAML in the order of the schema, blank lines between its parts.

    ``catalogue.source.read`` gives back the same JSON.
    """
    parts = [_written(_Part({name: value})) for name, value in in_file_order(document).items()]
    lines, before = [], ""
    for part in parts:
        if before and ("\n" in part.strip() or "\n" in before.strip()):
            lines.append("\n")
        lines.append(part)
        before = part
    return "".join(lines)


def _written(part: _Part) -> str:
    written: str = yaml.dump(
        part, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=_WIDTH, indent=2,
        default_flow_style=False,
    )  # fmt: skip
    return written
