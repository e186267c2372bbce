"""The jobs of the e-file; they alone read the clock."""

from celery import shared_task

from efile import clearing, upkeep
from efile.kernel import clock
from efile.viewing.cache import default_cache


@shared_task(name="efile.collect", ignore_result=True)
def collect() -> None:
    """Remove expired uploads, bytes nothing refers to, and the pages drawn of what is gone."""
    at = clock.real_now()
    upkeep.collect_uploads(at=at)
    upkeep.collect_partial(at=at)
    upkeep.collect_bytes(at=at)
    upkeep.collect_orphans(at=at)
    default_cache().trim()


@shared_task(name="efile.scan", ignore_result=True)
def scan() -> None:
    """Scan what could not be scanned when it came."""
    clearing.scan_waiting(at=clock.now())
