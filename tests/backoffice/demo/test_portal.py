"""The simulated portal: sends what applicants hand in and follows it up."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from api.client import Damaged, Portal
from backoffice.demo.applications import applications
from backoffice.demo.envelopes import Application
from backoffice.demo.portal import FollowUp, Sent, follow_up, run, send
from tests.api.client.city_double import Double, serving

SAMPLE = list(applications(7, 12, until=datetime(2026, 11, 22, 7, tzinfo=UTC)))


@pytest.fixture
def api() -> Iterator[Double]:
    with serving() as double:
        yield double


@pytest.fixture
def portal(api: Double) -> Iterator[Portal]:
    with Portal(api.url, "portal", "s3cret", attempts=4, pause=lambda _seconds: None) as client:
        yield client


def with_proofs() -> Application:
    return next(each for each in SAMPLE if each.enclosed)


def test_an_enclosed_file_becomes_an_attachment_that_says_what_it_proves(
    api: Double, portal: Portal
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
