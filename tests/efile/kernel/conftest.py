"""What the tests of the kernel may ask for: a stage on which reactions do as they are told."""

from typing import Any
from uuid import UUID

import pytest

from tests.efile.cases import opened
from tests.efile.kernel import stage


@pytest.fixture
def staged(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """An open case under the stage's wiring; the first reaction writes a note on it."""
    settings.WIRING = stage.__name__
    monkeypatch.setattr(stage.SCRIPT, "prepare", lambda subject: "Vorhang auf", raising=False)
    monkeypatch.setattr(stage.SCRIPT, "apply", stage.write, raising=False)
    return opened().id
