"""The client against a city that is sometimes down, slow or strict."""

import base64
import hashlib
from datetime import date
from urllib.parse import unquote

import pytest

from api.client import Attachment, Portal, Refused, Unreachable
from tests.api.client.city_double import Double

BODY = {"service": "bulky-waste", "parties": [{"family_name": "C̆avušev"}]}
BUSY = (503, {"Retry-After": "2"})


class TestASubmission:
    def test_is_repeated_with_the_same_key_and_body_until_it_is_taken(
        self, api: Double, portal: Portal
    ) -> None:
        api.faults += [BUSY, BUSY]
        reply = portal.submit(BODY, "key-1")
        assert (reply.status, reply.body) == (201, {"id": "submission-1"})
        tries = [call for call in api.called("submissions") if call.headers["Authorization"]]
        assert len(tries) == 3
        assert {(call.headers["Idempotency-Key"], call.content) for call in tries} == {
            ("key-1", tries[0].content)
        }
        assert tries[0].body == BODY

    def test_is_repeated_when_the_connection_breaks(self, api: Double, portal: Portal) -> None:
        api.faults += ["drop"]
        assert portal.submit(BODY, "key-1").status == 201
        assert len(api.called("submissions")) == 2

    def test_sent_again_says_that_it_is_a_replay(self, portal: Portal) -> None:
        first, second = portal.submit(BODY, "key-1"), portal.submit(BODY, "key-1")
        assert (first.replayed, second.replayed) == (False, True)
        assert first.body == second.body

    def test_that_is_invalid_is_a_reply_and_not_repeated(self, api: Double, portal: Portal) -> None:
        api.verdicts += [422]
        reply = portal.submit(BODY, "key-1")
        assert (reply.status, reply.body["code"]) == (422, "invalid")
        assert len(api.called("submissions")) == 1


class TestACall:
    def test_waits_as_long_as_the_server_asks(
        self, api: Double, portal: Portal, pauses: list[float]
    ) -> None:
        api.faults += [(429, {"Retry-After": "7"}), (429, {})]
        portal.services()
        assert pauses == [7.0, 0.5]

    def test_is_given_up_after_the_last_attempt(
        self, api: Double, portal: Portal, pauses: list[float]
    ) -> None:
        api.faults += [(500, {})] * 4
        with pytest.raises(Unreachable, match="500"):
            portal.services()
        assert pauses == [0.25, 0.5, 1.0, 2.0]

    def test_renews_a_spent_token_and_goes_on(self, api: Double, portal: Portal) -> None:
        portal.services()
        api.spend_token()
        assert portal.services() == [{"key": "resident-parking"}]
        assert api.tokens == 3

    def test_with_a_wrong_secret_is_refused(self, api: Double) -> None:
        stranger = Portal(api.url, "portal", "guess")
        with stranger, pytest.raises(Refused) as refusal:
            stranger.services()
        assert refusal.value.status == 401

    def test_for_what_is_absent_is_refused_with_the_problem(self, portal: Portal) -> None:
        with pytest.raises(Refused) as refusal:
            portal.service("dragon-licence")
        assert (refusal.value.status, refusal.value.problem["code"]) == (404, "not_found")

    def test_for_slots_names_days_and_district(self, api: Double, portal: Portal) -> None:
        assert portal.slots("bulky-waste", date(2026, 9, 1), date(2026, 9, 30), 3) == []
        (call,) = api.called("services/bulky-waste/slots")
        assert call.path.endswith("?from=2026-09-01&to=2026-09-30&district=3")


class TestAnUpload:
    def test_carries_its_digest_and_its_name(self, api: Double, portal: Portal) -> None:
        content, name = b"%PDF-1.7 \xff", 'Fahrzeugschein "Đorđe"; K͟hān.pdf'
        portal.upload(Attachment(content, name, "application/pdf"))
        headers = api.called("uploads")[-1].headers
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        assert headers["Content-Digest"] == f"sha-256=:{digest}:"
        assert headers["Content-Type"] == "application/pdf"
        kind, _, encoded = headers["Content-Disposition"].partition("; filename*=UTF-8''")
        assert kind == "attachment"
        assert encoded.isascii()
        assert not set(encoded) & set(' ";')
        assert unquote(encoded) == name

    def test_of_an_answer_goes_with_it(self, api: Double, portal: Portal) -> None:
        picture = Attachment(b"\x89PNG", "Foto.png", "image/png", "registration-certificate")
        portal.answer("submission-1", "q-1", "Siehe Foto.", [picture])
        assert api.called("uploads")[-1].headers["Content-Type"] == "image/png"
        (answer,) = api.called("submissions/submission-1/answers")
        assert answer.body["attachments"] == [
            {"upload": "upload-1", "proof": "registration-certificate"}
        ]
