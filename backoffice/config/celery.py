"""Celery, where a broker is configured: ``celery -A backoffice.config worker -B``."""

from celery import Celery

app = Celery("laufmappe")
# The broker comes from the settings (``BROKER_URL``), everything else is ours alone.
app.conf.update(
    {
        "task_ignore_result": True,
        "task_acks_late": True,
        "broker_connection_retry_on_startup": True,
        # Whoever only wakes a worker does not wait for a broker that is down (default: 6 s).
        "broker_transport_options": {"max_retries": 0},
        # Messages only wake a worker; the outbox knows what is owed.
        "task_default_queue": "laufmappe",
        "beat_schedule": {
            "sweep": {"task": "kernel.deliver", "schedule": 15.0},
            "seal": {"task": "kernel.seal", "schedule": 60.0},
            "upkeep": {"task": "workflows.upkeep", "schedule": 60.0},
            "collect": {"task": "efile.collect", "schedule": 900.0},
            "push": {"task": "api.push", "schedule": 1.0},
            "watch_callbacks": {"task": "api.watch_callbacks", "schedule": 60.0},
            "clear_tokens": {"task": "api.clear_tokens", "schedule": 3600.0},
            "clear_sessions": {"task": "pages.clear_sessions", "schedule": 3600.0},
        },
    }
)


@app.on_configure.connect  # type: ignore[untyped-decorator]
def _broker(**_: object) -> None:
    from django.conf import settings

    app.conf.broker_url = settings.BROKER_URL or "memory://"


app.autodiscover_tasks(related_name="jobs")
