"""Tests of backoffice.pages.views.decide: the form, its letter, and what becomes of both."""

import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from backoffice.pages.rows import DecidePage
from tests.backoffice.pages.conftest import SignedIn
from tests.backoffice.pages.test_statements import cost
from tests.factories import AT, colleague, renewed, submitted
from workflows.acts import LETTERED
from workflows.decisions import decide
from workflows.drafts import drafts_of
from workflows.holding import hold
from workflows.machine import Step
from workflows.models import Draft, HeldAct, Process, State

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def address(process: Process, action: str, more: str = "") -> str:
    return f"/cases/{process.case_id}/decide/{action}{more}"


def opened(client: Client, process: Process, action: str) -> DecidePage:
    response = client.get(address(process, action))
    assert response.status_code == 200
    page: DecidePage = response.context["page"]
    return page


def fields(page: DecidePage) -> dict[str, Any]:
    return {one.name: one for one in page.action.fields}


class TestThePage:
    @pytest.mark.parametrize("action", sorted(LETTERED - {"grant_in_part"}))
    def test_shows_the_letter_beside_every_form(self, desk: Client, action: str) -> None:
        page = opened(desk, submitted(), action)

        assert page.action.key == action
        assert page.preview.denied == ""
        assert page.preview.pages
        picture = desk.get(page.preview.pages[0].url)
        assert picture.headers["Content-Type"] == "image/png"
        assert picture.content.startswith(b"\x89PNG")
        assert picture.headers["Cache-Control"] == "private, no-store"

    def test_says_what_follows(self, desk: Client) -> None:
        page = opened(desk, submitted(), "grant")
        effects = {row.label: row.value for row in page.effects}

        assert effects["Gebühr"] == "25,00 €"
        assert effects["Versand"] == "ins Portal"
        assert effects["Bewohnerparkausweis"].endswith("für 12 Monate")

    def test_names_what_the_letter_lacks(self, desk: Client) -> None:
        assert opened(desk, submitted(), "forward").preview.gaps

    def test_leads_to_what_else_is_possible(self, desk: Client) -> None:
        process = submitted()
        leads = [link.url for link in opened(desk, process, "grant").others]

        assert address(process, "refuse") in leads
        assert address(process, "grant") not in leads

    def test_is_not_there_for_what_is_no_act(self, desk: Client) -> None:
        assert desk.get(address(submitted(), "close")).status_code == 404

    def test_is_the_case_once_the_act_is_impossible(self, desk: Client) -> None:
        process = submitted()
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)

        assert (
            desk.get(address(process, "refuse")).headers["Location"] == f"/cases/{process.case_id}"
        )

    def test_costs_the_same_for_every_form(self, desk: Client) -> None:
        process = submitted()
        costs = {cost(desk, address(process, action)) for action in ("grant", "refuse", "message")}

        assert len(costs) == 1
        assert costs.pop() <= 16


