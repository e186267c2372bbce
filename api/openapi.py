"""The description of the API, OpenAPI 3.1, put together once per process."""

from functools import cache
from typing import Any, Final

from django.conf import settings
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator

from api.operations import JSON, SECURITY
from api.schemas import COMPONENTS, ref
from api.schemas.parts import Schema

TOKEN_PATH: Final = "/api/v1/oauth/token"  # noqa: S105 - an address
# In the order in which a portal comes across them.
TAGS: Final = ("Tokens", "Services", "Uploads", "Submissions", "Offers", "Events")
_FORM: Final = "application/x-www-form-urlencoded"

_TOKEN: Final[Schema] = {
    "operationId": "createToken",
    "summary": "Fetch a token",
    "description": "Client credentials (RFC 6749, section 4.4), by HTTP Basic or in the body.",
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
            "description": "invalid_client: wrong id or secret",
            "content": {JSON: {"schema": ref("TokenError")}},
        },
    },
}


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document; its paths are those of this installation."""
    patterns = [path("api/v1/", include("api.urls"))]
    made: dict[str, Any] = SchemaGenerator(  # type: ignore[no-untyped-call]
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
