"""Refusals as HTTP: the one place where they get a status, and problem documents (RFC 9457)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, ClassVar, Final

import structlog
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions

from api.language import language_for
from api.problem_words import PROBLEMS
from api.words import RULES, problem_text, rule_text
from efile.arriving import ChecksumMismatch, TooLong
from efile.kernel.errors import (
    Conflict,
    FieldError,
    Invalid,
    NotAllowed,
    NotFound,
    Refusal,
    Unavailable,
)
from efile.pieces import UploadLocked
from efile.policy import ScopeMissing

log = structlog.get_logger()

MEDIA_TYPE: Final = "application/problem+json"
# Problem types are explained where their address leads: on the page of the documentation.
TYPES: Final = "/api/v1/docs#"
# Seconds after which trying again may help.
RETRY_AFTER: Final = 5


class Malformed(Invalid):
    """The request is not of the prescribed shape, whatever it asks for."""

    code: ClassVar[str] = "malformed"


class LengthRequired(Invalid):
    """A JSON body must state its length."""

    code: ClassVar[str] = "length_required"


class TooLarge(Invalid):
    """The body is larger than ``limit`` bytes."""

    code: ClassVar[str] = "too_large"


class RangeNotSatisfiable(Refusal):
    """The range begins behind the end of what has ``size`` bytes."""

    code: ClassVar[str] = "range_not_satisfiable"


class TusVersion(Refusal):
    """The request speaks no version of the tus protocol that we speak. Facts: ``version``."""

    code: ClassVar[str] = "tus_version"


class NotAPiece(Refusal):
    """The body is not said to be bytes of an upload. Facts: ``expected``, the media type."""

    code: ClassVar[str] = "not_a_piece"


class Broken(Refusal):
    """A bug of ours."""

    code: ClassVar[str] = "internal_error"


# The nearest class in a refusal's ancestry decides.
STATUSES: Final[Mapping[type[Refusal], int]] = {
    Malformed: 400,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    LengthRequired: 411,
    TusVersion: 412,
    TooLarge: 413,
    TooLong: 413,
    NotAPiece: 415,
    RangeNotSatisfiable: 416,
    Invalid: 422,
    UploadLocked: 423,
    ChecksumMismatch: 460,
    Broken: 500,
    Unavailable: 503,
}

# What the framework itself refuses with; the statuses are its own.
FRAMEWORK: Final[Mapping[type[exceptions.APIException], str]] = {
    exceptions.ParseError: "malformed",
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "token_invalid",
    exceptions.PermissionDenied: "scope_missing",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "throttled",
}


# What an operation may refuse with: a refusal of ours or one of the framework's.
Refuses = type[Refusal] | type[exceptions.APIException]


def code_and_status(refuses: Refuses) -> tuple[str, int]:
    """The code of a kind of refusal and its HTTP status."""
    if issubclass(refuses, Refusal):
        return refuses.code, status_of(refuses)
    return FRAMEWORK[refuses], refuses.status_code


def status_of(refusal: type[Refusal]) -> int:
    """The HTTP status of a kind of refusal."""
    return next(STATUSES[kind] for kind in refusal.__mro__ if kind in STATUSES)


def problem_response(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """What the framework calls with any exception of a view; None: a bug, which it passes on."""
    request: HttpRequest = context["request"]
    if isinstance(error, exceptions.APIException):
        return _framework_problem(request, error, context["view"])
    refusal = _as_refusal(error)
    return None if refusal is None else refused(request, refusal)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The problem document of ``refusal`` in the client's language."""
    errors = refusal.errors if isinstance(refusal, Invalid) else ()
    response = _problem(
        request, status_of(type(refusal)), refusal.code, facts=refusal.facts, errors=errors
    )
    if isinstance(refusal, Unavailable):
        response["Retry-After"] = str(RETRY_AFTER)
    if isinstance(refusal, ScopeMissing):
        response["WWW-Authenticate"] = _insufficient(refusal.facts["scope"])
    if isinstance(refusal, RangeNotSatisfiable):
        response["Content-Range"] = f"bytes */{refusal.facts['size']}"
    return response


def throttled(request: HttpRequest, error: exceptions.Throttled) -> HttpResponse:
    """429 for a view that is none of the framework's."""
    return _framework_problem(request, error, None)


def _insufficient(scope: str) -> str:
    """RFC 6750, section 3.1."""
    return f'Bearer error="insufficient_scope", scope="{scope}"'


