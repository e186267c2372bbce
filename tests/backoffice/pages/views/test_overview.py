"""Tests of backoffice.pages.views.overview: each number is the length of the list behind it."""

from collections.abc import Iterator

import pytest
from django.http import QueryDict
from django.test import Client

from backoffice.pages.rows import FigureLink, OverviewPage
from backoffice.pages.wanting import filter_of, order_of
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date, now
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.test_statements import cost
from tests.factories import colleague, submitted
from tests.workflows.working import copies
from tests.workflows.world import world
from workflows.desk import whole_list

pytestmark = pytest.mark.django_db


def page(client: Client) -> OverviewPage:
    response = client.get("/overview")
    assert response.status_code == 200
    shown: OverviewPage = response.context["page"]
    return shown


def figures(shown: OverviewPage) -> Iterator[FigureLink]:
    """Every number on the page."""
    yield from (tile.figure for tile in shown.tiles)
    yield from (figure for row in shown.rows for figure in row.figures)
    if shown.chart:
        yield from (figure for week in shown.chart.weeks for figure in (week.arrived, week.done))


def length(figure: FigureLink, by: Actor) -> str:
    """What the list behind the figure says: how many there are, or when its first came in."""
    query = QueryDict(figure.url.partition("?")[2])
    listed = whole_list(filter_of(query), by=by, today=local_date(now()), order=order_of(query))
    if figure.label == "Ältester Eingang":
        return f"{local_date(next(listed).received_at):%d.%m.%Y}"
    return str(sum(1 for _ in listed))


def addresses(client: Client) -> list[str]:
    """Where the navigation leads."""
    shell = client.get("/").context["shell"]
    return [item.url for group in shell.nav for item in group.items]


class TestEveryNumber:
    @pytest.mark.parametrize("who", ["t.oyelaran", "b.voss", "w.feldkamp"])
    def test_leads_to_exactly_its_cases(self, signed_in: SignedIn, who: str) -> None:
        world(who=who)
        found = [one for one in figures(page(signed_in(who))) if one.url]

        assert len(found) > 40
        by = colleague(who)
        wrong = {one.url: one.value for one in found if length(one, by) != one.value}
        assert wrong == {}

    def test_is_shown_by_the_list_it_leads_to(self, head: Client) -> None:
        copies(submitted(), 3, days=2)
        tile = page(head).tiles[0]

        assert tile.figure.value == "4"
        assert head.get(tile.figure.url).context["page"].total == "4"


class TestThePage:
    def test_is_for_heads_and_shown_to_them_alone(self, desk: Client, head: Client) -> None:
        assert desk.get("/overview").status_code == 403
        assert "/overview" not in addresses(desk)
        assert "/overview" in addresses(head)

    def test_names_nobody(self, head: Client) -> None:
        submitted()
        text = head.get("/overview").content.decode()

        assert "Ana Lopes" not in text
        assert "Yılmaz" not in text

    def test_says_what_the_bars_show(self, head: Client) -> None:
        chart = page(head).chart
        assert chart is not None
        assert chart.finding == (
            "In den letzten 4 Wochen gingen 0 Vorgänge ein und 0 wurden erledigt; "
            "der Bestand blieb gleich."
        )
        assert len(chart.bars) == 24

    def test_costs_the_same_for_one_and_for_many(self, head: Client) -> None:
        process = submitted()
        with_one = cost(head, "/overview")
        copies(process, 300, days=30)

        assert cost(head, "/overview") == with_one <= 5
