"""Tests of backoffice.pages.views.inbox: what nobody could match, and the ways to settle it."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from backoffice.pages.rows import InboxItemPage, InboxPage
from tests.backoffice.pages.conftest import SignedIn
from tests.factories import AT, body, colleague, drained, machine, portal, submit, submitted
from workflows.correspondence import write_to_office
from workflows.decisions import decide
from workflows.endings import close
from workflows.machine import Step
from workflows.models import InboxItem, Process, State
from workflows.notification import notify_by_post

pytestmark = pytest.mark.django_db


def kept(**changes: Any) -> InboxItem:
    """A submission that was kept for clarification."""
    submit(body(on_invalid="clarify", **changes))
    return InboxItem.objects.latest("arrived_at", "id")


def late_post() -> InboxItem:
    """A message that came after its case was closed."""
    process = submitted()
    decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
    drained()
    notify_by_post(process.case_id, AT.date(), by=colleague(), at=AT)
    close(process.case_id, by=machine(), at=AT)
    assert process.submission is not None
    write_to_office(process.submission, "Neues Auto.", key=None, by=portal(), at=AT)
    return InboxItem.objects.get()


def inbox(client: Client) -> InboxPage:
    shown: InboxPage = client.get("/inbox").context["page"]
    return shown


def item(client: Client, one: InboxItem) -> InboxItemPage:
    shown: InboxItemPage = client.get(f"/inbox/{one.id}").context["page"]
    return shown


class TestTheInbox:
    def test_shows_what_is_unclear_and_who_sent_it(self, desk: Client) -> None:
        kept(form={"plate": "D-LM 123", "zone": "unbekannt"})
        (row,) = inbox(desk).rows

        assert (row.problem, row.detail) == ("Angaben fehlen oder passen nicht", "2 Fehler")
        assert (row.sender, row.service) == ("Yılmaz, Đorđe", "Bewohnerparkausweis")

    def test_shows_an_unknown_service_as_the_sender_named_it(
        self, desk: Client, signed_in: SignedIn
    ) -> None:
        sent = body(on_invalid="clarify")
        submit(sent | {"service": "anwohner-parken"})

        for browser in (desk, signed_in("j.kessler"), signed_in("r.sandmann")):
            (row,) = inbox(browser).rows
            assert (row.problem, row.service) == ("Leistung unbekannt", "anwohner-parken")

    def test_keeps_what_belongs_to_another_unit_there(self, signed_in: SignedIn) -> None:
        kept(form={})
        stranger = signed_in("j.kessler")

        assert inbox(stranger).rows == ()
        assert stranger.get(f"/inbox/{InboxItem.objects.get().id}").status_code == 404

    def test_says_when_everything_is_assigned(self, desk: Client) -> None:
        empty = inbox(desk).empty

        assert empty is not None
        assert empty.text == "Alles zugeordnet."


class TestAnItem:
    def test_shows_every_value_with_its_label_and_its_fault(self, desk: Client) -> None:
        shown = item(desk, kept(form={"plate": "ohne", "zone": "A4"}))

        (plate,) = [row for row in shown.values if row.pointer == "/form/plate"]
        assert (plate.label, plate.value) == ("Kennzeichen", "ohne")
        assert len(plate.errors) == 1
        assert [(error.pointer, error.anchor) for error in shown.errors] == [
            ("/form/plate", plate.anchor)
        ]

    def test_names_what_is_missing_without_a_place_to_jump_to(self, desk: Client) -> None:
        shown = item(desk, kept(form={"plate": "D-LM 123"}))

        (error,) = shown.errors
        assert (error.pointer, error.anchor) == ("/form/zone", "")

    def test_shows_the_body_to_the_letter(self, desk: Client) -> None:
        one = kept(form={})
        assert one.submission is not None

        assert item(desk, one).raw == one.submission.envelope

    def test_offers_its_files(self, desk: Client) -> None:
        (file,) = item(desk, kept(form={})).attachments
        response = desk.get(file.download_url)

        assert response.status_code == 200
        assert response.headers["Content-Disposition"].startswith("attachment")

    def test_has_no_files_for_somebody_else(self, signed_in: SignedIn) -> None:
        one = kept(form={})

        assert signed_in("j.kessler").get(f"/inbox/{one.id}/files/0").status_code == 404

    def test_has_no_file_beyond_the_last(self, desk: Client) -> None:
        assert desk.get(f"/inbox/{kept(form={}).id}/files/1").status_code == 404


class TestAssigningToAService:
    def test_makes_a_case_and_leads_there(self, desk: Client) -> None:
        one = kept(form={"plate": "ohne", "zone": "A4"})
        response = desk.post(f"/inbox/{one.id}/assign", {"service": "resident-parking"})

        case = Process.objects.get()
        assert response.headers["Location"] == f"/cases/{case.case_id}"
        assert inbox(desk).rows == ()

    def test_demands_a_service(self, desk: Client) -> None:
        one = kept(form={})
        response = desk.post(f"/inbox/{one.id}/assign", {"service": ""})

        assert response.status_code == 422
        (field,) = response.context["page"].actions[0].fields
        assert field.error == "Wählen Sie die Leistung."

    def test_refuses_a_service_that_is_none(self, desk: Client) -> None:
        response = desk.post(f"/inbox/{kept(form={}).id}/assign", {"service": "unheard-of"})

        assert response.status_code == 422
        assert response.context["page"].actions[0].problems[0].message == (
            "Diese Leistung gibt es nicht."
        )

    def test_says_that_somebody_else_has_settled_it(self, desk: Client) -> None:
        one = kept(form={})
        desk.post(f"/inbox/{one.id}/assign", {"service": "resident-parking"})
        again = desk.post(f"/inbox/{one.id}/assign", {"service": "resident-parking"})

        assert again.status_code == 409
        assert "Diesen Eingang hat inzwischen jemand geklärt." in again.content.decode()
        assert Process.objects.count() == 1


class TestPostForAClosedCase:
    def test_leads_to_the_case_and_tells_who_may_reopen_it(self, desk: Client) -> None:
        shown = item(desk, late_post())

        assert shown.closed_case is not None
        assert desk.get(shown.closed_case.url).status_code == 200
        assert shown.actions[0].denied == "Wiederaufnehmen dürfen die Leitung und die Registratur."

    def test_shows_what_was_written(self, desk: Client) -> None:
        assert [row.value for row in item(desk, late_post()).values] == ["Neues Auto."]

    def test_is_taken_up_with_the_case(self, head: Client) -> None:
        one = late_post()
        response = head.post(f"/inbox/{one.id}/reopen", {"reason": "Neues Kennzeichen."})
        case_id = UUID(response.headers["Location"].rpartition("/")[2])

        assert Process.objects.get(case_id=case_id).state == State.IN_EXAMINATION
        thread = head.get(f"/cases/{case_id}").context["page"].thread
        assert [message.text for message in thread.latest] == ["Neues Auto."]

    def test_is_not_taken_up_without_a_reason(self, head: Client) -> None:
        response = head.post(f"/inbox/{late_post().id}/reopen", {"reason": ""})

        assert response.status_code == 422
        assert Process.objects.get().state == State.CLOSED
