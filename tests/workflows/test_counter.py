"""An application that is taken down in the house is one that a portal could have sent."""

import os
from datetime import date, timedelta
from typing import Any

import pytest

from efile.kernel.clock import local_date, real_now
from efile.kernel.errors import Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.models import Case, CaseFile, Document, Party, Upload
from efile.policy import ActionNotGranted
from tests.factories import AT, DAY, body, colleague, drained, portal, submit, submitted
from tests.workflows.working import published
from workflows.application import Application
from workflows.counter import (
    Channel,
    Scan,
    Statement,
    keep_scan,
    kept_scans,
    known_applicant,
    service_for,
    services_for,
    take_down,
)
from workflows.intake import assign_to_service
from workflows.models import CheckResult, InboxItem, Process, Submission
from workflows.offers import current_offer
from workflows.repeat import KeyReused
from workflows.slots import SlotTaken

pytestmark = pytest.mark.django_db

FAMILY = {"plate": "D-LM 123", "zone": "A4", "keeper": "family", "keeper_name": "E. Groß"}
PDF = b"%PDF-1.7\n%%EOF\n"


def scan(content: bytes = b"", filename: str = "Fahrzeugschein.pdf", **changes: Any) -> Scan:
    told: dict[str, Any] = {"media_type": "application/pdf", "by": colleague(), "at": real_now()}
    return keep_scan([content or PDF + os.urandom(16)], filename=filename, **told | changes)


def statement(**changes: Any) -> Statement:
    """What Đorđe Yılmaz applies for at the counter, with his identity card on the table."""
    sent = body()
    party = {name: value for name, value in sent["parties"][0].items() if name != "identity"}
    told: dict[str, Any] = {
        "service": "resident-parking",
        "channel": "counter",
        "form": sent["form"],
        "parties": [party],
        "sight": "document",
    }
    return Statement(**told | changes)


def faults(said: Statement, who: str = "a.lopes") -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refusal:
        take_down(said, key=str(uuid7()), by=colleague(who), at=AT)
    return [(error.pointer, error.rule) for error in refusal.value.errors]


def taken(said: Statement, **changes: Any) -> Process:
    told: dict[str, Any] = {"key": str(uuid7()), "by": colleague(), "at": AT}
    case_id = take_down(said, **told | changes).case_id
    assert case_id is not None
    return Process.objects.select_related("case").get(case_id=case_id)


class TestTakingDown:
    def test_opens_a_case_like_any_other(self) -> None:
        by = colleague()
        done = take_down(statement(), key="a", by=by, at=AT)
        process = Process.objects.select_related("case").get()
        assert (done.case_id, done.item_id, done.again) == (process.case_id, None, False)
        assert done.reference == process.case.reference == "32.2-000001/26-01"
        assert process.case.applicant == "Yılmaz, Đorđe"
        assert (process.source, process.state) == (by.key, "received")
        drained()
        assert CheckResult.objects.filter(case=process.case_id).exists()

    @pytest.mark.parametrize("channel", Channel)
    def test_remembers_the_channel(self, channel: Channel) -> None:
        sights = {"counter": "document", "visit": "document", "paper": "signature"}
        if channel is Channel.PHONE:
            published("resident-parking", lambda document: document.update(assurance_level="none"))
        said = statement(channel=channel, sight=sights.get(channel, ""), received_on=local_date(AT))
        process = taken(said)
        assert Submission.objects.get(case=process.case_id).channel == channel

    def test_leaves_portals_where_they_are(self) -> None:
        assert Submission.objects.get(case=submitted().case_id).channel == "portal"

    def test_vouches_for_whom_staff_have_seen(self) -> None:
        party = Party.objects.get(case=taken(statement()).case_id)
        assert (party.identity_source, party.assurance) == ("counter", "substantial")
        # No account stands behind it: what else is known under the name is a person's to join.
        assert party.holder == ""

    def test_sends_letters_by_post(self) -> None:
        process = taken(statement())
        sent = Process.objects.select_related("version").get(case_id=process.case_id)
        assert Application.of(sent).electronic is False

    def test_joins_no_file_by_name(self) -> None:
        taken(statement())
        taken(statement())
        assert CaseFile.objects.count() == 2

    def test_files_the_scans_as_what_they_are(self) -> None:
        proof, other = scan(), scan(filename="Skizze.pdf")
        said = statement(scans=[("registration-certificate", proof), ("", other)])
        documents = Document.objects.filter(case=taken(said).case_id).order_by("kind")
        assert [(one.kind, one.proof) for one in documents] == [
            ("attachment", ""),
            ("proof", "registration-certificate"),
        ]

    def test_keeps_the_language_of_the_person(self) -> None:
        process = taken(statement(language="en"))
        assert Submission.objects.get(case=process.case_id).language == "en"


