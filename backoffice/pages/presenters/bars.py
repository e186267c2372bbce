"""Two numbers a week as bars: where each stands in a picture that needs no script."""

from collections.abc import Iterator, Sequence
from typing import Final

from backoffice.pages.rows import Bar, Chart, FigureLink, Mark, WeekRow

# The picture's own units; the page scales it.
_WIDTH: Final = 960
_HEIGHT: Final = 220
_LEFT: Final = 40
_TOP: Final = 16
_BASE: Final = 188
_BAR: Final = 24
_GAP: Final = 4
_STEPS: Final = 4


def bars_of_weeks(
    arrived: Sequence[int], done: Sequence[int], weeks: tuple[WeekRow, ...], finding: str
) -> Chart:
    """Inflow (filled) beside outflow (hollow) for each week, over a scale of whole numbers."""
    top = _round_up(max((*arrived, *done, 1)))
    return Chart(
        width=_WIDTH,
        height=_HEIGHT,
        finding=finding,
        bars=tuple(_bars(arrived, done, weeks, top)),
        scale=tuple(
            Mark(_text(_LEFT - 8), _text(_height_of(value, top)), str(value))
            for value in range(0, top + 1, max(1, top // _STEPS))
        ),
        labels=tuple(
            Mark(
                _text(_left_of(number, len(weeks)) + _BAR + _GAP / 2), _text(_BASE + 20), week.label
            )
            for number, week in enumerate(weeks)
        ),
        weeks=weeks,
    )


def _bars(
    arrived: Sequence[int], done: Sequence[int], weeks: Sequence[WeekRow], top: int
) -> Iterator[Bar]:
    for number, week in enumerate(weeks):
        left = _left_of(number, len(weeks))
        yield _bar(left, arrived[number], top, "arrived", week.arrived)
        yield _bar(left + _BAR + _GAP, done[number], top, "done", week.done)


def _bar(x: float, value: int, top: int, kind: str, figure: FigureLink) -> Bar:
    y = _height_of(value, top)
    return Bar(
        x=_text(x),
        y=_text(y),
        width=_text(_BAR),
        height=_text(_BASE - y),
        kind=kind,
        label=f"{figure.label}: {figure.value}",
        url=figure.url,
    )


def _left_of(number: int, count: int) -> float:
    room = (_WIDTH - _LEFT) / count
    return _LEFT + number * room + (room - 2 * _BAR - _GAP) / 2


def _height_of(value: int, top: int) -> float:
    return _BASE - (_BASE - _TOP) * value / top


def _round_up(value: int) -> int:
    """The next number that a scale of four steps divides well."""
    step = 1
    while _STEPS * step < value:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return _STEPS * step


def _text(value: float) -> str:
    """As SVG reads numbers, whatever the reader's language."""
    return f"{value:.1f}".removesuffix(".0")
