"""What a list is to show as an address, both ways; nothing in it is personal."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from efile.spelling import storable
from workflows.desk import Order
from workflows.wanted import ME, NOBODY, PERIODS, STATES, Due, Filter, Period, View

# What is shown where the address does not say.
FIRST: Final = View.TEAM
# Longer numbers are nobody's.
_DIGITS: Final = 9


def filter_of(query: QueryDict) -> Filter:
    """The filter of an address; what it does not know does not narrow. Refuses: Invalid (period).

    A list that looks back only does so over a period; without one it is the first list.
    """
    named = query.get("view", "")
    view = View(named) if named in list(View) else FIRST
    said = query.get("period", "")
    period = Period.read(said) if view in PERIODS and said else None
    assignee = query.get("assignee", "")
    state, due = query.get("state", ""), query.get("due", "")
    return Filter(
        view=view if period or view not in PERIODS else FIRST,
        service=storable(query.get("service", ""))[:60],
        units=tuple(sorted({int(unit) for unit in query.getlist("unit") if _is_number(unit)})),
        assignee=assignee if assignee in (ME, NOBODY) or _is_number(assignee) else "",
        state=state if state in STATES[view] else "",
        due=Due(due) if due in list(Due) else None,
        period=period,
    )


def order_of(query: QueryDict) -> Order:
    """The order of an address; an unknown one is by deadline."""
    return Order.read(query.get("sort", ""))


def query_of(wanted: Filter, order: Order | None = None) -> str:
    """What ``filter_of`` and ``order_of`` read."""
    said: dict[str, object] = {"view": wanted.view.value}
    said |= {"service": wanted.service} if wanted.service else {}
    said |= {"unit": wanted.units} if wanted.units else {}
    said |= {"assignee": wanted.assignee} if wanted.assignee else {}
    said |= {"state": wanted.state} if wanted.state else {}
    said |= {"due": wanted.due.value} if wanted.due else {}
    said |= {"period": str(wanted.period)} if wanted.period else {}
    said |= {"sort": str(order)} if order and order != Order() else {}
    return urlencode(said, doseq=True)


def address(wanted: Filter, order: Order | None = None, *, name: str = "worklist") -> str:
    """Where the list with this filter in this order is, or another form of it."""
    return f"{reverse(name)}?{query_of(wanted, order)}"


def with_more(address: str, more: Mapping[str, object]) -> str:
    """An address with further parameters."""
    return f"{address}&{urlencode(more)}"


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= _DIGITS
