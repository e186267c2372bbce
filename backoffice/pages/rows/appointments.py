"""Rows of appointments: who comes on a day, another time for a case, the hours of a calendar."""

from dataclasses import dataclass
from datetime import date

from backoffice.pages.rows.forms import ActionRow, Option
from backoffice.pages.rows.frame import EmptyState, Link, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingRow:
    """Somebody who comes at a time."""

    key: str
    url: str
    window: str
    applicant: str
    reference: str
    kind: str
    district: str
    state: Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPage:
    """Who comes on a day; ``calendar_url`` leads to the hours, for those who keep them."""

    title: str
    summary: str
    day: date
    previous_url: str
    next_url: str
    service: str = ""
    services: tuple[Option, ...] = ()
    rows: tuple[ComingRow, ...] = ()
    calendar_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePage:
    """Another time for the appointment of one case; ``cancel`` takes it away."""

    case: Link
    applicant: str
    current: str
    move: ActionRow | None = None
    cancel: ActionRow | None = None
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRow:
    """How full a week is."""

    monday: date
    capacity: int
    booked: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """What laying the hours out would do; ``values`` are those of the form that was looked at."""

    url: str
    is_new: bool
    finding: str
    closed: tuple[str, ...]
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    """The hours of a service's calendar: how full they are, and a form for more."""

    title: str
    days_url: str
    service: str
    services: tuple[Option, ...] = ()
    weeks: tuple[WeekRow, ...] = ()
    hours: ActionRow | None = None
    plan: PlanRow | None = None
    close: ActionRow | None = None
