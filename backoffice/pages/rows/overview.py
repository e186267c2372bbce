"""Rows of the head's first page: figures that lead to their cases, and weeks as bars."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLink:
    """A number and exactly the cases it counts; ``of`` names the row it stands in.

    ``weighs`` marks what asks for attention.
    """

    value: str
    label: str
    url: str = ""
    of: str = ""
    weighs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure over everything; ``hint`` puts it in proportion."""

    figure: FigureLink
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """One service of a unit, or the unit itself (``is_sum``); figures stand in column order."""

    label: str
    figures: tuple[FigureLink, ...]
    is_sum: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of the chart, in its own units; ``kind`` is arrived or done."""

    x: str
    y: str
    width: str
    height: str
    kind: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text in the chart; a line of the scale runs at its height where it stands at the side."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRow:
    """A calendar week in numbers."""

    label: str
    days: str
    arrived: FigureLink
    done: FigureLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Inflow and outflow; ``finding`` says in a sentence what the picture shows."""

    width: int
    height: int
    finding: str
    bars: tuple[Bar, ...]
    scale: tuple[Mark, ...]
    labels: tuple[Mark, ...]
    weeks: tuple[WeekRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """Work in hand, inflow and outflow of everything the reader oversees."""

    as_of: datetime
    columns: tuple[str, ...]
    tiles: tuple[Tile, ...]
    rows: tuple[LoadRow, ...]
    chart: Chart | None = None
