"""Rows of the page on automatic decisions: each service's switch, and machine beside person."""

from dataclasses import dataclass
from datetime import date, datetime

from backoffice.pages.rows.forms import ActionRow
from backoffice.pages.rows.frame import Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchRow:
    """A service whose cases the machine may decide; ``turned`` says who switched it off and why."""

    key: str
    title: str
    level: str
    basis: str
    state: Tag
    turned: str = ""
    since: datetime | None = None
    actions: tuple[ActionRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """How often machine and person came to the same; ``rate`` among those decided."""

    service: str
    drawn: int
    open: int
    agreed: int
    disagreed: int
    rate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreementRow:
    """A case on which they did not."""

    reference: str
    url: str
    service: str
    machine: str
    person: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationPage:
    """Everything on the page; the report is about the days ``first`` to ``last``."""

    services: tuple[SwitchRow, ...]
    agreements: tuple[AgreementRow, ...]
    disagreements: tuple[DisagreementRow, ...]
    first: date
    last: date
    csv_url: str