class TestPaper:
    def paper(self, **changes: Any) -> Statement:
        return statement(**{"channel": "paper", "sight": "signature"} | changes)

    def test_counts_from_its_entrance_stamp(self) -> None:
        stamped = local_date(AT) - timedelta(days=6)
        process = taken(self.paper(received_on=stamped))
        case = Case.objects.get(id=process.case_id)
        assert (local_date(case.received_at), case.opened_at) == (stamped, AT)
        at_once = taken(self.paper(received_on=local_date(AT)))
        assert process.due_on < at_once.due_on
        assert Case.objects.get(id=at_once.case_id).received_at == AT

    def test_needs_its_entrance_stamp(self) -> None:
        assert faults(self.paper()) == [("/received_on", "required")]

    def test_has_not_arrived_tomorrow(self) -> None:
        tomorrow = local_date(AT) + timedelta(days=1)
        assert faults(self.paper(received_on=tomorrow)) == [("/received_on", "in_future")]

    def test_names_every_fault_at_once(self) -> None:
        assert faults(self.paper(form={"zone": "A4"}, parties=[])) == [
            ("/received_on", "required"),
            ("/form/plate", "required"),
            ("/parties", "party_missing"),
        ]


class TestSights:
    @pytest.mark.parametrize(
        ("channel", "sight"),
        [("phone", "document"), ("phone", "signature"), ("counter", "signature"), ("visit", "x")],
    )
    def test_are_those_that_the_channel_allows(self, channel: str, sight: str) -> None:
        assert ("/sight", "sight_not_here") in faults(statement(channel=channel, sight=sight))

    def test_are_needed_where_the_service_asks_who_it_is(self) -> None:
        fault = ("/parties/0/identity/assurance", "assurance_too_low")
        assert faults(statement(sight="")) == [fault]

    def test_are_not_needed_where_it_does_not(self) -> None:
        sent = body("bulky-waste")
        party = {name: value for name, value in sent["parties"][0].items() if name != "identity"}
        said = statement(service="bulky-waste", form=sent["form"], parties=[party], sight="")
        assert take_down(said, key="a", by=colleague("j.kessler"), at=AT).case_id


class TestADoubleClick:
    def test_makes_one_case(self) -> None:
        said, by = statement(), colleague()
        first = take_down(said, key="a", by=by, at=AT)
        second = take_down(said, key="a", by=by, at=AT + DAY)
        assert (second.case_id, second.again) == (first.case_id, True)
        assert Case.objects.count() == 1

    def test_makes_one_case_though_the_files_were_sent_twice(self) -> None:
        by, content = colleague(), PDF + b"the same"
        done = [
            take_down(
                statement(scans=[("registration-certificate", scan(content))]),
                key="a",
                by=by,
                at=AT,
            )
            for _ in range(2)
        ]
        assert [one.again for one in done] == [False, True]
        assert Case.objects.count() == Document.objects.count() == 1

    def test_with_something_else_in_it_is_refused(self) -> None:
        by = colleague()
        take_down(statement(), key="a", by=by, at=AT)
        for said in (
            statement(form={"plate": "D-LM 124", "zone": "A4"}),
            statement(scans=[("", scan())]),
            statement(channel="visit"),
        ):
            with pytest.raises(KeyReused):
                take_down(said, key="a", by=by, at=AT)

    def test_of_a_colleague_is_another_application(self) -> None:
        for who in ("a.lopes", "d.yilmaz"):
            take_down(statement(), key="a", by=colleague(who), at=AT)
        assert Case.objects.count() == 2

    def test_after_a_refusal_uses_up_nothing(self) -> None:
        by, proof = colleague(), scan()
        broken = statement(form={}, scans=[("registration-certificate", proof)])
        with pytest.raises(Invalid):
            take_down(broken, key="a", by=by, at=AT)
        said = statement(scans=[("registration-certificate", proof)])
        assert take_down(said, key="a", by=by, at=AT).case_id


class TestClarifying:
    def test_keeps_what_was_taken_down(self) -> None:
        stamped = date(2026, 3, 2)
        said = statement(
            channel="paper", sight="", received_on=stamped, form={"zone": "A4"}, clarify=True
        )
        done = take_down(said, key="a", by=colleague(), at=AT)
        item = InboxItem.objects.select_related("submission").get()
        assert (done.case_id, done.item_id, done.reference) == (None, item.id, "")
        assert {error["pointer"] for error in item.errors} == {
            "/form/plate",
            "/parties/0/identity/assurance",
        }
        case = assign_to_service(item.id, "resident-parking", by=colleague(), at=AT)
        assert local_date(case.received_at) == stamped
        again = take_down(said, key="a", by=colleague(), at=AT)
        assert (again.case_id, again.again) == (case.id, True)

    def test_opens_the_case_at_once_where_nothing_is_missing(self) -> None:
        assert take_down(statement(clarify=True), key="a", by=colleague(), at=AT).case_id

    def test_does_not_excuse_an_entrance_stamp_of_tomorrow(self) -> None:
        tomorrow = local_date(AT) + timedelta(days=1)
        assert faults(statement(received_on=tomorrow, clarify=True)) == [
            ("/received_on", "in_future")
        ]


