"""Tests of backoffice.pages.views.file_plan: the plan, and the files below its positions."""

from collections.abc import Iterator, Sequence
from datetime import date

import pytest
from django.test import Client

from backoffice.pages.rows import FilePlanPage, PositionRow, ShelfPage
from efile.models import FilePlan, FilePlanPosition
from efile.plan import PAGE
from tests.backoffice.pages.conftest import SignedIn
from tests.efile.cases import closed, neighbour, opened
from tests.factories import city, submitted

pytestmark = pytest.mark.django_db


def plan(client: Client, query: str = "") -> FilePlanPage:
    response = client.get(f"/file-plan{query}")
    assert response.status_code == 200
    page: FilePlanPage = response.context["page"]
    return page


def flat(rows: Sequence[PositionRow]) -> Iterator[PositionRow]:
    for row in rows:
        yield row
        yield from flat(row.below)


def row(page: FilePlanPage, code: str) -> PositionRow:
    return next(one for one in flat(page.positions) if one.code == code)


def codes(page: FilePlanPage) -> list[str]:
    return [one.code for one in flat(page.positions)]


def address(code: str = "32.2") -> str:
    return f"/file-plan/{FilePlanPosition.objects.get(tenant=city(), code=code).pk}"


def position(client: Client, url: str) -> ShelfPage:
    response = client.get(url)
    assert response.status_code == 200
    page: ShelfPage = response.context["page"]
    return page


class TestTheFilePlan:
    def test_says_what_belongs_where_and_how_long_it_is_kept(self, desk: Client) -> None:
        parking = row(plan(desk), "32.2")

        assert parking.title == "Bewohnerparken"
        assert (parking.rule, parking.access) == ("3 Jahre, dann V vernichten", "allgemein")
        assert row(plan(desk), "22.1").access == "Steuergeheimnis"

    def test_counts_what_the_reader_may_see(self, desk: Client, signed_in: SignedIn) -> None:
        opened(bpk2="a")
        closed(bpk2="a")

        assert row(plan(desk), "32.2").count == "1 Akte, 2 Vorgänge"
        assert row(plan(desk), "32").count == "1 Akte, 2 Vorgänge"
        assert row(plan(signed_in("r.aydin")), "32.2").count == ""

    def test_says_when_there_are_more_than_anybody_counts(
        self, desk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("efile.plan.COUNTED", 1)
        monkeypatch.setattr("backoffice.pages.words.COUNTED", 1)
        opened(bpk2="a")
        opened(bpk2="a")
        assert row(plan(desk), "32.2").count == "1 Akte, über 1 Vorgänge"
        opened()
        assert row(plan(desk), "3").count == "über 1 Akten, über 1 Vorgänge"

    def test_unfolds_where_something_lies_and_marks_where_nothing_does(self, desk: Client) -> None:
        opened()
        page = plan(desk)

        assert row(page, "3").is_open
        assert row(page, "32").is_open
        assert not row(page, "5").is_open
        assert "ohne Akten" in desk.get("/file-plan").content.decode()

    def test_can_be_unfolded_whole(self, desk: Client) -> None:
        page = plan(desk, plan(desk).unfold_url.removeprefix("/file-plan"))

        assert all(one.is_open for one in flat(page.positions))
        assert page.unfold_url == ""

    def test_leads_to_files_from_the_lowest_positions_only(self, desk: Client) -> None:
        page = plan(desk)

        assert row(page, "32.2").url == address()
        assert row(page, "32").url == ""

    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ("32.2", ["3", "32", "32.2"]),
            ("sperrmull", ["7", "70", "70.1"]),
            ("Abgaben STEUERN", ["2", "22"]),
            ("Raumschiffe", []),
        ],
    )
    def test_is_searched_by_number_and_by_title(
        self, desk: Client, said: str, found: list[str]
    ) -> None:
        page = plan(desk, f"?q={said}")

        assert codes(page) == found
        assert [one.code for one in flat(page.positions) if one.is_hit] == found[-1:]
        assert all(one.is_open for one in flat(page.positions))
        assert page.reset_url == "/file-plan"

    def test_says_what_to_do_when_nothing_matches(self, desk: Client) -> None:
        text = desk.get("/file-plan?q=Raumschiffe").content.decode()

        assert "Keine Position passt dazu." in text
        assert "Ganzen Aktenplan zeigen" in text

    def test_offers_its_versions(self, desk: Client) -> None:
        assert plan(desk).versions == ()
        FilePlan.objects.create(tenant=city(), version=2, valid_from=date(2099, 1, 1))
        page = plan(desk, "?version=1")

        assert [(one.value, one.selected) for one in page.versions] == [("2", False), ("1", True)]
        assert page.unfold_url == "/file-plan?unfold=1&version=1"
        assert codes(plan(desk, "?version=2")) == []
        assert desk.get("/file-plan?version=3").status_code == 404

    @pytest.mark.parametrize("query", ["version=eins", "version=99999999999", f"q={'x' * 101}"])
    def test_refuses_an_address_that_means_nothing(self, desk: Client, query: str) -> None:
        assert desk.get(f"/file-plan?{query}").status_code == 422

    def test_is_in_the_navigation_of_those_who_see_cases(
        self, desk: Client, signed_in: SignedIn
    ) -> None:
        link = 'href="/file-plan"'

        assert link in desk.get("/search").content.decode()
        assert link not in signed_in("o.kruse").get("/search").content.decode()


class TestAPosition:
    def test_lists_its_files(self, desk: Client) -> None:
        case = submitted().case
        page = position(desk, address())
        (file,) = page.rows

        assert (page.code, page.title) == ("32.2", "Bewohnerparken")
        assert (file.reference, file.cases) == (case.case_file.reference, "1 offen")
        assert desk.get(file.url).status_code == 200
        assert [link.text for link in page.above] == [
            "Aktenplan",
            "3 Recht, Sicherheit und Ordnung",
            "32 Öffentliche Ordnung",
        ]

    def test_goes_on_on_the_next_page(self, desk: Client) -> None:
        for _ in range(PAGE + 1):
            opened()
        page = position(desk, address())

        assert len(page.rows) == PAGE
        assert len(position(desk, page.more_url).rows) == 1

    def test_says_why_it_is_empty(self, desk: Client) -> None:
        empty, branch = position(desk, address()).empty, position(desk, address("32")).empty

        assert empty is not None
        assert branch is not None
        assert empty.text == "Noch keine Akte in dieser Position."
        assert branch.text == "Diese Position ist weiter gegliedert."

    def test_shows_another_unit_nothing(self, desk: Client, signed_in: SignedIn) -> None:
        opened()

        assert position(signed_in("r.aydin"), address()).rows == ()

    def test_of_another_city_looks_like_one_that_is_none(self, desk: Client) -> None:
        neighbour()
        elsewhere = FilePlanPosition.objects.exclude(tenant=city()).get().pk

        assert desk.get(f"/file-plan/{elsewhere}").status_code == 404
        assert desk.get(f"/file-plan/{10**30}").status_code == 404
        assert desk.get(f"{address()}?before=gestern").status_code == 422
