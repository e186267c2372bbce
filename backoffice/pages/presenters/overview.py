"""The head's first page: every figure with the list it counts, unit by unit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.bars import bars_of_weeks
from backoffice.pages.presenters.filters import period_text
from backoffice.pages.presenters.values import day_text
from backoffice.pages.rows import Chart, FigureLink, LoadRow, OverviewPage, Tile, WeekRow
from backoffice.pages.wanting import address
from efile.kernel.clock import local_date
from workflows.desk import Order, Sort
from workflows.overview import FIGURES, LATELY, Figure, Line, Overview, lately
from workflows.wanted import Filter, Period, View

COLUMNS: Final[Mapping[Figure, Promise]] = {
    Figure.IN_HAND: _("In Arbeit"),
    Figure.OVERDUE: _("Überfällig"),
    Figure.THIS_WEEK: _("Diese Woche fällig"),
    Figure.WAITING: _("Wartet auf Antwort"),
    Figure.UNASSIGNED: _("Nicht zugewiesen"),
    Figure.ESCALATED: _("Frist versäumt, Ihnen gemeldet"),
}
# What stands above the table.
_TILES: Final = (
    Figure.IN_HAND,
    Figure.OVERDUE,
    Figure.ESCALATED,
    Figure.THIS_WEEK,
    Figure.UNASSIGNED,
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something is counted: the lines, the list's filter there, and what it is called."""

    lines: Sequence[Line]
    wanted: Filter
    label: str

    def count(self, figure: Figure) -> int:
        return sum(line.figures[figure] for line in self.lines)

    def flow(self, view: View, weeks: slice) -> int:
        return sum(sum(line.flows[view][weeks]) for line in self.lines)

    def address(self, wanted: Filter, order: Order | None = None) -> str:
        """The list that ``wanted`` means here."""
        here = replace(wanted, service=self.wanted.service, units=self.wanted.units)
        return address(here, order)


def overview_page(found: Overview, *, titles: Mapping[str, str], at: datetime) -> OverviewPage:
    """Tiles over everything, a table by unit and service, the weeks as bars."""
    everything = _Place(found.lines, Filter(units=tuple(found.units)), gettext("gesamt"))
    return OverviewPage(
        as_of=at,
        columns=tuple(figure.label for figure in _figures(everything, found.weeks)),
        tiles=tuple(_tile(everything, figure) for figure in _TILES),
        rows=tuple(_rows(found, titles)),
        chart=_chart(everything, found.weeks),
    )


def _rows(found: Overview, titles: Mapping[str, str]) -> Iterator[LoadRow]:
    """Each unit in sum, then its services; in the order of the town hall."""
    units = {key: list(lines) for key, lines in groupby(found.lines, attrgetter("unit_id"))}
    for key, name in found.units.items():
        lines = units.get(key, [])
        whole = _Place(lines, Filter(units=(key,)), name)
        if lines:
            yield LoadRow(label=name, figures=_figures(whole, found.weeks), is_sum=True)
        for line in lines:
            service = titles.get(line.service_key, line.service_key)
            place = _Place([line], Filter(service=line.service_key, units=(key,)), service)
            yield LoadRow(label=service, figures=_figures(place, found.weeks))


def _figures(place: _Place, weeks: tuple[Period, ...]) -> tuple[FigureLink, ...]:
    """What lies there, what came and went, and since when the oldest lies."""
    return (
        *(_figure(place, figure) for figure in FIGURES),
        *(
            _flow(place, view, label, period, span)
            for label, period, span in (
                (gettext("diese Woche"), weeks[-1], slice(-1, None)),
                (gettext("%(count)d Wochen") % {"count": LATELY}, lately(weeks), _LATELY),
            )
            for view in (View.ARRIVED, View.DONE)
        ),
        _oldest(place),
    )


_LATELY: Final = slice(-LATELY, None)
_FLOWS: Final[Mapping[View, Promise]] = {
    View.ARRIVED: _("Eingang %(when)s"),
    View.DONE: _("Erledigt %(when)s"),
}


def _figure(place: _Place, figure: Figure) -> FigureLink:
    count = place.count(figure)
    return FigureLink(
        value=_number(count),
        label=str(COLUMNS[figure]),
        url=place.address(FIGURES[figure]),
        of=place.label,
        weighs=figure in (Figure.OVERDUE, Figure.ESCALATED) and count > 0,
    )


def _flow(place: _Place, view: View, when: str, period: Period, weeks: slice) -> FigureLink:
    return FigureLink(
        value=_number(place.flow(view, weeks)),
        label=str(_FLOWS[view]) % {"when": when},
        url=place.address(Filter(view, period=period)),
        of=place.label,
    )


def _oldest(place: _Place) -> FigureLink:
    """Since when the oldest has been in hand; it stands first on the list behind the date."""
    label = gettext("Ältester Eingang")
    received = [line.oldest for line in place.lines if line.oldest]
    if not received:
        return FigureLink(value="–", label=label)
    url = place.address(FIGURES[Figure.IN_HAND], Order(Sort.RECEIVED))
    return FigureLink(
        value=day_text(local_date(min(received))), label=label, url=url, of=place.label
    )


def _tile(place: _Place, figure: Figure) -> Tile:
    whole, count = place.count(Figure.IN_HAND), place.count(figure)
    hint = ""
    oldest = [line.oldest for line in place.lines if line.oldest]
    if figure is Figure.IN_HAND and oldest:
        day = day_text(local_date(min(oldest)))
        hint = gettext("ältester Eingang %(day)s") % {"day": day}
    elif whole:
        share = number_format(100 * count / whole, decimal_pos=1)
        hint = gettext("%(share)s %% von allem, was in Arbeit ist") % {"share": share}
    return Tile(figure=_figure(place, figure), hint=hint)


def _chart(place: _Place, weeks: tuple[Period, ...]) -> Chart:
    rows = tuple(_week_row(place, week, number) for number, week in enumerate(weeks))
    flows = {
        view: [place.flow(view, slice(number, number + 1)) for number in range(len(weeks))]
        for view in (View.ARRIVED, View.DONE)
    }
    return bars_of_weeks(flows[View.ARRIVED], flows[View.DONE], rows, _finding(place))


def _week_row(place: _Place, week: Period, number: int) -> WeekRow:
    label = gettext("KW %(week)d") % {"week": week.first.isocalendar().week}
    span = slice(number, number + 1)
    return WeekRow(
        label=label,
        days=period_text(week),
        arrived=_flow(place, View.ARRIVED, label, week, span),
        done=_flow(place, View.DONE, label, week, span),
    )


def _finding(place: _Place) -> str:
    came, went = place.flow(View.ARRIVED, _LATELY), place.flow(View.DONE, _LATELY)
    said = {
        "weeks": LATELY,
        "came": ngettext("ging %(n)s Vorgang ein", "gingen %(n)s Vorgänge ein", came)
        % {"n": _number(came)},
        "went": ngettext("%(n)s wurde erledigt", "%(n)s wurden erledigt", went)
        % {"n": _number(went)},
    }
    flow = gettext("In den letzten %(weeks)d Wochen %(came)s und %(went)s") % said
    if came == went:
        return gettext("%(flow)s; der Bestand blieb gleich.") % {"flow": flow}
    grown = {"flow": flow, "by": _number(abs(came - went))}
    if came > went:
        return gettext("%(flow)s; der Bestand wuchs um %(by)s.") % grown
    return gettext("%(flow)s; der Bestand sank um %(by)s.") % grown


def _number(count: int) -> str:
    return number_format(count, force_grouping=True)
