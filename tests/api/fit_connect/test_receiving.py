"""A submission over FIT-Connect becomes a case like any other, and its sender is told."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from api.fit_connect.polling import poll
from api.models import FitConnectSubmission
from api.models.fit_connect import Stage
from backoffice.demo.fit_connect_sender import File, Parcel, hand_in
from backoffice.demo.fit_connect_service import DeliveryService, Held
from backoffice.demo.fit_connect_tokens import claims
from efile.kernel.clock import real_now
from efile.kernel.ids import uuid7
from efile.models import Document, DocumentVersion
from efile.storage import default_store
from tests.api.fit_connect.sending import PDF, answered_over, application, file, parcel, the_keys
from workflows.models import InboxItem, Process, Submission

Json = dict[str, Any]

pytestmark = pytest.mark.django_db


def received(destination: DeliveryService, sent: Parcel) -> tuple[Held, FitConnectSubmission]:
    """Hand in and pick up."""
    held = hand_in(sent, destination)
    poll(at=real_now())
    return held, FitConnectSubmission.objects.get(submission_id=held.id)


def ours(row: FitConnectSubmission) -> Submission:
    return Submission.objects.select_related("case").get(id=str(row.submission))


def last(destination: DeliveryService, held: Held) -> str:
    """What was last said of it."""
    return destination.told(held)[-1][0]


def content_of(document: Document) -> bytes:
    version = DocumentVersion.objects.select_related("content").get(document=document)
    with default_store().open(version.content.sha256) as stored:
        return stored.read()


class TestASoundSubmission:
    def test_is_a_case_with_its_files_and_its_date(self, destination: DeliveryService) -> None:
        yesterday = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
        destination.clock = lambda: yesterday
        proof, enclosed = file(), file(filename="Brief.pdf")
        held, row = received(destination, parcel(proof, enclosed))
        assert (row.stage, row.due_at) == (Stage.ACCEPTED, None)
        submission = ours(row)
        assert submission.case
        assert submission.channel == "fit_connect"
        assert submission.received_at == submission.case.received_at == yesterday
        documents = Document.objects.filter(case=submission.case)
        assert {(one.kind, content_of(one)) for one in documents} == {
            ("proof", proof.content),
            ("attachment", enclosed.content),
        }
        assert last(destination, held) == "accept-submission"

    def test_keeps_what_its_sender_said_of_it(self, destination: DeliveryService) -> None:
        info = {"senderReference": "PORTAL-1", "applicationDate": "2026-05-04"}
        payment = {"transactionReference": "KZ", "transactionId": "t1"} | {
            "paymentMethod": "CREDITCARD",
            "status": "BOOKED",
        }
        said = {"additionalReferenceInfo": info, "paymentInformation": payment}
        _, row = received(destination, parcel(edit=lambda metadata: metadata.update(said)))
        kept = json.loads(ours(row).envelope)["fit_connect"]
        assert (kept["sender"], kept["sender_reference"]) == ("Demo-Portal", "PORTAL-1")
        assert (kept["application_date"], kept["payment"]["status"]) == ("2026-05-04", "BOOKED")

    @pytest.mark.parametrize(
        ("channel", "consent", "electronic"),
        [
            ("fitConnect", True, True),
            ("fitConnect", False, False),
            ("fitConnect", None, False),
            ("eMail", True, False),
            ("idBundDeMailbox", True, False),
            (None, True, False),
        ],
    )
    def test_is_answered_electronically_by_consent_over_a_channel_that_carries(
        self,
        destination: DeliveryService,
        channel: str | None,
        consent: bool | None,
        electronic: bool,
    ) -> None:
        _, row = received(destination, parcel(edit=answered_over(channel, consent)))
        envelope = json.loads(ours(row).envelope)
        assert envelope["consents"]["electronic_delivery"] is electronic
        assert envelope["reply_channel"]["kind"] == (channel or "post")
        assert "address" not in row.reply_channel

    def test_may_be_deflated_and_for_an_older_key(self, destination: DeliveryService) -> None:
        older = the_keys()["keys"][2]["kid"]
        proof = file(PDF + b"x" * 600_000)
        _, row = received(destination, parcel(proof, kid=older, deflate=True))
        case = ours(row).case
        assert content_of(Document.objects.get(case=case)) == proof.content

    def test_may_send_a_large_file_in_fragments(self, destination: DeliveryService) -> None:
        first, second = file(PDF + bytes(400_000)), file(bytes(300_000) + b"end")
        whole = uuid7()

        def fragmented(metadata: Json) -> None:
            (one, _) = metadata["contentStructure"]["attachments"]
            content = first.content + second.content
            digest = {"type": "sha512", "content": hashlib.sha512(content).hexdigest()}
            parts = [str(first.id), str(second.id)]
            one |= {"attachmentId": str(whole), "hash": digest, "fragments": parts}
            metadata["contentStructure"]["attachments"] = [one]

        data = application(File(whole, "", b""))
        _, row = received(destination, parcel(first, second, data=data, edit=fragmented))
        document = Document.objects.get(case=ours(row).case)
        assert content_of(document) == first.content + second.content

    def test_is_seen_once_however_often_is_asked(self, destination: DeliveryService) -> None:
        held = hand_in(parcel(), destination)
        assert [poll(at=real_now()), poll(at=real_now())] == [1, 0]
        events = [what for what, _ in destination.told(held)]
        assert events.count("accept-submission") == 1
        assert Process.objects.count() == 1

    def test_is_answered_in_our_name(self, destination: DeliveryService) -> None:
        held, _ = received(destination, parcel())
        said = claims(destination.logs[held.case_id][-1])
        assert said["iss"] == str(destination.held[held.id].to)
        assert said["sub"] == f"submission:{held.id}"


class TestWhatIsWrongInASoundSubmission:
    """§ 24 (3) VwVfG: it is no reason to reject; a person looks at it."""

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"form": {"plate": "?"}}, "invalid_form"),
            ({"parties": []}, "invalid_form"),
        ],
    )
    def test_is_clarified(self, destination: DeliveryService, changes: Json, reason: str) -> None:
        proof = file()
        held, row = received(destination, parcel(proof, data=application(proof) | changes))
        item = InboxItem.objects.get(submission=row.submission)
        assert (item.reason, last(destination, held)) == (reason, "accept-submission")
        assert item.scope
        assert not ours(row).case

    def test_of_another_schema_is_clarified_with_the_data_as_sent(
        self, destination: DeliveryService
    ) -> None:
        xml = b"<antrag>\n  <kennzeichen>D-LM 1</kennzeichen></antrag>"
        sent = parcel(
            file(), data=xml, schema_uri="urn:xoev:antrag:1.0", media_type="application/xml"
        )
        held, row = received(destination, sent)
        item = InboxItem.objects.get(submission=row.submission)
        data, _ = item.content["attachments"]
        with default_store().open(data["sha256"]) as stored:
            assert (stored.read(), data["filename"]) == (xml, "Fachdaten.xml")
        assert (item.scope != "", last(destination, held)) == (True, "accept-submission")

    def test_for_none_of_our_services_is_clarified(self, destination: DeliveryService) -> None:
        unknown = "urn:de:fim:leika:leistung:99999999999999"
        destination.services = []
        sent = parcel(identifier=unknown, schema_uri="urn:somebody:else")
        _, row = received(destination, sent)
        assert InboxItem.objects.get(submission=row.submission).reason == "unknown_service"
        assert ours(row).service_key == unknown

    def test_of_a_full_day_is_clarified(self, destination: DeliveryService) -> None:
        from api.fit_connect.application import schema_uri
        from tests import factories
        from workflows.offers import current_offer

        example = current_offer(factories.city().pk, "bulky-waste").definition.as_json()["example"]
        form = example["form"] | {"wish_date": "2026-12-24", "strict": True}
        data = {"form": form, "parties": example["parties"]}
        destination.services = []
        sent = parcel(data=data, files=(), schema_uri=schema_uri("bulky-waste"), identifier="urn:x")
        _, row = received(destination, sent)
        item = InboxItem.objects.get(submission=row.submission)
        assert [error["rule"] for error in item.errors] == ["slot_taken"]


def edited(*path: str, to: Any) -> Callable[[Json], None]:
    """Metadata in which ``path`` says something else."""

    def edit(metadata: Json) -> None:
        *above, name = path
        for step in above:
            metadata = metadata[step]
        metadata[name] = to

    return edit


def without_attachments(metadata: Json) -> None:
    metadata["contentStructure"]["attachments"] = []


def with_wrong_hash(metadata: Json) -> None:
    metadata["contentStructure"]["attachments"][0]["hash"]["content"] = "0" * 128


METADATA = "https://schema.fitko.de/fit-connect/metadata/{}/metadata.schema.json"
# The same in every test process, which lists its tests by it.
PROOF = replace(file(), id=UUID("01890000-0000-7000-8000-00000000f17c"))
FAULTS: list[tuple[str, str, Json]] = [
    ("syntax-violation", "metadata", {"plain": b"{"}),
    ("syntax-violation", "metadata", {"plain": b'{"a": 1, "a": 2}'}),
    ("schema-violation", "metadata", {"plain": b"[]"}),
    ("missing-schema", "metadata", {"plain": b"{}"}),
    ("unsupported-schema", "metadata", {"edit": edited("$schema", to=METADATA.format("1.2.0"))}),
    ("unsupported-schema", "metadata", {"edit": edited("$schema", to=METADATA.format("3.0.0"))}),
    ("schema-violation", "metadata", {"edit": edited("contentStructure", to={})}),
    (
        "service-mismatch",
        "metadata",
        {"edit": edited("publicServiceType", to={"identifier": "urn:x"})},
    ),
    ("service-mismatch", "metadata", {"region": "DE1"}),
    ("unsupported-service", "metadata", {"identifier": "urn:x"}),
    ("syntax-violation", "data", {"data": b"{"}),
    ("schema-violation", "data", {"data": {"parties": []}}),
    ("schema-violation", "data", {"data": {"form": {}, "more": 1}}),
    (
        "hash-mismatch",
        "data",
        {"edit": edited("contentStructure", "data", "hash", "content", to="0" * 128)},
    ),
    ("hash-mismatch", f"attachment:{PROOF.id}", {"edit": with_wrong_hash}),
    ("attachments-mismatch", "metadata", {"edit": without_attachments}),
    ("missing-attachment", f"attachment:{PROOF.id}", {"leave_out": [PROOF.id]}),
]


class TestAFormallyFaultySubmission:
    @pytest.mark.parametrize(("name", "instance", "changes"), FAULTS)
    def test_is_rejected_by_name(
        self, destination: DeliveryService, name: str, instance: str, changes: Json
    ) -> None:
        held, row = received(destination, parcel(PROOF, **changes))
        assert_rejected(destination, held, row, (name, instance))

    @pytest.mark.parametrize("version", ["1.3.0", "1.9.9", "2.0.0", "2.7.1"])
    def test_is_none_for_an_older_or_newer_version(
        self, destination: DeliveryService, version: str
    ) -> None:
        edit = edited("$schema", to=METADATA.format(version))
        _, row = received(destination, parcel(edit=edit))
        assert row.stage == Stage.ACCEPTED

    def test_is_one_in_a_schema_that_the_destination_does_not_name(
        self, destination: DeliveryService
    ) -> None:
        destination.services[0]["submissionSchemas"] = [{"schemaUri": "urn:theirs"}]
        held, row = received(destination, parcel(schema_uri="urn:other"))
        assert_rejected(destination, held, row, ("unsupported-data-schema", "data"))

    def test_is_one_without_data(self, destination: DeliveryService) -> None:
        held = hand_in(parcel(), destination)
        held.sent["encryptedData"] = ""
        poll(at=real_now())
        assert_rejected(destination, held, row_of(held), ("missing-data", "data"))

    def test_is_one_larger_than_what_can_be_taken(
        self, destination: DeliveryService, settings: Any
    ) -> None:
        settings.FITCONNECT_ATTACHMENT_MAX_BYTES = 1000
        proof = file(PDF + bytes(1000))
        held, row = received(destination, parcel(proof))
        assert_rejected(destination, held, row, ("technical-error", f"attachment:{proof.id}"))


def assert_rejected(
    destination: DeliveryService, held: Held, row: FitConnectSubmission, *problems: tuple[str, str]
) -> None:
    what, told = destination.told(held)[-1]
    names = [(one["type"].rpartition("/")[2], one["instance"]) for one in told["problems"]]
    assert (what, names, row.stage) == ("reject-submission", list(problems), Stage.REJECTED)
    assert not Submission.objects.exists()


def row_of(held: Held) -> FitConnectSubmission:
    return FitConnectSubmission.objects.get(submission_id=held.id)


class TestAnEventLog:
    @pytest.mark.parametrize(
        "forge",
        [
            lambda service, held: service.logs[held.case_id].append("a.b.c"),
            lambda service, held: service.log("notify", held, txn=f"case:{uuid7()}"),
            lambda service, held: service.log("notify", held, events={}),
            lambda service, held: service.log("notify", held, iss="http://elsewhere.example"),
            lambda service, held: service.log("notify", held, iss=str(uuid7())),
            lambda service, held: service.log("accept", held),
            lambda service, held: service.log("submit", held),
            lambda service, held: service.log("notify", held, sub="somebody"),
            lambda service, held: service.log("notify", held, **{"$schema": "urn:x"}),
            lambda service, held: service.logs[held.case_id].pop(),
            lambda service, held: service.logs.update(
                {held.case_id: [altered(one) for one in service.logs[held.case_id]]}
            ),
        ],
    )
    def test_that_was_tampered_with_is_not_relied_on(
        self, destination: DeliveryService, forge: Callable[[DeliveryService, Held], object]
    ) -> None:
        held = hand_in(parcel(), destination)
        forge(destination, held)
        poll(at=real_now())
        row = row_of(held)
        assert row.problems == [{"name": "invalid-event-log", "instance": "metadata"}]
        assert not Submission.objects.exists()

    @pytest.mark.parametrize("instance", ["metadata", "data", "attachment"])
    def test_names_the_tags_of_what_was_sent(
        self, destination: DeliveryService, instance: str
    ) -> None:
        proof, other = file(), file()
        held = hand_in(parcel(proof), destination)
        swapped = hand_in(parcel(other), destination)
        where = instance
        if instance == "attachment":
            held.attachments[str(proof.id)] = swapped.attachments[str(other.id)]
            where = f"attachment:{proof.id}"
        else:
            member = {"metadata": "encryptedMetadata", "data": "encryptedData"}[instance]
            held.sent[member] = swapped.sent[member]
        poll(at=real_now())
        expected = [{"name": "incorrect-authentication-tag", "instance": where}]
        assert row_of(held).problems == expected


def altered(token: str) -> str:
    """The token with its last character changed: another signature."""
    header, payload, signature = token.split(".")
    return f"{header}.{payload}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


class TestWhatIsEncrypted:
    def test_for_nobody_here_is_rejected(self, destination: DeliveryService) -> None:
        destination.keys["stranger"] = destination.keys[destination.encryption_kid] | {
            "kid": "stranger"
        }
        held = hand_in(parcel(kid="stranger"), destination)
        poll(at=real_now())
        problems = row_of(held).problems
        assert problems[0] == {"name": "encryption-issue", "instance": "metadata"}
