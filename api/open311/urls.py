"""The addresses of Open311 GeoReport v2, below /open311/v2/."""

from django.urls import re_path

from api.open311.faults import not_found_view
from api.open311.views import Discovery, Request, Requests, ServiceDefinition, Services, Token

app_name = "open311"

_SUFFIX = r"\.(?P<suffix>json|xml)$"

urlpatterns = [
    re_path(rf"^discovery{_SUFFIX}", Discovery.as_view(), name="discovery"),
    re_path(rf"^services{_SUFFIX}", Services.as_view(), name="services"),
    re_path(rf"^services/(?P<code>[^/]+){_SUFFIX}", ServiceDefinition.as_view(), name="service"),
    re_path(rf"^requests{_SUFFIX}", Requests.as_view(), name="requests"),
    re_path(rf"^requests/(?P<report>[^/]+){_SUFFIX}", Request.as_view(), name="request"),
    re_path(rf"^tokens/(?P<token>[^/]+){_SUFFIX}", Token.as_view(), name="token"),
    # What is no address of GeoReport is answered by it all the same.
    re_path(r"", not_found_view, name="nowhere"),
]
