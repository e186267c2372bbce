"""The description of the API, OpenAPI 3.1, put together once per process."""

from functools import cache
from typing import Any, Final

from django.conf import settings
from django.urls import include, path
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator

from api.assertions import TOKEN_PATH, TYPE
from api.client_keys import ALGORITHMS
from api.operations import JSON, SECURITY, throttling
from api.schemas import COMPONENTS, ref
from api.schemas.parts import Schema

# In the order in which a portal comes across them.
TAGS: Final = ("Tokens", "Services", "Uploads", "Submissions", "Cases", "Offers", "Events")
_FORM: Final = "application/x-www-form-urlencoded"

_TOKEN: Final[Schema] = {
    "operationId": "createToken",
    "summary": "Fetch a token",
    "description": "Client credentials (RFC 6749, section 4.4): id and secret by HTTP Basic or in "
    "the body, or an assertion signed with a key of the client (private_key_jwt, RFC 7523) by "
    f"{', '.join(ALGORITHMS)}. A scope is an operation or operation:service; the token says what "
    "it is good for.",
    "tags": ["Tokens"],
    "security": [],
    "requestBody": {
        "required": True,
        "content": {
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"const": "client_credentials"},
                        "client_id": {"type": "string"},
                        "client_secret": {"type": "string"},
                        "client_assertion_type": {"const": TYPE},
                        "client_assertion": {
                            "type": "string",
                            "description": "iss and sub: the client id; aud: this address or the "
                            "issuer; exp: at most five minutes on; iat; jti: new each time.",
                        },
                        "scope": {"type": "string", "description": "Without it, all allowed."},
                    },
                }
            }
        },
    },
    "responses": {
        "200": {"description": "The token", "content": {JSON: {"schema": ref("Token")}}},
        "400": {
            "description": "invalid_request, invalid_scope, unsupported_grant_type",
            "content": {JSON: {"schema": ref("TokenError")}},
        },
        "401": {
            "description": "invalid_client: wrong id, secret or assertion, or shut out",
            "content": {JSON: {"schema": ref("TokenError")}},
        },
        "429": throttling(),
    },
}


class _Endpoints(EndpointEnumerator):
    """Leaves out HEAD and OPTIONS only where they say nothing of their own."""

    def get_allowed_methods(self, callback: Any) -> list[str]:
        own = [name.upper() for name in ("head", "options") if name in vars(callback.cls)]
        usual = super().get_allowed_methods(callback)  # type: ignore[no-untyped-call]
        return [*usual, *own]


class _Generator(SchemaGenerator):
    endpoint_inspector_cls = _Endpoints


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document; its paths are those of this installation."""
    patterns = [path("api/v1/", include("api.urls"))]
    made: dict[str, Any] = _Generator(  # type: ignore[no-untyped-call]
        patterns=patterns
    ).get_schema(public=True)
    paths = {TOKEN_PATH: {"post": _TOKEN}} | made["paths"]
    flow = {"tokenUrl": TOKEN_PATH, "scopes": dict(settings.OAUTH2_PROVIDER["SCOPES"])}
    return made | {
        "tags": [{"name": tag} for tag in TAGS],
        "paths": dict(sorted(paths.items(), key=_reading_order)),
        "components": {
            "schemas": dict(COMPONENTS),
            "securitySchemes": {
                SECURITY: {"type": "oauth2", "flows": {"clientCredentials": flow}},
            },
        },
    }


def _reading_order(item: tuple[str, Schema]) -> tuple[int, str]:
    path, methods = item
    [tag] = next(iter(methods.values()))["tags"]
    return TAGS.index(tag), path
