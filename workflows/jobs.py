"""The jobs of the workflows; they alone read the clock."""

from celery import shared_task

from efile.kernel import clock
from workflows import drafts, upkeep


@shared_task(name="workflows.upkeep", ignore_result=True)
def keep_up() -> None:
    """Close what is finished, serve again what nobody fetched, clear away what nobody sent."""
    at = clock.now()
    upkeep.close_finished(at=at)
    upkeep.serve_again(at=at)
    drafts.clear_away(at=at)
