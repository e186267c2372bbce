"""A form that was refused: what was typed into it and what was wrong, shown again in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from backoffice.pages.presenters.problems import problem_of
from backoffice.pages.rows import ActionField, ActionRow, FieldProblem, Option
from efile.kernel.errors import FieldError


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of sending the form of ``action``: faults of its fields, or ``said`` of it all.

    ``typed`` are the values by field, as a form sends them.
    """

    action: str
    typed: Mapping[str, Sequence[str]]
    errors: Sequence[FieldError] = field(default_factory=tuple)
    said: str = ""


def reshown(rows: Sequence[ActionRow], attempt: Attempt | None) -> tuple[ActionRow, ...]:
    """``rows``, with the attempted one open, filled in as it was, its problems named."""
    if attempt is None:
        return tuple(rows)
    return tuple(_again(row, attempt) if row.key == attempt.action else row for row in rows)


def _again(row: ActionRow, attempt: Attempt) -> ActionRow:
    known = {one.name for one in row.fields}
    problems = [_placed(problem_of(error), known) for error in attempt.errors]
    if attempt.said:
        problems.append(FieldProblem("", attempt.said))
    fields = tuple(_typed(one, attempt, problems) for one in row.fields)
    return replace(row, open=True, fields=fields, problems=tuple(problems))


def _placed(problem: FieldProblem, known: set[str]) -> FieldProblem:
    """A problem of a field that the form does not show is a problem of the whole form."""
    return problem if problem.field in known else FieldProblem("", problem.message)


def _typed(one: ActionField, attempt: Attempt, problems: Sequence[FieldProblem]) -> ActionField:
    values = attempt.typed.get(one.name, ())
    said = " ".join(problem.message for problem in problems if problem.field == one.name)
    options = tuple(
        Option(each.value, each.label, each.value in values, each.hint) for each in one.options
    )
    return replace(one, value=values[-1] if values else "", options=options, error=said)
