"""Rows of the cash list."""

from dataclasses import dataclass
from datetime import date

from backoffice.pages.rows.frame import EmptyState, Tag


@dataclass(frozen=True, slots=True)
class KindRow:
    """A part of the list one can switch to."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CashRow:
    """A payment somebody may have to see to."""

    key: str
    url: str
    reference: str
    case: str
    applicant: str
    service: str
    amount: str
    due_on: date
    state: Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class CashPage:
    """The cash list of one kind; ``next_url`` leads to what does not fit on this page."""

    summary: str
    kinds: tuple[KindRow, ...]
    csv_url: str = ""
    rows: tuple[CashRow, ...] = ()
    next_url: str = ""
    empty: EmptyState | None = None
