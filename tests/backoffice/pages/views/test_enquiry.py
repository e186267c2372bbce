"""Tests of backoffice.pages.views.enquiry: little is told, and no name is in any address."""

from typing import Any

import pytest
from django.test import Client

from backoffice.pages.rows.enquiry import EnquiryPage
from tests.backoffice.pages.conftest import SignedIn
from tests.factories import submitted
from tests.workflows.working import recorded

pytestmark = pytest.mark.django_db

CALLER = {"family_name": "Yılmaz", "birth_date": "02.04.1981"}


@pytest.fixture
def phone(signed_in: SignedIn) -> Client:
    """The browser of somebody who sees none of the cases asked for."""
    return signed_in("j.kessler")


def asked(client: Client, **said: str) -> EnquiryPage:
    response = client.post("/enquiry", said, follow=True)
    shown: EnquiryPage = response.context["page"]
    return shown


class TestAnEnquiry:
    def test_tells_where_a_case_stands(self, phone: Client) -> None:
        reference = submitted().case.reference
        shown = asked(phone, reference=reference)
        (row,) = shown.rows
        assert (row.reference, row.service, row.state.text) == (
            reference,
            "Bewohnerparkausweis",
            "Eingegangen",
        )
        assert row.ask == "Amt 32.2 Bürgerservice Parken, 02999 12-0"
        assert row.url == ""
        assert shown.verified is not None
        assert shown.verified.tone == "warning"

    def test_says_when_the_caller_is_checked(self, phone: Client) -> None:
        submitted()
        shown = asked(phone, **CALLER)
        assert shown.verified is not None
        assert shown.verified.tone == "success"

    def test_opens_the_case_for_whom_it_is_to_work_on(self, desk: Client) -> None:
        process = submitted()
        (row,) = asked(desk, reference=process.case.reference).rows
        assert row.url == f"/cases/{process.case_id}"

    def test_leads_to_an_address_that_tells_nothing(self, phone: Client, desk: Client) -> None:
        address = phone.post("/enquiry", CALLER).headers["Location"]
        assert "lmaz" not in address
        assert "1981" not in address
        assert desk.get(address).status_code == 404

    def test_shows_neither_name_nor_application(self, phone: Client) -> None:
        submitted()
        html = phone.post("/enquiry", {"reference": "32.2-000001/26-01"}, follow=True)
        for secret in ("Yılmaz", "Đorđe", "D-LM", "Lindenstraße"):
            assert secret not in html.content.decode()

    def test_is_remembered_with_the_case(self, phone: Client) -> None:
        process = submitted()
        asked(phone, reference=process.case.reference)
        assert recorded(process.case_id)[-1] == "case.enquired"

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"family_name": "Yılmaz"}, "birth_date"),
            ({"birth_date": "02.04.1981"}, "family_name"),
            ({"birth_date": "gestern", "family_name": "x"}, "birth_date"),
        ],
    )
    def test_that_lacks_something_says_what(
        self, phone: Client, said: dict[str, str], field: str
    ) -> None:
        response = phone.post("/enquiry", said, follow=True)
        assert response.status_code == 422
        shown: Any = response.context["page"]
        assert [one.field for one in shown.problems] == [field]
        assert {one.name: one.value for one in shown.fields}.items() >= said.items()

    def test_for_nothing_asks_again(self, phone: Client) -> None:
        response = phone.post("/enquiry", {"reference": " "})
        assert (response.status_code, response.context["page"].empty) == (200, None)

    def test_that_finds_nothing_says_no_more_than_that(self, phone: Client) -> None:
        shown = asked(phone, reference="32.2-999999/26-01")
        assert shown.empty is not None
        assert (shown.rows, shown.verified) == ((), None)

    def test_is_closed_to_who_may_not(self, signed_in: SignedIn) -> None:
        client = signed_in("v.nightingale")
        assert client.get("/enquiry").status_code == 403
        assert client.post("/enquiry", CALLER).status_code == 403
