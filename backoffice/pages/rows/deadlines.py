"""Rows of the list of a day's deadlines."""

from dataclasses import dataclass
from datetime import date, datetime

from backoffice.pages.rows.forms import Option
from backoffice.pages.rows.frame import EmptyState, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDeadline:
    """One deadline; ``rule`` says how it was counted, ``entered`` by whom and when."""

    key: str
    url: str
    reference: str
    service: str
    label: str
    ends_on: str
    rule: str
    entered: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class ListSection:
    """A part of the list: overdue, due, entered. ``left_out`` of ``count`` are in the PDF alone."""

    key: str
    label: str
    count: int
    rows: tuple[ListedDeadline, ...]
    left_out: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinesPage:
    """The list of a unit and day. ``signed`` says who signed it; ``can_sign`` that one may."""

    unit: str
    unit_id: int
    day: date
    as_of: datetime
    summary: str
    previous_url: str
    next_url: str
    pdf_url: str
    units: tuple[Option, ...] = ()
    sections: tuple[ListSection, ...] = ()
    signed: str = ""
    note: str = ""
    can_sign: bool = False
    longest_note: int = 0
    empty: EmptyState | None = None
