"""The jobs of the pages."""

from importlib import import_module

from celery import shared_task
from django.conf import settings


@shared_task(name="pages.clear_sessions", ignore_result=True)
def clear_sessions() -> None:
    """Remove sessions that have expired: they hold what people looked for."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
