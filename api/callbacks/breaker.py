"""When to try again: growing pauses for a lane, and one circuit breaker for each receiver.

Pure: everything here is handed its time and its chance (``draw`` in [0, 1)).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

FIRST_PAUSE: Final = timedelta(seconds=10)
FIRST_PROBE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(hours=1)
# What a receiver may ask for by Retry-After.
LONGEST_WISH: Final = timedelta(days=1)
GIVE_UP_AFTER: Final = timedelta(days=7)
# So many failures in a row, no two of them of one lane: it is the receiver that is down.
THRESHOLD: Final = 5
# At most so much of a pause is cut off by chance, so that not everything comes back at once.
_JITTER: Final = 0.25


def pause(attempt: int, *, first: timedelta, draw: float) -> timedelta:
    """How long to wait after failed ``attempt`` (1, 2, …): doubling up to an hour, with jitter."""
    doublings = min(attempt - 1, 20)
    whole: timedelta = min(first * (1 << doublings), LONGEST_PAUSE)
    return whole * (1 - _JITTER * draw)


def next_try(attempt: int, *, at: datetime, wish: timedelta | None, draw: float) -> datetime:
    """When a lane is tried after failed ``attempt``; never before the receiver wants it to be."""
    own = pause(attempt, first=FIRST_PAUSE, draw=draw)
    return at + max(own, min(wish or own, LONGEST_WISH))


def is_given_up(failing_since: datetime, at: datetime) -> bool:
    """Whether what has failed since then is tried no more."""
    return at - failing_since >= GIVE_UP_AFTER


@dataclass(frozen=True, slots=True)
class Circuit:
    """How a receiver as a whole fares.

    Closed: every lane is tried. Open until a moment: nothing is tried. After that moment: one
    probe, which closes it or opens it for longer. One lane that fails again and again is that
    lane's trouble, and opens nothing.
    """

    failures: int = 0
    failed_lane: UUID | None = None
    failing_since: datetime | None = None
    opened_at: datetime | None = None
    open_until: datetime | None = None
    probes: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is open, or waits for a probe."""
        return self.opened_at is not None

    def succeeded(self) -> "Circuit":
        """After any success: closed."""
        return Circuit()

    def failed(
        self, lane: UUID, *, at: datetime, wish: timedelta | None, draw: float, is_probe: bool
    ) -> "Circuit":
        """After a failure of ``lane``; what was under way when it opened changes nothing.

        A wish (Retry-After) keeps an open circuit open for as long.
        """
        if self.is_open and not is_probe:
            return self
        failures = self.failures + (lane != self.failed_lane)
        after = replace(
            self, failures=failures, failed_lane=lane, failing_since=self.failing_since or at
        )
        if failures < THRESHOLD and not self.is_open:
            return after
        own = pause(self.probes + 1, first=FIRST_PROBE, draw=draw)
        return replace(
            after,
            opened_at=self.opened_at or at,
            open_until=at + max(own, min(wish or own, LONGEST_WISH)),
            probes=self.probes + 1,
        )
