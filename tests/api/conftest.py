"""Portals for the tests of the API, and a calendar that goes on."""

from datetime import time, timedelta

import pytest

from efile.kernel.clock import local_date, real_now
from tests import factories
from tests.api.calling import Portal
from workflows.slots import lay_out


@pytest.fixture
def portal(db: None) -> Portal:
    return Portal()


@pytest.fixture
def collection_days(db: None) -> None:
    """Days on which bulky waste is collected everywhere, from tomorrow: the API knows only now."""
    today = local_date(real_now())
    for district in "123456":
        lay_out(
            factories.city(),
            "bulky-waste",
            days=[today + timedelta(days=ahead) for ahead in range(1, 30)],
            district=district,
            kind="standard",
            capacity=14,
            starts=time(7),
            ends=time(16),
        )
