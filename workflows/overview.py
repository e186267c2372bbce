"""Is the work manageable? What lies where, what comes in and what goes out, unit by unit."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import connection

from efile.kernel.actors import Actor
from efile.policy import MATRIX, Action, ActionNotGranted
from workflows.wanted import (
    NOBODY,
    PERIODS,
    REACHES,
    Due,
    Filter,
    Period,
    View,
    branches,
    parameters,
    units_of,
)

# Weeks of inflow and outflow, the running one included.
WEEKS: Final = 12
LATELY: Final = 4


class Figure(StrEnum):
    """What is counted of the work in hand."""

    IN_HAND = "in_hand"
    OVERDUE = "overdue"
    THIS_WEEK = "this_week"
    WAITING = "waiting"
    UNASSIGNED = "unassigned"
    ESCALATED = "escalated"


# What each figure means is what the list behind it shows: the same filter.
FIGURES: Final[Mapping[Figure, Filter]] = {
    Figure.IN_HAND: Filter(View.ALL),
    Figure.OVERDUE: Filter(View.ALL, due=Due.OVERDUE),
    Figure.THIS_WEEK: Filter(View.ALL, due=Due.WEEK),
    Figure.WAITING: Filter(View.WAITING),
    Figure.UNASSIGNED: Filter(View.ALL, assignee=NOBODY),
    Figure.ESCALATED: Filter(View.ALL, due=Due.ESCALATED),
}
FLOWS: Final = (View.ARRIVED, View.DONE)


@dataclass(frozen=True, slots=True)
class Line:
    """The work of one service in one unit. ``flows`` hold a number for each week, oldest first.

    ``oldest`` is the receipt of the case that has been in hand longest.
    """

    unit_id: int
    service_key: str
    figures: Mapping[Figure, int]
    flows: Mapping[View, tuple[int, ...]]
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Every unit and service that has or had work; ``units`` are their names."""

    lines: tuple[Line, ...]
    weeks: tuple[Period, ...]
    units: Mapping[int, str]


def overseen_units(by: Actor) -> tuple[int, ...]:
    """The units ``by`` is head of, with those below. Refuses: ActionNotGranted (of none)."""
    units = units_of(by.scopes_of(MATRIX[Action.OVERSEE]))
    if not units:
        raise ActionNotGranted(action=Action.OVERSEE.value)
    return units


def weeks_until(today: date) -> tuple[Period, ...]:
    """The last ``WEEKS`` calendar weeks, the running one last."""
    return tuple(
        Period.week_of(today - timedelta(weeks=weeks)) for weeks in range(WEEKS - 1, -1, -1)
    )


def lately(weeks: tuple[Period, ...]) -> Period:
    """The last ``LATELY`` weeks as one period, the running one included."""
    return Period(weeks[-LATELY].first, weeks[-1].last)


def overview(*, by: Actor, today: date) -> Overview:
    """The figures of everything ``by`` oversees. Three statements, however much there is.

    Nothing is counted per person. Refuses: ActionNotGranted.
    """
    units, weeks = overseen_units(by), weeks_until(today)
    asked = parameters(Filter(units=units), by=by, today=today) | {
        "starts": [week.start for week in weeks],
        "start": weeks[0].start,
        "end": weeks[-1].end,
    }
    stock, oldest = _stock(units, asked)
    flows = _flows(units, weeks, asked)
    keys = sorted({*stock, *(key[:2] for key in flows)})
    return Overview(
        lines=tuple(
            Line(
                *key,
                figures=stock.get(key, dict.fromkeys(Figure, 0)),
                flows={
                    view: tuple(flows[*key, view, number] for number in range(WEEKS))
                    for view in FLOWS
                },
                oldest=oldest.get(key),
            )
            for key in keys
        ),
        weeks=weeks,
        units=_names(by, units),
    )


_Key = tuple[int, str]
_UNIT: Final = "split_part(p.scope, ':', 1)::int"
_STOCK: Final = """
SELECT {unit}, p.service_key, min(p.received_at), {columns} FROM ({source}) p GROUP BY 1, 2
"""
_FLOW: Final = """
SELECT '{view}', {unit}, p.service_key,
       width_bucket({moment}, %(starts)s::timestamptz[]), count(*)
  FROM ({source}) p GROUP BY 2, 3, 4
"""
# No more than lies in an index, so that the table is not read.
_COUNTED: Final = (
    "p.case_id, p.tenant_id, p.scope, p.service_key, p.state, p.assignee_id, p.due_on,"
    " p.received_at"
)
_SOURCE: Final = "SELECT {columns} FROM workflows_process p WHERE {reach} AND {where}"


def _stock(
    units: tuple[int, ...], asked: dict[str, Any]
) -> tuple[dict[_Key, Mapping[Figure, int]], dict[_Key, datetime]]:
    in_hand = Filter(View.ALL, units=units)
    columns = [
        f"count(*) FILTER (WHERE {_condition(wanted, units)})" for wanted in FIGURES.values()
    ]
    statement = _STOCK.format(
        unit=_UNIT,
        columns=", ".join(columns),
        source=_everywhere(_COUNTED, _condition(in_hand, units)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows = cursor.fetchall()
    counted: dict[_Key, Mapping[Figure, int]] = {
        (row[0], row[1]): dict(zip(FIGURES, row[3:], strict=True)) for row in rows
    }
    return counted, {(row[0], row[1]): row[2] for row in rows}


def _flows(
    units: tuple[int, ...], weeks: tuple[Period, ...], asked: dict[str, Any]
) -> Counter[tuple[int, str, View, int]]:
    whole = Period(weeks[0].first, weeks[-1].last)
    parts = [
        _FLOW.format(
            view=view,
            unit=_UNIT,
            moment=PERIODS[view],
            source=_everywhere(
                f"p.scope, p.service_key, {PERIODS[view]}",
                _condition(Filter(view, period=whole), units),
            ),
        )
        for view in FLOWS
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), asked)
        return Counter(
            {
                (unit, service, View(view), bucket - 1): count
                for view, unit, service, bucket, count in cursor.fetchall()
            }
        )


def _names(by: Actor, units: tuple[int, ...]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name FROM kernel_unit WHERE tenant_id = %s AND id = ANY(%s) ORDER BY path",
            [by.tenant_id, list(units)],
        )
        return dict(cursor.fetchall())


def _condition(wanted: Filter, units: tuple[int, ...]) -> str:
    """The one condition of a view that is no union of several."""
    (branch,) = branches(replace(wanted, units=units))
    return branch.where


def _everywhere(columns: str, where: str) -> str:
    """What is seen by rule and what by grant: two ways through the indexes, no case twice."""
    return " UNION ALL ".join(
        _SOURCE.format(columns=columns, reach=reach, where=where) for reach in REACHES
    )
