"""The sample app's reports are reports the city takes."""

from typing import Any

import pytest

from backoffice.demo.open311_reports import reports
from tests.api.open311.app import App

pytestmark = pytest.mark.django_db


def test_are_taken_and_shown(settings: Any) -> None:
    settings.OPEN311_TENANT = "musterstadt"
    app = App("Demo")
    made = [app.report(said) for said in reports(12)]
    told = app.get("requests")
    assert {one["service_request_id"] for one in told} == set(made)
    assert len({one["service_code"] for one in told}) == 8
    assert {one["address"] is None for one in told} == {True, False}
