"""What an act alters in rows that other cases may alter, too: remembered, so it can be undone."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Field

from workflows.models import Assessment, MatterDuty, StandingMatter

Row = StandingMatter | MatterDuty | Assessment
_KINDS: Final[Mapping[str, type[Row]]] = {
    "matter": StandingMatter,
    "duty": MatterDuty,
    "assessment": Assessment,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}


@dataclass(slots=True)
class Alterations:
    """The fields that were altered, by the journal's name of their row; JSON.

    ``changes`` is what the journal of each case must say: the rows belong to different ones.
    """

    before: dict[str, dict[str, Any]] = field(default_factory=dict)
    after: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: dict[UUID, dict[str, tuple[Any, Any]]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def add(self, row: Row) -> None:
        """Write a new ``row``; undoing leaves it."""
        row.save(force_insert=True)
        self.changes[row.case_id][_name(row)] = (None, row.watched)

    def alter(self, row: Row, **values: Any) -> None:
        """Set ``values`` on ``row``, whatever they were."""
        name, watched = _name(row), row.watched
        known = {one: _plain(getattr(row, one)) for one in values}
        for one, value in values.items():
            setattr(row, one, value)
        row.save(update_fields=[*values])
        self.before[name] = known | self.before.get(name, {})
        self.after[name] = self.after.get(name, {}) | {k: _plain(v) for k, v in values.items()}
        first, _ = self.changes[row.case_id].get(name, (watched, None))
        self.changes[row.case_id][name] = (first, row.watched)


def undo(before: Mapping[str, Any], after: Mapping[str, Any], made: Alterations) -> None:
    """Set back what still is as it was left; what was altered since stays. ``made`` remembers."""
    for name, known in before.items():
        kind, _, key = name.partition(".")
        row = _KINDS[kind]._default_manager.select_for_update().get(id=UUID(key))
        back = {
            one: _field(row, one).to_python(value)
            for one, value in known.items()
            if _plain(getattr(row, one)) == after[name][one]
        }
        if back:
            made.alter(row, **back)


def _field(row: Row, name: str) -> "Field[Any, Any]":
    found = row._meta.get_field(name)
    assert isinstance(found, Field)
    return found


def _name(row: Row) -> str:
    return f"{_NAMES[type(row)]}.{row.id}"


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
