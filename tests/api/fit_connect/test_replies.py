"""What goes back to the sender over the reply channel, and what the sender writes to us."""

import json
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jwk import RSAKey

from api.fit_connect.hearing import reply_schema_uri
from api.fit_connect.notices import notice_schema, notice_schema_uri
from api.fit_connect.polling import poll
from api.models import FitConnectNotice, FitConnectReply, FitConnectSubmission
from api.models.fit_connect import Stage
from backoffice.demo.fit_connect_sender import Parcel, hand_in
from backoffice.demo.fit_connect_service import DeliveryService, Held
from efile.kernel.clock import now, real_now
from efile.models import Document, Message
from tests import factories
from tests.api.fit_connect.sending import answered_over, file, parcel, the_keys
from workflows.catalogue.forms import FormValidator
from workflows.correspondence import write_to_applicant
from workflows.decisions import decide
from workflows.machine import Step
from workflows.models import InboxItem, Process, Question
from workflows.questions import ask_applicant

Json = dict[str, Any]

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


class Dialogue:
    """A submission that was handed in, and its case; ``round`` is a minute later than the last."""

    def __init__(self, destination: DeliveryService, consent: bool = True) -> None:
        self.service = destination
        self.at = real_now()
        self.held = hand_in(parcel(edit=answered_over("fitConnect", consent)), destination)
        self.round()
        row = FitConnectSubmission.objects.get(submission_id=self.held.id)
        self.process = Process.objects.get(submission=row.submission)

    def round(self) -> None:
        self.at += timedelta(minutes=2)
        poll(at=self.at)

    @property
    def notices(self) -> list[Json]:
        return [opened(one.sent["encryptedData"]) for one in self.service.replies_to(self.held)]

    def reply(self, said: Json, *files: Any) -> Held:
        """The sender writes."""
        sent = Parcel(
            data=said, files=files, schema_uri=reply_schema_uri(), case_id=self.held.case_id
        )
        held = hand_in(sent, self.service)
        self.round()
        return held


@pytest.fixture
def dialogue(destination: DeliveryService) -> Dialogue:
    return Dialogue(destination)


@cache
def sender_key() -> RSAKey:
    return RSAKey.import_key({k: v for k, v in the_keys()["sender"].items() if k != "key_ops"})


def opened(compact: str) -> Any:
    return json.loads(opened_bytes(compact))


def opened_bytes(compact: str) -> bytes:
    algorithms = ["RSA-OAEP-256", "A256GCM"]
    plain = jwe.decrypt_compact(compact, sender_key(), algorithms=algorithms).plaintext
    assert plain is not None
    return plain


class TestANotice:
    def test_tells_the_sender_of_the_case(self, dialogue: Dialogue) -> None:
        (notice,) = dialogue.notices
        assert notice["case_reference"] == dialogue.process.case.reference
        assert [one["type"] for one in notice["events"]] == ["received"]
        assert not FormValidator(notice_schema()).errors(notice, "")
        (sent,) = dialogue.service.replies_to(dialogue.held)
        metadata = opened(sent.sent["encryptedMetadata"])
        schema = metadata["contentStructure"]["data"]["submissionSchema"]["schemaUri"]
        assert schema == notice_schema_uri()

    def test_tells_each_thing_once(self, dialogue: Dialogue) -> None:
        dialogue.round()
        assert len(dialogue.notices) == 1
        by = factories.colleague()
        write_to_applicant(dialogue.process.case_id, "Bitte rufen Sie an.", by=by, at=now())
        dialogue.round()
        dialogue.round()
        _, notice = dialogue.notices
        assert [one["text"] for one in notice["messages"]] == ["Bitte rufen Sie an."]
        assert [one["type"] for one in notice["events"]] == ["message_sent"]

    def test_brings_the_decision_and_notifies_nobody(self, dialogue: Dialogue) -> None:
        factories.drained()
        granted(dialogue)
        dialogue.round()
        factories.drained()
        dialogue.round()
        brought = {
            document["kind"]: document["attachment"]
            for notice in dialogue.notices
            for document in notice["documents"]
        }
        (sent,) = [
            one
            for one in dialogue.service.replies_to(dialogue.held)
            if brought["decision"] in one.attachments
        ]
        assert opened_bytes(sent.attachments[brought["decision"]]).startswith(b"%PDF")
        process = Process.objects.get(case_id=dialogue.process.case_id)
        assert process.state == "decided"

    def test_without_consent_brings_no_decision(self, destination: DeliveryService) -> None:
        dialogue = Dialogue(destination, consent=False)
        factories.drained()
        granted(dialogue)
        factories.drained()
        dialogue.round()
        notice = dialogue.notices[-1]
        assert (notice["state"], notice["documents"]) == ("decided", [])

    @pytest.mark.parametrize("call", ["announce", "put_attachment", "send", "events"])
    @pytest.mark.parametrize("status", [500, -500])
    def test_is_sent_once_whatever_fails(self, dialogue: Dialogue, call: str, status: int) -> None:
        by = factories.colleague()
        write_to_applicant(dialogue.process.case_id, "Bitte rufen Sie an.", by=by, at=now())
        dialogue.service.upset = {call: status}
        dialogue.round()
        dialogue.at += 2 * HOUR
        dialogue.round()
        dialogue.round()
        assert len(dialogue.notices) == 2
        assert not FitConnectNotice.objects.filter(sent_at=None).exists()


