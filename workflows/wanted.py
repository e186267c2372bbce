"""Which cases somebody wants to see: a filter as data, and the one WHERE behind every number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from efile.kernel.actors import Actor, Scope
from efile.kernel.clock import BERLIN
from efile.kernel.errors import FieldError, Invalid
from efile.policy import seen_scopes
from workflows.models import State
from workflows.models.process import AT_WORK

ME: Final = "me"
NOBODY: Final = "nobody"


class View(StrEnum):
    """What a list is about. The last two look back and need a period."""

    TODAY = "today"
    TEAM = "team"
    MINE = "mine"
    WAITING = "waiting"
    TO_NOTIFY = "to_notify"
    ALL = "all"
    ARRIVED = "arrived"
    DONE = "done"


class Due(StrEnum):
    """How near the deadline is: before today, or from today to the end of the week.

    Or what was said of one: that it draws near (``WARNED``), or that the head has to see it.
    """

    OVERDUE = "overdue"
    WEEK = "week"
    WARNED = "warned"
    ESCALATED = "escalated"


STATES: Final[Mapping[View, tuple[State, ...]]] = {
    View.TODAY: tuple(AT_WORK),
    View.TEAM: (State.RECEIVED, State.IN_EXAMINATION),
    View.MINE: tuple(AT_WORK),
    View.WAITING: (State.WAITING,),
    View.TO_NOTIFY: (State.DECIDED,),
    View.ALL: tuple(AT_WORK),
    View.ARRIVED: tuple(State),
    View.DONE: tuple(state for state in State if state not in AT_WORK),
}


_EARLIEST, _LATEST = date(1900, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included. Text form ``2026-11-16..2026-11-22``."""

    first: date
    last: date

    @classmethod
    def read(cls, text: str) -> "Period":
        """The period that ``str`` gave. Refuses: Invalid at /period."""
        first, _, last = text.partition("..")
        try:
            read = cls(date.fromisoformat(first), date.fromisoformat(last))
        except ValueError:
            raise Invalid([FieldError("/period", "format", {"format": "date..date"})]) from None
        if read.first < _EARLIEST or read.last > _LATEST:  # where calendars end, sums overflow
            raise Invalid([FieldError("/period", "format", {"format": "date..date"})])
        return read

    @classmethod
    def week_of(cls, day: date) -> "Period":
        """Monday to Sunday (ISO 8601)."""
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + timedelta(days=6))

    def __str__(self) -> str:
        return f"{self.first.isoformat()}..{self.last.isoformat()}"

    @property
    def start(self) -> datetime:
        """Its first moment in the town hall."""
        return datetime.combine(self.first, time(), BERLIN)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), BERLIN)


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a ``view`` is asked for; what is empty does not narrow it.

    ``assignee`` is ``ME``, ``NOBODY`` or the number of a colleague; ``period`` narrows arrivals
    (``View.ARRIVED``) and departures (``View.DONE``).
    """

    view: View = View.TEAM
    service: str = ""
    units: tuple[int, ...] = ()
    assignee: str = ""
    state: str = ""
    due: Due | None = None
    period: Period | None = None

    def turned_to(self, view: View) -> "Filter":
        """Another view of the same place: service and units stay, what is the view's own goes."""
        return Filter(view=view, service=self.service, units=self.units)

    def without(self, name: str) -> "Filter":
        """The same without what ``name`` narrows."""
        default: Any = Filter.__dataclass_fields__[name].default
        return replace(self, **{name: default})

    @property
    def narrowing(self) -> tuple[str, ...]:
        """The names of whatever narrows the view."""
        names = ("service", "units", "assignee", "state", "due", "period")
        return tuple(name for name in names if getattr(self, name))


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of what is wanted, as a condition on ``workflows_process p``.

    Lower ``rank`` comes first. ``few`` promises a handful of rows whatever the size of the city:
    one person's work, what lies unanswered, what is to be seen again.
    """

    where: str
    rank: int = 0
    few: bool = False


_BY_RULE: Final = "p.scope = ANY(%(scopes)s::text[])"
_BY_GRANT: Final = (
    "p.case_id = ANY(%(granted)s::uuid[]) AND (%(units)s::int[] = '{}'"
    " OR split_part(p.scope, ':', 1)::int = ANY(%(units)s::int[]))"
)
# What an actor sees (efile.policy.visible_to), in the units that are asked for.
SEEN: Final = f"({_BY_RULE} OR {_BY_GRANT}) AND NOT p.case_id = ANY(%(denied)s::uuid[])"
# The same in two parts without a case in common, each with its index: by rule, and by grant.
REACHES: Final = (
    f"{_BY_RULE} AND NOT p.case_id = ANY(%(denied)s::uuid[])",
    f"{_BY_GRANT} AND NOT {_BY_RULE} AND NOT p.case_id = ANY(%(denied)s::uuid[])",
)

_MINE: Final = "p.assignee_id = %(me)s::int"
_OTHERS: Final = "p.assignee_id <> %(me)s::int"
_NOBODYS: Final = "p.assignee_id IS NULL"
_DUE: Final = "p.due_on <= %(today)s::date"
UNANSWERED: Final = (
    "p.case_id IN (SELECT t.case_id FROM workflows_task t WHERE t.tenant_id = %(tenant)s"
    " AND t.kind = 'review_answer' AND t.done_at IS NULL)"
)
_FOLLOWED: Final = (
    "p.case_id IN (SELECT f.case_id FROM workflows_followup f WHERE f.tenant_id = %(tenant)s"
    " AND f.done_at IS NULL AND f.due_on <= %(today)s::date AND {whose})"
)
_FOLLOWED_BY_ME: Final = _FOLLOWED.format(whose="f.user_id = %(me)s::int")
_FOLLOWED_BY_US: Final = _FOLLOWED.format(whose="(f.user_id = %(me)s::int OR f.user_id IS NULL)")


def branches(wanted: Filter) -> tuple[Branch, ...]:
    """``wanted`` as conditions; together they name every case once or more.

    Their texts depend on the shape of the filter alone, so that the database plans them once.
    """
    narrowed = " AND ".join(_narrowed(wanted))
    at_work = f"{_in(_states(wanted))} AND {narrowed}"
    if wanted.view is not View.TODAY:
        few = wanted.view is View.MINE or wanted.assignee not in ("", NOBODY)
        return (Branch(at_work, few=few),)
    # A case whose work is done may have to be seen again: when the remedy period is over.
    followed = at_work if wanted.state else narrowed
    return (
        Branch(f"{at_work} AND {_MINE} AND {_DUE}", 0, few=True),
        Branch(f"{at_work} AND {_MINE} AND {UNANSWERED}", 0, few=True),
        Branch(f"{followed} AND {_MINE} AND {_FOLLOWED_BY_US}", 0, few=True),
        Branch(f"{at_work} AND {_NOBODYS} AND {_DUE}", 1),
        Branch(f"{at_work} AND {_NOBODYS} AND {UNANSWERED}", 1, few=True),
        Branch(f"{followed} AND {_NOBODYS} AND {_FOLLOWED_BY_US}", 1, few=True),
        Branch(f"{followed} AND {_OTHERS} AND {_FOLLOWED_BY_ME}", 1, few=True),
    )


def parameters(wanted: Filter, *, by: Actor, today: date) -> dict[str, Any]:
    """The values that the conditions of ``wanted`` name."""
    period = wanted.period
    return reach(by, wanted.units) | {
        "me": by.user_id,
        "today": today,
        "sunday": Period.week_of(today).last,
        "service": wanted.service,
        "assignee": int(wanted.assignee) if wanted.assignee.isdecimal() else None,
        "start": period.start if period else None,
        "end": period.end if period else None,
    }


def units_of(scopes: list[Scope]) -> tuple[int, ...]:
    """The units in which these scopes lie."""
    return tuple(sorted({int(scope.partition(":")[0]) for scope in scopes}))


def reach(by: Actor, units: tuple[int, ...] = ()) -> dict[str, Any]:
    """The values that ``SEEN`` and ``REACHES`` name; of no units means of all."""
    scopes = seen_scopes(by)
    return {
        "tenant": by.tenant_id,
        "scopes": [one for one in scopes if not units or units_of([one])[0] in units],
        "units": list(units),
        "granted": list(by.granted),
        "denied": list(by.denied),
    }


def _states(wanted: Filter) -> tuple[State, ...]:
    states = STATES[wanted.view]
    return tuple(state for state in states if state == wanted.state) if wanted.state else states


def _in(states: tuple[State, ...]) -> str:
    """Written out, so that the planner knows the partial index of the work in hand fits."""
    if len(states) == len(State):
        return "true"
    return f"p.state IN ({', '.join(repr(state.value) for state in states)})" if states else "false"


def _narrowed(wanted: Filter) -> Iterator[str]:
    yield "p.tenant_id = %(tenant)s"
    if wanted.view is View.MINE:
        yield _MINE
    if wanted.service:
        yield "p.service_key = %(service)s"
    if wanted.assignee:
        whose = {ME: _MINE, NOBODY: _NOBODYS}
        yield whose.get(wanted.assignee, "p.assignee_id = %(assignee)s::int")
    if wanted.due:
        yield DUE[wanted.due]
    if wanted.view in PERIODS:
        moment = PERIODS[wanted.view]
        yield f"{moment} IS NOT NULL"
        if wanted.period:
            yield f"{moment} >= %(start)s::timestamptz AND {moment} < %(end)s::timestamptz"


# Of a deadline that still runs; what stands still is not near.
TOLD: Final = (
    "p.case_id IN (SELECT d.case_id FROM workflows_deadline d WHERE d.tenant_id = %(tenant)s"
    " AND d.is_running AND NOT d.is_paused AND d.{stamp} IS NOT NULL)"
)
DUE: Final[Mapping[Due, str]] = {
    Due.OVERDUE: "p.due_on < %(today)s::date",
    Due.WEEK: "p.due_on BETWEEN %(today)s::date AND %(sunday)s::date",
    Due.WARNED: TOLD.format(stamp="warned_at"),
    Due.ESCALATED: TOLD.format(stamp="escalated_at"),
}
PERIODS: Final[Mapping[View, str]] = {View.ARRIVED: "p.received_at", View.DONE: "p.done_at"}
