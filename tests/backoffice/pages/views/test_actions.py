"""Tests of backoffice.pages.views.actions: every step from its form to the case and back."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from backoffice.pages.rows import ActionRow, CasePage
from efile.models import Message
from tests.backoffice.pages.conftest import SignedIn
from tests.factories import AT, colleague, drained, machine, renewed, submitted
from workflows.assignment import assign
from workflows.decisions import decide
from workflows.endings import close
from workflows.machine import Step
from workflows.models import Decision, Process, Question, State
from workflows.notification import notify_by_post
from workflows.questions import ask_applicant

pytestmark = pytest.mark.django_db


def send(client: Client, process: Process, step: str, **fields: Any) -> Any:
    return client.post(f"/cases/{process.case_id}/{step}", fields)


def done(response: Any) -> str:
    """What the page after a step says, once the step led back to its case."""
    assert response.status_code == 302, response.context["page"].actions
    return str(next(iter(get_messages(response.wsgi_request))))


def form(response: Any, key: str) -> ActionRow:
    shown: CasePage = response.context["page"]
    rows = [*shown.actions, shown.note, shown.message]
    return next(row for row in rows if row is not None and row.key == key)


class TestTaking:
    def test_makes_one_responsible_and_begins_the_examination(self, desk: Client) -> None:
        process = submitted()

        assert (
            done(send(desk, process, "take", version="0")) == "Der Vorgang liegt jetzt bei Ihnen."
        )
        assert renewed(process).state == State.IN_EXAMINATION
        assert renewed(process).assignee_id == colleague().user_id

    def test_leads_back_to_the_case(self, desk: Client) -> None:
        process = submitted()

        assert send(desk, process, "take").headers["Location"] == f"/cases/{process.case_id}"

    def test_is_refused_to_the_registry(self, signed_in: SignedIn) -> None:
        assert send(signed_in("r.sandmann"), submitted(), "take").status_code == 403


class TestAssigning:
    def test_offers_everybody_who_may_examine_the_case(self, desk: Client) -> None:
        process = submitted()
        assign_form = form(desk.get(f"/cases/{process.case_id}/assign"), "assign")

        (field,) = assign_form.fields
        assert assign_form.open
        assert [option.label.partition(" (")[0] for option in field.options] == [
            "niemandem, zurück ans Team",
            "Ana Lopes",
            "Bernd Voß",
            "Deniz Yılmaz",
            "Käthe Brinkmann",
            "Tünde Oyelaran",
        ]

    def test_gives_the_case_to_a_colleague_and_back_to_the_team(self, desk: Client) -> None:
        process, other = submitted(), colleague("d.yilmaz")
        done(send(desk, process, "assign", assignee=str(other.user_id)))
        assert renewed(process).assignee_id == other.user_id

        done(send(desk, process, "assign", assignee=""))
        assert renewed(process).assignee_id is None

    def test_refuses_somebody_who_may_not_work_on_it(self, desk: Client) -> None:
        process, stranger = submitted(), colleague("j.kessler")
        response = send(desk, process, "assign", assignee=str(stranger.user_id))

        assert response.status_code == 422
        (field,) = form(response, "assign").fields
        assert field.error == "Diese Person darf den Vorgang nicht bearbeiten."


class TestAskingForProof:
    def test_opens_a_question_and_waits(self, desk: Client) -> None:
        process = submitted()
        sent = {"proofs": ["use-certificate"], "text": "Bitte nachreichen.", "days": "14"}
        done(send(desk, process, "request-proof", **sent))

        question = Question.objects.get(case_id=process.case_id)
        assert (question.text, question.proofs) == ("Bitte nachreichen.", ["use-certificate"])
        assert renewed(process).state == State.WAITING

    def test_keeps_what_was_typed_when_something_is_wrong(self, desk: Client) -> None:
        process = submitted()
        sent = {"proofs": ["use-certificate"], "text": "Bitte.", "days": "365"}
        response = send(desk, process, "request-proof", **sent)
        refused = form(response, "request_proof")

        assert response.status_code == 422
        assert refused.open
        fields = {field.name: field for field in refused.fields}
        assert fields["days"].error == "Die Frist kann 1 bis 90 Tage betragen."
        assert (fields["days"].value, fields["text"].value) == ("365", "Bitte.")
        assert [one.value for one in fields["proofs"].options if one.selected] == [
            "use-certificate"
        ]
        assert Question.objects.count() == 0

    def test_names_every_fault_of_the_form(self, desk: Client) -> None:
        response = send(desk, submitted(), "request-proof", days="bald")

        assert [problem.field for problem in form(response, "request_proof").problems] == ["days"]

    def test_can_be_taken_back(self, desk: Client) -> None:
        process = submitted()
        question = ask_applicant(
            process.case_id, text="Warum?", proofs=[], days=14, by=colleague(), at=AT
        )
        done(send(desk, process, f"questions/{question.id}/drop"))

        assert renewed(process).state == State.IN_EXAMINATION


class TestDeciding:
    def test_grants(self, desk: Client) -> None:
        process = submitted()
        said = {"clauses": "Nur werktags.", "reasons": "Im Register nachgesehen."}
        done(send(desk, process, "grant", version="0", **said))

        decision = Decision.objects.get(case_id=process.case_id)
        assert (decision.kind, decision.clauses) == ("granted", "Nur werktags.")

    def test_asks_why_when_a_check_is_not_fulfilled(self, desk: Client) -> None:
        response = send(desk, submitted(), "grant", version="0", clauses="Nur werktags.")

        assert response.status_code == 422
        fields = {one.name: one for one in form(response, "grant").fields}
        assert fields["reasons"].error == (
            "Nicht alle Prüfungen sind erfüllt: Warum bewilligen Sie trotzdem?"
        )
        assert fields["clauses"].value == "Nur werktags."

    def test_refuses_with_reasons(self, desk: Client) -> None:
        process = submitted()
        done(send(desk, process, "refuse", version="0", reasons="Falsche Zone."))

        assert Decision.objects.get(case_id=process.case_id).reasons == "Falsche Zone."

    def test_demands_reasons_of_a_refusal(self, desk: Client) -> None:
        response = send(desk, submitted(), "refuse", version="0", reasons=" ")

        assert response.status_code == 422
        reasons = form(response, "refuse").fields[0]
        assert reasons.error == "Nennen Sie die Gründe (§ 39 VwVfG NRW)."

    def test_is_not_offered_in_part_by_a_service_without_it(self, desk: Client) -> None:
        process = submitted()

        assert send(desk, process, "grant-in-part", reasons="Nur ein Jahr.").status_code == 403


class TestSomebodyElseBeingFaster:
    def test_is_said_beside_what_was_typed(self, desk: Client) -> None:
        process, other = submitted(), colleague("d.yilmaz")
        assign(process.case_id, other.user_id, by=other, at=AT)
        response = send(desk, process, "refuse", version="0", reasons="Falsche Zone.")
        refused = form(response, "refuse")

        assert response.status_code == 409
        assert refused.open
        assert refused.problems[0].message == (
            "Deniz Yılmaz hat inzwischen einen Schritt getan: „Prüfung begonnen“, "
            "10.03.2026 12:00. Sehen Sie nach, ob Ihrer noch passt, und senden Sie dann noch "
            "einmal."
        )
        assert refused.fields[0].value == "Falsche Zone."
        assert refused.version == "1"

    def test_is_said_above_the_page_when_the_step_is_gone(self, desk: Client) -> None:
        process = submitted()
        decide(process.case_id, Step.GRANT, by=colleague("d.yilmaz"), at=AT)
        response = send(desk, process, "refuse", version="0", reasons="Falsche Zone.")

        assert response.status_code == 409
        assert "Deniz Yılmaz hat inzwischen einen Schritt getan" in response.content.decode()


class TestNotifying:
    def test_notes_the_day_of_posting(self, desk: Client) -> None:
        process = submitted()
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        drained()
        done(send(desk, process, "notify", version="1", posted_on="2026-03-11"))

        assert renewed(process).state == State.NOTIFIED

    @pytest.mark.parametrize(
        ("day", "sentence"),
        [
            ("", "An welchem Tag ging der Bescheid zur Post?"),
            ("gestern", "Der Tag der Aufgabe zur Post ist kein Datum."),
            (
                "2026-03-01",
                "Der Tag liegt zwischen der Entscheidung und heute, beide eingeschlossen.",
            ),
        ],
    )
    def test_refuses_a_day_that_cannot_be(self, desk: Client, day: str, sentence: str) -> None:
        process = submitted()
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        drained()
        response = send(desk, process, "notify", posted_on=day)

        assert response.status_code == 422
        assert form(response, "notify").fields[0].error == sentence


class TestEnding:
    def test_closes_and_reopens(self, desk: Client, head: Client) -> None:
        process = submitted()
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        drained()
        notify_by_post(process.case_id, AT.date(), by=colleague(), at=AT)
        done(send(desk, process, "close"))
        assert renewed(process).state == State.CLOSED

        done(send(head, process, "reopen", reason="Kennzeichen falsch."))
        assert renewed(process).state == State.IN_EXAMINATION

    def test_says_beforehand_why_a_case_cannot_be_closed_yet(self, desk: Client) -> None:
        process = submitted(consents={})
        decide(process.case_id, Step.REFUSE, reasons="Zone.", by=colleague(), at=AT)
        drained()
        notify_by_post(process.case_id, AT.date(), by=colleague(), at=AT)
        Decision.objects.filter(case_id=process.case_id).update(remedy_ends_on="2999-01-31")
        offered = form(desk.get(f"/cases/{process.case_id}"), "close")

        assert offered.denied == (
            "Abschließen ist noch nicht möglich. Bis zum 31.01.2999 kann die Entscheidung "
            "angefochten werden. Danach lässt sich der Vorgang abschließen."
        )
        assert send(desk, process, "close").status_code == 409

    def test_hands_over_to_another_authority(self, desk: Client) -> None:
        process = submitted()
        assert send(desk, process, "forward", to=" ").status_code == 422

        done(send(desk, process, "forward", to="Stadt Nebenan"))
        assert renewed(process).state == State.FORWARDED

    def test_notes_a_withdrawal(self, desk: Client) -> None:
        process = submitted()
        done(send(desk, process, "withdraw", reason="Umgezogen."))

        assert renewed(process).state == State.WITHDRAWN


class TestWriting:
    def test_leaves_a_note_that_stands_on_the_case(self, desk: Client) -> None:
        process = submitted()
        done(send(desk, process, "note", text="Rückruf am Montag."))

        (note,) = desk.get(f"/cases/{process.case_id}").context["page"].notes
        assert (note.author, note.text) == ("Ana Lopes", "Rückruf am Montag.")

    def test_refuses_an_empty_note(self, desk: Client) -> None:
        response = send(desk, submitted(), "note", text="  ")

        assert response.status_code == 422
        assert form(response, "note").fields[0].error == "Schreiben Sie, worum es geht."

    def test_says_that_a_closed_file_takes_no_note(self, desk: Client) -> None:
        process = submitted()
        decide(process.case_id, Step.GRANT, by=colleague(), at=AT)
        drained()
        notify_by_post(process.case_id, AT.date(), by=colleague(), at=AT)
        close(process.case_id, by=machine(), at=AT)
        response = send(desk, process, "note", text="Zu spät.")

        assert response.status_code == 409
        assert "Ein abgeschlossener Vorgang nimmt nichts mehr auf" in response.content.decode()

    def test_sends_a_message_to_the_portal(self, desk: Client) -> None:
        process = submitted()
        done(send(desk, process, "message", text="Wir melden uns morgen."))

        message = Message.objects.get(case_id=process.case_id)
        assert (message.text, message.direction) == ("Wir melden uns morgen.", "out")


class TestEveryStep:
    STEPS = (
        "take",
        "assign",
        "request-proof",
        "grant",
        "grant-in-part",
        "refuse",
        "notify",
        "close",
        "reopen",
        "forward",
        "withdraw",
        "note",
        "message",
        "read",
        "recall",
        "note-failure",
    )

    @pytest.mark.parametrize("step", STEPS)
    def test_on_a_case_one_does_not_see_is_not_found(self, signed_in: SignedIn, step: str) -> None:
        filled = {"text": "x", "reason": "x", "reasons": "x", "days": "14", "to": "x"}
        fields = filled | {"posted_on": "2026-03-10"}

        assert send(signed_in("j.kessler"), submitted(), step, **fields).status_code == 404

    @pytest.mark.parametrize("step", [step for step in STEPS if step != "assign"])
    def test_merely_opened_shows_the_case(self, desk: Client, step: str) -> None:
        process = submitted()
        response = desk.get(f"/cases/{process.case_id}/{step}")

        assert response.headers["Location"] == f"/cases/{process.case_id}"
        assert renewed(process).revision == 0
