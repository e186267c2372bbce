"""The demo's caseworkers take up the cases of every office, not only of the busy ones."""

from datetime import timedelta
from random import Random

import pytest

from backoffice.demo import colleagues
from tests.factories import AT, drained, submitted
from workflows.models import Process

SERVICES = ("dog-tax", "childcare-place", "defect-report", "resident-parking")


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_every_office_gets_on_with_its_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(colleagues, "LEFT_ALONE", 0)
    monkeypatch.setattr(colleagues, "FORGOTTEN", 0)
    for service in SERVICES:
        submitted(service)
    drained()
    rng, days = Random(7), [AT + colleagues.LIES_FOR + timedelta(days=day) for day in range(70)]
    quiet = [day for day in days if day.weekday() in colleagues.QUIET_DAYS]
    taken = [colleagues.do_a_days_work(rng, at=day) for day in quiet]
    assert sum(taken) >= 2 * len(SERVICES)
    states = dict(Process.objects.values_list("service_key", "state"))
    assert states.keys() == set(SERVICES)
    assert "received" not in states.values()
