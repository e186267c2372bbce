"""Tests of backoffice.pages.views.case: everything on the case, and what may be done to it."""

from uuid import uuid4

import pytest
from django.test import Client

from backoffice.pages.rows import ActionRow, CasePage
from efile.kernel.models import User
from tests.backoffice.pages.conftest import SignedIn
from tests.factories import (
    AT,
    DAY,
    body,
    colleague,
    drained,
    machine,
    portal,
    submit,
    submitted,
)
from workflows.assignment import assign
from workflows.correspondence import write_to_office
from workflows.decisions import decide
from workflows.endings import close
from workflows.follow_ups import set_follow_up
from workflows.intake import assign_to_service
from workflows.machine import Step
from workflows.models import HeldAct, InboxItem, Process
from workflows.notes import leave_note
from workflows.notification import notify_by_post
from workflows.questions import ask_applicant

pytestmark = pytest.mark.django_db


def page(client: Client, process: Process, query: str = "") -> CasePage:
    response = client.get(f"/cases/{process.case_id}{query}")
    assert response.status_code == 200
    shown: CasePage = response.context["page"]
    return shown


def offered(shown: CasePage) -> list[str]:
    return [action.key.partition("-")[0] for action in shown.actions]


def granted() -> Process:
    process = submitted()
    decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
    return process


class TestTheCasePage:
    def test_says_what_was_applied_for_and_by_whom(self, desk: Client) -> None:
        shown = page(desk, submitted())

        fields = {row.label: row.value for group in shown.groups for row in group.rows}
        assert fields["Kennzeichen"] == "D-LM 123"
        assert fields["Geltungsdauer"] == "1 Jahr"
        assert [(party.name, party.role) for party in shown.parties] == [
            ("Yılmaz, Đorđe", "Antragstellende Person")
        ]
        assert shown.parties[0].identity is not None
        assert shown.parties[0].identity.text == "BundID, substanziell"
        assert shown.parties[0].identity.spoken == "BundID, Vertrauensniveau substanziell"

    def test_tells_a_default_from_what_was_said(self, desk: Client) -> None:
        shown = page(desk, submitted())

        notes = {row.label: row.note for group in shown.groups for row in group.rows}
        assert notes["Kennzeichen"] == ""
        assert notes["Geltungsdauer"] == "nicht angegeben, es gilt die Vorgabe"

    def test_shows_the_checks_and_why_a_person_is_asked(self, desk: Client) -> None:
        process = submitted()
        drained()
        shown = page(desk, process)

        outcomes = {check.key: check.outcome.text for check in shown.checks}
        assert outcomes["residence"] == "Nicht auswertbar"
        assert outcomes["start"] == "Erfüllt"
        assert "weil nicht alle Prüfungen erfüllt sind" in shown.actions_hint

    def test_shows_checks_that_have_not_run_as_open(self, desk: Client) -> None:
        assert {check.outcome.text for check in page(desk, submitted()).checks} == {"Offen"}

    def test_shows_a_document_and_another_when_it_is_asked_for(self, desk: Client) -> None:
        process = granted()
        drained()
        first, letter, _permit = page(desk, process).documents

        assert (first.selected, letter.selected) == (True, False)
        assert (first.kind, letter.kind) == ("Nachweis", "Bescheid")
        again = page(desk, process, f"?document={letter.key}").documents
        assert [one.selected for one in again] == [False, True, False]

    def test_explains_each_deadline(self, desk: Client) -> None:
        deadline, law = page(desk, submitted()).deadlines

        assert deadline.label == "Bearbeitung"
        assert deadline.derivation[0] == "Am 10.03.2026 ging der Antrag ein."
        assert deadline.derivation[1].startswith("10 Arbeitstage danach")
        assert law.label == "Untätigkeitsklage möglich"

    def test_shows_what_was_asked_and_until_when(self, desk: Client) -> None:
        process = submitted()
        ask_applicant(
            process.case_id,
            text="Bitte den Schein.",
            proofs=["use-certificate"],
            days=14,
            by=colleague(),
            at=AT,
        )
        found = page(desk, process).thread
        assert found is not None
        (question,) = found.latest

        assert (question.text, question.author) == ("Bitte den Schein.", "Ana Lopes")
        assert question.proofs == ("Bescheinigung, dass Sie das Auto dauerhaft nutzen",)
        assert question.tag is not None
        assert question.tag.text == "offen bis 24.03.2026"

    def test_tells_the_history_with_the_latest_first(self, desk: Client) -> None:
        process = submitted()
        by = colleague()
        assign(process.case_id, by.user_id, by=by, at=AT)
        history = page(desk, process).history

        assert [(entry.actor, entry.text) for entry in history[:2]] == [
            ("Ana Lopes", "Prüfung begonnen"),
            ("Ana Lopes", "Zuständigkeit geändert"),
        ]
        assert history[-1].text == "Bearbeitung eröffnet"
        assert history[-1].actor == "Portal"

    def test_shows_the_permit_that_a_grant_brought(self, desk: Client) -> None:
        permit = page(desk, granted()).results[0]

        assert permit.title == "Bewohnerparkausweis"
        assert permit.rows[0].value == "BPA-26-000001"

    def test_names_what_is_wrong_with_a_form_that_was_assigned_all_the_same(
        self, desk: Client
    ) -> None:
        submit(body(form={"plate": "ohne"}, on_invalid="clarify"))
        item = InboxItem.objects.get()
        case = assign_to_service(item.id, "resident-parking", by=colleague(), at=AT)
        shown = page(desk, Process.objects.get(case_id=case.id))

        notes = {row.label: (row.value, row.note) for row in shown.groups[0].rows}
        assert notes["Kennzeichen"][0] == "ohne"
        assert notes["Kennzeichen"][1].startswith("Die Schreibweise stimmt nicht.")
        assert notes["Bewohnerparkzone"] == ("–", "Pflichtfeld fehlt.")


