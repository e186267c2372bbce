"""The simulated portal against an API that is sometimes down, slow or strict."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import unquote

import pytest

from backoffice.demo.applications import applications
from backoffice.demo.envelopes import Application, ProofFile
from backoffice.demo.portal import (
    Damaged,
    FollowUp,
    Portal,
    Refused,
    Sent,
    Unreachable,
    follow_up,
    run,
    send,
)
from tests.backoffice.demo.portal_double import Double, serving

SAMPLE = list(applications(7, 12, until=datetime(2026, 11, 22, 7, tzinfo=UTC)))
BODY = {"service": "bulky-waste", "parties": [{"family_name": "C̆avušev"}]}
BUSY = (503, {"Retry-After": "2"})


@pytest.fixture
def api() -> Iterator[Double]:
    with serving() as double:
        yield double


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def portal(api: Double, pauses: list[float]) -> Iterator[Portal]:
    token_url = f"{api.url}/api/v1/oauth/token"
    with Portal(api.url, token_url, "portal", "s3cret", attempts=4, pause=pauses.append) as client:
        yield client


def with_proofs() -> Application:
    return next(each for each in SAMPLE if each.enclosed)


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
        token_url = f"{api.url}/api/v1/oauth/token"
        stranger = Portal(api.url, token_url, "portal", "guess")
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
        portal.upload(content, name, "application/pdf")
        headers = api.called("uploads")[-1].headers
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        assert headers["Content-Digest"] == f"sha-256=:{digest}:"
        assert headers["Content-Type"] == "application/pdf"
        kind, _, encoded = headers["Content-Disposition"].partition("; filename*=UTF-8''")
        assert kind == "attachment"
        assert encoded.isascii()
        assert not set(encoded) & set(' ";')
        assert unquote(encoded) == name

    def test_becomes_an_attachment_that_says_what_it_proves(
        self, api: Double, portal: Portal
    ) -> None:
        application = with_proofs()
        assert send(portal, application).as_expected
        submission = api.called("submissions")[-1]
        assert submission.headers["Idempotency-Key"] == application.key
        attached = [
            {"upload": f"upload-{number}", "proof": file.proof}
            for number, file in enumerate(application.enclosed, 1)
        ]
        assert submission.body == application.body | {"attachments": attached}
        assert api.called("uploads")[-1].content == application.enclosed[-1].render()


class TestRun:
    def test_sends_everything_in_parallel_and_reports_in_order(
        self, api: Double, portal: Portal
    ) -> None:
        heard: list[Sent] = []
        tally = run(portal, SAMPLE, workers=4, progress=heard.append)
        assert [sent.application for sent in heard] == SAMPLE
        assert tally.statuses == {201: len(SAMPLE)}
        assert set(api.receipts) == {each.key for each in SAMPLE}
        assert sorted(each.key for each in tally.submissions.values()) == sorted(api.receipts)

    def test_points_out_answers_nobody_expected(self, api: Double, portal: Portal) -> None:
        api.verdicts += [422]
        plain = next(each for each in SAMPLE if each.expected == {201})
        tally = run(portal, [plain])
        assert [sent.reply.status for sent in tally.surprises] == [422]
        assert tally.submissions == {}


class TestFollowUp:
    def test_reads_every_event_answers_and_fetches(self, api: Double, portal: Portal) -> None:
        application = with_proofs()
        tally = run(portal, [*SAMPLE[:4], application])
        wanted = application.at_hand[0].proof
        api.questions = [{"id": "q-1", "text": "Bitte nachreichen.", "proofs": [{"key": wanted}]}]
        submission = next(key for key, each in tally.submissions.items() if each is application)
        followed = follow_up(portal, {submission: application} | tally.submissions)
        count = len(tally.submissions)
        assert followed == FollowUp(str(count), events=count, answered=1, documents=count)

    def test_encloses_the_proof_that_a_question_asks_for(self, api: Double, portal: Portal) -> None:
        application = with_proofs()
        (submission,) = run(portal, [application]).submissions
        api.questions = [{"id": "q-1", "text": "…", "proofs": [{"key": "tenancy-confirmation"}]}]
        follow_up(portal, {submission: application})
        (answer,) = api.called(f"submissions/{submission}/answers")
        assert answer.body["question"] == "q-1"
        assert [each["proof"] for each in answer.body["attachments"]] == ["tenancy-confirmation"]

    def test_goes_on_where_it_stopped(self, portal: Portal) -> None:
        run(portal, SAMPLE[:3])
        first = follow_up(portal, {})
        run(portal, SAMPLE[3:5])
        assert follow_up(portal, {}, first.cursor).events == 2

    def test_notices_a_damaged_document(self, api: Double, portal: Portal) -> None:
        run(portal, SAMPLE[:1])
        api.document = b"something else"
        with pytest.raises(Damaged, match="letter"):
            follow_up(portal, {})


def test_a_question_is_answered_with_files_of_any_kind(api: Double, portal: Portal) -> None:
    picture = ProofFile("registration-certificate", "Foto.png", "image/png", lambda: b"\x89PNG")
    portal.answer("submission-1", "q-1", "Siehe Foto.", [picture])
    assert api.called("uploads")[-1].headers["Content-Type"] == "image/png"
