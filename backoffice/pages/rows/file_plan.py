"""Rows of the file plan and of the files below one of its positions."""

from dataclasses import dataclass
from datetime import date

from backoffice.pages.rows.case import FieldRow
from backoffice.pages.rows.forms import Option
from backoffice.pages.rows.frame import EmptyState, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRow:
    """A position with those below it; ``rule`` reads "5 Jahre, V vernichten".

    ``count`` says how many files and cases the reader sees there and below, "" for none.
    ``url`` leads to the files and is empty for a branch; ``is_open`` unfolds it.
    """

    key: str
    code: str
    title: str
    rule: str
    access: str
    count: str = ""
    url: str = ""
    is_open: bool = False
    is_hit: bool = False
    below: tuple["PositionRow", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlanPage:
    """The plan as a tree; ``versions`` is empty where there is only one."""

    summary: str
    query: str
    version: int
    valid_from: date
    versions: tuple[Option, ...] = ()
    positions: tuple[PositionRow, ...] = ()
    reset_url: str = ""
    unfold_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file in a list."""

    key: str
    url: str
    reference: str
    subject: str
    cases: str
    opened_on: date
    changed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfPage:
    """The files below a position; ``above`` leads back to the main group."""

    code: str
    title: str
    above: tuple[Link, ...] = ()
    facts: tuple[FieldRow, ...] = ()
    rows: tuple[FileRow, ...] = ()
    more_url: str = ""
    empty: EmptyState | None = None
