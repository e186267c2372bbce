"""The composition root: settings, addresses and wiring; the one package that may name everyone."""

from backoffice.config.celery import app as celery_app

__all__ = ["celery_app"]
