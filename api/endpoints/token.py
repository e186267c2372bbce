"""Tokens for client credentials (RFC 6749, section 4.4), issued by the OAuth library."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from oauth2_provider.views import TokenView
from oauthlib.oauth2 import BackendApplicationServer
from rest_framework.exceptions import Throttled

from api import rates
from api.issuing import ClientRules
from api.problems import refused, throttled
from efile.kernel.errors import Unavailable


class Token(TokenView):  # type: ignore[misc]
    """A bearer token for a client's proof of who it is; errors as RFC 6749, section 5.2, has them.

    Whoever asks is counted by address before a secret is looked at: comparing one is slow on
    purpose, and guessing takes many.
    """

    # It knows no other grant, so that nothing else of the library is reachable.
    server_class = BackendApplicationServer
    validator_class = ClientRules
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
        try:
            rates.require_within(rates.count_stranger(request))
            issued: HttpResponse = self.authorization_flow_token_response(request)
        except Throttled as error:
            return throttled(request, error)
        except (RequestDataTooBig, TooManyFieldsSent, DataError, ValueError):
            told = {"error": "invalid_request"}
            return JsonResponse(told, status=400, headers={"Cache-Control": "no-store"})
        except OperationalError:
            return refused(request, Unavailable())
        return issued
