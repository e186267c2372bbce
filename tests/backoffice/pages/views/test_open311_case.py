"""A report that came over Open311, as the caseworker sees it."""

from typing import Any
from uuid import UUID

import pytest

from tests.api.open311.app import SAID, App
from tests.backoffice.pages.conftest import SignedIn
from workflows.models import Process

pytestmark = pytest.mark.django_db


def test_says_how_it_came_and_everything_that_was_sent(signed_in: SignedIn, settings: Any) -> None:
    settings.OPEN311_TENANT = "musterstadt"
    report = App().report()
    process = Process.objects.get(submission=UUID(report))
    response = signed_in("u.thalmann").get(f"/cases/{process.case_id}")
    assert "über Open311" in response.content.decode()
    for said in ("description", "address_string", "media_url", "email", "phone"):
        assert SAID[said] in str(response.context["page"])
