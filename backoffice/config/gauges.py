"""Figures for Prometheus that the database knows: the same from every process, asked when read."""

from collections.abc import Iterable

from django.db import DatabaseError
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.callbacks.lateness import backlog
from efile.kernel.clock import real_now


class CallbackGauges(Collector):
    """What has not arrived at portals that are called back. Nothing while the database is away."""

    def describe(self) -> Iterable[Metric]:
        """Named when read: registering asks no database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        try:
            now = backlog(at=real_now())
        except DatabaseError:
            return
        for name, told, value in (
            ("undelivered_events", "Events that have not arrived", now.events),
            ("oldest_undelivered_seconds", "Age of the oldest of them", now.oldest_seconds),
            ("given_up_submissions", "Submissions that are tried no more", now.given_up),
            ("late_receivers", "Portals that wait for more than an hour", now.late_receivers),
        ):
            yield GaugeMetricFamily(f"laufmappe_callbacks_{name}", told, value)
