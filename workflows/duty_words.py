"""What senders are told of the matters and duties that their submission has led to."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from efile.letters.text import day_in
from workflows.duty_periods import period_text

# The matters that the case of submission ``s`` brought about or did something to.
MATTERS: Final = """(m.case_id = s.case_id OR m.id IN (
       SELECT e.matter_id FROM workflows_mattercase e
        WHERE e.case_id = s.case_id AND e.undone_at IS NULL))"""

# The duty that the holder was told of last, beside what else is read of submission ``s``.
COLUMN: Final = """
       (SELECT json_build_object('first', d.period_from, 'last', d.period_to, 'due', d.due_on)
          FROM workflows_matterduty d
         WHERE d.case_id = s.case_id AND greatest(d.reminded_at, d.warned_at) IS NOT NULL
         ORDER BY greatest(d.reminded_at, d.warned_at) DESC, d.id LIMIT 1) AS duty"""


def named(duty: Mapping[str, str] | None, language: str) -> dict[str, str]:
    """What texts about a duty name, from ``COLUMN``."""
    if not duty:
        return {}
    first, last, due = (date.fromisoformat(duty[name]) for name in ("first", "last", "due"))
    return {"period": period_text(first, last, language), "duty_deadline": day_in(due, language)}


def of_event(kind: str, values: Mapping[str, str]) -> Mapping[str, str]:
    """The values that the text of an event of ``kind`` names: a duty has a deadline of its own."""
    if kind.startswith("duty_") and "duty_deadline" in values:
        return {**values, "deadline": values["duty_deadline"]}
    return values
