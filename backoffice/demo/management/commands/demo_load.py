"""``manage.py demo_load``: twelve weeks of Musterstadt, pushed through the doors it really has.

A simulated portal sends every application over HTTP; the demo's caseworkers work on a part of
them. The clock is a file: it moves day by day through the twelve weeks and then lets go.
"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from api.client import Portal
from backoffice.demo.applications import applications, by_day
from backoffice.demo.colleagues import close_what_is_done, do_a_days_work
from backoffice.demo.envelopes import Application
from backoffice.demo.open311_reports import reports, send
from backoffice.demo.portal import Tally, follow_up, run
from efile.kernel import outbox
from efile.kernel.clock import BERLIN, real_now
from efile.kernel.models import Delivery

PORTAL_CALLS = 3
REPORTS = 8
# What was asked lately is not answered yet: there is something left to see.
FRESH = timedelta(days=21)


class Command(BaseCommand):
    help = "Let a simulated portal push applications and demo caseworkers process a part."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=300)
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--people", type=int, default=2000)

    def handle(self, *_args: Any, **options: Any) -> None:
        var: Path = settings.VAR
        done = var / "demo-loaded"
        if done.exists():
            return
        record = json.loads((var / "demo.json").read_text(encoding="utf-8"))
        client = record["portal"]
        until = real_now() - timedelta(hours=1)
        with Portal(record["base_url"], client["client_id"], client["client_secret"]) as portal:
            stream = applications(
                options["seed"],
                options["cases"],
                until=until,
                people=options["people"],
                services=[service["key"] for service in portal.services()],
            )
            try:
                tally = self._live(portal, list(by_day(stream)), options["cases"])
            finally:
                _set_clock(None)
        # An app of somebody else, with people who report what they see.
        send(
            record["base_url"],
            record["open311"]["api_key"],
            reports(REPORTS),
            city=record["tenant"],
        )
        done.write_text(real_now().isoformat(), encoding="utf-8")
        counted = ", ".join(f"{n} × {status}" for status, n in sorted(tally.statuses.items()))
        self.stdout.write(f"  {options['cases']} applications answered: {counted}")
        if tally.surprises:
            self.stderr.write(f"  {len(tally.surprises)} answers were not the expected ones")

    def _live(self, portal: Portal, days: list[tuple[Any, list[Application]]], total: int) -> Tally:
        rng = Random(total)
        tally, sent, cursor = Tally(), 0, None
        for day, parcel in days:
            for hour in _hours(parcel):
                _set_clock(hour[-1].sent_at)
                _merge(tally, run(portal, hour, workers=PORTAL_CALLS))
                sent += len(hour)
            office_closes = datetime.combine(day, time(17, 30), BERLIN).astimezone(UTC)
            evening = max(office_closes, parcel[-1].sent_at)
            _set_clock(evening)
            if day.weekday() < 5:
                do_a_days_work(rng, at=evening)
            if day.weekday() in (1, 4):
                early = day < days[-1][0] - FRESH
                followed = follow_up(portal, tally.submissions, cursor, answering=early)
                cursor = followed.cursor
                close_what_is_done(at=evening)
            self._progress(sent, total)
        self.stdout.write("")
        _drain()
        return tally

    def _progress(self, sent: int, total: int) -> None:
        if not self.stdout.isatty():
            return
        share = sent / total
        bar = "█" * round(30 * share)
        self.stdout.write(f"\r  {bar:<30} {sent:>4} of {total} applications", ending="")
        self.stdout.flush()


def _hours(parcel: list[Application]) -> Iterator[list[Application]]:
    """The parcel of a day in pieces of some hours, so that stamps spread over the day."""
    for start in range(0, len(parcel), 4):
        yield parcel[start : start + 4]


def _merge(whole: Tally, part: Tally) -> None:
    whole.statuses.update(part.statuses)
    whole.submissions.update(part.submissions)
    whole.surprises.extend(part.surprises)


def _set_clock(moment: datetime | None) -> None:
    """Stop the demo's clock at ``moment``; None lets it go. Replaced whole, never half written."""
    path: Path = settings.DEMO_CLOCK_FILE
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"now": moment.isoformat() if moment else None}), encoding="utf-8")
    fresh.replace(path)


def _drain() -> None:
    """Help the worker until nothing is owed any more, so that the city is complete."""
    while Delivery.objects.filter(is_dead=False, attempts__lt=3).exists():
        outbox.drain(limit=5)
