"""The tables of the API: who may talk to us, and what is owed to them."""

from api.models.clients import PortalClient

__all__ = ["PortalClient"]