def _as_refusal(error: Exception) -> Refusal | None:
    match error:
        case Refusal():
            return error
        case Http404():
            return NotFound()
        case DjangoPermissionDenied():
            return NotAllowed()
        case UnreadablePostError():
            return Malformed([FieldError("", "content_length", {"header": "Content-Length"})])
        case OperationalError():
            # The pool is empty, a lock was not granted, the server is away: all of it passes.
            log.error("database_unavailable", reason=type(error.__cause__).__name__)
            return Unavailable()
    return None


def _framework_problem(
    request: HttpRequest, error: exceptions.APIException, view: Any
) -> HttpResponse:
    code = FRAMEWORK.get(type(error), "malformed")
    response = _problem(request, error.status_code, code)
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    if code == "scope_missing":
        response["WWW-Authenticate"] = _insufficient(view.required_scope)
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _problem(
    request: HttpRequest,
    status: int,
    code: str,
    *,
    facts: Mapping[str, Any] | None = None,
    errors: Sequence[FieldError] = (),
) -> HttpResponse:
    language = language_for(request)
    title, detail = problem_text(code, facts or {}, language)
    body = {
        "type": TYPES + code,
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": [told_fault(error, language) for error in errors],
    }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), content_type=MEDIA_TYPE, status=status
    )
    response["Content-Language"] = language
    return response


def told_fault(error: FieldError, language: str) -> dict[str, str]:
    """``pointer`` leads into the body; a fault elsewhere names the header or query parameter."""
    elsewhere = {k: error.facts[k] for k in ("header", "parameter") if k in error.facts}
    detail = rule_text(error.rule, error.facts, language)
    return {"pointer": error.pointer, **elsewhere, "rule": error.rule, "detail": detail}


@csrf_exempt
def not_found_view(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404 for an address that is none; the same bytes as for a thing that is none."""
    return refused(request, NotFound())


@csrf_exempt
def bad_request_view(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400 for what Django itself refuses to read."""
    return refused(request, Malformed())


@csrf_exempt
def server_error_view(request: HttpRequest) -> HttpResponse:
    """500: a bug, already logged with the correlation id that the answer's header carries."""
    return refused(request, Broken())


_BELOW: Final = ("api.", "efile.", "workflows.")


def codes() -> dict[str, int]:
    """Each code that this process may answer with, and its status, in the order of statuses."""
    ours = [kind for kind in _refusals(Refusal) if kind.__module__.startswith(_BELOW)]
    kinds: list[Refuses] = [*ours, *FRAMEWORK]
    known = dict(code_and_status(kind) for kind in kinds)
    return dict(sorted(known.items(), key=lambda item: (item[1], item[0])))


def every_code() -> dict[str, int]:
    """The same with those of modules that this process has not needed so far."""
    for name in ("efile", "workflows"):
        for module in walk_packages(import_module(name).__path__, f"{name}."):
            if not {"migrations", "commands"} & set(module.name.split(".")):
                import_module(module.name)
    return codes()


def _refusals(family: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in family.__subclasses__():
        yield kind
        yield from _refusals(kind)


def as_markdown() -> str:
    """docs/problems.md."""
    rows = []
    for code, status in every_code().items():
        words = PROBLEMS[code]
        told = f"{words.title[1]}: {words.detail[1]}"
        rows.append(f"| {status} | `{code}` | {told} | {words.title[0]} |")
    rules = [f"| `{rule}` | {english} | {german} |" for rule, (german, english) in RULES.items()]
    return "\n".join(
        [
            "# Problems",
            "",
            "Made by `api.problems.as_markdown()`; do not edit.",
            "",
            "Every answer from 400 upwards is `application/problem+json` (RFC 9457):",
            "`{type, title, status, code, detail, errors: [{pointer, rule, detail}]}`. Decide by",
            "`code` and `rule`; titles and details are for people, in the language of",
            "`Accept-Language` (German or English). `pointer` is a JSON pointer into the body; a",
            "fault outside of it has an empty one and names its `header` or `parameter`.",
            "",
            "| Status | Code | Meaning | German title |",
            "|---|---|---|---|",
            *rows,
            "",
            "## Rules",
            "",
            "Rules of a service's form are those of JSON Schema in snake case (`required`, `type`,",
            "`enum`, `pattern`, `max_length` …). Beside them:",
            "",
            "| Rule | Meaning | German |",
            "|---|---|---|",
            *rules,
            "",
        ]
    )
