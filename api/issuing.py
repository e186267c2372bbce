"""Issuing tokens: the OAuth library's rules, with the scopes, secrets and keys of our clients."""

import time
from collections.abc import Iterable
from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.common import Request

from api import assertions
from api.figures import GATHERED
from api.models import PortalClient
from api.scopes import narrowed, tidied, within
from efile.kernel.clock import real_now

OPERATION = "createToken"


class ClientRules(OAuth2Validator):  # type: ignore[misc]
    """A client proves itself the one way that it is registered with, and gets what it may have."""

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Whether the client is who it says: by a signature, its secret, or the one before."""
        request.began = time.perf_counter()
        if _sent(request, "client_assertion") or _sent(request, "client_assertion_type"):
            proven = self._is_signed(request)
        else:
            proven = self._knows_secret(request, *args, **kwargs)
        if not proven and request.client:
            _count(request, 401)
        return proven

    def validate_scopes(
        self, _client_id: str, scopes: Iterable[str], client: PortalClient, request: Request
    ) -> bool:
        """Whether all of it may be asked for; the token gets what that comes down to."""
        wanted, allowed = list(scopes), client.allowed_scopes.split()
        if not all(within(entry, allowed) for entry in wanted):
            return False
        request.scopes = tidied(narrowed(wanted, allowed))
        return True

    def get_default_scopes(self, _client_id: str, request: Request, *_: Any) -> list[str]:
        """All that the client may ask for."""
        return list(request.client.allowed_scopes.split())

    def save_bearer_token(self, token: Any, request: Request, *args: Any, **kwargs: Any) -> None:
        """Keep the token, hashed, and count it."""
        super().save_bearer_token(token, request, *args, **kwargs)
        _count(request, 200)

    def _is_signed(self, request: Request) -> bool:
        """A secret beside the signature is one way too many (RFC 6749, section 2.3)."""
        assertion = _sent(request, "client_assertion")
        named = assertions.claimed_client(assertion)
        if (
            _sent(request, "client_assertion_type") != assertions.TYPE
            or request.client_secret
            or self._extract_basic_auth(request)
            or (request.client_id or named) != named
            or self._load_application(named, request) is None
        ):
            return False
        client: PortalClient = request.client
        return client.auth_method == PortalClient.SIGNED and assertions.is_proven(
            client, assertion, at=real_now()
        )

    def _knows_secret(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        known = bool(super().authenticate_client(request, *args, **kwargs))
        client: PortalClient | None = request.client
        if not known and client and (before := client.second_secret(real_now())):
            client.client_secret = before  # for this call: nobody saves the row
            known = bool(super().authenticate_client(request, *args, **kwargs))
        return known and request.client.auth_method == PortalClient.SECRET


def _sent(request: Request, name: str) -> str:
    """A parameter that oauthlib's request has no place for."""
    return str(getattr(request, name, None) or "")


def _count(request: Request, status: int) -> None:
    client: PortalClient = request.client
    GATHERED.note(
        (client.tenant_id, client.pk),
        OPERATION,
        status,
        at=real_now(),
        seconds=time.perf_counter() - request.began,
    )
