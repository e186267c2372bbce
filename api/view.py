"""What all operations of the API have in common."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from efile.kernel.actors import Actor


class _ByAccept(DefaultContentNegotiation):
    """Formats are chosen by Accept alone: ``?format=`` is nothing to us."""

    def filter_renderers(self, renderers: Any, _format: str | None) -> Any:
        return renderers

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        self.settings.URL_FORMAT_OVERRIDE


class PortalView(APIView):
    """An operation a portal calls; it needs a token with ``required_scope`` ("" for any)."""

    required_scope: ClassVar[str]
    metadata_class = None
