"""The way through the house: from the portal's POST to the closed file, over HTTP alone."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest

from api.client import Attachment, Portal, Reply
from api.client.shapes import Status
from backoffice.demo.people import Resident, residents
from backoffice.demo.proofs import registration_certificate, use_certificate
from efile.kernel.ids import uuid7
from tests.eventually import eventually
from tests.journeys.running import City, Desk, running_city

pytestmark = [pytest.mark.smoke, pytest.mark.requires("postgres")]

# Nobody is called that; whoever finds it in a log has found a leak.
MARK = "Zzyzxmarkierung"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("var"), cases=8) as running:
        yield running


@pytest.fixture(scope="module")
def portal(city: City) -> Iterator[Portal]:
    client = city.record["portal"]
    with Portal(city.base_url, client["client_id"], client["client_secret"]) as portal:
        yield portal


def party(one: Resident) -> dict[str, Any]:
    names = {"given_names": one.given_names} if one.given_names else {}
    address = one.address
    return {
        "role": "applicant",
        "kind": "person",
        "family_name": one.family_name,
        **names,
        "birth_date": one.birth_date.isoformat(),
        "address": {
            "street": address.street,
            "number": address.number,
            "postcode": address.postcode,
            "city": address.city,
        },
        "email": f"{MARK}@example.org",
        "identity": {"source": "bundid", "assurance": "substantial", "bpk2": one.bpk2},
    }


def submit(portal: Portal, body: dict[str, Any]) -> Reply:
    return portal.submit(body, str(uuid7()))


def driving_anothers_car() -> Resident:
    """Somebody from the registers who lives in a zone and drives a car that is not theirs."""
    return next(
        one
        for one in reversed(residents(7, 2000))
        if one.zone
        and one.vehicles
        and not one.blocked
        and one.registered_at == one.address
        and not one.keeps(one.vehicles[0])
        and one.vehicles[0].vehicle_class == "M1"
        and one.vehicles[0].admitted
    )


def case_of(desk: Desk, reference: str) -> str:
    """The id of the case that the work list shows under ``reference``."""
    page = desk.read("/")
    found = re.search(rf'{re.escape(reference)}</td>.*?id="row-([0-9a-f-]+)"', page, re.DOTALL)
    assert found, f"{reference} is not on the work list"
    return found[1]


class TestAPermit:
    def test_goes_from_the_post_to_the_closed_file(self, city: City, portal: Portal) -> None:
        one = driving_anothers_car()
        car = one.vehicles[0]
        upload = portal.upload(
            Attachment(registration_certificate(car), f"{MARK}.pdf", "application/pdf")
        )
        receipt = submit(
            portal,
            {
                "service": "resident-parking",
                "language": "de",
                "form": {"plate": car.plate, "zone": one.zone},
                "parties": [party(one)],
                "attachments": [{"upload": upload["id"], "proof": "registration-certificate"}],
                "consents": {"electronic_delivery": True},
            },
        )
        assert receipt.status == 201
        submission, reference = receipt.body["id"], receipt.body["case_reference"]

        desk = city.desk("a.lopes")
        case = case_of(desk, reference)
        eventually(lambda: "Nicht erfüllt" in desk.read(f"/cases/{case}"))

        desk.act(case, "take")
        held = desk.act(
            case, "request-proof", text=f"Bitte {MARK}.", proofs="use-certificate", days=14
        )
        assert "Zurückholen" in held
        status = eventually(lambda: _once_in("waiting_for_you", portal.submission(submission)))
        assert status
        (question,) = status["open_questions"]
        assert [proof["key"] for proof in question["proofs"]] == ["use-certificate"]

        portal.answer(
            submission,
            question["id"],
            "Anbei.",
            [_proof(one)],
        )
        assert portal.submission(submission)["state"] == "in_examination"

        desk.act(case, "grant", reasons="Die Nutzungsbescheinigung liegt jetzt vor.")
        status = eventually(lambda: _once_in("decided", portal.submission(submission)))
        assert status
        assert status["decision"] == "granted"
        assert status["standing_matters"][0]["number"].startswith("BPA-")
        letter = eventually(
            lambda: next(
                (d for d in portal.submission(submission)["documents"] if d["kind"] == "decision"),
                None,
            )
        )
        fetched = {
            d["id"]: content for d, content in portal.documents(portal.submission(submission))
        }
        assert letter
        assert fetched[letter["id"]].startswith(b"%PDF-")

        desk.act(case, "close")
        assert portal.submission(submission)["state"] == "closed"
        types = [event["type"] for event in portal.submission(submission)["events"]]
        assert types == [
            "received",
            "examination_started",
            "question_asked",
            "answer_received",
            "granted",
            "document_issued",
            "closed",
        ]


class TestBulkyWaste:
    def test_is_confirmed_and_on_the_days_list_without_anybody(
        self, city: City, portal: Portal
    ) -> None:
        one = next(one for one in residents(7, 2000) if one.district == 1)
        address = one.address
        pickup = {"street": address.street, "number": address.number, "postcode": address.postcode}
        receipt = submit(
            portal,
            {
                "service": "bulky-waste",
                "language": "de",
                "form": {
                    "pickup": pickup,
                    "items": [{"category": "furniture", "count": 1, "volume_m3": 0.5}],
                },
                "parties": [party(one)],
                "consents": {"electronic_delivery": True},
            },
        )
        assert receipt.status == 201
        appointment = receipt.body["appointment"]
        assert date.fromisoformat(appointment["date"]) > date(2026, 1, 1)
        status = eventually(lambda: _if_decided(portal.submission(receipt.body["id"])))
        assert status
        assert status["decision"] == "granted"
        assert status["appointment"]["date"] == appointment["date"]
        listed = city.desk("j.kessler").read(f"/dispatch.csv?day={appointment['date']}")
        assert receipt.body["case_reference"] in listed
        assert address.street in listed


class TestWhatCannotBeMatched:
    def test_lies_in_the_inbox_with_a_receipt(self, city: City, portal: Portal) -> None:
        one = residents(7, 2000)[0]
        receipt = submit(
            portal,
            {
                "service": "resident-parking",
                "form": {"plate": "???", "zone": "A1"},
                "parties": [party(one)],
                "on_invalid": "clarify",
            },
        )
        assert receipt.status == 202
        assert receipt.body["case_reference"] is None
        assert "Bewohnerparkausweis" in city.desk("a.lopes").read("/inbox")

    def test_is_refused_with_every_fault_where_the_sender_can_correct_it(
        self, portal: Portal
    ) -> None:
        refused = submit(
            portal,
            {"service": "resident-parking", "form": {"plate": "???"}, "parties": []},
        )
        assert refused.status == 422
        pointers = {error["pointer"] for error in refused.body["errors"]}
        assert {"/form/plate", "/form/zone", "/parties"} <= pointers


class TestTheCity:
    def test_says_that_it_is_ready(self, city: City) -> None:
        report = httpx.get(f"{city.base_url}/health/ready").json()
        assert report["status"] == "ready"
        assert report["dead_deliveries"] == 0

    def test_proves_its_journal_and_its_files_and_sees_what_is_done_by_hand(
        self, city: City
    ) -> None:
        for command in ("verify_journal", "verify_storage"):
            done = city.command(command, "--json")
            assert done.returncode == 0, done.stderr + done.stdout
            told = json.loads(done.stdout)
            assert told["checked"] > 0
            assert [f for f in told["faults"] if f["kind"] != "unreferenced"] == []
        city.sql("UPDATE efile_case SET subject = 'von Hand' WHERE closed_at IS NULL")
        done = city.command("verify_journal", "--json")
        assert done.returncode == 1
        assert {fault["kind"] for fault in json.loads(done.stdout)["faults"]} == {"altered_row"}
        stored = next(path for path in (city.var / "storage").rglob("*") if len(path.name) == 64)
        stored.chmod(0o600)
        stored.write_bytes(b"von Hand" + stored.read_bytes()[8:])
        done = city.command("verify_storage", "--json")
        assert done.returncode == 1
        (fault,) = [f for f in json.loads(done.stdout)["faults"] if f["kind"] != "unreferenced"]
        assert (fault["kind"], fault["sha256"]) == ("altered", stored.name)

    def test_keeps_personal_data_out_of_its_logs(self, city: City) -> None:
        """Runs after the journeys above, which have sent, asked, answered and refused the mark."""
        httpx.get(f"{city.base_url}/api/v1/submissions/{MARK}?name={MARK}")
        httpx.post(f"{city.base_url}/login", data={"username": MARK, "password": MARK})
        logs = sorted((city.var / "log").glob("*.log"))
        assert {"web.log", "worker.log", "registers.log"} <= {log.name for log in logs}
        for log in logs:
            assert MARK not in log.read_text(errors="replace"), log.name
        assert '"correlation"' in (city.var / "log" / "web.log").read_text()


def _proof(one: Resident) -> Attachment:
    content = use_certificate(one, one.vehicles[0], on=date(2026, 3, 1))
    return Attachment(content, "Nutzung.pdf", "application/pdf", "use-certificate")


def _once_in(state: str, status: Status) -> Status | None:
    return status if status["state"] == state else None


def _if_decided(status: Status) -> Status | None:
    return status if status["state"] in ("decided", "closed") else None
