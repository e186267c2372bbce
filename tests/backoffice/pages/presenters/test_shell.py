"""Tests of backoffice.pages.presenters.shell: the frame of every page."""

import pytest
from django.test import Client

from backoffice.pages.rows import Shell
from tests.backoffice.pages.conftest import SignedIn

pytestmark = pytest.mark.django_db


def shell(client: Client, address: str = "/") -> Shell:
    shown: Shell = client.get(address).context["shell"]
    return shown


def places(shown: Shell) -> list[str]:
    return [item.url for group in shown.nav for item in group.items]


class TestTheShell:
    def test_says_whose_it_is(self, desk: Client) -> None:
        shown = shell(desk)

        assert (shown.tenant, shown.user) == ("Stadt Musterstadt", "Ana Lopes")

    def test_leads_only_where_one_has_something_to_do(
        self, desk: Client, signed_in: SignedIn
    ) -> None:
        assert places(shell(desk)) == [
            "/",
            "/follow-ups",
            "/deadlines",
            "/inbox",
            "/dispatch",
            "/appointments",
            "/post",
            "/payments",
            "/counter",
            "/enquiry",
            "/search",
            "/matters",
            "/file-plan",
            "/waiting",
        ]
        assert places(shell(signed_in("v.nightingale"))) == [
            "/",
            "/deadlines",
            "/search",
            "/matters",
            "/file-plan",
        ]

    def test_leads_settings_back_to_the_page_with_its_filter(self, desk: Client) -> None:
        assert shell(desk, "/inbox?first=0").path == "/inbox?first=0"
