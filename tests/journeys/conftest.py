"""Portals and a clock for journeys that need no running city."""

from tests.api.conftest import portal
from tests.workflows.conftest import clock

__all__ = ["clock", "portal"]
