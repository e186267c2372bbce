"""The jobs of the workflows; they alone read the clock."""

from celery import shared_task

from efile.kernel import clock
from workflows import upkeep


@shared_task(name="workflows.upkeep", ignore_result=True)
def keep_up() -> None:
    """Close what is finished, serve again what nobody fetched."""
    at = clock.now()
    upkeep.close_finished(at=at)
    upkeep.serve_again(at=at)
