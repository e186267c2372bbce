"""A city that is sometimes down, slow or strict, and a portal that talks to it."""

from collections.abc import Iterator

import pytest

from api.client import Portal
from tests.api.client.city_double import Double, serving


@pytest.fixture
def api() -> Iterator[Double]:
    with serving() as double:
        yield double


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def portal(api: Double, pauses: list[float]) -> Iterator[Portal]:
    with Portal(api.url, "portal", "s3cret", attempts=4, pause=pauses.append) as client:
        yield client