class TestWhatIsOffered:
    def test_follows_the_state(self, desk: Client) -> None:
        process = submitted()
        assert offered(page(desk, process)) == [
            "take",
            "grant",
            "refuse",
            "request_proof",
            "follow_up",
            "extend",
            "correct_receipt",
            "assign",
            "forward",
            "withdraw",
        ]

        ask_applicant(process.case_id, text="Warum?", proofs=[], days=14, by=colleague(), at=AT)
        assert "drop" in offered(page(desk, process))

        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        assert offered(page(desk, process)) == [
            "take",
            "notify",
            "revoke",
            "follow_up",
            "correct_receipt",
            "assign",
        ]

    def test_follows_the_role(self, desk: Client, signed_in: SignedIn) -> None:
        process = submitted()

        assert offered(page(signed_in("r.sandmann"), process)) == ["follow_up"]
        shown = page(signed_in("v.nightingale"), process)
        assert offered(shown) == []
        assert shown.nothing_to_do.startswith("Hier ist für Sie nichts zu tun.")
        assert "Bürgerservice Parken" in shown.nothing_to_do
        assert page(signed_in("v.nightingale"), process).note is None
        assert page(desk, process).note is not None

    def test_denies_notification_until_the_letter_is_there(self, desk: Client) -> None:
        process = granted()
        (notify,) = [one for one in page(desk, process).actions if one.key == "notify"]
        assert notify.denied

        drained()
        (notify,) = [one for one in page(desk, process).actions if one.key == "notify"]
        assert notify.denied == ""

    def test_is_reopening_for_the_registry_once_a_case_is_closed(
        self, desk: Client, signed_in: SignedIn
    ) -> None:
        process = granted()
        drained()
        notify_by_post(process.case_id, AT.date(), by=colleague(), at=AT)
        close(process.case_id, by=machine(), at=AT)

        shown = page(desk, process)
        assert (offered(shown), shown.note, shown.message) == ([], None, None)
        assert offered(page(signed_in("r.sandmann"), process)) == ["reopen"]

    def test_carries_the_version_that_was_seen(self, desk: Client) -> None:
        process = submitted()
        versions = {one.key: one.version for one in page(desk, process).actions}

        assert {versions[key] for key in ("take", "grant", "refuse", "request_proof")} == {"0"}

    def test_says_what_granting_costs_and_refusing_prefills(self, desk: Client) -> None:
        process = submitted(form={"plate": "D-LM 123", "zone": "A4", "valid_from": "2020-01-01"})
        drained()
        shown = page(desk, process)

        assert "Gebühr: 25,00 €." in action(shown, "grant").summary
        reasons = next(one for one in action(shown, "refuse").fields if one.name == "reasons")
        assert "Der Ausweis kann nicht rückwirkend ausgestellt werden." in reasons.value


