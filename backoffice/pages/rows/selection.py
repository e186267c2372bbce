"""Rows of what is done to many cases at once: the preview and what came of it."""

from dataclasses import dataclass

from backoffice.pages.rows.forms import ActionField, FieldProblem
from backoffice.pages.rows.frame import Link, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedRow:
    """One case: what it says now and what it would say, or why not.

    ``seen`` is posted along, so that what somebody else changes meanwhile is noticed.
    """

    key: str
    url: str
    reference: str
    name: str
    service: str
    before: str
    after: str
    seen: str
    hindrance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionPage:
    """The preview of a change. Without ``previewed`` only its fields are asked for.

    ``said`` are the fields as they were sent (name, value): the button repeats them unchanged.
    """

    title: str
    url: str
    back: Link
    summary: str
    fields: tuple[ActionField, ...]
    problems: tuple[FieldProblem, ...] = ()
    previewed: bool = False
    verdict: str = ""
    said: tuple[tuple[str, str], ...] = ()
    rows: tuple[SelectedRow, ...] = ()
    submit_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """What became of one case."""

    key: str
    url: str
    reference: str
    name: str
    service: str
    tag: Tag
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """What came of a change; ``undo_url`` is empty where it cannot be taken back."""

    title: str
    summary: str
    back: Link
    rows: tuple[OutcomeRow, ...]
    undo_url: str = ""
