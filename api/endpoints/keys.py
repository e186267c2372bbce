"""The public keys with which anybody checks our signatures."""

from django.http import HttpRequest, JsonResponse

from efile.kernel import signing

MEDIA_TYPE = "application/jwk-set+json"


def jwks(_request: HttpRequest) -> JsonResponse:
    """The JWK set (RFC 7517): keys that sign, that will, and that once did."""
    age = int(signing.PUBLISHED_FOR.total_seconds())
    headers = {"Cache-Control": f"public, max-age={age}", "Access-Control-Allow-Origin": "*"}
    return JsonResponse(signing.published(), content_type=MEDIA_TYPE, headers=headers)
