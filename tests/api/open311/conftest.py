"""A city that takes reports over Open311, and an app."""

from typing import Any

import pytest

from tests.api.open311.app import App


@pytest.fixture
def app(db: None, settings: Any) -> App:
    settings.OPEN311_TENANT = "musterstadt"
    return App()
