"""A form that was refused: what was typed into it and what was wrong, shown again in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from backoffice.pages.presenters.history import actor_text, entry_text
from backoffice.pages.presenters.problems import problem_of
from backoffice.pages.rows import ActionField, ActionRow, FieldProblem
from efile.kernel.errors import FieldError
from workflows import facts
from workflows.dossier import HistoryEntry
from workflows.machine import CaseChanged

# What lets a page be out of date.
_RAISING: Final = frozenset(
    kind.name for kind in (facts.StateChanged, facts.CheckJudged, facts.Corrected)
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of sending the form of ``action``: faults of its fields, or ``said`` of it all.

    ``typed`` are the values by field, as a form sends them; ``code`` is the refusal's.
    """

    action: str
    typed: Mapping[str, Sequence[str]]
    errors: Sequence[FieldError] = field(default_factory=tuple)
    said: str = ""
    code: str = ""


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
    fields = tuple(_faulted(refilled(one, attempt.typed), problems) for one in row.fields)
    return replace(row, open=True, fields=fields, problems=tuple(problems))


def refilled(one: ActionField, typed: Mapping[str, Sequence[str]]) -> ActionField:
    """``one`` as somebody filled it in; what a form does not send was empty."""
    values = typed.get(one.name, ())
    options = tuple(replace(each, selected=each.value in values) for each in one.options)
    return replace(one, value=values[-1] if values else "", options=options)


def _placed(problem: FieldProblem, known: set[str]) -> FieldProblem:
    """A problem of a field that the form does not show is a problem of the whole form."""
    return problem if problem.field in known else FieldProblem("", problem.message)


def _faulted(one: ActionField, problems: Sequence[FieldProblem]) -> ActionField:
    said = " ".join(problem.message for problem in problems if problem.field == one.name)
    return replace(one, error=said)


def meanwhile(attempt: Attempt, history: Sequence[HistoryEntry]) -> Attempt:
    """Where somebody was faster: ``attempt`` saying who did what, and when."""
    last = next((entry for entry in history if entry.kind in _RAISING), None)
    if attempt.code != CaseChanged.code or last is None:
        return attempt
    told = {
        "name": actor_text(last.actor, last.actor_name),
        "what": entry_text(last),
        "at": date_format(localtime(last.at), "d.m.Y H:i"),
    }
    said = gettext(
        "%(name)s hat inzwischen einen Schritt getan: „%(what)s“, %(at)s. Sehen Sie nach, ob Ihrer "
        "noch passt, und senden Sie dann noch einmal."
    )
    return replace(attempt, said=said % told)
