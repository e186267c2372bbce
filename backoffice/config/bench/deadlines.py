"""What deadlines cost: 100,000 reckoned on one core, and the job that watches 100,000 running ones.

Run as ``python -m backoffice.config.bench.deadlines`` as the owner of the measured city, whose
database is left as it was. Prints JSON.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from statistics import median
from typing import Any, Final

import django

RECKONED: Final = 100_000
SMALL, LARGE = 10_000, 100_000
ROUNDS: Final = 15
# As many targets, answers and remedies as a case has.
_HOW: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "processing", "event": "received", "working_days": 10},
    {"kind": "legal", "event": "received", "rule": "inactivity_3_months"},
    {"kind": "processing", "event": "question_asked", "rule": "authority_period_2_weeks"},
    {"kind": "legal", "event": "posted", "rule": "delivery_fiction_post+objection_1_month"},
    {"kind": "processing", "event": "matter_ends", "calendar_days": -28},
)
_FILL: Final = """
INSERT INTO workflows_deadline (id, tenant_id, case_id, key, kind, rule, event, event_on, ends_on,
                                derivation, turns, is_paused, calendar, is_running, set_at, set_by,
                                over_because, warn_on, escalate_on)
SELECT gen_random_uuid(), %(tenant)s, gen_random_uuid(), 'processing', 'processing',
       'working_days', 'received', date '2026-01-01', date '2026-06-01' + n %% 200, '[]', '[]',
       false, %(mark)s, true, timestamptz '2026-01-01', 'fill', '',
       date '2026-05-20' + n %% 200, date '2026-06-10' + n %% 200
  FROM generate_series(1, %(count)s) n
"""


def reckoned_per_second(count: int = RECKONED) -> float:
    """Deadlines of definitions reckoned with their derivations, per second of processor time."""
    from workflows.calendar import NRW, OfficeCalendar
    from workflows.catalogue.parts import DeadlineRule, Text
    from workflows.deadlines.defined import reckoned
    from workflows.deadlines.law import Regime

    office = OfficeCalendar(NRW, frozenset({date(2026, 2, 16), date(2026, 12, 24)}))
    rules = [DeadlineRule("it", Text({"de": "Frist"}), **how) for how in _HOW]

    def asked() -> Iterator[tuple[DeadlineRule, date]]:
        for number in range(count):
            yield rules[number % len(rules)], date(2026, 1, 2) + timedelta(days=number % 700)

    for rule, on in islice(asked(), 1000):  # holidays are looked up once a year
        reckoned(rule, on, regime=Regime.VWVFG, office=office)
    questions = list(asked())
    began = time.process_time()
    for rule, on in questions:
        reckoned(rule, on, regime=Regime.VWVFG, office=office)
    return count / (time.process_time() - began)


def watching() -> dict[str, Any]:
    """Milliseconds of a round of the job in which nothing is due, by running deadlines; plans."""
    from django.db import transaction

    from efile.kernel.models import Tenant
    from workflows.case_deadlines import calendar_mark

    tenant = Tenant.objects.order_by("id")[0]
    fill = {"tenant": tenant.pk, "mark": calendar_mark(frozenset(tenant.closing_days))}
    found: dict[str, Any] = {}
    for count in (SMALL, LARGE):
        with transaction.atomic():
            _with(count, fill)
            found[f"{count:,} running, ms"] = median(_rounds())
            if count == LARGE:
                found["plans"] = _plans()
            transaction.set_rollback(True)
    return found


def _with(count: int, fill: dict[str, Any]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_FILL, {**fill, "count": count})
        cursor.execute("ANALYZE workflows_deadline")


def _rounds() -> Iterator[float]:
    from workflows import deadline_watch

    at = datetime(2026, 5, 1, tzinfo=UTC)
    jobs: tuple[Callable[..., int], ...] = (
        deadline_watch.follow_calendars,
        deadline_watch.warn,
        deadline_watch.escalate,
    )
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assert sum(job(at=at) for job in jobs) == 0
        yield (time.perf_counter() - began) * 1000


def _plans() -> list[str]:
    """The access paths that the job's three questions take, one line each."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        list(islice(_rounds(), 1))
    plans = []
    for one in asked:
        if "workflows_deadline" in one["sql"]:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {one['sql']}")
                lines = [line for (line,) in cursor.fetchall()]
            plans += [line.split("  (")[0].strip(" ->") for line in lines if " on " in line]
    return sorted(set(plans))


def measure() -> dict[str, Any]:
    """Both figures."""
    return {"reckoned per second": reckoned_per_second(), **watching()}


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(measure()))
