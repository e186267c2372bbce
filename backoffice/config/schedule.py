"""Periodic jobs without a scheduler of their own: each runs in one worker at a time."""

import time

import structlog
from django.db import connection

from backoffice.config.wiring import PERIODIC, jobs

log = structlog.get_logger()


class Schedule:
    """When each periodic job is due next in this worker."""

    def __init__(self) -> None:
        self._due = dict.fromkeys(PERIODIC, time.monotonic())

    def run_due(self) -> None:
        """Run what is due. A job that fails is logged and waits for its next turn."""
        for name, pause in PERIODIC.items():
            if time.monotonic() < self._due[name]:
                continue
            self._due[name] = time.monotonic() + pause
            try:
                _run_alone(name)
            except Exception:  # one broken job must not stop the others
                log.exception("job_failed", job=name)


def _run_alone(name: str) -> None:
    """Run the job unless another worker is at it right now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 1))", [name])
        (free,) = cursor.fetchone()
        if not free:
            return
        try:
            jobs()[name]()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 1))", [name])