def action(shown: CasePage, key: str) -> ActionRow:
    return next(one for one in shown.actions if one.key == key)


class TestACaseThatIsNotOnes:
    def test_looks_like_one_that_is_none(self, signed_in: SignedIn) -> None:
        process = submitted()
        stranger = signed_in("j.kessler")

        unseen = stranger.get(f"/cases/{process.case_id}")
        absent = stranger.get(f"/cases/{uuid4()}")
        assert (unseen.status_code, absent.status_code) == (404, 404)
        assert _without_reference(unseen) == _without_reference(absent)


def _without_reference(response: object) -> str:
    text = getattr(response, "content", b"").decode()
    return str(text.partition("<code>")[0] + text.partition("</code>")[2])


class TestTheWayThroughTheList:
    def test_leads_to_the_next_and_the_previous_case(self, desk: Client) -> None:
        first, second, third = submitted(), submitted(), submitted()
        desk.get("/")
        header = page(desk, second).header

        assert header.position == "2 von 3"
        assert header.previous_url == f"/cases/{first.case_id}"
        assert header.next_url == f"/cases/{third.case_id}"
        assert header.list_url == f"/?view=team#row-{second.case_id}"

    def test_is_unknown_without_a_list(self, desk: Client) -> None:
        header = page(desk, submitted()).header

        assert (header.position, header.next_url, header.list_url) == ("", "", "")


class TestHostileText:
    @pytest.mark.parametrize(
        "text",
        ["\u202egnuz\u202c", "<b>fett</b>", "👩‍💻👨‍👩‍👧", "x" * 10_000],
        ids=["rtl", "tag", "emoji", "endless"],
    )
    def test_breaks_neither_thread_nor_notes_nor_head(self, desk: Client, text: str) -> None:
        process = submitted(parties=[{**body()["parties"][0], "family_name": text[:300]}])
        assert process.submission
        write_to_office(process.submission, text, key=None, by=portal(), at=AT)
        leave_note(process.case_id, text, by=colleague(), at=AT)
        response = desk.get(f"/cases/{process.case_id}")
        shown = response.context["page"]

        assert shown.thread.latest[0].text == text
        assert shown.notes[0].text == text
        assert shown.header.applicant.startswith(text[:300])
        assert b"<b>fett" not in response.content


class TestTheHead:
    def test_leads_to_the_file_and_to_the_person(self, desk: Client) -> None:
        process = submitted()
        file, person = page(desk, process).header.links

        assert file.text == "Akte 32.2-000001/26"
        assert desk.get(file.url).status_code == 200
        assert person.url == f"/cases/{process.case_id}/person"

    def test_says_what_is_about_to_go_out(self, desk: Client) -> None:
        process = submitted()
        user = User.objects.get(username="t.oyelaran")
        HeldAct.objects.create(
            tenant_id=process.tenant_id,
            case_id=process.case_id,
            action="grant",
            user=user,
            revision=0,
            held_at=AT,
        )
        shown = page(desk, process)

        assert f"Geht gleich hinaus: Bewilligung ({user.display_name})" in [
            tag.text for tag in shown.header.tags
        ]
        assert not any(row.edit_url for group in shown.groups for row in group.rows)


class TestTheWayToEverything:
    def test_leads_to_the_whole_journal(self, desk: Client) -> None:
        process = submitted()
        for number in range(20):
            leave_note(process.case_id, f"Nr. {number}", by=colleague(), at=AT)
        shown = page(desk, process)

        assert len(shown.history) == 15
        assert desk.get(shown.journal_url).status_code == 200

    def test_names_when_somebody_wants_to_see_it_again(self, desk: Client) -> None:
        process = submitted()
        day = AT.date() + 7 * DAY
        set_follow_up(process.case_id, day, "Rückruf", None, by=colleague(), at=AT)
        (row,) = page(desk, process).follow_ups

        assert (row.due_on, row.text, row.whose) == (day, "Rückruf", "Team")
