"""What cannot be matched is kept to the letter, and becomes a case when a person says of what."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from efile.kernel.errors import Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.models import Case, Document, Upload
from tests.factories import AT, DAY, body, colleague, drained, portal, submit, submitted, uploaded
from tests.workflows.conftest import Clock
from tests.workflows.working import last_values, published, recorded, told
from workflows.envelope import Envelope
from workflows.inbox import ItemIsSettled, keep_post
from workflows.intake import accept, assign_to_service
from workflows.models import (
    Booking,
    CheckResult,
    IdempotencyKey,
    InboxItem,
    Process,
    State,
    Submission,
    Task,
)
from workflows.public import public_status

pytestmark = pytest.mark.django_db

USED_BY_FAMILY = {"plate": "D-LM 123", "zone": "A4", "keeper": "family", "keeper_name": "E. Groß"}


def unclear(**changes: Any) -> dict[str, Any]:
    """An application for a permit, sent by somebody who cannot correct it any more."""
    return body() | {"on_invalid": "clarify"} | changes


def kept(**changes: Any) -> InboxItem:
    receipt = submit(unclear(**changes))
    assert receipt["state"] == "in_clarification"
    return InboxItem.objects.select_related("submission").get(submission=UUID(receipt["id"]))


class TestClarify:
    @pytest.mark.parametrize(
        ("changes", "reason", "fault"),
        [
            ({"service": "fishing-permit"}, "unknown_service", "/service"),
            ({"form": {"plate": "D-LM 123"}}, "invalid_form", "/form/zone"),
            ({"form": USED_BY_FAMILY}, "missing_proof", "/attachments"),
            ({"parties": []}, "invalid_form", "/parties"),
        ],
    )
    def test_keeps_what_cannot_be_matched_and_says_why(
        self, changes: dict[str, Any], reason: str, fault: str
    ) -> None:
        item = kept(**changes)
        assert item.reason == reason
        assert [error["pointer"] for error in item.errors] == [fault]
        assert item.errors[0].keys() == {"pointer", "rule", "facts"}
        assert item.arrived_at == AT
        assert not Case.objects.exists()

    def test_gives_a_receipt_without_a_case(self) -> None:
        sent = unclear(form={})
        receipt = submit(sent)
        (attachment,) = sent["attachments"]
        assert receipt.pop("signature").count(".") == 2
        assert receipt == {
            "id": str(Submission.objects.get().id),
            "received_at": "2026-03-10T11:00:00+00:00",
            "service": "resident-parking",
            "case_reference": None,
            "file_reference": None,
            "state": "in_clarification",
            "service_version": 1,
            "attachments": [
                {
                    "upload": attachment["upload"],
                    "document": None,
                    "sha256": Upload.objects.get().content.sha256,
                }
            ],
        }

    def test_knows_no_version_of_a_service_it_does_not_know(self) -> None:
        assert submit(unclear(service="fishing-permit"))["service_version"] is None

    def test_keeps_the_body_to_the_letter_and_the_uploads_with_it(self) -> None:
        sent = unclear(form={"plate": "Müßte man wissen", "zone": 4.50})
        text = json.dumps(sent, indent=4, ensure_ascii=True) + "\n\n"
        accept(Envelope(text, sent), key="k", by=portal(), at=AT)
        item = InboxItem.objects.select_related("submission").get()
        assert item.submission
        assert item.submission.envelope == text
        upload = Upload.objects.select_related("content").get()
        assert upload.claimed_at
        assert item.content["attachments"] == [
            {
                "upload": str(upload.id),
                "content": str(upload.content_id),
                "sha256": upload.content.sha256,
                "size": upload.content.size,
                "media_type": "application/pdf",
                "filename": "Nachweis.pdf",
                "proof": "registration-certificate",
            }
        ]

    def test_keeps_what_is_wrong_only_in_the_upload_itself(self) -> None:
        published("resident-parking", lambda d: d["proofs"][0].update(media_types=["image/png"]))
        item = kept()
        assert (item.reason, item.errors[0]["pointer"]) == ("invalid_form", "/attachments/0/upload")
        assert len(item.content["attachments"]) == 1

    def test_lies_with_the_unit_of_the_service_where_that_is_known(self) -> None:
        assert kept(form={}).scope == submitted().scope
        assert kept(service="fishing-permit").scope == ""

    def test_accepts_what_is_sound(self) -> None:
        assert submit(unclear())["state"] == "received"

    def test_refuses_uploads_that_are_not_there(self) -> None:
        sent = unclear(form={}, attachments=[{"upload": str(uuid7())}])
        with pytest.raises(Invalid) as refusal:
            submit(sent)
        assert [e.rule for e in refusal.value.errors] == ["upload_not_available"]
        assert not InboxItem.objects.exists()
        assert not IdempotencyKey.objects.exists()

    def test_answers_the_same_call_with_the_same_bytes(self) -> None:
        sent = unclear(form={})
        first = accept(Envelope(json.dumps(sent), sent), key="k", by=portal(), at=AT)
        again = accept(Envelope(json.dumps(sent), sent), key="k", by=portal(), at=AT + DAY)
        assert again == (first[0], True)
        assert InboxItem.objects.count() == 1

    def test_answers_the_same_call_even_when_it_would_be_accepted_by_now(self) -> None:
        sent = unclear(form={"plate": "D-LM 123"})
        first, _ = accept(Envelope(json.dumps(sent), sent), key="k", by=portal(), at=AT)

        def without_zone(document: dict[str, Any]) -> None:
            document["form"]["required"] = ["plate"]

        published("resident-parking", without_zone)
        again = accept(Envelope(json.dumps(sent), sent), key="k", by=portal(), at=AT)
        assert again == (first, True)
        assert not Case.objects.exists()


class TestAssigningToAService:
    def test_makes_a_case_received_when_it_arrived(self) -> None:
        item = kept(service="anwohnerparken")
        later = AT + 3 * DAY
        case = assign_to_service(item.id, "resident-parking", by=colleague(), at=later)
        process = Process.objects.get(case_id=case.id)
        assert (case.received_at, case.opened_at) == (AT, later)
        assert (process.state, process.state_since) == (State.RECEIVED, later)
        # Counted from the day of arrival, Tuesday, 10 March.
        assert process.due_on.isoformat() == "2026-03-24"
        assert case.subject == "Bewohnerparkausweis, Zone A4"

    def test_gives_the_sender_their_status_and_their_events(self) -> None:
        item = kept(service="anwohnerparken")
        assert item.submission
        case = assign_to_service(item.id, "resident-parking", by=colleague(), at=AT)
        assert told(case.id) == ["received"]
        status = public_status(item.submission.id, by=portal())
        assert (status["case_reference"], status["state"]) == (case.reference, "received")

    def test_files_what_was_enclosed(self) -> None:
        case = assign_to_service(kept(form={}).id, "resident-parking", by=colleague(), at=AT)
        document = Document.objects.get(case_id=case.id)
        assert (document.kind, document.proof, document.direction, document.is_public) == (
            "proof",
            "registration-certificate",
            "in",
            True,
        )
        assert f'"document.{document.id}":[null,' in last_values(case.id)
        assert recorded(case.id) == ["process.started", "case.opened"]

    @pytest.mark.parametrize(
        "changes",
        [
            {"form": {"plate": "egal", "zone": 4, "valid_from": "morgen"}},
            {"form": {}},
            {"parties": []},
            {
                "parties": [
                    {"role": "applicant", "kind": "organisation", "birth_date": "am Ersten"},
                    {"role": "friend", "kind": "person"},
                ]
            },
        ],
    )
    def test_is_not_stopped_by_faults_and_leaves_them_to_a_person(
        self, clock: Clock, changes: dict[str, Any]
    ) -> None:
        case = assign_to_service(kept(**changes).id, "resident-parking", by=colleague(), at=AT)
        drained()
        assert Process.objects.get(case_id=case.id).state == State.RECEIVED
        task = Task.objects.get(case_id=case.id)
        assert task.kind == "examine"
        assert CheckResult.objects.filter(case_id=case.id).exists()

    def test_books_no_appointment_for_a_faulty_form(self) -> None:
        item = kept(service="bulky-waste", form={"pickup": {"street": 5}, "items": []})
        case = assign_to_service(item.id, "bulky-waste", by=colleague("j.kessler"), at=AT)
        assert not Booking.objects.exists()
        assert case.subject == "Sperrmüllabholung"

    def test_settles_the_item_once(self) -> None:
        item = kept(form={})
        by = colleague()
        assign_to_service(item.id, "resident-parking", by=by, at=AT + timedelta(hours=1))
        item.refresh_from_db()
        assert (item.settlement, item.settled_by) == ("assigned", by.key)
        with pytest.raises(ItemIsSettled):
            assign_to_service(item.id, "resident-parking", by=by, at=AT)
        assert Case.objects.count() == 1

    def test_refuses_a_service_nobody_offers(self) -> None:
        item = kept(form={})
        with pytest.raises(Invalid) as refusal:
            assign_to_service(item.id, "fishing-permit", by=colleague(), at=AT)
        assert [(e.pointer, e.rule) for e in refusal.value.errors] == [
            ("/service", "unknown_service")
        ]
        item.refresh_from_db()
        assert item.settled_at is None

    @pytest.mark.parametrize("who", ["j.kessler", "o.kruse", "v.nightingale"])
    def test_is_not_for_those_who_do_not_clarify_there(self, who: str) -> None:
        item = kept(form={})
        with pytest.raises(NotFound):
            assign_to_service(item.id, "resident-parking", by=colleague(who), at=AT)

    @pytest.mark.parametrize("who", ["j.kessler", "a.lopes", "r.sandmann"])
    def test_is_for_everybody_who_clarifies_where_the_service_is_unknown(self, who: str) -> None:
        item = kept(service="anwohnerparken")
        assign_to_service(item.id, "resident-parking", by=colleague(who), at=AT)
        assert Case.objects.count() == 1

    def test_does_not_make_a_case_of_post_for_a_closed_one(self) -> None:
        process = submitted()
        post = {"text": "Noch etwas", "attachments": [{"upload": uploaded(portal())}]}
        keep_post(process, post, by=portal(), at=AT)
        item = InboxItem.objects.get()
        with pytest.raises(NotFound):
            assign_to_service(item.id, "resident-parking", by=colleague(), at=AT)
