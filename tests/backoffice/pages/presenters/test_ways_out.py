"""Tests of backoffice.pages.presenters.ways_out: no dead end, and nobody left without an answer."""

import pytest
from django.test import Client

from backoffice.pages.presenters.ways_out import who_may
from efile.kernel.errors import NotAllowed
from efile.policy import Action, ActionNotGranted
from tests.backoffice.pages.conftest import SignedIn
from tests.efile.cases import closed
from tests.factories import submitted


class TestWhoMay:
    def test_is_told_by_role(self) -> None:
        text = who_may(ActionNotGranted(action=Action.REOPEN.value))

        assert text.startswith("Das darf in der zuständigen Stelle: Leitung, Registratur.")

    @pytest.mark.parametrize("action", list(Action))
    def test_is_known_of_every_action(self, action: Action) -> None:
        assert who_may(ActionNotGranted(action=action.value)).endswith("die Administration.")

    @pytest.mark.parametrize(
        "refusal", [NotAllowed(), ActionNotGranted(action="unheard_of"), ActionNotGranted()]
    )
    def test_is_not_guessed(self, refusal: NotAllowed) -> None:
        assert who_may(refusal) == ""


@pytest.mark.django_db
class TestAWayOut:
    def shown(self, response: object) -> list[tuple[str, str]]:
        context = getattr(response, "context", {})
        return [(link.text, link.url) for link in context["error"].steps]

    def test_leads_from_a_refused_step_to_its_case(self, signed_in: SignedIn) -> None:
        case = submitted().case
        response = signed_in("v.nightingale").post(f"/cases/{case.id}/note", {"text": "Hallo"})

        assert response.status_code == 403
        assert self.shown(response) == [("Zum Vorgang", f"/cases/{case.id}")]
        assert "Das darf in der zuständigen Stelle" in response.content.decode()

    def test_leads_from_what_is_not_there_to_the_search(self, desk: Client) -> None:
        assert self.shown(desk.get("/nowhere")) == [("Zur Suche", "/search")]

    def test_is_the_same_for_unseen_and_absent(self, signed_in: SignedIn) -> None:
        response = signed_in("r.aydin").get(f"/cases/{closed().id}/journal")

        assert self.shown(response) == [("Zur Suche", "/search")]

    def test_leads_back_to_where_one_came_from_on_this_site(self, desk: Client) -> None:
        wrong = "/file-plan?version=eins"

        here = desk.get(wrong, headers={"Referer": "http://testserver/file-plan"})
        assert self.shown(here) == [("Zurück", "/file-plan")]
        for referer in ("https://elsewhere.example/", f"http://testserver{wrong}", ""):
            assert self.shown(desk.get(wrong, headers={"Referer": referer})) == []
