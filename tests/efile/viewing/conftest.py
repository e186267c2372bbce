"""A cache of each test's own: what one has drawn, another must draw again."""

from pathlib import Path

import pytest
from pytest_django import Settings

from efile.viewing.cache import Cache, default_cache


@pytest.fixture(autouse=True)
def drawn(tmp_path: Path, settings: Settings) -> Cache:
    """The cache that is used."""
    settings.VIEWS_ROOT = tmp_path / "views"
    return default_cache()