class TestWriting:
    def test_keeps_a_draft_and_shows_the_letter_with_it(self, desk: Client) -> None:
        process = submitted()
        typed = {"reasons": "Der Wagen ist ein Wohnmobil.", "version": "0"}
        response = desk.post(address(process, "refuse", "/preview"), typed, headers=HTMX)
        preview = response.context["preview"]

        assert "Wohnmobil" in " ".join(page.text for page in preview.pages)
        assert preview.draft.at is not None
        draft = drafts_of(process.case_id, by=colleague()).get("refuse")
        assert draft is not None
        assert draft.typed["reasons"] == ["Der Wagen ist ein Wohnmobil."]

    def test_works_without_script(self, desk: Client) -> None:
        process = submitted()
        response = desk.post(address(process, "refuse", "/preview"), {"reasons": "Wohnmobil."})

        assert response.headers["Location"] == address(process, "refuse")
        page = opened(desk, process, "refuse")
        assert fields(page)["reasons"].value == "Wohnmobil."
        assert "Wohnmobil." in page.preview.pages[0].text + page.preview.pages[-1].text

    def test_takes_text_blocks_without_script(self, desk: Client) -> None:
        process = submitted()
        block = fields(opened(desk, process, "refuse"))["reasons"].blocks[0]
        typed = {"reasons": "Guten Tag.", "insert": f"reasons:{block.key}"}
        desk.post(address(process, "refuse", "/preview"), typed)

        written = fields(opened(desk, process, "refuse"))["reasons"].value
        assert written == f"Guten Tag.\n\n{block.text}"
        assert "{" not in block.text

    def test_comes_back_in_another_browser_and_to_nobody_else(
        self, desk: Client, signed_in: SignedIn
    ) -> None:
        process = submitted()
        desk.post(address(process, "refuse", "/preview"), {"reasons": "Wohnmobil."})

        again = opened(signed_in("a.lopes"), process, "refuse")
        assert fields(again)["reasons"].value == "Wohnmobil."
        other = opened(signed_in("d.yilmaz"), process, "refuse")
        assert fields(other)["reasons"].value == ""
        assert "Wohnmobil" not in " ".join(page.text for page in other.preview.pages)
        # The address of a picture shows everybody their own letter.
        url = again.preview.pages[0].url
        assert signed_in("a.lopes").get(url).content != signed_in("d.yilmaz").get(url).content
        assert signed_in("j.kessler").get(url).status_code == 404

    def test_says_when_the_case_has_moved_on_since(self, desk: Client) -> None:
        process = submitted()
        desk.post(address(process, "refuse", "/preview"), {"reasons": "Wohnmobil."})
        Process.objects.filter(case_id=process.case_id).update(revision=3)

        draft = opened(desk, process, "refuse").action.draft
        assert draft is not None
        assert draft.is_stale

    def test_ends_with_throwing_it_away(self, desk: Client) -> None:
        process = submitted()
        desk.post(address(process, "refuse", "/preview"), {"reasons": "Wohnmobil."})
        desk.post(f"/cases/{process.case_id}/drafts/refuse/discard")

        assert not Draft.objects.exists()


class TestActing:
    def test_decides(self, desk: Client) -> None:
        process = submitted()
        response = desk.post(address(process, "refuse"), {"reasons": "Wohnmobil.", "version": "0"})

        assert response.status_code == 302
        assert renewed(process).decision == "refused"

    def test_shows_the_form_again_with_what_is_wrong(self, desk: Client) -> None:
        response = desk.post(address(submitted(), "refuse"), {"reasons": " ", "version": "0"})

        assert response.status_code == 422
        page = response.context["page"]
        assert fields(page)["reasons"].error == "Nennen Sie die Gründe (§ 39 VwVfG NRW)."
        assert page.preview.pages

    def test_says_who_was_faster(self, desk: Client) -> None:
        process = submitted()
        Process.objects.filter(case_id=process.case_id).update(revision=3)
        response = desk.post(address(process, "refuse"), {"reasons": "Wohnmobil.", "version": "0"})

        assert response.status_code == 409
        assert fields(response.context["page"])["reasons"].value == "Wohnmobil."


