"""Rows of the dispatch list of a day."""

from dataclasses import dataclass
from datetime import date

from backoffice.pages.rows.forms import Option
from backoffice.pages.rows.frame import EmptyState


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """One place to go to; ``load`` are the lines of what is to be taken or done there."""

    key: str
    url: str
    reference: str
    name: str
    phone: str
    street: str
    city: str
    kind: str
    window: str
    load: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DistrictRows:
    """The places in one district, in the order of booking."""

    label: str
    stops: tuple[StopRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchPage:
    """The list of a day; ``services`` is empty where only one has a calendar."""

    title: str
    summary: str
    day: date
    previous_url: str
    next_url: str
    csv_url: str = ""
    pdf_url: str = ""
    service: str = ""
    services: tuple[Option, ...] = ()
    districts: tuple[DistrictRows, ...] = ()
    empty: EmptyState | None = None
