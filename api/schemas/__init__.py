"""The shapes of the API: JSON Schema (2020-12), once, for reading requests and for OpenAPI."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from rest_framework.request import Request

from api.parsers import Json, json_body
from api.problems import Malformed
from api.schemas import (
    appointments,
    callbacks,
    cases,
    continuing,
    dialogue,
    envelope,
    offers,
    submissions,
    validations,
)
from api.schemas.parts import Schema
from efile.kernel.errors import FieldError
from workflows.catalogue.forms import FormValidator

# name → schema, as they stand under #/components/schemas
COMPONENTS: Final[Mapping[str, Schema]] = {
    **envelope.SCHEMAS,
    **submissions.SCHEMAS,
    **dialogue.SCHEMAS,
    **offers.SCHEMAS,
    **continuing.SCHEMAS,
    **appointments.SCHEMAS,
    **callbacks.SCHEMAS,
    **cases.SCHEMAS,
    **validations.SCHEMAS,
}


def ref(name: str) -> Schema:
    """A reference to a component. KeyError: there is none of this name."""
    assert name in COMPONENTS, name
    return {"$ref": f"#/components/schemas/{name}"}


def resolved(schema: Any) -> Any:
    """``schema`` with every reference replaced by what it leads to; none leads in a circle."""
    if isinstance(schema, list):
        return [resolved(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    if "$ref" in schema:
        return resolved(COMPONENTS[schema["$ref"].rpartition("/")[2]])
    return {name: resolved(inner) for name, inner in schema.items()}


class Body:
    """A kind of request body: its component, compiled once, and what a schema cannot say."""

    def __init__(
        self, name: str, also: Callable[[Mapping[str, Any]], Iterable[FieldError]] | None = None
    ) -> None:
        self.name = name
        self._validator = FormValidator(resolved(ref(name)))
        self._also = also

    def read(self, request: Request, *, optional: bool = False) -> Json:
        """The body of ``request``; an empty object where it is optional and absent.

        Refuses: Malformed naming every fault, TooLarge, LengthRequired.
        """
        body = json_body(request)
        if body is None:
            if not optional:
                raise Malformed([FieldError("", "json")])
            return Json("{}", {})
        faults = self._validator.errors(body.value, "")
        if not faults and self._also:
            faults = list(self._also(body.value))
        if faults:
            raise Malformed(faults)
        return body


def _repeated_uploads(body: Mapping[str, Any]) -> Iterable[FieldError]:
    """An upload becomes one document: naming it twice is a mistake."""
    seen: set[str] = set()
    for index, attachment in enumerate(body.get("attachments", [])):
        upload = attachment.get("upload", "").lower()
        if upload in seen:
            yield FieldError(f"/attachments/{index}/upload", "unique_items")
        elif upload:
            seen.add(upload)


SUBMISSION: Final = Body("Submission", _repeated_uploads)
ANSWER: Final = Body("Answer", _repeated_uploads)
MESSAGE: Final = Body("NewMessage", _repeated_uploads)
WITHDRAWAL: Final = Body("Withdrawal")
SUBMISSION_DRAFT: Final = Body("SubmissionDraft", _repeated_uploads)
CASE_QUERY: Final = Body("CaseQuery")
OCCASION: Final = Body("Occasion")
OFFER_SEARCH: Final = Body("OfferSearch")
ACCEPTANCE: Final = Body("Acceptance", _repeated_uploads)
REJECTION: Final = Body("Rejection")
PLACE_ANSWER: Final = Body("PlaceAnswer")
NEW_APPOINTMENT: Final = Body("NewAppointment")
NEW_CALLBACK: Final = Body("NewCallback")
