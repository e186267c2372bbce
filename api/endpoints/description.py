"""The API's description of itself: for programs (OpenAPI) and for people."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from api.openapi import document
from api.reading import page


@require_safe
def openapi(_request: HttpRequest) -> JsonResponse:
    """The OpenAPI 3.1 document. No token: there is nothing personal in it."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same as a page to read."""
    return render(request, "api/docs.html", {"page": page()})
