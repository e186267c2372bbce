"""Rows of waiting lists, their places and rounds, and of offers made unasked."""

from dataclasses import dataclass
from datetime import date

from backoffice.pages.rows.forms import ActionRow
from backoffice.pages.rows.frame import EmptyState, Link, Tag
from backoffice.pages.rows.lists import FilterField, ViewTab


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiterRow:
    """Somebody on a list; ``reasons`` explain the points, ``notes`` say what else counts."""

    key: str
    url: str
    reference: str
    name: str
    rank: int
    points: int
    applied_on: date
    wish_from: date
    group: str
    wishes: tuple[str, ...]
    reasons: tuple[str, ...]
    notes: tuple[str, ...] = ()
    offer: Tag | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPage:
    """A waiting list, first come first."""

    title: str
    summary: str
    views: tuple[ViewTab, ...] = ()
    filters: tuple[FilterField, ...] = ()
    rows: tuple[WaiterRow, ...] = ()
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRow:
    """The places of one kind in one house."""

    key: str
    title: str
    group: str
    from_on: date
    until_on: date
    places: int
    taken: int
    free: int
    wanted: int
    action: ActionRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HousesPage:
    """The houses of a list."""

    title: str
    summary: str
    views: tuple[ViewTab, ...] = ()
    rows: tuple[HouseRow, ...] = ()
    adding: ActionRow | None = None
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLineRow:
    """A round in the list of rounds."""

    key: str
    url: str
    label: str
    from_on: date
    drawn_on: date
    state: Tag
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsPage:
    """The rounds of a list, and how the next one is drawn."""

    title: str
    summary: str
    views: tuple[ViewTab, ...] = ()
    rows: tuple[RoundLineRow, ...] = ()
    draw: ActionRow | None = None
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """What a round means for one applicant; ``why`` explains each wish. ``url`` "" if unseen."""

    key: str
    position: int
    url: str
    reference: str
    name: str
    points: int
    applied_on: date
    lot: str
    place: str
    why: tuple[str, ...]
    state: Tag | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPage:
    """A round: a preview that can be carried out, or its result."""

    title: str
    summary: str
    above: tuple[Link, ...]
    state: Tag
    how: str
    seed: str
    places: tuple[str, ...] = ()
    rows: tuple[ResultRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    problem: str = ""
    csv_url: str = ""
    pdf_url: str = ""
    more_url: str = ""
    empty: EmptyState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOfferRow:
    """A place that was offered to a case."""

    title: str
    state: Tag
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRoundRow:
    """What a round gave a case, and why."""

    label: str
    url: str
    result: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWaitingPage:
    """Where a case stands on its list, why, and what can be done about it."""

    title: str
    reference: str
    above: tuple[Link, ...]
    state: Tag
    waiter: WaiterRow | None = None
    standing: str = ""
    offers: tuple[PlaceOfferRow, ...] = ()
    rounds: tuple[CaseRoundRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRow:
    """How the offers of one service were taken up."""

    service: str
    occasion: str
    made: int
    waiting: int
    accepted: int
    declined: int
    lapsed: int
    withdrawn: int
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersPage:
    """The head's figures of offers made unasked."""

    since: date
    rows: tuple[TakenRow, ...] = ()
    empty: EmptyState | None = None
