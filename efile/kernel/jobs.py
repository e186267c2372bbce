"""The kernel's jobs: deliver what is owed, seal what moved. They alone read the clock."""

from celery import shared_task

from efile.kernel import clock, outbox, seals


@shared_task(name="kernel.deliver", ignore_result=True)
def deliver() -> None:
    """Drain the outbox until nothing is due."""
    while outbox.drain():
        pass


@shared_task(name="kernel.seal", ignore_result=True)
def seal() -> None:
    """Seal every chain that moved."""
    seals.seal_all(at=clock.real_now())
