"""What the API answers, as types. New members may come at any time: what is not here is there."""

from typing import Any, NotRequired, TypedDict


class ReceivedFile(TypedDict):
    """A file of a submission: the upload, the document it became (None: not yet), its SHA-256."""

    upload: str
    document: str | None
    sha256: str


class Receipt(TypedDict):
    """What was received, when and under which reference; ``signature`` is a JWS over all of it."""

    id: str
    case_reference: str | None
    file_reference: str | None
    received_at: str
    state: str
    service: str
    service_version: int | None
    attachments: list[ReceivedFile]
    signature: str


class Fault(TypedDict):
    """What is wrong where: a JSON pointer into what was sent, the broken rule, words for it."""

    pointer: str
    rule: str
    detail: str


class Validation(TypedDict):
    """Whether an application would be taken as it stands, and every fault if not."""

    valid: bool
    errors: list[Fault]


class Upload(TypedDict):
    """A file that lies ready to be named in ``attachments``."""

    id: str
    sha256: str
    size: int
    media_type: str
    expires_at: str


class Question(TypedDict):
    """Something the office needs to know or to see."""

    id: str
    text: str
    proofs: list[dict[str, str]]
    asked_at: str
    due_on: str


class Event(TypedDict):
    """Something that happened to a submission, in words for the applicant."""

    id: str
    submission: str
    case_reference: str | None
    type: str
    at: str
    text: str


class Document(TypedDict):
    """A document that can be fetched."""

    id: str
    title: str
    kind: str
    media_type: str
    size: int
    sha256: str
    issued_at: str


class Status(TypedDict):
    """Where a submission stands."""

    id: str
    case_reference: str | None
    service: str
    state: str
    decision: str
    received_at: str
    next_step: str
    open_questions: list[Question]
    events: list[dict[str, str]]
    documents: list[Document]
    standing_matters: NotRequired[list[dict[str, Any]]]
    payment: NotRequired[dict[str, Any]]
    appointment: NotRequired[dict[str, Any]]
    offers: NotRequired[list[dict[str, Any]]]


class Message(TypedDict):
    """A message; ``direction`` "in" went to the office, "out" came from it."""

    id: str
    direction: str
    text: str
    written_at: str
    read_at: str | None
