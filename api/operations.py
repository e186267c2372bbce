"""What each operation says of itself in OpenAPI: body, answers, and every refusal it can give."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import (
    AuthenticationFailed,
    NotAcceptable,
    NotAuthenticated,
    PermissionDenied,
    Throttled,
    UnsupportedMediaType,
)

from api.problem_words import PROBLEMS
from api.problems import (
    MEDIA_TYPE,
    LengthRequired,
    Malformed,
    Refuses,
    TooLarge,
    code_and_status,
)
from api.schemas import ref
from api.schemas.parts import UUID, Schema
from efile.kernel.errors import Unavailable

View = TypeVar("View", bound=Callable[..., Any])
JSON: Final = "application/json"
SECURITY: Final = "portal"


def operation(
    name: str,
    summary: str,
    *,
    scope: str,
    answers: Mapping[int, Schema],
    refuses: Sequence[Refuses] = (),
    body: Schema | None = None,
    parameters: Sequence[Schema] = (),
    description: str = "",
    tag: str = "Submissions",
    calls_back: Schema | None = None,
) -> Callable[[View], View]:
    """Describe a view's method. ``refuses`` names what goes beyond what every call refuses.

    ``calls_back`` describes the calls that we make because of it.
    """
    described: Schema = {
        "operationId": name,
        "summary": summary,
        "description": description,
        "tags": [tag],
        "security": [{SECURITY: [scope] if scope else []}],
        "parameters": [*parameters, _LANGUAGE],
        "responses": _counted(_answers(answers) | _problems([*_always(scope), *refuses])),
    }
    if body is not None:
        described["requestBody"] = body
    if calls_back is not None:
        described["callbacks"] = calls_back

    def describe(view: View) -> View:
        # What figures count it as (api.view).
        view.operation_id = name  # type: ignore[attr-defined]
        return extend_schema(operation=described)(view)

    return describe


def json_body(component: str, *, required: bool = True) -> Schema:
    """A JSON body of this component."""
    return {"required": required, "content": {JSON: {"schema": ref(component)}}}


# What reading a JSON body can refuse.
JSON_FAULTS: Final[tuple[Refuses, ...]] = (
    Malformed,
    LengthRequired,
    TooLarge,
    UnsupportedMediaType,
)


def answer(
    description: str,
    component: str,
    headers: Mapping[str, Schema] | None = None,
    links: Sequence[tuple[str, Schema]] = (),
) -> Schema:
    """A JSON answer of this component; ``links`` say what can be called with it (``leads_to``)."""
    told: Schema = {"description": description, "content": {JSON: {"schema": ref(component)}}}
    told |= {"headers": dict(headers)} if headers else {}
    return told | ({"links": dict(links)} if links else {})


def leads_to(operation: str, *, body: Any = None, **parameters: str) -> tuple[str, Schema]:
    """A link: what another operation takes from this answer, each as an expression.

    OpenAPI 3.1, section 4.8.20: ``$response.body#/id``.
    """
    link: Schema = {"operationId": operation, "parameters": parameters}
    return operation, link | ({"requestBody": body} if body is not None else {})


def of_submission(*operations: str, submission: str = "$response.body#/id") -> list[Any]:
    """Links to what can be asked of, or done to, the submission that the answer names."""
    return [leads_to(name, submission=submission) for name in operations]


def path(name: str, schema: Schema, description: str) -> Schema:
    """A part of the address."""
    return {
        "in": "path",
        "name": name,
        "required": True,
        "schema": schema,
        "description": description,
    }


def query(name: str, schema: Schema, description: str) -> Schema:
    """A query parameter, always optional."""
    return {"in": "query", "name": name, "schema": schema, "description": description}


def header(name: str, schema: Schema, description: str, *, required: bool = False) -> Schema:
    """A request header."""
    return {
        "in": "header",
        "name": name,
        "required": required,
        "schema": schema,
        "description": description,
    }


def shown(description: str, schema: Schema | None = None) -> Schema:
    """A response header."""
    return {"description": description, "schema": schema or {"type": "string"}}


SUBMISSION_ID: Final = path("submission", UUID, "The id in the receipt.")
IDEMPOTENCY_KEY: Final = header(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "The same key with the same body is the same act, and gets the same bytes, for ever.",
)
REPLAYED: Final = shown("true where this answer had been given before.", {"const": "true"})
ETAG: Final = shown("The SHA-256 of the document, in quotes.")
_WAIT: Final = shown("Seconds to wait.", {"type": "integer"})
_RATE: Final[Schema] = {
    "RateLimit-Limit": shown("Calls per minute.", {"type": "integer"}),
    "RateLimit-Remaining": shown("Calls left in this minute.", {"type": "integer"}),
    "RateLimit-Reset": shown("Seconds until the next minute.", {"type": "integer"}),
    "RateLimit-Policy": shown("Limit and window, such as 30000;w=60."),
}
_LANGUAGE: Final = header(
    "Accept-Language", {"type": "string"}, "The language of texts and problems, such as en."
)


def _always(scope: str) -> list[Refuses]:
    """What any call with a token can refuse; 403 where a scope is needed."""
    scoped: list[Refuses] = [PermissionDenied] if scope else []
    return [NotAuthenticated, AuthenticationFailed, *scoped, NotAcceptable, Throttled, Unavailable]


def _counted(responses: Schema) -> Schema:
    """The responses with the headers that every call with a token is answered with."""
    for status, told in responses.items():
        if status != "401":
            told["headers"] = {**told.get("headers", {}), **_RATE}
    responses["429"]["headers"]["Retry-After"] = _WAIT
    return responses


def throttling() -> Schema:
    """The answer to whoever calls too often without a token."""
    told = _problems([Throttled])["429"]
    return {**told, "headers": {"Retry-After": _WAIT}}


def _answers(answers: Mapping[int, Schema]) -> Schema:
    return {str(status): told for status, told in answers.items()}


def _problems(refusals: Sequence[Refuses]) -> Schema:
    """One response for each status, naming the codes that may come with it."""
    by_status: dict[int, list[str]] = {}
    for refusal in dict.fromkeys(refusals):
        code, status = code_and_status(refusal)
        by_status.setdefault(status, []).append(code)
    return {str(status): _problem(codes) for status, codes in sorted(by_status.items())}


def _problem(codes: Sequence[str]) -> Schema:
    words = [f"`{code}`: {PROBLEMS[code].detail[1]}" for code in codes]
    return {
        "description": "\n".join(words),
        "content": {MEDIA_TYPE: {"schema": ref("Problem")}},
    }