class TestAReply:
    def test_is_a_message_with_its_files(self, dialogue: Dialogue) -> None:
        enclosed = file(filename="Foto.pdf")
        held = dialogue.reply({"text": "Anbei das Foto."}, enclosed)
        message = Message.objects.get(case_id=dialogue.process.case_id, direction="in")
        assert message.text == "Anbei das Foto."
        titles = Document.objects.filter(case_id=dialogue.process.case_id).values_list("title")
        assert ("Foto.pdf",) in titles
        assert dialogue.service.told(held)[-1][0] == "accept-reply"

    def test_answers_a_question(self, dialogue: Dialogue) -> None:
        question = asked(dialogue)
        dialogue.round()
        assert dialogue.notices[-1]["questions"][0]["id"] == str(question.id)
        dialogue.reply({"text": "Hier.", "question": str(question.id)}, file())
        question.refresh_from_db()
        assert question.answered_at
        assert Process.objects.get(case_id=dialogue.process.case_id).state == "in_examination"

    def test_to_a_question_that_is_closed_is_a_message(self, dialogue: Dialogue) -> None:
        question = asked(dialogue)
        for text in ("Hier.", "Noch etwas."):
            held = dialogue.reply({"text": text, "question": str(question.id)})
            assert dialogue.service.told(held)[-1][0] == "accept-reply"
        texts = Message.objects.filter(direction="in").values_list("text", flat=True)
        assert set(texts) == {"Hier.", "Noch etwas."}

    def test_of_another_schema_is_read_by_a_person(self, dialogue: Dialogue) -> None:
        sent = Parcel(
            data=b"<antwort/>",
            schema_uri="urn:theirs",
            media_type="application/xml",
            case_id=dialogue.held.case_id,
        )
        hand_in(sent, dialogue.service)
        dialogue.round()
        assert Document.objects.filter(title="Fachdaten.xml").exists()

    def test_that_is_faulty_is_rejected(self, dialogue: Dialogue) -> None:
        held = dialogue.reply({"words": "?"})
        what, told = dialogue.service.told(held)[-1]
        assert what == "reject-reply"
        assert told["problems"][0]["instance"] == "data"

    def test_is_filed_once_however_often_it_is_taken(self, dialogue: Dialogue) -> None:
        dialogue.service.upset = {"tell": 500}
        held = dialogue.reply({"text": "Einmal."}, file())
        FitConnectReply.objects.update(stage=Stage.SEEN, due_at=dialogue.at)
        dialogue.round()
        assert Message.objects.filter(direction="in").count() == 1
        assert FitConnectReply.objects.get().stage == Stage.ACCEPTED
        assert dialogue.service.told(held)[-1][0] == "accept-reply"

    def test_waits_while_the_submission_is_no_case_yet(self, destination: DeliveryService) -> None:
        held = hand_in(parcel(data={"form": {}}), destination)
        poll(at=real_now())
        assert InboxItem.objects.exists()
        sent = Parcel(data={"text": "?"}, schema_uri=reply_schema_uri(), case_id=held.case_id)
        hand_in(sent, destination)
        poll(at=real_now())
        row = FitConnectReply.objects.get()
        assert (row.stage, row.failure) == (Stage.SEEN, "in_clarification")


def asked(dialogue: Dialogue) -> Question:
    factories.drained()
    return ask_applicant(
        dialogue.process.case_id,
        text="Wie lautet die Fahrgestellnummer?",
        proofs=[],
        days=14,
        by=factories.colleague(),
        at=now(),
    )


def granted(dialogue: Dialogue) -> None:
    by = factories.colleague()
    decide(dialogue.process.case_id, Step.GRANT, reasons="", clauses="", by=by, at=now())
