"""Tests of backoffice.pages.views.person: surely theirs, and maybe theirs."""

import pytest
from django.test import Client

from backoffice.pages.rows.enquiry import PersonPage
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.test_statements import cost
from tests.factories import AT, DAY, body, colleague, submitted
from workflows.decisions import decide
from workflows.machine import Step
from workflows.models import Process

pytestmark = pytest.mark.django_db


def applied(bpk2: str = "", **changes: str) -> Process:
    party = body()["parties"][0] | changes
    party["identity"] = party["identity"] | ({"bpk2": bpk2} if bpk2 else {})
    return submitted(parties=[party], at=AT if bpk2 else AT + DAY)


def shown(client: Client, process: Process) -> PersonPage:
    page: PersonPage = client.get(f"/cases/{process.case_id}/person").context["page"]
    return page


class TestAPerson:
    def test_has_certain_and_possible_cases_apart(self, desk: Client) -> None:
        case, same, maybe = applied("A"), applied("A"), applied(family_name="YILMAZ")
        page = shown(desk, case)
        assert (page.name, page.born) == ("Yılmaz, Đorđe", "geboren am 02.04.1981")
        # the case one comes from stands first
        assert [row.key for row in page.certain] == [str(case.case_id), str(same.case_id)]
        assert [row.key for row in page.possible] == [str(maybe.case_id)]
        html = desk.get(f"/cases/{case.case_id}/person").content.decode()
        assert "Möglicherweise dieselbe Person" in html

    def test_shows_what_came_of_a_case(self, desk: Client) -> None:
        case = applied("A")
        decide(case.case_id, Step.GRANT, by=colleague(), at=AT)
        (row,) = shown(desk, case).certain
        (matter,) = row.matters
        assert matter.title == "Bewohnerparkausweis"
        assert matter.validity == "10.03.2026 bis 09.03.2027"

    def test_goes_on_to_the_counter(self, desk: Client, signed_in: SignedIn) -> None:
        case = applied("A")
        assert shown(desk, case).take_down_url == f"/counter?from={case.case_id}"
        assert shown(signed_in("v.nightingale"), case).take_down_url == ""

    def test_that_is_unseen_is_not_found(self, signed_in: SignedIn) -> None:
        case = applied("A")
        assert signed_in("j.kessler").get(f"/cases/{case.case_id}/person").status_code == 404

    def test_costs_the_same_however_much_there_is(self, desk: Client) -> None:
        case = applied("A")
        address = f"/cases/{case.case_id}/person"
        with_one = cost(desk, address)
        for _ in range(5):
            applied("A")
        assert cost(desk, address) == with_one <= 5
