"""The jobs of the API; they alone read the clock."""

from celery import shared_task
from django.db import connection

from api.assertions import forget_assertions
from api.callbacks import lateness, pushing
from api.fit_connect import polling
from api.rates import forget_windows
from efile.kernel import clock


@shared_task(name="api.push", ignore_result=True)
def push() -> None:
    """Have everything pushed that is owed, without waiting for whoever is slow to answer."""
    pushing.begin()


@shared_task(name="api.watch_callbacks", ignore_result=True)
def watch_callbacks() -> None:
    """Say where something has not arrived for too long."""
    lateness.watch(at=clock.real_now())


@shared_task(name="api.clear_tokens", ignore_result=True)
def clear_tokens() -> None:
    """Remove tokens and assertions that have expired, and counts of minutes that are over."""
    with connection.cursor() as cursor:
        # Not by the ORM, which would look through the library's tables that we never use.
        cursor.execute(
            "DELETE FROM oauth2_provider_accesstoken WHERE expires < %s", [clock.real_now()]
        )
    forget_assertions(at=clock.real_now())
    forget_windows()


@shared_task(name="api.fit_connect", ignore_result=True)
def poll_fit_connect() -> None:
    """Pick up what waits at the delivery service: every minute, and when it has called."""
    polling.poll_if_due(at=clock.real_now())
