"""The schemas of what is sent to us over FIT-Connect and of what we send, for anybody to read."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from api.fit_connect.application import data_schema
from api.fit_connect.configuration import configured
from api.fit_connect.hearing import reply_schema
from api.fit_connect.notices import notice_schema
from api.schemas.parts import Schema
from efile.kernel.errors import NotFound
from workflows.offers import current_offer

_DIALOGUE: Final[Mapping[str, Callable[[], Schema]]] = {
    "notice": notice_schema,
    "reply": reply_schema,
}


@require_safe
def of_service(_request: HttpRequest, key: str) -> JsonResponse:
    """The schema of a service's data documents. No token: the makers of senders read it."""
    destination = configured()
    if destination is None:
        raise Http404
    try:
        return _shown(data_schema(current_offer(destination.tenant.pk, key).definition))
    except NotFound:
        raise Http404 from None


@require_safe
def of_dialogue(_request: HttpRequest, name: str) -> JsonResponse:
    """The schema of replies to us, or of our notices."""
    if configured() is None or name not in _DIALOGUE:
        raise Http404
    return _shown(_DIALOGUE[name]())


def _shown(schema: Schema) -> JsonResponse:
    return JsonResponse(schema, json_dumps_params={"ensure_ascii": False})
