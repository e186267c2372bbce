"""Tests of backoffice.pages.views.search: found by words, without a name in any address."""

import pytest
from django.test import Client

from backoffice.pages.rows import SearchPage
from tests.backoffice.pages.conftest import SignedIn
from tests.factories import drained, submitted

pytestmark = pytest.mark.django_db


def searched(client: Client, query: str) -> SearchPage:
    response = client.post("/search", {"q": query}, follow=True)
    shown: SearchPage = response.context["page"]
    return shown


class TestASearch:
    @pytest.mark.parametrize("words", ["Yılmaz", "yilmaz dorde", "Bewohnerparkausweis", "32.2-1"])
    def test_finds_a_case(self, desk: Client, words: str) -> None:
        process = submitted()
        drained()

        assert [row.key for row in searched(desk, words).rows] == [str(process.case_id)]

    def test_finds_nothing_one_may_not_see(self, signed_in: SignedIn) -> None:
        submitted()
        drained()
        shown = searched(signed_in("j.kessler"), "Yılmaz")

        assert (shown.rows, shown.summary) == ((), "0 Treffer")

    def test_leads_to_an_address_that_tells_nothing(self, desk: Client) -> None:
        address = desk.post("/search", {"q": "Yılmaz"}).headers["Location"]

        assert address.startswith("/search/")
        assert "lmaz" not in address
        assert desk.get(address).context["page"].query == "Yılmaz"

    def test_is_nobody_else_s(self, desk: Client, head: Client) -> None:
        address = desk.post("/search", {"q": "Yılmaz"}).headers["Location"]

        assert head.get(address).status_code == 404

    def test_has_the_same_address_when_it_is_repeated(self, desk: Client) -> None:
        addresses = {desk.post("/search", {"q": "Yılmaz"}).headers["Location"] for _ in range(2)}

        assert len(addresses) == 1

    def test_is_forgotten_after_twenty_others(self, desk: Client) -> None:
        first = desk.post("/search", {"q": "Yılmaz"}).headers["Location"]
        for number in range(20):
            desk.post("/search", {"q": f"Nummer {number}"})

        assert desk.get(first).status_code == 404

    def test_for_nothing_asks_what_is_wanted(self, desk: Client) -> None:
        for response in (desk.get("/search"), desk.post("/search", {"q": "  "})):
            assert response.status_code == 200
            assert response.context["page"].empty.text == "Was suchen Sie?"
