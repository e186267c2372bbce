"""Tests of backoffice.pages.wanting: a list's filter and order as an address."""

from datetime import date
from itertools import product

import pytest
from django.http import QueryDict

from backoffice.pages.wanting import address, filter_of, order_of
from efile.kernel.errors import Invalid
from workflows.desk import Order, Sort
from workflows.wanted import ME, NOBODY, Due, Filter, Period, View

WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))
FILTERS = [
    Filter(View.TODAY),
    Filter(View.ALL, "dog-tax", (3, 7), "12", "decided", Due.OVERDUE),
    Filter(View.TEAM, assignee=ME, due=Due.WEEK),
    Filter(View.WAITING, assignee=NOBODY),
    Filter(View.ARRIVED, period=WEEK),
    Filter(View.DONE, "bulky-waste", (3,), period=WEEK),
]
ORDERS = [Order(sort, descending) for sort, descending in product(Sort, (False, True))]


def query(text: str) -> QueryDict:
    return QueryDict(text.partition("?")[2])


class TestAnAddress:
    @pytest.mark.parametrize("wanted", FILTERS, ids=str)
    @pytest.mark.parametrize("order", ORDERS, ids=str)
    def test_is_read_as_it_was_written(self, wanted: Filter, order: Order) -> None:
        written = query(address(wanted, order))
        assert (filter_of(written), order_of(written)) == (wanted, order)

    def test_that_says_nothing_shows_what_is_to_be_examined_by_deadline(self) -> None:
        assert (filter_of(query("/")), order_of(query("/"))) == (Filter(View.TEAM), Order())

    @pytest.mark.parametrize(
        "text",
        [
            "view=everything",
            "unit=x&unit=-1&unit=9999999999999",
            "assignee=Lopes",
            "assignee=²",
            "state=nowhere",
            "state=decided",
            "due=tomorrow",
            "view=arrived",
            "sort=name",
            "sort=--due",
        ],
    )
    def test_that_says_what_nobody_knows_says_nothing(self, text: str) -> None:
        said = query(f"/?{text}")
        assert (filter_of(said), order_of(said)) == (Filter(View.TEAM), Order())

    def test_with_a_period_that_is_none_is_refused(self) -> None:
        with pytest.raises(Invalid):
            filter_of(query("/?view=done&period=heute"))
