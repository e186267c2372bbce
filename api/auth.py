"""Who calls, and how often: a bearer token becomes the portal as an actor, in one statement."""

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api import rates
from api.scopes import narrowed
from efile.kernel.actors import Actor
from efile.kernel.clock import real_now

if TYPE_CHECKING:  # the framework's views import this module
    from rest_framework.views import APIView

REALM: Final = "laufmappe"
# RFC 6750, section 2.1
_BEARER: Final = re.compile(r"bearer +([A-Za-z0-9._~+/-]{1,512}=*)", re.IGNORECASE)

# One statement, whatever the answer: who calls, one more call of theirs, or of their address where
# the token is none. The token lies hashed in the database. The tenant becomes a setting of the
# session, once per request, so that row-level security can be switched on underneath.
_ACTOR: Final = f"""
WITH found AS (
SELECT c.id, c.tenant_id, c.client_id, c.name, t.scope, c.allowed_scopes, c.rate_limit
  FROM oauth2_provider_accesstoken t JOIN api_portalclient c ON c.id = t.application_id
 WHERE t.token_checksum = %(token)s AND t.expires > %(at)s AND c.deactivated_at IS NULL),
counted AS (
INSERT INTO api_ratewindow AS w (subject, minute, calls)
SELECT coalesce((SELECT 'client:' || id FROM found), %(stranger)s), %(minute)s, 1
{rates.COUNT})
SELECT calls, found.*, set_config('laufmappe.tenant', tenant_id::text, false)
  FROM counted LEFT JOIN found ON true
"""  # noqa: S608 - put together from constants alone
_CALLER: Final = "laufmappe.client"


class PortalAuthentication(BaseAuthentication):
    """``request.auth`` is the ``Actor``; ``request.user`` is nobody: portals are not people."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Actor] | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        token = _BEARER.fullmatch(header)
        if token is None:
            raise AuthenticationFailed
        return AnonymousUser(), _actor(request._request, token[1])

    def authenticate_header(self, request: Request) -> str:
        error = ', error="invalid_token"' if "Authorization" in request.headers else ""
        return f'Bearer realm="{REALM}"{error}'


class HasScope(BasePermission):
    """The token has the view's ``required_scope``, for whatever service; "" asks for any token."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.auth, Actor):
            return False
        needed: Any = getattr(view, "required_scope", None)
        return needed == "" or request.auth.services(needed) != []


def caller_of(request: HttpRequest) -> tuple[int, int] | None:
    """Tenant and number of the client that calls, known even where its call is one too many."""
    found: tuple[int, int] | None = request.META.get(_CALLER)
    return found


def _actor(request: HttpRequest, token: str) -> Actor:
    """Refuses: Throttled, AuthenticationFailed."""
    at = real_now()
    with connection.cursor() as cursor:
        cursor.execute(
            _ACTOR,
            {
                "token": hashlib.sha256(token.encode()).hexdigest(),
                "at": at,
                "stranger": rates.stranger(request),
                "minute": rates.minute_of(at),
            },
        )
        calls, client, tenant_id, client_id, name, scope, allowed, limit, _ = cursor.fetchone()
    if client is None:
        rates.require_within(rates.rate(settings.STRANGER_LIMIT_PER_MINUTE, calls, at))
        raise AuthenticationFailed
    request.META[_CALLER] = (tenant_id, client)
    known = rates.rate(settings.RATE_LIMIT_PER_MINUTE if limit is None else limit, calls, at)
    rates.remember(request, known)
    rates.require_within(known)
    return Actor(
        tenant_id=tenant_id,
        kind="portal",
        key=f"portal:{client_id}",
        label=name,
        # What a client may no longer ask for, an older token does not give it either.
        permissions=narrowed(scope.split(), frozenset(allowed.split())),
    )
