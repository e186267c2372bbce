"""Who issues tokens here, and what for: the metadata of the authorization server (RFC 8414)."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from api.assertions import issuer, token_url
from api.client_keys import ALGORITHMS


def metadata(_request: HttpRequest) -> JsonResponse:
    """The document at /.well-known/oauth-authorization-server."""
    told = {
        "issuer": issuer(),
        "token_endpoint": token_url(),
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic",
            "client_secret_post",
            "private_key_jwt",
        ],
        "token_endpoint_auth_signing_alg_values_supported": [*ALGORITHMS],
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": [*settings.OAUTH2_PROVIDER["SCOPES"]],
        "jwks_uri": f"{issuer()}/.well-known/jwks.json",
        "service_documentation": f"{issuer()}/api/v1/docs",
    }
    headers = {"Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*"}
    return JsonResponse(told, headers=headers)
