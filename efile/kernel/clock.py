"""The time of day, for edges and jobs; everything below them is handed its time."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

# Deadlines run on the calendar of the town hall, whatever the server's zone says.
BERLIN = ZoneInfo("Europe/Berlin")

_demo_reading: tuple[float, datetime | None] = (0.0, None)
_demo_database: bool | None = None


def real_now() -> datetime:
    """The true time, UTC: for tokens, expiry, retries and everything about security."""
    return datetime.now(UTC)


def now() -> datetime:
    """The time at which the office believes it works, UTC.

    The true time, except under ``LAUFMAPPE_DEMO=1`` on a database marked as demo, where a
    file may stop the clock at another moment.
    """
    if settings.DEMO:
        return _demo_time() or real_now()
    return real_now()


def local_date(moment: datetime) -> date:
    """The day of law (Europe/Berlin) in which ``moment`` lies."""
    return moment.astimezone(BERLIN).date()


def _demo_time() -> datetime | None:
    global _demo_reading, _demo_database
    try:
        stamp = Path(settings.DEMO_CLOCK_FILE).stat().st_mtime_ns
    except FileNotFoundError:
        return None
    if _demo_database is None:
        from efile.kernel.models import Installation

        _demo_database = Installation.objects.filter(is_demo=True).exists()
    if not _demo_database:
        return None
    if stamp != _demo_reading[0]:
        told = json.loads(Path(settings.DEMO_CLOCK_FILE).read_text(encoding="utf-8"))["now"]
        _demo_reading = (stamp, datetime.fromisoformat(told) if told else None)
    return _demo_reading[1]
