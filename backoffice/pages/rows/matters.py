"""Rows of standing matters: the list of them, and one with duties, cases and amounts."""

from dataclasses import dataclass
from datetime import date

from backoffice.pages.rows.case import FieldRow
from backoffice.pages.rows.frame import EmptyState, Link, Tag
from backoffice.pages.rows.lists import Chip, FilterField


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterListRow:
    """A matter in the list; ``due_on`` is the next day on which something is owed."""

    key: str
    url: str
    number: str
    title: str
    holder: str
    validity: str
    state: Tag
    due_on: date | None = None
    overdue: Tag | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterListPage:
    """The list with what narrows it, as ``pages/_filter.html`` wants it."""

    rows: tuple[MatterListRow, ...]
    filters: tuple[FilterField, ...]
    chips: tuple[Chip, ...] = ()
    reset_url: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedCaseRow:
    """A case and what it did to the matter."""

    url: str
    reference: str
    subject: str
    effect: str
    on: date
    state: Tag | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """A period of a duty and how it stands."""

    title: str
    period: str
    due_on: date
    state: Tag
    note: str = ""
    case: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A line of a computation; texts as they stand in its columns."""

    period: str
    reason: str
    each: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRow:
    """What a case fixed to be paid; ``due`` are pairs of a day and an amount."""

    title: str
    case: Link
    state: Tag
    facts: tuple[FieldRow, ...]
    lines: tuple[LineRow, ...]
    total: str
    due: tuple[tuple[date, str, str], ...]
    estimated: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRow:
    """Something that can be set going; ``key`` presses it."""

    label: str
    url: str
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterPage:
    """One matter with everything that the reader may see of it."""

    number: str
    title: str
    state: Tag
    origin: Link
    above: tuple[Link, ...]
    facts: tuple[FieldRow, ...]
    stated: tuple[FieldRow, ...]
    cases: tuple[LinkedCaseRow, ...]
    duties: tuple[DutyRow, ...]
    assessments: tuple[AssessmentRow, ...]
    acts: tuple[ActRow, ...] = ()
