"""Pushing: everything arrives, in order, signed, whatever the receiver does in between."""

from datetime import timedelta
from random import Random

import pytest

from api.callbacks.breaker import THRESHOLD
from api.callbacks.lanes import GONE, collect
from api.callbacks.pushing import MOST_EVENTS, NEW_EVENTS, PER_TARGET
from api.callbacks.reaching import Answer
from api.callbacks.signature import AUTHENTICATION, PREVIOUS, TIMESTAMP, is_genuine
from api.callbacks.targets import remove_target, resend, set_target, status
from api.models import PortalClient
from tests.api.callbacks.happening import CalledBack, caller, calls, firsts
from tests.api.callbacks.receiving import DRIP, RESET_AFTERWARDS, Receiver, always
from tests.crowd import together
from tests.factories import AT, DAY, colleague
from tests.workflows.working import answered, statements

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class TestACallback:
    def test_tells_the_events_of_one_submission_as_the_feed_does(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        one, other = portal.submissions(2)
        portal.happened([one, other, one], at=AT)
        done = calls(AT)
        assert (done.events, done.calls, done.failures) == (3, 2, 0)
        told = {call["submission"]: call for call in receiver.calls}
        assert told.keys() == {str(one), str(other)}
        expected = [event for event in portal.feed() if event["submission"] == str(one)]
        assert told[str(one)] == {
            "type": NEW_EVENTS,
            "client": portal.client_id,
            "submission": str(one),
            "events": expected,
        }
        assert portal.lanes == {}
        assert calls(AT).calls == 0

    def test_tells_nothing_of_a_service_that_was_taken_away_meanwhile(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        portal.happened([portal.case], at=AT)
        collect(at=AT)
        PortalClient.objects.filter(client_id=portal.client_id).update(
            allowed_scopes="submit read:dog-tax"
        )
        assert calls(AT).events == 0
        assert receiver.calls == []
        assert portal.lanes == {}
        assert portal.target.last_success_at is None

    def test_is_signed_over_the_raw_body(self, portal: CalledBack, receiver: Receiver) -> None:
        portal.happened([portal.case], at=AT)
        calls(AT)
        (headers,), (raw,) = receiver.headers, receiver.bodies
        assert headers[TIMESTAMP] == str(int(AT.timestamp()))
        proof = {"authentication": headers[AUTHENTICATION], "timestamp": headers[TIMESTAMP]}
        assert is_genuine(raw, secrets=[portal.secret], at=AT, **proof)
        assert PREVIOUS not in headers

    def test_is_signed_with_both_secrets_for_a_day_after_a_rotation(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        new = set_target(receiver.url, rotate=True, by=portal.by, at=AT)
        for at in (AT + HOUR, AT + 25 * HOUR):
            portal.happened([portal.case], at=at)
            calls(at)
        (during, after), (raw, _) = receiver.headers, receiver.bodies
        for name, secret in ((AUTHENTICATION, new), (PREVIOUS, portal.secret)):
            proof = {"authentication": during[name], "timestamp": during[TIMESTAMP]}
            assert is_genuine(raw, secrets=[secret], at=AT + HOUR, **proof)
        assert PREVIOUS not in after

    def test_tells_at_most_so_many_events_at_once(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        portal.happened([portal.case] * (2 * MOST_EVENTS + 1), at=AT)
        assert calls(AT).calls == 3
        assert [len(call["events"]) for call in receiver.calls] == [MOST_EVENTS, MOST_EVENTS, 1]
        assert receiver.events == portal.feed()

    def test_tells_nothing_of_before_unless_asked_to(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        calls(AT)
        assert receiver.calls == []
        remove_target(by=portal.by, at=AT)
        set_target(receiver.url, after=0, by=portal.by, at=AT)
        calls(AT)
        assert [event["type"] for event in receiver.events] == ["received"]

    def test_tells_only_what_the_portal_may_read(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        PortalClient.objects.filter(client_id=portal.client_id).update(
            allowed_scopes="submit read:bulky-waste"
        )
        portal.happened([portal.case], at=AT)
        assert calls(AT).calls == 0
        assert portal.target.collected == 2

    @pytest.mark.parametrize("change", [{"deactivated_at": AT}])
    def test_does_not_go_to_a_client_that_is_not_let_in(
        self, portal: CalledBack, receiver: Receiver, change: dict[str, object]
    ) -> None:
        portal.happened([portal.case], at=AT)
        clients = PortalClient.objects.filter(client_id=portal.client_id)
        clients.update(**change)
        assert calls(AT).calls == 0
        clients.update(deactivated_at=None)
        assert calls(AT).calls == 1

    def test_costs_few_statements_when_there_is_nothing_to_tell(self, portal: CalledBack) -> None:
        assert len(statements(lambda: calls(AT))) == 3


class TestAFailure:
    def test_is_tried_again_later_and_later(self, portal: CalledBack, receiver: Receiver) -> None:
        receiver.behave = always(503)
        portal.happened([portal.case], at=AT)
        at, pauses = AT, []
        for attempt in range(1, 12):
            assert calls(at).failures == 1
            lane = portal.lanes[portal.case]
            assert (lane.attempts, lane.last_failure) == (attempt, "http_503")
            assert lane.due_at
            pauses.append(lane.due_at - at)
            assert calls(lane.due_at - timedelta(microseconds=1)).calls == 0
            at = lane.due_at
        assert timedelta(seconds=7.5) <= pauses[0] <= timedelta(seconds=10)
        assert 45 * MINUTE <= pauses[-1] <= HOUR
        receiver.behave = always(200)
        assert calls(at).events == 1
        assert portal.target.failing_since is None

    def test_waits_as_long_as_the_receiver_says(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        receiver.behave, receiver.answer_headers = always(429), {"Retry-After": "7200"}
        portal.happened([portal.case], at=AT)
        calls(AT)
        assert portal.lanes[portal.case].due_at == AT + 2 * HOUR

    def test_of_one_submission_holds_up_no_other(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        bad, *good = portal.submissions(8)
        receiver.behave = lambda call: 500 if call["submission"] == str(bad) else 200
        portal.happened([bad, *good], at=AT)
        at = AT
        while at < AT + 7 * DAY:
            calls(at)
            at += 6 * HOUR
        assert portal.lanes[bad].given_up_at is None
        assert len(receiver.calls) == len(good)
        calls(at)
        dead = portal.lanes[bad]
        assert (dead.given_up_at, dead.due_at, dead.last_failure) == (at, None, "http_500")

    def test_for_seven_days_gives_up_the_lane_as_a_whole_until_it_is_sent_again(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        receiver.behave = always(500)
        portal.happened([portal.case], at=AT)
        calls(AT)
        calls(AT + 7 * DAY)
        receiver.behave = always(200)
        portal.happened([portal.case], at=AT + 8 * DAY)
        assert calls(AT + 8 * DAY).calls == 0
        assert portal.lanes[portal.case].pending == 2
        resend(portal.client_id, by=colleague("o.kruse"), at=AT + 8 * DAY)
        assert calls(AT + 8 * DAY).calls == 1
        assert receiver.events == portal.feed()

    def test_by_410_pauses_until_the_address_is_set_again(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        receiver.behave = always(410)
        portal.happened([portal.case], at=AT)
        calls(AT)
        assert portal.target.paused_by == GONE
        assert status(by=portal.by, at=AT)["state"] == "paused"
        receiver.behave = always(200)
        assert calls(AT + 30 * DAY).calls == 0
        set_target(receiver.url, by=portal.by, at=AT + 30 * DAY)
        assert calls(AT + 30 * DAY).events == 1

    def test_is_noted_where_the_secret_cannot_be_read(
        self, portal: CalledBack, receiver: Receiver, settings: object
    ) -> None:
        settings.SECRET_KEY = "another key of the tests, as long as it should be"  # type: ignore[attr-defined]
        portal.happened([portal.case], at=AT)
        calls(AT)
        assert portal.lanes[portal.case].last_failure == "secret_unreadable"
        assert receiver.calls == []


class TestTheBreaker:
    def test_tries_one_lane_per_pause_while_the_receiver_is_away(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        receiver.leave()
        portal.happened(portal.submissions(40), at=AT)
        assert calls(AT).calls <= THRESHOLD + 2 * PER_TARGET  # with what was under way
        opened = portal.target
        assert opened.opened_at == AT
        assert opened.open_until
        assert calls(opened.open_until - timedelta(microseconds=1)).calls == 0
        assert calls(opened.open_until).calls == 1

    def test_makes_everything_due_once_the_receiver_is_back(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        receiver.leave()
        portal.happened(portal.submissions(40), at=AT)
        calls(AT)
        receiver.come()
        again = portal.target.open_until
        assert again
        assert calls(again).events == 40
        assert portal.lanes == {}

    def test_gives_up_what_waited_for_seven_days_and_nothing_younger(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        receiver.leave()
        old, young = portal.submissions(20), portal.submissions(5)
        portal.happened(old, at=AT)
        calls(AT)
        portal.happened(young, at=AT + 6 * DAY)
        for hours in range(6 * 24, 7 * 24 + 2):
            calls(AT + hours * HOUR)
        lanes = portal.lanes
        assert {lanes[one].given_up_at is not None for one in old} == {True}
        assert {lanes[one].given_up_at for one in young} == {None}


class TestADrill:
    """The receiver is away for three days; nobody does anything about it."""

    def test_loses_nothing_in_72_hours_and_keeps_the_order(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        chance = Random(72)
        submissions = portal.submissions(100)
        step, total = 30 * MINUTE, 1000
        rounds = 72 * HOUR // step
        receiver.leave()
        at, tried, written = AT, 0, 0
        for number in range(1, rounds + 1):
            more = total * number // rounds - written
            portal.happened(chance.choices(submissions, k=more), at=at)
            written += more
            tried += calls(at).calls
            at += step
        assert written == total
        # At the start until it opens, then with growing pauses, then about hourly.
        assert tried <= 110
        assert receiver.calls == []

        receiver.come()
        while portal.lanes and at < AT + 75 * HOUR:
            calls(at)
            at += step
        assert portal.lanes == {}
        assert len(receiver.events) == total
        assert firsts(receiver.events) == firsts(portal.feed())

    def test_survives_a_flaky_receiver_with_repetitions_and_in_order(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        chance = Random(7)
        answers: list[int | str] = [200] * 8
        answers += [204, 500, 502, 429, RESET_AFTERWARDS, RESET_AFTERWARDS]
        slow = iter([DRIP, DRIP])

        def flaky(_call: object) -> int | str:
            usual = chance.choice(answers)
            return next(slow, usual) if chance.random() < 0.02 else usual

        receiver.behave = flaky
        submissions = portal.submissions(20)
        at, failures = AT, 0
        for _ in range(20):
            portal.happened(chance.choices(submissions, k=10), at=at)
            failures += calls(at, timeout=0.3).failures
            at += MINUTE
        while portal.lanes and at < AT + 3 * DAY:
            failures += calls(at, timeout=0.3).failures
            at += 10 * MINUTE
        assert failures > 10
        assert portal.lanes == {}
        assert len(receiver.events) > 200  # some came twice
        assert firsts(receiver.events) == firsts(portal.feed())

    def test_tells_again_what_a_killed_worker_had_told(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        class Killed(BaseException):
            """The process is no more."""

        def told_and_killed(url: str, raw: bytes, headers: dict[str, str]) -> Answer:
            caller(30.0).post(url, raw, headers)
            raise Killed

        portal.happened([portal.case], at=AT)
        with pytest.raises(Killed):
            calls(AT, post=told_and_killed)
        assert calls(AT + timedelta(seconds=1)).calls == 0  # the lease runs
        assert calls(AT + 2 * MINUTE).calls == 1
        assert [call["events"] for call in receiver.calls] == [portal.feed()] * 2


@pytest.mark.django_db(transaction=True)
class TestManyWorkers:
    def test_tell_everything_once_and_in_order_while_others_write(
        self, portal: CalledBack, receiver: Receiver
    ) -> None:
        writers, workers, each = 8, 3, 12
        submissions = portal.submissions(writers * 2)

        def told() -> int:
            return len(receiver.events)

        def one(number: int) -> int:
            if number < writers:
                own = submissions[2 * number : 2 * number + 2]
                for turn in range(each):
                    portal.happened([own[turn % 2]], at=AT)
                return 0
            events = 0
            while told() < writers * each:
                events += calls(AT).events
            return events

        done = answered(together(writers + workers, one))
        assert sum(done) == len(receiver.events) == writers * each
        assert firsts(receiver.events) == firsts(portal.feed())
        assert portal.lanes == {}
