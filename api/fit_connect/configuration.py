"""Where our destination is, who we are there, and whose city it is: the settings in one piece."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from efile.kernel.actors import Actor
from efile.kernel.models import Tenant

# Without one of these there is no receiving at all.
_NEEDED = ("TOKEN_URL", "API_URL", "CLIENT_ID", "CLIENT_SECRET", "DESTINATION", "KEYS", "TENANT")


@dataclass(frozen=True, slots=True)
class Configuration:
    """A destination (Zustellpunkt) at a delivery service, and the city that it belongs to."""

    token_url: str
    api_url: str
    client_id: str
    client_secret: str
    destination: UUID
    keys: Path
    tenant: Tenant
    # How the delivery service calls itself in the events that it signs.
    issuer: str

    @property
    def actor(self) -> Actor:
        """Who hands in what comes this way: its sender's name is the destination's."""
        return Actor(
            tenant_id=self.tenant.pk,
            kind="portal",
            key=f"fit-connect:{self.destination}",
            label="FIT-Connect",
            permissions=frozenset({"submit", "read", "answer"}),
        )


def configured() -> Configuration | None:
    """The settings ``FITCONNECT_*``; None where they are all empty: FIT-Connect is off.

    ImproperlyConfigured for half of them, or for a city that does not exist.
    """
    given = {name: str(getattr(settings, f"FITCONNECT_{name}")) for name in _NEEDED}
    if not any(given.values()):
        return None
    if missing := [f"FITCONNECT_{name}" for name, value in given.items() if not value]:
        raise ImproperlyConfigured(f"FIT-Connect needs {', '.join(missing)}")
    tenant = Tenant.objects.filter(key=given["TENANT"]).first()
    if tenant is None:
        raise ImproperlyConfigured(f"FITCONNECT_TENANT: there is no tenant {given['TENANT']}")
    try:
        destination = UUID(given["DESTINATION"])
    except ValueError:
        raise ImproperlyConfigured("FITCONNECT_DESTINATION is not a UUID") from None
    api_url = given["API_URL"].rstrip("/")
    return Configuration(
        token_url=given["TOKEN_URL"],
        api_url=api_url,
        client_id=given["CLIENT_ID"],
        client_secret=given["CLIENT_SECRET"],
        destination=destination,
        keys=Path(given["KEYS"]),
        tenant=tenant,
        issuer=settings.FITCONNECT_ISSUER.rstrip("/") or api_url,
    )
