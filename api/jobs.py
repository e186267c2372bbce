"""The jobs of the API; they alone read the clock."""

from celery import shared_task
from django.db import connection

from efile.kernel import clock


@shared_task(name="api.clear_tokens", ignore_result=True)
def clear_tokens() -> None:
    """Remove tokens that have expired."""
    with connection.cursor() as cursor:
        # Not by the ORM, which would look through the library's tables that we never use.
        cursor.execute(
            "DELETE FROM oauth2_provider_accesstoken WHERE expires < %s", [clock.real_now()]
        )
