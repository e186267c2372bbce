"""Celery, where a broker is configured: ``celery -A backoffice.config worker -B``."""

from celery import Celery

from backoffice.config.wiring import PERIODIC

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
            # What a worker without a broker runs by itself.
            **{name: {"task": name, "schedule": pause} for name, pause in PERIODIC.items()},
        },
    }
)


@app.on_configure.connect  # type: ignore[untyped-decorator]
def _broker(**_: object) -> None:
    from django.conf import settings

    app.conf.broker_url = settings.BROKER_URL or "memory://"


app.autodiscover_tasks(related_name="jobs")
