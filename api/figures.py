"""What the clients do, in figures: gathered in the process, written every few seconds.

Nothing is written per call, and nothing is kept of what was called but operation, outcome, size
and time. A process that is killed takes what it gathered in the last seconds along.
"""

import atexit
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Final

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from efile.kernel.clock import local_date

log = structlog.get_logger()

# Milliseconds; a call is counted at the first bound that it keeps to, or behind the last.
BOUNDS: Final = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000)

# Tenant, client, day, operation, status.
Kind = tuple[int, int, date, str, int]


@dataclass(slots=True)
class Sum:
    """The calls of one kind since figures were written the last time."""

    last_at: datetime
    calls: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    durations: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def add(self, other: "Sum") -> None:
        """Take the other's calls in."""
        self.last_at = max(self.last_at, other.last_at)
        self.calls += other.calls
        self.bytes_in += other.bytes_in
        self.bytes_out += other.bytes_out
        self.durations = [a + b for a, b in zip(self.durations, other.durations, strict=True)]


_WRITE: Final = """
INSERT INTO api_portalfigure AS f
       (tenant_id, client_id, day, operation, status,
        last_at, calls, bytes_in, bytes_out, durations)
SELECT tenant_id, client_id, day, operation, status, last_at, calls, bytes_in, bytes_out,
       string_to_array(durations, ' ')::bigint[]
  FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::text[], %s::smallint[],
              %s::timestamptz[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[])
       AS n (tenant_id, client_id, day, operation, status,
             last_at, calls, bytes_in, bytes_out, durations)
 WHERE EXISTS (SELECT FROM api_portalclient c WHERE c.id = n.client_id)
 ORDER BY client_id, day, operation, status
    ON CONFLICT (client_id, day, operation, status) DO UPDATE
   SET last_at = greatest(f.last_at, excluded.last_at),
       calls = f.calls + excluded.calls,
       bytes_in = f.bytes_in + excluded.bytes_in,
       bytes_out = f.bytes_out + excluded.bytes_out,
       durations = ARRAY(SELECT a + b FROM unnest(f.durations, excluded.durations)
                           WITH ORDINALITY AS d (a, b, n) ORDER BY n)
"""


class Gathered:
    """The figures of this process that are not written yet; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: dict[Kind, Sum] = {}
        self._timer: threading.Timer | None = None

    def note(
        self,
        caller: tuple[int, int],
        operation: str,
        status: int,
        *,
        at: datetime,
        seconds: float = 0.0,
        bytes_in: int = 0,
        bytes_out: int = 0,
    ) -> None:
        """Count one call of ``caller`` (tenant, client)."""
        new = Sum(at, 1, bytes_in, bytes_out)
        new.durations[_bound(seconds)] = 1
        self._take([((*caller, local_date(at), operation, status), new)])

    def write(self) -> None:
        """Write what was gathered, in one statement; what cannot be written now waits."""
        with self._lock:
            sums, self._sums = self._sums, {}
        if not sums:
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute(_WRITE, _columns(sums))
        except DatabaseError as error:
            log.warning("figures_wait", reason=type(error).__name__, kinds=len(sums))
            self._take(sums.items())

    def _take(self, sums: Iterable[tuple[Kind, Sum]]) -> None:
        with self._lock:
            for kind, new in sums:
                if known := self._sums.get(kind):
                    known.add(new)
                else:
                    self._sums[kind] = new
            if self._timer is None and settings.FIGURES_SECONDS:
                self._timer = threading.Timer(settings.FIGURES_SECONDS, self._write_in_time)
                self._timer.daemon = True
                self._timer.start()
                _write_at_exit()

    def _write_in_time(self) -> None:
        with self._lock:
            self._timer = None
        try:
            self.write()
        finally:
            connection.close()


GATHERED: Final = Gathered()


@cache
def _write_at_exit() -> None:
    atexit.register(GATHERED.write)


def _bound(seconds: float) -> int:
    milliseconds = seconds * 1000
    return next((i for i, most in enumerate(BOUNDS) if milliseconds <= most), len(BOUNDS))


def _columns(sums: dict[Kind, Sum]) -> list[list[object]]:
    rows = [
        (*kind, s.last_at, s.calls, s.bytes_in, s.bytes_out, " ".join(map(str, s.durations)))
        for kind, s in sums.items()
    ]
    return [list(column) for column in zip(*rows, strict=True)]