class TestTheMinute:
    @pytest.fixture(autouse=True)
    def a_minute(self, settings: Any) -> None:
        settings.RECALL_SECONDS = 60

    def refuse(self, client: Client, process: Process) -> Any:
        return client.post(address(process, "refuse"), {"reasons": "Wohnmobil.", "version": "0"})

    def test_is_said_and_can_be_taken_back_from_wherever_one_is_next(self, desk: Client) -> None:
        process = submitted()
        response = self.refuse(desk, process)
        (said,) = [str(one) for one in get_messages(response.wsgi_request)]

        assert "Abgelehnt. Der Bescheid geht um" in said
        assert f'hx-post="/cases/{process.case_id}/recall"' in said
        assert process.case.reference in said
        assert renewed(process).state == State.RECEIVED

    def test_leaves_nothing_to_do_but_to_take_it_back(self, desk: Client) -> None:
        process = submitted()
        self.refuse(desk, process)
        page = desk.get(f"/cases/{process.case_id}").context["page"]

        (row,) = page.actions
        assert (row.key, row.submit_label) == ("recall", "Zurückholen")
        assert row.countdown is not None
        assert 0 < row.countdown.seconds <= 60
        assert page.message is None
        assert page.note is not None

    def test_is_shown_to_others_with_the_name(self, desk: Client, signed_in: SignedIn) -> None:
        process = submitted()
        self.refuse(desk, process)
        (row,) = signed_in("d.yilmaz").get(f"/cases/{process.case_id}").context["page"].actions

        assert (row.label, row.url) == ("Ablehnung, Ana Lopes", "")

    def test_taken_back_leads_to_what_was_typed(self, desk: Client) -> None:
        process = submitted()
        self.refuse(desk, process)
        response = desk.post(f"/cases/{process.case_id}/recall")

        assert response.headers["Location"] == address(process, "refuse")
        assert fields(opened(desk, process, "refuse"))["reasons"].value == "Wohnmobil."
        assert not HeldAct.objects.exists()

    def test_taken_back_by_htmx_leads_there_too(self, desk: Client) -> None:
        process = submitted()
        self.refuse(desk, process)
        response = desk.post(f"/cases/{process.case_id}/recall", headers=HTMX)

        assert response.headers["HX-Redirect"] == address(process, "refuse")

    def test_taken_back_by_the_head_leads_to_the_case(self, desk: Client, head: Client) -> None:
        process = submitted()
        self.refuse(desk, process)
        response = head.post(f"/cases/{process.case_id}/recall")

        assert response.headers["Location"] == f"/cases/{process.case_id}"

    def test_is_over_when_it_has_gone_out(self, desk: Client) -> None:
        response = desk.post(f"/cases/{submitted().case_id}/recall")

        assert response.status_code == 409
        assert "Es ist schon versandt" in response.content.decode()

    def test_lets_nobody_write_in_between(self, desk: Client, signed_in: SignedIn) -> None:
        process = submitted()
        hold(process.case_id, "message", {"text": "Guten Tag."}, by=colleague(), at=AT)
        response = self.refuse(signed_in("d.yilmaz"), process)

        assert response.status_code == 302
        (said,) = [str(one) for one in get_messages(response.wsgi_request)]
        assert "Zu diesem Vorgang geht gleich etwas hinaus" in said


class TestTheNextCase:
    def test_opens_after_the_decision(self, desk: Client) -> None:
        first, second = submitted(), submitted()
        desk.get("/")
        response = desk.post(address(first, "refuse"), {"reasons": "Wohnmobil."})

        assert response.headers["Location"] == f"/cases/{second.case_id}"

    def test_is_the_list_at_its_end(self, desk: Client) -> None:
        process = submitted()
        desk.get("/")
        response = desk.post(address(process, "refuse"), {"reasons": "Wohnmobil."})

        assert response.headers["Location"].startswith("/")
        assert "cases" not in response.headers["Location"]

    def test_is_the_same_for_whoever_came_another_way(self, desk: Client) -> None:
        process = submitted()
        response = desk.post(address(process, "refuse"), {"reasons": "Wohnmobil."})

        assert response.headers["Location"] == f"/cases/{process.case_id}"

    def test_does_not_open_after_a_message(self, desk: Client) -> None:
        process = submitted()
        submitted()
        desk.get("/")
        response = desk.post(address(process, "message"), {"text": "Guten Tag."})

        assert response.headers["Location"] == f"/cases/{process.case_id}"


class TestKeepingTheFormsOfTheCase:
    def test_says_when_it_was_saved(self, desk: Client) -> None:
        process = submitted()
        saved = desk.post(f"/cases/{process.case_id}/drafts/note", {"text": "Rück"}, headers=HTMX)

        assert "Entwurf gesichert am" in saved.content.decode()
        note = desk.get(f"/cases/{process.case_id}").context["page"].note
        assert note.fields[0].value == "Rück"

    def test_keeps_nothing_but_the_fields_of_the_form(self, desk: Client) -> None:
        process = submitted()
        desk.post(f"/cases/{process.case_id}/drafts/note", {"text": "x", "more": "y" * 5000})

        assert Draft.objects.get().content == {"text": ["x"]}

    @pytest.mark.parametrize("action", ["close", "take", "nonsense"])
    def test_is_for_forms_in_which_something_is_written(self, desk: Client, action: str) -> None:
        path = f"/cases/{submitted().case_id}/drafts/{action}"
        assert desk.post(path, {"text": "x"}).status_code == 404

    def test_is_for_whoever_sees_the_case(self, signed_in: SignedIn) -> None:
        path = f"/cases/{submitted().case_id}/drafts/note"
        assert signed_in("j.kessler").post(path, {"text": "x"}).status_code == 404
        assert signed_in("j.kessler").post(f"{path}/discard").status_code == 404


