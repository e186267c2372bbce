"""Whose answer a fault gets: portals read problems, Open311's programs errors, people pages."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from api import problems
from api.open311 import faults as open311
from backoffice.pages import errors


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _is_open311(request: HttpRequest) -> bool:
    return request.path.startswith("/open311/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 before any view: a host we do not serve, a form beyond all limits."""
    if _is_api(request):
        return problems.bad_request_view(request, exception)
    if _is_open311(request):
        return open311.bad_request_view(request, exception)
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 outside of any view."""
    return errors.forbidden(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for an address nobody serves."""
    if _is_api(request):
        return problems.not_found_view(request, exception)
    if _is_open311(request):
        return open311.not_found_view(request, exception)
    return errors.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a bug, logged with the correlation id that the answer names."""
    if _is_open311(request):
        return open311.server_error_view(request)
    return problems.server_error_view(request) if _is_api(request) else errors.server_error(request)
