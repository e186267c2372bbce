"""With a broker everything runs that a worker without one runs by itself."""

from backoffice.config.celery import app
from backoffice.config.wiring import PERIODIC, jobs


def test_every_periodic_job_has_its_beat_and_its_task() -> None:
    app.loader.import_default_modules()
    jobs()
    beats = {beat["task"]: beat["schedule"] for beat in app.conf.beat_schedule.values()}

    assert {name: beats[name] for name in PERIODIC} == PERIODIC
    assert set(beats) <= set(app.tasks)
