"""Whoever dies between two steps neither loses a submission nor doubles it."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from api.fit_connect.pickup import LEASE, LONGEST_PAUSE
from api.fit_connect.polling import poll
from api.models import FitConnectDestination, FitConnectSubmission
from api.models.fit_connect import Stage
from backoffice.demo.fit_connect_sender import hand_in
from backoffice.demo.fit_connect_service import DeliveryService, Held
from efile.kernel.clock import real_now
from efile.models import Document, DocumentVersion
from efile.storage import default_store
from tests.api.fit_connect.sending import file, parcel
from workflows.models import Process, Submission

pytestmark = pytest.mark.django_db

LATER = max(LEASE, LONGEST_PAUSE) + timedelta(minutes=1)
# module, function: each step that leaves something behind
STEPS = [
    ("api.fit_connect.polling", "_see_submissions"),
    ("api.fit_connect.receiving", "fetch_all"),
    ("api.fit_connect.receiving", "read_metadata"),
    ("api.fit_connect.filing", "receive_upload"),
    ("api.fit_connect.filing", "accept"),
    ("api.fit_connect.filing", "put_on_file"),
    ("api.fit_connect.pickup", "signed"),
    ("api.fit_connect.pickup", "_take"),
    ("api.fit_connect.pickup", "_ended"),
    ("api.fit_connect.pickup", "_answer"),
]


class Killed(BaseException):
    """What no handler of ours catches, like the end of the process."""


def dying(step: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    def dies(*args: Any, **kwargs: Any) -> Any:
        if after:
            step(*args, **kwargs)
        raise Killed

    return dies


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("module", "step"), STEPS)
def test_a_worker_that_is_killed_leaves_one_case(
    destination: DeliveryService, module: str, step: str, after: bool
) -> None:
    proof = file()
    held = hand_in(parcel(proof), destination)
    with pytest.MonkeyPatch.context() as patch:
        real = getattr(import_module(module), step)
        patch.setattr(f"{module}.{step}", dying(real, after=after))
        with pytest.raises(Killed):
            poll(at=real_now())
    assert_filed_once(destination, held, proof.content)


@pytest.mark.parametrize("status", [500, -500, 401])
@pytest.mark.parametrize(
    "call", ["token", "list", "one", "events", "keys", "attachment", "destination", "tell"]
)
def test_a_call_that_fails_or_whose_answer_is_lost_is_made_again(
    destination: DeliveryService, call: str, status: int
) -> None:
    proof = file()
    held = hand_in(parcel(proof), destination)
    destination.upset = {call: status}
    poll(at=real_now())
    assert_filed_once(destination, held, proof.content)


def assert_filed_once(destination: DeliveryService, held: Held, content: bytes) -> None:
    """After the next round it is there, once, whole, and its sender knows."""
    poll(at=real_now() + LATER)
    row = FitConnectSubmission.objects.get()
    assert (row.stage, row.due_at) == (Stage.ACCEPTED, None)
    submission = Submission.objects.get()
    assert (submission.id, submission.case_id) == (row.submission, Process.objects.get().case_id)
    document = Document.objects.get(case=submission.case_id)
    version = DocumentVersion.objects.select_related("content").get(document=document)
    with default_store().open(version.content.sha256) as stored:
        assert stored.read() == content
    said = [what for what, _ in destination.told(held)]
    assert said == ["create-submission", "submit-submission", "accept-submission"]


class TestADeliveryServiceThatIsAway:
    def test_is_left_alone_for_as_long_as_it_asks(self, destination: DeliveryService) -> None:
        hand_in(parcel(), destination)
        destination.upset, destination.quiet = {"list": 429}, 120
        at = real_now()
        assert poll(at=at) == 0
        calls = destination.calls.total()
        assert poll(at=at + timedelta(seconds=119)) == 0
        assert destination.calls.total() == calls
        assert poll(at=at + timedelta(seconds=121)) == 1

    def test_is_not_called_without_a_call_left(self, destination: DeliveryService) -> None:
        hand_in(parcel(), destination)
        destination.remaining = "0"
        assert poll(at=real_now()) == 0
        place = FitConnectDestination.objects.get()
        assert place.failure == "rate_limit"
        assert place.quiet_until

    def test_is_told_of_one_while_another_is_unreadable(self, destination: DeliveryService) -> None:
        first, second = hand_in(parcel(), destination), hand_in(parcel(), destination)
        first.announced = ["no id"]
        assert poll(at=real_now()) == 2
        assert FitConnectSubmission.objects.get(submission_id=first.id).failure == "ValueError"
        assert destination.told(second)[-1][0] == "accept-submission"

    def test_that_has_given_up_a_submission_ends_it(self, destination: DeliveryService) -> None:
        held = hand_in(parcel(), destination)
        destination.upset = {"one": 500}
        poll(at=real_now())
        held.is_gone = True
        poll(at=real_now() + LATER)
        row = FitConnectSubmission.objects.get()
        assert (row.stage, row.due_at) == (Stage.GONE, None)
