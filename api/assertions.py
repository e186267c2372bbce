"""A portal proves who it is with a signature: private_key_jwt (RFC 7523, OpenID Connect Core §9).

What it signs is good for one token within five minutes, so a copy of it is worth nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from api.client_keys import ALGORITHMS, read_key
from api.models import PortalClient

TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_PATH: Final = "/api/v1/oauth/token"  # noqa: S105 - an address
LONGEST: Final = 8192
LONGEST_JTI: Final = 255
LIFETIME: Final = timedelta(minutes=5)
# How far the portal's clock may be off.
SKEW: Final = timedelta(seconds=30)


def issuer() -> str:
    """Who issues tokens here (RFC 8414): the public address, without a slash at the end."""
    return str(settings.PUBLIC_URL).rstrip("/")


def token_url() -> str:
    """Where tokens are fetched."""
    return issuer() + TOKEN_PATH


def claimed_client(assertion: str) -> str:
    """The client id that ``assertion`` names, proven or not; "" where it names none."""
    parts = assertion.split(".")
    if len(assertion) > LONGEST or len(parts) != 3:
        return ""
    try:
        claims = json.loads(urlsafe_b64decode(parts[1].encode()))
    except (ValueError, RecursionError):
        return ""
    subject = claims.get("sub") if isinstance(claims, dict) else None
    return subject if isinstance(subject, str) and subject.isascii() else ""


def is_proven(client: PortalClient, assertion: str, *, at: datetime) -> bool:
    """Whether ``assertion`` proves that ``client`` asks; it then is used up. One statement."""
    claims = _signed(client, assertion)
    until = _good_until(claims, client.client_id, at) if claims else None
    return claims is not None and until is not None and _is_first(client, claims["jti"], until)


def forget_assertions(*, at: datetime) -> None:
    """Remove what has expired: nobody could show it again."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM api_usedassertion WHERE expires_at < %s", [at - SKEW])


def _signed(client: PortalClient, assertion: str) -> Mapping[str, Any] | None:
    """The claims, if one of the client's keys signed them with the algorithm that it is for."""
    for jwk in client.jwks.get("keys", []):
        key, _ = read_key(jwk)
        try:
            token = jwt.decode(assertion, key, algorithms=list(ALGORITHMS))
        except (JoseError, ValueError, TypeError):
            continue
        if token.header.get("kid", jwk["kid"]) == jwk["kid"]:
            return token.claims
    return None


def _good_until(claims: Mapping[str, Any], client_id: str, at: datetime) -> datetime | None:
    """When the claims expire, if issuer, subject, audience and times are what they have to be."""
    audience, jti = claims.get("aud"), claims.get("jti")
    # One audience: whoever else is named could show the same assertion here.
    named = audience[0] if isinstance(audience, list) and len(audience) == 1 else audience
    until, since = _moment(claims.get("exp")), _moment(claims.get("iat"))
    first = _moment(claims["nbf"]) if "nbf" in claims else since
    if until is None or since is None or first is None:
        return None
    holds = (
        claims.get("iss") == claims.get("sub") == client_id
        and named in (token_url(), issuer())
        and isinstance(jti, str)
        and 0 < len(jti) <= LONGEST_JTI
        and at - SKEW < until <= at + LIFETIME + SKEW
        and at - LIFETIME - SKEW <= since <= at + SKEW
        and first <= at + SKEW
    )
    return until if holds else None


def _moment(claimed: object) -> datetime | None:
    """A NumericDate (RFC 7519, section 2)."""
    if isinstance(claimed, bool) or not isinstance(claimed, int | float):
        return None
    try:
        return datetime.fromtimestamp(claimed, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return None


_USE: Final = """
INSERT INTO api_usedassertion (tenant_id, client_id, jti_sha256, expires_at)
VALUES (%s, %s, %s, %s) ON CONFLICT (client_id, jti_sha256) DO NOTHING
"""


def _is_first(client: PortalClient, jti: str, until: datetime) -> bool:
    digest = hashlib.sha256(jti.encode(errors="surrogatepass")).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_USE, [client.tenant_id, client.pk, digest, until])
        return bool(cursor.rowcount == 1)
