"""A portal that is called back, and what happens to its submissions."""

from collections.abc import Iterator

import pytest

from tests.api.callbacks.happening import CalledBack
from tests.api.callbacks.receiving import Receiver
from tests.factories import AT


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that answers, on this machine."""
    with Receiver() as running:
        yield running


@pytest.fixture
def portal(receiver: Receiver, db: None) -> CalledBack:
    """A portal that is called back at ``receiver``, since ``AT``."""
    return CalledBack(receiver.url, at=AT)
