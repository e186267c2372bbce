"""Checking an application: everything that intake would refuse, and nothing left behind."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from efile.kernel.clock import local_date, now
from efile.models import Upload
from tests.api.calling import Portal
from tests.api.leavings import rows
from workflows.models import SlotDay

Json = dict[str, Any]
UNKNOWN = "01890000-0000-7000-8000-000000000001"

pytestmark = pytest.mark.django_db


def checked(portal: Portal, body: Json, **query: str) -> Json:
    answer = portal.call(
        "POST",
        "validations",
        json.dumps(body).encode(),
        headers={"Accept-Language": "en"},
        query=query,
    )
    assert answer.status == 200, answer.bytes
    return answer.json


def faults(told: Json) -> set[tuple[str, str]]:
    return {(one["pointer"], one["rule"]) for one in told["errors"]}


class TestASoundApplication:
    def test_is_valid_and_told_its_fee_and_deadlines(self, portal: Portal) -> None:
        told = checked(portal, portal.application())
        assert (told["valid"], told["errors"], told["missing_proofs"]) == (True, [], [])
        assert told["fee"]["cents"] > 0
        assert told["fee"]["cents"] == sum(
            one["quantity"] * one["cents_each"] for one in told["fee"]["positions"]
        )
        assert "processing" in {one["key"] for one in told["deadlines"]}

    def test_leaves_nothing_behind_and_can_still_be_handed_in(self, portal: Portal) -> None:
        body = portal.application()
        before = rows()
        checked(portal, body)
        assert rows() == before
        assert portal.submit(body).status == 201

    def test_may_name_proofs_whose_files_are_still_to_come(self, portal: Portal) -> None:
        body = portal.application()
        for one in body["attachments"]:
            del one["upload"]
        assert checked(portal, body)["valid"]


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("changes", "fault"),
        [
            ({"form": {"plate": "D-LM 123"}}, ("/form/zone", "required")),
            ({"parties": []}, ("/parties", "party_missing")),
            ({"service": "moon-landing"}, ("/service", "unknown_service")),
            (
                {"attachments": [{"upload": UNKNOWN}]},
                ("/attachments/0/upload", "upload_not_available"),
            ),
            (
                {"attachments": [{"proof": "moon-rock"}]},
                ("/attachments/0/proof", "proof_unknown"),
            ),
        ],
    )
    def test_is_what_intake_refuses(
        self, portal: Portal, changes: Json, fault: tuple[str, str]
    ) -> None:
        body = portal.application() | changes
        told = checked(portal, body)
        assert not told["valid"]
        assert fault in faults(told)
        refused = portal.submit({**body, "attachments": body["attachments"]})
        assert refused.status in {400, 422}

    def test_is_said_in_the_language_asked_for(self, portal: Portal) -> None:
        [told] = checked(portal, portal.application() | {"service": "moon-landing"})["errors"]
        assert told["detail"] == "There is no such service."

    def test_names_missing_proofs_by_their_titles(self, portal: Portal) -> None:
        body = portal.application("commitment-declaration") | {"attachments": []}
        told = checked(portal, body)
        assert told["missing_proofs"]
        assert all(one["key"] and one["title"] for one in told["missing_proofs"])
        assert {one["rule"] for one in told["errors"]} == {"proof_missing"}

    def test_of_one_file_stands_where_that_file_was_named(self, portal: Portal) -> None:
        sent = portal.send_file(b"nur Text", "text/plain", "Nachweis.txt").json["id"]
        body = portal.application("commitment-declaration")
        key = body["attachments"][0]["proof"]
        body["attachments"] = [{"proof": key}, {"upload": sent, "proof": key}]
        assert ("/attachments/1/upload", "media_type") in faults(checked(portal, body))

    def test_can_be_asked_for_in_part(self, portal: Portal) -> None:
        body = portal.application() | {"form": {"plate": "?"}, "parties": []}
        assert {one["pointer"] for one in checked(portal, body, only="/form/zone")["errors"]} == {
            "/form/zone"
        }
        assert checked(portal, body, only="/consents")["valid"]

    def test_of_the_envelope_is_refused_as_ever(self, portal: Portal) -> None:
        answer = portal.post("validations", {"service": 17})
        assert (answer.status, answer.code) == (400, "malformed")
        answer = portal.call("POST", "validations", b"{}", query={"only": "form"})
        assert (answer.status, answer.json["errors"][0]["parameter"]) == (400, "only")


class TestAnAppointment:
    def test_is_looked_for_and_not_taken(self, portal: Portal, collection_days: None) -> None:
        body = portal.application("bulky-waste")
        assert checked(portal, body)["valid"]
        assert not SlotDay.objects.exclude(booked=0).exists()

    @pytest.mark.parametrize(("strict", "rule"), [(False, "no_slot"), (True, "slot_taken")])
    def test_that_is_not_to_be_had_is_told_as_it_would_be_refused(
        self, portal: Portal, strict: bool, rule: str
    ) -> None:
        SlotDay.objects.filter(capacity__isnull=False).update(booked=F("capacity"))
        body = portal.application("bulky-waste")
        wished = {"wish_date": (local_date(now()) + timedelta(days=9)).isoformat(), "strict": True}
        body["form"] |= wished if strict else {}
        assert faults(checked(portal, body)) == {("/form/wish_date", rule)}
        assert portal.submit(body).code == rule

    def test_that_is_held_is_its_holders_alone(self, portal: Portal) -> None:
        slots = "services/commitment-declaration/slots"
        free = portal.get(slots).json["slots"][0]["id"]
        hold = portal.post(f"{slots}/{free}/hold").json["id"]
        SlotDay.objects.filter(id=free).update(capacity=F("booked") + F("held"))

        def wishing(who: Portal, named: str) -> Json:
            body = who.application("commitment-declaration")
            body["form"]["appointment"] = named
            return checked(who, body)

        assert wishing(portal, hold)["valid"]
        assert wishing(portal, free)["valid"]
        assert faults(wishing(Portal(), free)) == {("/form/appointment", "slot_taken")}


def test_an_upload_stays_whoever_asks(portal: Portal) -> None:
    mine = portal.upload()
    other = Portal()
    body = other.application() | {"attachments": [{"upload": mine}]}
    assert ("/attachments/0/upload", "upload_not_available") in faults(checked(other, body))
    assert Upload.objects.get(id=mine).claimed_at is None