def shown_at(response: Any) -> str:
    """What the form of a page says of when it was made."""
    (said,) = set(re.findall(r'name="shown_at"\s+value="([^"]+)"', response.content.decode()))
    return str(said)


class TestSavingTooLate:
    """What is typed is saved by itself: nobody is shown an error for what they did not ask for."""

    def test_keeps_no_note_that_was_sent(self, desk: Client) -> None:
        process = submitted()
        seen = shown_at(desk.get(f"/cases/{process.case_id}"))
        desk.post(f"/cases/{process.case_id}/note", {"text": "Rückruf."})
        path, typed = f"/cases/{process.case_id}/drafts/note", {"text": "Rück", "shown_at": seen}
        late = desk.post(path, typed, headers=HTMX)

        assert late.status_code == 200
        assert "Dieses Formular haben Sie inzwischen gesendet." in late.content.decode()
        assert not Draft.objects.exists()
        typed["shown_at"] = shown_at(desk.get(f"/cases/{process.case_id}"))
        desk.post(path, typed, headers=HTMX)
        assert Draft.objects.exists()

    @pytest.mark.parametrize("path", ["drafts/refuse", "decide/refuse/preview"])
    def test_says_that_it_is_being_sent(self, desk: Client, settings: Any, path: str) -> None:
        settings.RECALL_SECONDS = 60
        process = submitted()
        hold(process.case_id, "refuse", {"reasons": "Wohnmobil."}, by=colleague(), at=AT)
        late = desk.post(f"/cases/{process.case_id}/{path}", {"reasons": "Wohn"}, headers=HTMX)

        assert late.status_code == 200
        said = late.content.decode()
        assert "Der Entwurf ist nicht gesichert." in said
        assert "Zu diesem Vorgang geht gleich etwas hinaus." in said
        assert not Draft.objects.exists()

    @pytest.mark.parametrize("path", ["drafts/refuse", "decide/refuse/preview"])
    def test_says_so_on_the_next_page_too(self, desk: Client, settings: Any, path: str) -> None:
        settings.RECALL_SECONDS = 60
        process = submitted()
        hold(process.case_id, "refuse", {"reasons": "Wohnmobil."}, by=colleague(), at=AT)
        late = desk.post(f"/cases/{process.case_id}/{path}", {"reasons": "Wohn"})

        assert late.status_code == 302
        (said,) = [str(one) for one in get_messages(late.wsgi_request)]
        assert "Zu diesem Vorgang geht gleich etwas hinaus." in said

    def test_tells_the_moment_of_the_page_beside_the_letter(self, desk: Client) -> None:
        process = submitted()
        seen = shown_at(desk.get(address(process, "refuse")))
        desk.post(address(process, "refuse"), {"reasons": "Wohnmobil.", "version": "0"})
        typed = {"reasons": "Wohn", "shown_at": seen}
        late = desk.post(address(process, "refuse", "/preview"), typed, headers=HTMX)

        assert "Dieses Formular haben Sie inzwischen gesendet." in late.content.decode()
        assert not Draft.objects.exists()

    @pytest.mark.parametrize("said", ["", "gestern", "2026-05-01T10:00:00"])
    def test_takes_a_moment_that_is_none_for_unknown(self, desk: Client, said: str) -> None:
        typed = {"text": "Rück", "shown_at": said}
        desk.post(f"/cases/{submitted().case_id}/drafts/note", typed)

        assert Draft.objects.exists()
