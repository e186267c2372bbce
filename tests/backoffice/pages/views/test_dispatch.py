"""Tests of backoffice.pages.views.dispatch: where the crew goes on a day."""

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from backoffice.pages.rows import DispatchPage
from tests.backoffice.pages.conftest import SignedIn
from tests.efile.letters.reading import words
from tests.factories import AT, body, submit
from workflows.models import Booking

pytestmark = pytest.mark.django_db


@pytest.fixture
def yard(signed_in: SignedIn) -> Client:
    """The browser of a caseworker for waste."""
    return signed_in("j.kessler")


def booked(**changes: Any) -> date:
    """The day that a submission was booked on."""
    receipt = submit(body("bulky-waste", **changes))
    return date.fromisoformat(receipt["appointment"]["date"])


def page(client: Client, query: str = "") -> DispatchPage:
    response = client.get(f"/dispatch?{query}")
    assert response.status_code == 200
    shown: DispatchPage = response.context["page"]
    return shown


class TestTheDispatchList:
    def test_names_place_person_and_what_to_take(self, yard: Client) -> None:
        day = booked()
        (district,) = page(yard, f"day={day}").districts
        (stop,) = district.stops
        sent = body("bulky-waste")

        pickup = sent["form"]["pickup"]
        assert stop.street == f"{pickup['street']} {pickup['number']}"
        assert len(stop.load) == len(sent["form"]["items"])
        assert yard.get(stop.url).status_code == 200

    def test_is_of_that_day_alone(self, yard: Client) -> None:
        day = booked()

        assert page(yard, f"day={day.replace(year=day.year + 1)}").districts == ()

    def test_leaves_out_what_was_cancelled(self, yard: Client) -> None:
        day = booked()
        Booking.objects.update(cancelled_at=AT)

        assert page(yard, f"day={day}").districts == ()

    def test_begins_with_a_day_of_its_own_accord(self, yard: Client) -> None:
        shown = page(yard)

        assert shown.service == "bulky-waste"
        assert shown.day.weekday() < 5

    def test_can_be_taken_along_as_a_table(self, yard: Client) -> None:
        day = booked()
        response = yard.get(f"/dispatch.csv?day={day}")
        table = list(csv.reader(StringIO(response.content.decode("utf-8-sig")), delimiter=";"))

        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert response.headers["Content-Disposition"] == (
            f'attachment; filename="bulky-waste-{day}.csv"'
        )
        assert table[0][:4] == ["Bezirk", "Art", "Zeit", "Straße"]
        assert len(table) == 2

    def test_can_be_taken_along_on_paper(self, yard: Client) -> None:
        day = booked()
        response = yard.get(f"/dispatch.pdf?day={day}")
        (district,) = page(yard, f"day={day}").districts
        (stop,) = district.stops
        sheet = words(response.content)

        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Content-Disposition"] == (
            f'attachment; filename="bulky-waste-{day}.pdf"'
        )
        for told in (district.label, stop.street, stop.name, stop.reference, *stop.load):
            assert told in sheet
        assert f"{day:%d.%m.%Y}" in sheet
        assert "Seite 1 von 1" in sheet

    def test_is_on_paper_in_german_whoever_prints_it(self, yard: Client) -> None:
        day = booked()
        yard.post("/language", {"language": "en"})

        assert "Tagesliste" in words(yard.get(f"/dispatch.pdf?day={day}").content)

    def test_says_so_on_paper_when_there_is_nothing(self, yard: Client) -> None:
        assert "An diesem Tag ist nichts gebucht." in words(yard.get("/dispatch.pdf").content)

    def test_shows_another_unit_nothing_on_paper(self, desk: Client) -> None:
        day = booked()

        assert "nichts gebucht" in words(desk.get(f"/dispatch.pdf?day={day}").content)

    def test_holds_no_formula_for_a_spreadsheet(self, yard: Client) -> None:
        applicant = body("bulky-waste")["parties"][0] | {"family_name": "=HYPERLINK(1)"}
        day = booked(parties=[applicant])
        text = yard.get(f"/dispatch.csv?day={day}").content.decode()

        assert "'=HYPERLINK(1)" in text
        assert ";=HYPERLINK" not in text

    def test_shows_another_unit_nothing(self, desk: Client) -> None:
        day = booked()

        assert page(desk, f"day={day}").districts == ()

    def test_is_refused_to_those_who_dispatch_nowhere(self, signed_in: SignedIn) -> None:
        for name in ("dispatch", "dispatch.csv", "dispatch.pdf"):
            assert signed_in("v.nightingale").get(f"/{name}").status_code == 403

    @pytest.mark.parametrize(
        ("query", "status"),
        [("day=gestern", 422), ("service=unheard-of", 404), ("service=resident-parking", 404)],
    )
    def test_refuses_an_address_that_means_nothing(
        self, yard: Client, query: str, status: int
    ) -> None:
        assert yard.get(f"/dispatch?{query}").status_code == status
