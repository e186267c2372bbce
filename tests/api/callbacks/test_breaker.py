"""When to try again: growing pauses, and the breaker's states."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from api.callbacks.breaker import (
    LONGEST_PAUSE,
    LONGEST_WISH,
    THRESHOLD,
    Circuit,
    is_given_up,
    next_try,
    pause,
)
from tests.factories import AT

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LANES = [UUID(int=number) for number in range(20)]


def failed(
    circuit: Circuit,
    lane: UUID,
    at: datetime = AT,
    *,
    wish: timedelta | None = None,
    probe: bool = False,
) -> Circuit:
    return circuit.failed(lane, at=at, wish=wish, draw=0.0, is_probe=probe)


def opened() -> Circuit:
    circuit = Circuit()
    for lane in LANES[:THRESHOLD]:
        circuit = failed(circuit, lane)
    return circuit


class TestAPause:
    def test_doubles_up_to_an_hour(self) -> None:
        waited = [pause(n, first=10 * SECOND, draw=0.0) for n in (1, 2, 3, 9, 10, 1000)]
        assert waited == [10 * SECOND, 20 * SECOND, 40 * SECOND, 2560 * SECOND, HOUR, HOUR]

    def test_is_cut_by_chance_so_that_not_all_come_at_once(self) -> None:
        assert pause(1, first=10 * SECOND, draw=0.999) < 8 * SECOND

    def test_is_as_long_as_the_receiver_wishes_but_not_for_ever(self) -> None:
        assert next_try(1, at=AT, wish=2 * HOUR, draw=0.0) == AT + 2 * HOUR
        assert next_try(10, at=AT, wish=SECOND, draw=0.0) == AT + LONGEST_PAUSE
        assert next_try(1, at=AT, wish=900 * DAY, draw=0.0) == AT + LONGEST_WISH


def test_seven_days_are_enough() -> None:
    assert not is_given_up(AT, AT + 7 * DAY - SECOND)
    assert is_given_up(AT, AT + 7 * DAY)


class TestTheCircuit:
    def test_stays_closed_below_the_threshold(self) -> None:
        circuit = Circuit()
        for lane in LANES[: THRESHOLD - 1]:
            circuit = failed(circuit, lane)
        assert not circuit.is_open
        assert circuit.failing_since == AT
        assert not failed(circuit.succeeded(), LANES[9]).is_open

    def test_opens_when_several_lanes_fail_in_a_row(self) -> None:
        assert opened().is_open
        assert opened().open_until == AT + 30 * SECOND

    def test_stays_closed_while_one_lane_alone_fails(self) -> None:
        circuit = Circuit()
        for _ in range(50):
            circuit = failed(circuit, LANES[0])
        assert not circuit.is_open

    def test_is_not_moved_by_what_was_under_way_when_it_opened(self) -> None:
        assert failed(opened(), LANES[10], AT + 5 * SECOND) == opened()

    def test_waits_longer_after_each_failed_probe_and_never_more_than_an_hour(self) -> None:
        circuit, at, pauses = opened(), AT, []
        for lane in LANES[:12]:
            assert circuit.open_until
            at = circuit.open_until
            circuit = failed(circuit, lane, at, probe=True)
            assert circuit.open_until
            pauses.append(circuit.open_until - at)
        assert pauses[:3] == [60 * SECOND, 120 * SECOND, 240 * SECOND]
        assert pauses == sorted(pauses)
        assert pauses[-1] == HOUR
        assert (circuit.opened_at, circuit.failing_since) == (AT, AT)

    @pytest.mark.parametrize("probe", [True, False])
    def test_honours_a_wish(self, probe: bool) -> None:
        circuit = opened() if probe else opened().succeeded()
        for lane in LANES[:THRESHOLD]:
            circuit = failed(circuit, lane, wish=3 * HOUR, probe=probe)
        assert circuit.open_until == AT + 3 * HOUR

    def test_closes_with_the_first_success(self) -> None:
        assert opened().succeeded() == Circuit()
