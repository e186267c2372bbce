"""``manage.py worker``: drain the outbox and run the periodic jobs, without any broker."""

import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

import structlog
from django.core.management.base import BaseCommand

from backoffice.config.schedule import Schedule
from efile.kernel import outbox

log = structlog.get_logger()

# How long an idle worker sleeps before it looks again.
IDLE_SECONDS = 0.2


class Command(BaseCommand):
    help = "Carry out owed reactions and periodic jobs until SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")

    def handle(self, *_args: Any, **options: Any) -> None:
        stop = threading.Event()

        def leave(_signal: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGINT, leave)
        log.info("worker_started")
        schedule = Schedule()
        while not stop.is_set():
            try:
                busy = outbox.drain()
                if not options["once"]:
                    schedule.run_due()
            except Exception:  # the database may be restarting; whoever waits is served later
                log.exception("worker_round_failed")
                busy = 0
                stop.wait(2.0)
            if options["once"] and not busy:
                break
            if not busy:
                stop.wait(IDLE_SECONDS)
        log.info("worker_stopped")
