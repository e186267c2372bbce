"""The time of day: true, unless a demo was told otherwise."""

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from efile.kernel import clock
from tests.efile.cases import by_the_owner
from tests.factories import AT, DAY

pytestmark = pytest.mark.django_db

Turn = Callable[[datetime | None], None]


@pytest.fixture
def turn(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Turn:
    """Writes the file that stops the clock, as ``make demo`` does; nothing is known of it yet."""
    settings.DEMO_CLOCK_FILE = tmp_path / "clock.json"
    monkeypatch.setattr(clock, "_demo_database", None)
    monkeypatch.setattr(clock, "_demo_reading", (0.0, None))
    seconds = count(1)

    def write(at: datetime | None) -> None:
        told = {"now": at.isoformat() if at else None}
        settings.DEMO_CLOCK_FILE.write_text(json.dumps(told), encoding="utf-8")
        # Two turns within one tick of the file system would leave the same stamp.
        os.utime(settings.DEMO_CLOCK_FILE, (stamp := next(seconds), stamp))

    return write


def is_true(told: Callable[[], datetime]) -> bool:
    before = datetime.now(UTC)
    return before <= told() <= datetime.now(UTC)


def declare_demo() -> None:
    by_the_owner("INSERT INTO kernel_installation (id, is_demo) VALUES (1, true)")


class TestNow:
    def test_is_the_true_time_in_utc(self) -> None:
        assert is_true(clock.now)
        assert clock.now().tzinfo is UTC

    def test_is_the_true_time_where_the_setting_is_missing(self, turn: Turn) -> None:
        declare_demo()
        turn(AT)
        assert is_true(clock.now)

    def test_is_the_true_time_where_the_database_is_no_demo(
        self, turn: Turn, settings: Any
    ) -> None:
        settings.DEMO = True
        turn(AT)
        assert is_true(clock.now)

    def test_is_the_true_time_where_the_database_was_a_demo_once(
        self, turn: Turn, settings: Any
    ) -> None:
        settings.DEMO = True
        by_the_owner("INSERT INTO kernel_installation (id, is_demo) VALUES (1, false)")
        turn(AT)
        assert is_true(clock.now)


class TestNowInADemo:
    @pytest.fixture(autouse=True)
    def _demo(self, settings: Any, turn: Turn) -> None:
        settings.DEMO = True
        declare_demo()

    def test_is_what_the_file_says(self, turn: Turn) -> None:
        turn(AT)
        assert clock.now() == AT

    def test_follows_the_file(self, turn: Turn) -> None:
        turn(AT)
        clock.now()
        turn(AT + DAY)
        assert clock.now() == AT + DAY

    def test_is_the_true_time_without_a_file(self) -> None:
        assert is_true(clock.now)

    def test_is_the_true_time_once_the_file_lets_the_clock_run(self, turn: Turn) -> None:
        turn(None)
        assert is_true(clock.now)

    def test_is_not_what_security_goes_by(self, turn: Turn) -> None:
        turn(AT)
        assert is_true(clock.real_now)


class TestLocalDate:
    @pytest.mark.parametrize(
        ("moment", "day"),
        [
            (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
            (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
            (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
            (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        ],
        ids=["winter, 23:59", "winter, midnight", "summer, 23:59", "summer, midnight"],
    )
    def test_turns_at_midnight_in_berlin(self, moment: datetime, day: date) -> None:
        assert clock.local_date(moment) == day
