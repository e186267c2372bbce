"""Checks the deadline rules against worked examples in a file: ``deadlines check FILE``."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from efile.kernel.errors import FieldError, Invalid
from workflows.deadlines import compute

_DIFFERS = 1
_UNREADABLE = 2


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of one vector: computed or refused, and where it is not as expected."""

    id: Any
    rule: Any
    computed: dict[str, Any]
    differences: Mapping[str, tuple[Any, Any]]  # key → expected, computed
    refused: tuple[FieldError, ...] = ()

    @property
    def is_as_expected(self) -> bool:
        """Whether it was computed and agrees with every expected key."""
        return not self.differences and not self.refused

    def as_line(self) -> dict[str, Any]:
        """The line that the interface promises: what was computed, or why nothing was."""
        if not self.refused:
            return {"id": self.id, "computed": self.computed}
        errors = [
            {"pointer": error.pointer, "rule": error.rule, "facts": dict(error.facts)}
            for error in self.refused
        ]
        return {
            "id": self.id,
            "error": {"code": Invalid.code, "deadline_rule": self.rule, "errors": errors},
        }


class Command(BaseCommand):
    """``deadlines check FILE [--json]``; needs no database."""

    help = "Checks the deadline rules; exit 1 when a computed value differs, 2 without a file."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's name and type

    def add_arguments(self, parser: CommandParser) -> None:
        """One verb so far: ``check``."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="compute every vector of FILE and compare")
        check.add_argument("file", metavar="FILE", type=Path)
        check.add_argument(
            "--json", action="store_true", dest="as_json", help="one JSON line per vector"
        )

    @no_translations
    def handle(self, *args: Any, file: Path, as_json: bool, **options: Any) -> None:
        """Refuses: exit 1 when a vector is refused or differs, 2 when FILE cannot be read."""
        checked = [check(vector) for vector in _vectors(file)]
        if lines := list(_json_lines(checked) if as_json else _table(checked)):
            self.stdout.write("\n".join(lines))
        if wrong := [_shown(each.id) for each in checked if not each.is_as_expected]:
            raise CommandError(
                f"{len(wrong)} of {len(checked)} vectors are not as expected: {', '.join(wrong)}",
                returncode=_DIFFERS,
            )


def check(vector: object) -> Checked:
    """Compute one vector and compare the keys that it expects; never raises."""
    if not isinstance(vector, Mapping):
        return Checked(None, None, {}, {}, (FieldError("", "type", {"type": "object"}),))
    name, rule, expected = vector.get("id"), vector.get("rule"), vector.get("expected", {})
    if not isinstance(expected, Mapping):
        fault = FieldError("/expected", "type", {"type": "object"})
        return Checked(name, rule, {}, {}, (fault,))
    try:
        computed = compute(vector)
    except Invalid as refused:
        return Checked(name, rule, {}, {}, refused.errors)
    differences = {
        key: (value, computed.get(key))
        for key, value in expected.items()
        if key not in computed or computed[key] != value
    }
    return Checked(name, rule, computed, differences)


def _vectors(file: Path) -> list[object]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}", returncode=_UNREADABLE) from None
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{file} is not JSON: {error}", returncode=_UNREADABLE) from None
    vectors = content.get("vectors") if isinstance(content, dict) else None
    if not isinstance(vectors, list):
        raise CommandError(f'{file} holds no list "vectors"', returncode=_UNREADABLE)
    return vectors


def _json_lines(checked: list[Checked]) -> Iterator[str]:
    for each in checked:
        yield json.dumps(each.as_line())


def _table(checked: list[Checked]) -> Iterator[str]:
    width = max((len(_shown(each.id)) for each in checked), default=0)
    for each in checked:
        mark = "ok  " if each.is_as_expected else "FAIL"
        values = "  ".join(f"{key}={_shown(value)}" for key, value in each.computed.items())
        yield f"{mark}  {_shown(each.id):<{width}}  {_shown(each.rule)}  {values}".rstrip()
        for key, (wanted, got) in each.differences.items():
            yield f"      {key}: expected {_shown(wanted)}, computed {_shown(got)}"
        for error in each.refused:
            yield f"      {error.pointer or '/'}: {error.rule} {_facts(error)}".rstrip()


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(_shown, value))
    # JSON may carry half a surrogate pair, which no terminal takes
    return "none" if value is None else str(value).encode(errors="replace").decode()


def _facts(error: FieldError) -> str:
    return " ".join(f"{key}={_shown(value)}" for key, value in error.facts.items())
