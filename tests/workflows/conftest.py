"""What the tests of the work may ask for: the office's clock, and registers that answer."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from backoffice.demo.registers import RegisterServer
from efile.kernel import clock as office
from tests.factories import AT
from tests.workflows.applicants import PEOPLE

Clock = Callable[[datetime], None]


@pytest.fixture
def clock(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the clock that jobs and reactions read, the way the demo does; it stands at ``AT``."""
    settings.DEMO, settings.DEMO_CLOCK_FILE = True, tmp_path / "clock.json"
    monkeypatch.setattr(office, "_demo_database", True)

    def turn_to(at: datetime) -> None:
        settings.DEMO_CLOCK_FILE.write_text(json.dumps({"now": at.isoformat()}))
        # Two turns within one tick of the file system leave the same stamp.
        monkeypatch.setattr(office, "_demo_reading", (0.0, None))

    turn_to(AT)
    return turn_to


@pytest.fixture
def registers(settings: Any) -> Iterator[RegisterServer]:
    """The registers of ``PEOPLE``, which every check asks from here on."""
    with RegisterServer(PEOPLE, log=lambda _line: None) as server:
        settings.REGISTERS_URL = server.url
        yield server
