"""What goes wrong, as GeoReport says it: a list of errors, each with a code and a description."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from api.open311.formats import rendered
from api.problems import RETRY_AFTER, status_of
from api.words import rule_text
from efile.kernel.errors import FieldError, Invalid, Refusal, Unavailable


class Fault(Exception):
    """A call that cannot be answered: its HTTP status, and sentences for whoever programs it.

    The sentences are ours alone; nothing that was sent is ever repeated in them.
    """

    def __init__(self, status: int, *descriptions: str) -> None:
        super().__init__(status, *descriptions)
        self.status = status
        self.descriptions = descriptions


NOT_FOUND = "There is nothing at this address."
_REFUSED = {
    403: "This api_key may not report this.",
    404: NOT_FOUND,
    409: "The Idempotency-Key was used before, for another report.",
    503: "The service is not available at present. Please try again in a moment.",
}


def faulty(fault: Fault, suffix: str) -> HttpResponse:
    """The answer that tells of ``fault``."""
    errors = [{"code": fault.status, "description": text} for text in fault.descriptions]
    response = rendered("errors", errors, suffix, status=fault.status)
    response["Cache-Control"] = "no-store"
    if fault.status == status_of(Unavailable):
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def fault_of(refusal: Refusal) -> Fault:
    """What ``refusal`` is in GeoReport; input that does not fit its form is a 400 there."""
    if isinstance(refusal, Invalid):
        return Fault(400, *_sentences(refusal.errors))
    status = status_of(type(refusal))
    return Fault(status, _REFUSED.get(status, "The report cannot be taken as it is."))


def _sentences(errors: Iterable[FieldError]) -> list[str]:
    """One for each fault; ``pointer`` names the argument it is about."""
    return [
        f"{error.pointer}: {rule_text(error.rule, error.facts, 'en')}"
        if error.pointer
        else rule_text(error.rule, error.facts, "en")
        for error in errors
    ]


def suffix_of(request: HttpRequest) -> str:
    """The format an address asks for; XML where it names none that we speak."""
    return "json" if request.path.endswith(".json") else "xml"


@csrf_exempt
def not_found_view(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404 for an address that is none."""
    return faulty(Fault(404, NOT_FOUND), suffix_of(request))


@csrf_exempt
def bad_request_view(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400 for what Django itself refuses to read."""
    return faulty(Fault(400, "The call cannot be read."), suffix_of(request))


@csrf_exempt
def server_error_view(request: HttpRequest) -> HttpResponse:
    """500: a bug, already logged with the correlation id that the answer's header carries."""
    return faulty(Fault(500, "Something went wrong here. It has been noted."), suffix_of(request))
