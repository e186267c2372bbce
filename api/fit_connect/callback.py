"""The delivery service calls: something waits. Believed of it is nothing but that it called."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from api.callbacks.signature import AUTHENTICATION, TIMESTAMP, is_genuine
from api.fit_connect.polling import call
from efile.kernel.clock import real_now

# A call names submissions; what is longer is none.
_MOST_BYTES = 256 * 1024


@csrf_exempt
@require_POST
def callback(request: HttpRequest) -> HttpResponse:
    """Answer at once; the worker pulls. 401 for whoever does not hold the secret.

    The same for new submissions, new replies and new events: whatever is there will be seen.
    A call that is repeated causes a round that finds nothing.
    """
    secret = settings.FITCONNECT_CALLBACK_SECRET
    if not secret:
        raise Http404
    body = request.read(_MOST_BYTES + 1)
    genuine = len(body) <= _MOST_BYTES and is_genuine(
        body,
        authentication=request.headers.get(AUTHENTICATION, ""),
        timestamp=request.headers.get(TIMESTAMP, ""),
        secrets=[secret],
        at=real_now(),
    )
    if not genuine:
        return HttpResponse(status=401)
    call(at=real_now())
    return HttpResponse(status=204)
