"""Handing in, asking after and withdrawing an application."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from efile.models import Case, NumberScope, Party
from efile.models import Upload as UploadRow
from tests.api.calling import Portal
from workflows.models import IdempotencyKey, InboxItem, Submission

Json = dict[str, Any]
UNKNOWN = "01890000-0000-7000-8000-000000000001"

pytestmark = pytest.mark.django_db


class TestASubmission:
    def test_gets_a_receipt_and_a_place(self, portal: Portal) -> None:
        answer = portal.submit(portal.application())
        receipt = answer.json
        assert answer.status == 201
        assert answer.headers["Location"] == f"/api/v1/submissions/{receipt['id']}"
        assert receipt["case_reference"] == f"{receipt['file_reference']}-01"
        assert receipt["attachments"][0]["sha256"]
        assert "Idempotent-Replayed" not in answer.headers

    def test_is_kept_to_the_letter(self, portal: Portal) -> None:
        sent = json.dumps(portal.application(), indent=3).encode()
        headers = {"Idempotency-Key": "k"}
        answer = portal.call("POST", "submissions", sent, headers=headers)
        assert Submission.objects.get(id=answer.json["id"]).envelope.encode() == sent

    def test_keeps_the_hardest_names(self, portal: Portal) -> None:
        names = {"given_names": "Đorđe Ṧ̩ofía", "family_name": "Yılmaz-O’Ḩ̱ara van ’t Zand"}
        body = portal.application()
        body["parties"][0] |= names
        portal.submit(body)
        assert Party.objects.filter(**names).exists()

    def test_of_an_unknown_service_is_refused(self, portal: Portal) -> None:
        answer = portal.submit({"service": "none", "form": {}})
        assert (answer.status, answer.faults) == (422, {("/service", "unknown_service")})

    def test_is_refused_with_every_fault_of_its_content(self, portal: Portal) -> None:
        body = portal.application(form={"plate": "?", "colour": "red"})
        body["parties"][0] |= {"birth_date": "1981-13-02", "email": "nobody"}
        body["attachments"][0]["proof"] = "dream"
        assert portal.submit(body).faults == {
            ("/form/plate", "pattern"),
            ("/form/colour", "additional_properties"),
            ("/form/zone", "required"),
            ("/parties/0/birth_date", "format"),
            ("/parties/0/email", "format"),
            ("/attachments/0/proof", "proof_unknown"),
        }

    def test_speaks_english_to_those_who_ask(self) -> None:
        answer = Portal(language="en").submit({"service": "none", "form": {}})
        assert answer.json["errors"][0]["detail"] == "There is no such service."

    def test_says_nothing_of_what_was_sent_when_refused(self, portal: Portal) -> None:
        body = portal.application()
        body["parties"][0] |= {"family_name": "Geheim" * 60, "email": "geheim@"}
        assert b"eheim" not in portal.submit(body).bytes

    def test_that_wants_a_full_day_and_no_other_is_in_conflict(self, portal: Portal) -> None:
        body = portal.application("bulky-waste")
        body["form"] |= {"wish_date": "2026-12-24", "strict": True}
        answer = portal.submit(body)
        assert (answer.status, answer.code) == (409, "slot_taken")


class TestAnEnvelope:
    @pytest.mark.parametrize(
        ("changes", "fault"),
        [
            ({"service": None}, ("/service", "type")),
            ({"service": "x" * 201}, ("/service", "max_length")),
            ({"service": ""}, ("/service", "min_length")),
            ({"form": []}, ("/form", "type")),
            ({"form": {"deep": [[[[[[]]]]]], "x": "\x00"}}, ("/form/x", "characters")),
            ({"language": "Deutsch!"}, ("/language", "pattern")),
            ({"language": "de-" + "x-" * 10}, ("/language", "max_length")),
            ({"parties": {}}, ("/parties", "type")),
            ({"parties": [{"kind": "person"}]}, ("/parties/0/role", "required")),
            ({"parties": [{"role": "a", "kind": "robot"}]}, ("/parties/0/kind", "enum")),
            ({"attachments": [{"upload": "17"}]}, ("/attachments/0/upload", "format")),
            (
                {"attachments": [{"upload": UNKNOWN}, {"upload": UNKNOWN.upper()}]},
                ("/attachments/1/upload", "unique_items"),
            ),
            ({"consents": {"all": "yes"}}, ("/consents/all", "type")),
            ({"reply_channel": {"kind": "pigeon"}}, ("/reply_channel/kind", "enum")),
            ({"on_invalid": "ignore"}, ("/on_invalid", "enum")),
            ({"atachments": []}, ("/atachments", "additional_properties")),
        ],
    )
    def test_is_malformed_whatever_it_asks_for(
        self, portal: Portal, changes: Json, fault: tuple[str, str]
    ) -> None:
        sound = {"service": "resident-parking", "form": {}}
        for on_invalid in ("reject", "clarify"):
            answer = portal.submit(sound | {"on_invalid": on_invalid} | changes)
            assert (answer.status, answer.code) == (400, "malformed")
            assert fault in answer.faults
        assert not IdempotencyKey.objects.exists()

    @pytest.mark.parametrize(
        ("member", "longest"),
        [
            ("role", 30),
            ("given_names", 300),
            ("family_name", 300),
            ("birth_name", 300),
            ("organisation", 300),
            ("email", 254),
            ("phone", 60),
        ],
    )
    def test_holds_no_more_than_the_file_can_keep(
        self, portal: Portal, member: str, longest: int
    ) -> None:
        body = portal.application(on_invalid="clarify")
        body["parties"][0][member] = "x" * longest
        assert portal.submit(body).status in {201, 202}
        body["parties"][0][member] += "x"
        assert portal.submit(body).faults == {(f"/parties/0/{member}", "max_length")}

    def test_names_every_fault_at_once(self, portal: Portal) -> None:
        answer = portal.submit({"servce": "x", "form": 1, "parties": [1]})
        assert len(answer.faults) == 4

    def test_must_be_there(self, portal: Portal) -> None:
        answer = portal.post("submissions", key="k")
        assert (answer.status, answer.faults) == (400, {("", "json")})


class TestAnIdempotencyKey:
    @pytest.mark.parametrize("key", ["", " ", "a b", "ä", "x" * 256, "\t"])
    def test_is_needed_and_of_a_certain_form(self, portal: Portal, key: str) -> None:
        answer = portal.post("submissions", {"service": "none", "form": {}}, key=key)
        [fault] = answer.json["errors"]
        assert (answer.status, fault["header"]) == (400, "Idempotency-Key")

    def test_cannot_be_left_out(self, portal: Portal) -> None:
        answer = portal.post("submissions", {"service": "none", "form": {}})
        assert (answer.status, answer.faults) == (400, {("", "required")})

    def test_gives_the_same_bytes_for_the_same_body(self, portal: Portal) -> None:
        body = portal.application()
        first = portal.submit(body, "k")
        body["form"] = dict(reversed(body["form"].items()))
        again = portal.submit(dict(reversed(body.items())), "k")
        assert (again.status, again.bytes) == (201, first.bytes)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert again.headers["Location"] == first.headers["Location"]
        assert Case.objects.count() == 1

    def test_stands_for_one_body_only(self, portal: Portal) -> None:
        body = portal.application()
        portal.submit(body, "k")
        body["form"]["zone"] = "B1"
        answer = portal.submit(body, "k")
        assert (answer.status, answer.code) == (409, "idempotency_key_reused")

    def test_stands_for_one_call_only(self, portal: Portal) -> None:
        receipt = portal.submit(portal.application(), "k").json
        answer = portal.post(f"submissions/{receipt['id']}/withdrawal", {}, key="k")
        assert (answer.status, answer.code) == (409, "idempotency_key_reused")

    def test_outlives_a_refusal(self, portal: Portal) -> None:
        body = portal.application()
        faulty = body | {"form": {"zone": "A4"}}
        assert portal.submit(faulty, "k").status == 422
        assert not IdempotencyKey.objects.exists()
        assert not UploadRow.objects.filter(claimed_at__isnull=False).exists()
        assert not NumberScope.objects.exists()
        assert portal.submit(body, "k").status == 201


class TestClarification:
    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"service": "none"}, "unknown_service"),
            ({"form": {"plate": 17}}, "invalid_form"),
            (
                {
                    "form": {
                        "plate": "D-LM 1",
                        "zone": "A4",
                        "keeper": "family",
                        "keeper_name": "Yılmaz",
                    }
                },
                "missing_proof",
            ),
        ],
    )
    def test_keeps_what_cannot_be_matched(self, portal: Portal, changes: Json, reason: str) -> None:
        body = portal.application(on_invalid="clarify") | changes
        answer = portal.submit(body, "k")
        receipt = answer.json
        assert (answer.status, receipt["state"]) == (202, "in_clarification")
        assert receipt["case_reference"] is None
        assert InboxItem.objects.get().reason == reason
        assert json.loads(Submission.objects.get().envelope) == body
        again = portal.submit(body, "k")
        assert (again.status, again.bytes) == (202, answer.bytes)
        assert again.headers["Idempotent-Replayed"] == "true"

    def test_is_told_as_received(self, portal: Portal) -> None:
        receipt = portal.submit({"service": "none", "form": {}, "on_invalid": "clarify"}).json
        status = portal.get(f"submissions/{receipt['id']}").json
        assert (status["state"], status["case_reference"]) == ("received", None)
        assert status["next_step"].startswith("Ihr Antrag ist bei uns eingegangen")

    def test_does_not_take_what_is_sound(self, portal: Portal) -> None:
        assert portal.submit(portal.application(on_invalid="clarify")).status == 201


class TestStatus:
    def test_tells_all_there_is(self, portal: Portal) -> None:
        receipt = portal.submitted()
        status = portal.get(f"submissions/{receipt['id']}").json
        assert status["case_reference"] == receipt["case_reference"]
        assert (status["state"], status["decision"]) == ("received", "none")
        assert [event["type"] for event in status["events"]] == ["received"]
        [document] = status["documents"]
        assert document["id"] == receipt["attachments"][0]["document"]

    def test_tells_of_an_appointment(self, portal: Portal, collection_days: None) -> None:
        receipt = portal.submitted("bulky-waste")
        status = portal.get(f"submissions/{receipt['id']}").json
        assert status["appointment"]["date"] == receipt["appointment"]["date"]

    def test_may_be_kept_by_nobody_on_the_way(self, portal: Portal) -> None:
        answer = portal.get(f"submissions/{portal.submitted()['id']}")
        assert answer.headers["Cache-Control"] == "no-store"


class TestWithdrawal:
    @pytest.mark.parametrize("body", [None, {}, {"reason": "Umzug"}])
    def test_ends_the_matter(self, portal: Portal, body: Json | None) -> None:
        here = f"submissions/{portal.submitted()['id']}"
        answer = portal.post(f"{here}/withdrawal", body)
        assert (answer.status, answer.json["state"]) == (200, "withdrawn")
        assert portal.get(here).json["state"] == "withdrawn"

    def test_happens_once(self, portal: Portal) -> None:
        here = f"submissions/{portal.submitted()['id']}/withdrawal"
        portal.post(here, {})
        answer = portal.post(here, {})
        assert (answer.status, answer.code) == (409, "step_not_possible")
        assert answer.json["detail"].endswith("zurückgezogen.")

    def test_is_safe_to_repeat_under_its_key(self, portal: Portal) -> None:
        here = f"submissions/{portal.submitted()['id']}/withdrawal"
        first, again = (portal.post(here, {"reason": "x"}, key="w") for _ in range(2))
        assert (again.status, again.bytes) == (200, first.bytes)

    @pytest.mark.parametrize("body", [[], {"why": "x"}, {"reason": 1}, {"reason": "x" * 2001}])
    def test_has_a_shape(self, portal: Portal, body: Any) -> None:
        assert portal.post(f"submissions/{UNKNOWN}/withdrawal", body).status == 400


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_one_case_with_one_number_and_the_same_bytes() -> None:
    portal = Portal()
    body = portal.application()

    def submit(_: int) -> tuple[int, bytes]:
        try:
            answer = Portal(client_id=portal.client_id).submit(body, "k")
            return answer.status, answer.bytes
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(submit, range(50)))
    [(status, receipt)] = answers
    assert status == 201
    assert Case.objects.count() == Submission.objects.count() == 1
    assert [scope.last for scope in NumberScope.objects.all()] == [1]
    assert Submission.objects.get().id == UUID(json.loads(receipt)["id"])