class TestWhoMayTakeDown:
    @pytest.mark.parametrize(
        ("who", "services"),
        [
            ("a.lopes", ["resident-parking"]),
            ("t.oyelaran", ["resident-parking"]),
            (
                "b.voss",
                ["commitment-declaration", "no-stopping", "resident-parking", "trade-parking"],
            ),
            ("j.kessler", ["bulky-waste"]),
            ("s.nguyen", ["no-stopping", "trade-parking"]),
            ("r.sandmann", []),
            ("o.kruse", []),
            ("v.nightingale", []),
        ],
    )
    def test_is_who_works_where_the_service_belongs(self, who: str, services: list[str]) -> None:
        offered = services_for(by=colleague(who))
        assert [offer.definition.key for offer, _unit in offered] == services
        for key in ("resident-parking", "bulky-waste"):
            if key not in services:
                with pytest.raises(ActionNotGranted):
                    service_for(key, by=colleague(who))

    def test_is_refused_before_anything_is_looked_at(self) -> None:
        with pytest.raises(ActionNotGranted):
            take_down(statement(form={}), key="a", by=colleague("j.kessler"), at=AT)
        with pytest.raises(NotFound):
            take_down(statement(service="none"), key="a", by=colleague(), at=AT)

    def test_needs_the_class_of_the_service(self) -> None:
        published("resident-parking", lambda document: document.update(access_class="social"))
        with pytest.raises(ActionNotGranted):
            service_for("resident-parking", by=colleague())

    def test_is_nobody_from_a_portal(self) -> None:
        with pytest.raises(ActionNotGranted):
            service_for("resident-parking", by=portal())


class TestScans:
    def test_are_sniffed(self) -> None:
        with pytest.raises(Invalid) as refusal:
            scan(b"MZ\x90 program\x00", filename="Nachweis.pdf")
        assert refusal.value.errors[0].rule == "media_type"
        assert not Upload.objects.exists()

    def test_are_limited(self, settings: Any) -> None:
        settings.UPLOAD_MAX_BYTES = 16
        with pytest.raises(Invalid) as refusal:
            scan(PDF + bytes(16))
        assert refusal.value.errors[0].rule == "max_bytes"

    def test_have_a_name_that_shows_what_they_are(self) -> None:
        assert scan(filename="C:\\Scans\\Aus\u202egnp.pdf").filename == "Ausgnp.pdf"

    def test_are_kept_by_whoever_may_take_down(self) -> None:
        with pytest.raises(ActionNotGranted):
            scan(by=colleague("o.kruse"))

    def test_are_known_to_their_owner_only(self) -> None:
        mine = scan()
        assert kept_scans([mine.id, uuid7()], by=colleague()) == {mine.id: mine}
        assert kept_scans([mine.id], by=colleague("d.yilmaz")) == {}

    def test_of_somebody_else_cannot_be_filed(self) -> None:
        theirs = scan(by=colleague("d.yilmaz"))
        assert faults(statement(scans=[("", theirs)])) == [
            ("/attachments/0/upload", "upload_not_available")
        ]

    def test_must_suit_their_proof(self) -> None:
        note = scan(b"nur Text", filename="Notiz.txt", media_type="text/plain")
        said = statement(form=FAMILY, scans=[("use-certificate", note)])
        assert faults(said) == [("/attachments/0/upload", "media_type")]


class TestAKnownApplicant:
    def test_comes_along_without_proof_of_who_it_is(self) -> None:
        case = submitted().case_id
        known = known_applicant(case, by=colleague())
        sent = body()["parties"][0]
        assert known == {name: sent[name] for name in sent if name not in ("role", "identity")}

    def test_is_good_enough_to_apply_again(self) -> None:
        known = known_applicant(submitted().case_id, by=colleague())
        assert taken(statement(parties=[{"role": "applicant", **known}])).case.applicant

    def test_is_not_known_to_who_may_not_see_the_case(self) -> None:
        case = submitted().case_id
        for case_id in (case, uuid7()):
            with pytest.raises(NotFound):
                known_applicant(case_id, by=colleague("j.kessler"))


class TestAnAppointment:
    def test_that_is_taken_is_told(self) -> None:
        offer = current_offer(colleague().tenant_id, "bulky-waste")
        assert offer.definition.slots is not None
        sent = body("bulky-waste")
        form = sent["form"] | {"wish_date": "2026-12-25", "strict": True}
        party = {name: value for name, value in sent["parties"][0].items() if name != "identity"}
        said = statement(service="bulky-waste", form=form, parties=[party], sight="")
        with pytest.raises(SlotTaken):
            take_down(said, key="a", by=colleague("j.kessler"), at=AT)


def test_a_portal_s_receipt_says_what_it_said() -> None:
    """The digest of a portal's call is over its body alone: keys never expire."""
    sent = body()
    first = submit(sent, key="k")
    assert submit(sent, key="k") == first
