"""The public page behind the code on a permit: valid or not, and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from api.addresses import address_of
from backoffice.pages.rows import VerificationPage
from backoffice.pages.throttle import Throttle
from efile.kernel.clock import now
from workflows.verification import is_valid

# Somebody checking parked cars looks at one every few seconds; nobody reads more than this.
LOOKS = Throttle(times=60, seconds=60)


@never_cache
@require_safe
def verification(request: HttpRequest, key: str) -> HttpResponse:
    """Whether the permit with this code holds right now; every "no" looks the same."""
    wait = LOOKS.wait(address_of(request))
    if wait:
        response = render(request, "pages/verification_wait.html", status=429)
        response["Retry-After"] = str(wait)
        return response
    at = now()
    page = VerificationPage(is_valid(key, at=at), at)
    response = render(request, "pages/verification.html", {"page": page})
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
