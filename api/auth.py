"""Who calls: a bearer token becomes the portal as an actor, in one statement."""

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from efile.kernel.actors import Actor
from efile.kernel.clock import real_now

if TYPE_CHECKING:  # the framework's views import this module
    from rest_framework.views import APIView

REALM: Final = "laufmappe"
# RFC 6750, section 2.1
_BEARER: Final = re.compile(r"bearer +([A-Za-z0-9._~+/-]{1,512}=*)", re.IGNORECASE)

# The token lies hashed in the database. The tenant becomes a setting of the session, once per
# request, so that row-level security can be switched on underneath.
_ACTOR = """
SELECT c.tenant_id, c.client_id, c.name, t.scope, c.allowed_scopes,
       set_config('laufmappe.tenant', c.tenant_id::text, false)
  FROM oauth2_provider_accesstoken t JOIN api_portalclient c ON c.id = t.application_id
 WHERE t.token_checksum = %s AND t.expires > %s
"""


class PortalAuthentication(BaseAuthentication):
    """``request.auth`` is the ``Actor``; ``request.user`` is nobody: portals are not people."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Actor] | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        token = _BEARER.fullmatch(header)
        actor = _actor(token[1]) if token else None
        if actor is None:
            raise AuthenticationFailed
        return AnonymousUser(), actor

    def authenticate_header(self, request: Request) -> str:
        error = ', error="invalid_token"' if "Authorization" in request.headers else ""
        return f'Bearer realm="{REALM}"{error}'


class HasScope(BasePermission):
    """The token has the view's ``required_scope``; the empty one asks for any token."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.auth, Actor):
            return False
        needed: Any = getattr(view, "required_scope", None)
        return needed == "" or needed in request.auth.permissions


def _actor(token: str) -> Actor | None:
    checksum = hashlib.sha256(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_ACTOR, [checksum, real_now()])
        row = cursor.fetchone()
    if row is None:
        return None
    tenant_id, client_id, name, granted, allowed, _ = row
    return Actor(
        tenant_id=tenant_id,
        kind="portal",
        key=f"portal:{client_id}",
        label=name,
        # What a client may no longer ask for, an older token does not give it either.
        permissions=frozenset(granted.split()) & frozenset(allowed.split()),
    )
