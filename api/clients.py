"""Portals as OAuth clients: making one, and the scopes each may ask for."""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.oauth2_validators import OAuth2Validator

from api.models import PortalClient
from efile.kernel.models import Tenant

SCOPES: Final[tuple[str, ...]] = tuple(settings.OAUTH2_PROVIDER["SCOPES"])
# What a portal needs; the rest is for whoever also serves registers, or is one.
OF_A_PORTAL: Final = ("submit", "read", "answer")


def create_client(
    tenant: Tenant, name: str, scopes: Iterable[str] = OF_A_PORTAL
) -> tuple[str, str]:
    """Let a portal of ``tenant`` in; returns (client id, client secret).

    The secret is stored hashed and cannot be shown again. ValueError for an unknown scope.
    """
    wanted = list(scopes)
    unknown = set(wanted) - set(SCOPES)
    if unknown or not wanted:
        raise ValueError(f"scopes are {', '.join(SCOPES)}, not {', '.join(unknown) or 'none'}")
    client_id, secret = generate_client_id(), generate_client_secret()
    PortalClient.objects.create(
        tenant=tenant,
        name=name,
        client_id=client_id,
        client_secret=secret,
        client_type=PortalClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=PortalClient.GRANT_CLIENT_CREDENTIALS,
        allowed_scopes=" ".join(wanted),
    )
    return client_id, secret


class ClientScopes(OAuth2Validator):  # type: ignore[misc]
    """The library's rules for issuing tokens, with the scopes of the client that asks."""

    def validate_scopes(
        self, _client_id: str, scopes: Iterable[str], client: Any, *_: Any, **__: Any
    ) -> bool:
        return set(scopes) <= set(client.allowed_scopes.split())

    def get_default_scopes(self, _client_id: str, request: Any, *_: Any, **__: Any) -> list[str]:
        return list(request.client.allowed_scopes.split())
