"""Which address leads to which room."""

from django.urls import URLPattern, URLResolver, include, path

from api.endpoints import issuer, keys
from backoffice.config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", include("api.urls")),
    path(".well-known/jwks.json", keys.jwks, name="jwks"),
    path(".well-known/oauth-authorization-server", issuer.metadata, name="issuer"),
    path("open311/v2/", include("api.open311.urls")),
    path("", include("backoffice.pages.urls")),
]

handler400 = "backoffice.config.faults.bad_request"
handler403 = "backoffice.config.faults.forbidden"
handler404 = "backoffice.config.faults.not_found"
handler500 = "backoffice.config.faults.server_error"
