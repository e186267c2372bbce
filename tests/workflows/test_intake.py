"""Intake: one call makes one case with a receipt, however often and in whatever state it comes."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid
from efile.kernel.ids import uuid7
from efile.models import Case, CaseFile, Document, Party, Upload
from tests.factories import AT, DAY, body, portal, submit, submitted, uploaded
from tests.workflows.working import published, recorded, told
from workflows.envelope import Envelope
from workflows.intake import accept
from workflows.models import Booking, Deadline, IdempotencyKey, Process, State, Submission
from workflows.repeat import KeyReused
from workflows.slots import NoSlot, SlotTaken

pytestmark = pytest.mark.django_db


def sent_as(text: str) -> Envelope:
    return Envelope(text, json.loads(text))


def envelope(sent: dict[str, Any]) -> Envelope:
    return sent_as(json.dumps(sent, ensure_ascii=False))


def faults(sent: dict[str, Any], *, by: Actor | None = None) -> list[tuple[str, str]]:
    """Pointer and rule of everything for which ``sent`` is refused."""
    with pytest.raises(Invalid) as refusal:
        submit(sent, by=by)
    return [(error.pointer, error.rule) for error in refusal.value.errors]


class TestTheReceipt:
    def test_names_the_case_its_file_and_everything_that_was_handed_in(self) -> None:
        sent = body()
        receipt = submit(sent)
        process = Process.objects.select_related("case__case_file").get()
        (document,) = Document.objects.filter(case_id=process.case_id)
        assert receipt.pop("signature").count(".") == 2
        assert receipt.pop("attachments") == [
            {
                "upload": sent["attachments"][0]["upload"],
                "document": str(document.id),
                "sha256": Upload.objects.select_related("content").get().content.sha256,
            }
        ]
        assert receipt == {
            "id": str(process.submission),
            "received_at": "2026-03-10T11:00:00+00:00",
            "service": "resident-parking",
            "case_reference": "32.2-000001/26-01",
            "file_reference": "32.2-000001/26",
            "state": "received",
            "service_version": 1,
        }
        assert process.case.reference == receipt["case_reference"]
        assert process.case.case_file.reference == receipt["file_reference"]

    def test_names_the_appointment_of_a_collection(self) -> None:
        receipt = submit(body("bulky-waste"))
        slot = Booking.objects.select_related("slot").get().slot
        assert slot
        assert receipt["appointment"] == {
            "slot": str(slot.id),
            "state": "booked",
            "kind": "standard",
            "district": "2",
            "date": slot.day.isoformat(),
            "start": "07:00",
            "end": "16:00",
            "wished": None,
            "moved": False,
        }
        assert slot.day > AT.date()

    def test_draws_the_next_number_of_the_year(self) -> None:
        silvester = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
        new_year = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)  # midnight in Berlin
        numbers = [
            submit(body(), at=at)["file_reference"] for at in (AT, silvester, new_year, new_year)
        ]
        assert numbers == ["32.2-000001/26", "32.2-000002/26", "32.2-000001/27", "32.2-000002/27"]


class TestACase:
    """What an accepted submission leaves behind."""

    def test_is_what_was_applied_for(self) -> None:
        process = submitted()
        assert (process.state, process.service_key) == (State.RECEIVED, "resident-parking")
        assert process.source == "portal:portal"
        assert (process.case.subject, process.case.applicant) == (
            "Bewohnerparkausweis, Zone A4",
            "Yılmaz, Đorđe",
        )
        assert process.case.received_at == process.case.opened_at == process.state_since == AT
        assert process.case.retention_years == 3
        assert recorded(process.case_id) == ["process.started", "case.opened"]
        assert told(process.case_id) == ["received"]

    def test_knows_its_parties_and_keeps_no_pseudonym(self) -> None:
        sent = body()
        sent["parties"][0]["identity"]["bpk2"] = "pseudonym of the BundID"
        submit(sent)
        party = Party.objects.get()
        assert (party.family_name, party.birth_date.isoformat()) == ("Yılmaz", "1981-04-02")  # type: ignore[union-attr]
        assert (party.identity_source, party.assurance) == ("bundid", "substantial")
        assert re.fullmatch(r"[0-9a-f]{64}", party.holder)
        assert "pseudonym" not in Submission.objects.get().envelope

    def test_keeps_the_envelope_to_the_letter(self) -> None:
        text = "  " + json.dumps(body(), ensure_ascii=True, indent=3) + "\n"
        accept(sent_as(text), key="k", by=portal(), at=AT)
        assert Submission.objects.get().envelope == text

    def test_has_a_target_in_working_days_of_the_office(self) -> None:
        process = submitted()
        deadline = Deadline.objects.get(case_id=process.case_id, key="processing")
        # Ten working days from Tuesday, 10 March 2026.
        assert deadline.ends_on.isoformat() == "2026-03-24"
        assert (deadline.key, deadline.rule, deadline.is_running) == (
            "processing",
            "working_days",
            True,
        )
        assert process.due_on == deadline.ends_on

    def test_has_a_file_of_its_own_where_the_service_says_so(self) -> None:
        sent = body()
        sent["parties"][0]["identity"]["bpk2"] = "the same person"
        files = {submit(body(parties=sent["parties"]))["file_reference"] for _ in range(2)}
        assert len(files) == 2


class TestAFilePerApplicant:
    @pytest.fixture(autouse=True)
    def grouping(self) -> None:
        published("resident-parking", lambda d: d["file"].update(grouping="per_applicant"))

    def file_of(self, bpk2: str = "", **party: Any) -> str:
        sent = body()
        sent["parties"][0] |= party
        if bpk2:
            sent["parties"][0]["identity"]["bpk2"] = bpk2
        receipt = submit(sent)
        assert receipt["case_reference"].startswith(receipt["file_reference"])
        return str(receipt["case_reference"])

    def test_takes_every_case_of_the_same_pseudonym(self) -> None:
        assert [self.file_of("one"), self.file_of("two"), self.file_of("one")] == [
            "32.2-000001/26-01",
            "32.2-000002/26-01",
            "32.2-000001/26-02",
        ]

    def test_is_never_joined_by_name(self) -> None:
        assert len({self.file_of()[:-3] for _ in range(2)}) == 2

    def test_is_found_under_whatever_name_the_person_has_by_now(self) -> None:
        self.file_of("one")
        assert self.file_of("one", family_name="Öztürk") == "32.2-000001/26-02"


class TestAFilePerObject:
    def test_takes_every_case_about_the_object(self) -> None:
        published(
            "resident-parking",
            lambda d: d["file"].update(grouping="per_object", object="/form/plate"),
        )
        plates = ["D-LM 123", "D-LM 124", "D-LM 123"]
        references = [
            submit(body(form={"plate": plate, "zone": "A4"}))["case_reference"] for plate in plates
        ]
        assert references == ["32.2-000001/26-01", "32.2-000002/26-01", "32.2-000001/26-02"]
        assert CaseFile.objects.get(object_key="D-LM 123").cases == 2


class TestAPseudonym:
    def test_is_kept_as_a_keyed_hash_and_nowhere_else(self) -> None:
        sent = body()
        sent["parties"][0]["identity"] = {
            "source": "bundid",
            "assurance": "substantial",
            "bpk2": "a-bPK2-nobody-else-has",
        }
        receipt = submit(sent)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_name FROM information_schema.tables "
                "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            )
            for (table,) in cursor.fetchall():
                if _readable(cursor, table):
                    cursor.execute(
                        f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [SOUGHT]
                    )
                    assert cursor.fetchone() == (0,), table
        (party,) = Party.objects.filter(case__reference=receipt["case_reference"])
        assert len(party.holder) == 64

    def test_leaves_what_names_none_to_the_letter(self) -> None:
        sent = body()
        sent["parties"][0].pop("identity", None)
        sent["parties"][0]["identity"] = {"source": "bundid", "assurance": "substantial"}
        text = json.dumps(sent, indent=3)
        accept(Envelope(text, sent), key="as it is", by=portal(), at=AT)
        assert Submission.objects.latest("received_at", "id").envelope == text


SOUGHT = "%a-bPK2-nobody-else-has%"


def _readable(cursor: Any, table: str) -> bool:
    cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
    return bool(cursor.fetchone()[0])


class TestTheSameCallAgain:
    def test_gets_the_same_bytes_and_nothing_new_happens(self) -> None:
        sent = envelope(body())
        first, replayed = accept(sent, key="key", by=portal(), at=AT)
        assert not replayed
        again, replayed = accept(sent, key="key", by=portal(), at=AT + 30 * DAY)
        assert replayed
        assert again == first
        assert Case.objects.count() == Submission.objects.count() == 1

    def test_is_known_in_another_spelling_of_the_same_json(self) -> None:
        sent = body()
        first, _ = accept(envelope(sent), key="key", by=portal(), at=AT)
        other = json.dumps(dict(reversed(sent.items())), indent=2, ensure_ascii=True)
        assert accept(sent_as(other), key="key", by=portal(), at=AT) == (first, True)

    def test_is_still_answered_when_the_service_would_refuse_it_by_now(self) -> None:
        sent = envelope(body(form={"plate": "D-LM 999", "zone": "A4"}))
        first, _ = accept(sent, key="key", by=portal(), at=AT)
        only = {"pattern": "^D-LM 123$"}
        published("resident-parking", lambda d: d["form"]["properties"]["plate"].update(only))
        assert accept(sent, key="key", by=portal(), at=AT) == (first, True)

    def test_with_another_body_is_refused(self) -> None:
        accept(envelope(body()), key="key", by=portal(), at=AT)
        with pytest.raises(KeyReused):
            accept(envelope(body()), key="key", by=portal(), at=AT)
        with pytest.raises(KeyReused):
            accept(envelope({"service": "unknown", "form": {}}), key="key", by=portal(), at=AT)
        assert Case.objects.count() == 1

    def test_from_another_sender_is_another_call(self) -> None:
        one, other = portal("one"), portal("other")
        first, _ = accept(envelope(body(by=one)), key="key", by=one, at=AT)
        second, replayed = accept(envelope(body(by=other)), key="key", by=other, at=AT)
        assert not replayed
        assert json.loads(first)["case_reference"] != json.loads(second)["case_reference"]


class TestARefusedCall:
    def test_names_every_fault_at_once(self) -> None:
        sent = body(
            form={"plate": "falsch", "zone": "Z", "colour": "rot"},
            attachments=[{"upload": str(uuid7()), "proof": "photo"}],
        )
        sent["parties"][0] |= {"birth_date": "gestern"}
        sent["parties"][0]["identity"]["assurance"] = "none"
        assert sorted(faults(sent)) == [
            ("/attachments/0/proof", "proof_unknown"),
            ("/form/colour", "additional_properties"),
            ("/form/plate", "pattern"),
            ("/form/zone", "pattern"),
            ("/parties/0/birth_date", "format"),
            ("/parties/0/identity/assurance", "assurance_too_low"),
        ]

    def test_names_an_unknown_service(self) -> None:
        assert faults({"service": "fishing-permit", "form": {}}) == [
            ("/service", "unknown_service")
        ]

    def test_names_a_missing_proof(self) -> None:
        form = {"plate": "D-LM 123", "zone": "A4", "keeper": "family", "keeper_name": "Eva Groß"}
        sent = body(form=form)
        with pytest.raises(Invalid) as refusal:
            submit(sent)
        assert refusal.value.errors == (
            FieldError("/attachments", "proof_missing", {"proof": "use-certificate"}),
        )

    def test_leaves_nothing_behind_but_uses_neither_key_nor_upload_nor_number(self) -> None:
        sent = body()
        broken = sent | {"form": {"plate": "D-LM 123"}}
        with pytest.raises(Invalid):
            accept(envelope(broken), key="key", by=portal(), at=AT)
        assert not IdempotencyKey.objects.exists()
        assert not Upload.objects.filter(claimed_at__isnull=False).exists()
        receipt, replayed = accept(envelope(sent), key="key", by=portal(), at=AT)
        assert not replayed
        assert json.loads(receipt)["file_reference"] == "32.2-000001/26"

    @pytest.mark.parametrize("why", ["unknown", "used", "foreign", "expired"])
    def test_says_of_every_upload_it_cannot_use_the_same(self, why: str) -> None:
        sent = body()
        if why == "unknown":
            sent["attachments"][0]["upload"] = str(uuid7())
        elif why == "used":
            submit(sent)
        elif why == "foreign":
            sent["attachments"][0]["upload"] = uploaded(portal("other"))
        else:
            Upload.objects.update(expires_at=AT - DAY)
        good = {"upload": uploaded(portal())}
        sent["attachments"] = [good, *sent["attachments"]]
        assert faults(sent) == [("/attachments/1/upload", "upload_not_available")]
        assert Upload.objects.get(id=good["upload"]).claimed_at is None

    def test_looks_at_what_the_upload_is(self) -> None:
        def change(document: dict[str, Any]) -> None:
            document["proofs"][0] |= {"max_bytes": 1024}
            document["proofs"][1] |= {"media_types": ["image/png"]}

        published("resident-parking", change)
        sent = body()
        sent["attachments"] = [
            {"upload": uploaded(portal(), bytes(1025)), "proof": "registration-certificate"},
            {"upload": uploaded(portal()), "proof": "use-certificate"},
            {"upload": uploaded(portal())},
        ]
        with pytest.raises(Invalid) as refusal:
            submit(sent)
        assert refusal.value.errors == (
            FieldError("/attachments/0/upload", "max_bytes", {"limit": 1024}),
            FieldError("/attachments/1/upload", "media_type", {"allowed": ["image/png"]}),
        )
        assert not Upload.objects.filter(claimed_at__isnull=False).exists()

    def test_of_a_strict_wish_keeps_no_case(self) -> None:
        # No collections on Sundays.
        form = body("bulky-waste")["form"] | {"wish_date": "2026-03-15", "strict": True}
        with pytest.raises(SlotTaken):
            submit(body("bulky-waste", form=form))
        assert not Case.objects.exists()

    def test_of_a_collection_beyond_the_calendar_keeps_no_case(self) -> None:
        form = body("bulky-waste")["form"] | {"wish_date": "2031-03-17"}
        with pytest.raises(NoSlot) as refusal:
            submit(body("bulky-waste", form=form))
        assert refusal.value.facts == {"kind": "standard", "district": "2"}
        assert not Case.objects.exists()

    def test_is_refused_where_the_body_has_no_canonical_form(self) -> None:
        sent = sent_as('{"service": "resident-parking", "form": {"plate": 1e999}}')
        with pytest.raises(Invalid) as refusal:
            accept(sent, key="key", by=portal(), at=AT)
        assert [error.rule for error in refusal.value.errors] == ["not_canonicalizable"]


def test_an_upload_named_twice_becomes_two_documents() -> None:
    twice = [{"upload": uploaded(portal())}] * 2
    receipt = submit(body() | {"attachments": twice})
    documents = [one["document"] for one in receipt["attachments"]]
    assert len(set(documents)) == Document.objects.filter(id__in=documents).count() == 2
