"""What a sender is told over the reply channel: a document of our schema, files beside it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from joserfc.jwk import RSAKey

from api.schemas import ref, resolved
from api.schemas.parts import TEXT, Schema, listed, nullable, told
from api.schemas.parts import UUID as UUID_SCHEMA
from api.schemas.submissions import DECISIONS, STATES
from efile.clearing import infected_among
from efile.kernel.actors import Actor
from efile.sniffing import safe_filename
from workflows.correspondence import messages
from workflows.public import public_status

log = structlog.get_logger()

# Bytes of one enclosure.
LARGEST: Final = 50 * 1024 * 1024
# What the sender handed in itself is not sent back.
_THEIRS: Final = frozenset({"proof", "attachment"})
_EXTENSIONS: Final = {"application/pdf": ".pdf", "text/plain": ".txt", "text/csv": ".csv"}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A document that goes along, by where its bytes lie."""

    id: UUID
    filename: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something to be sent: ``what`` (reply or submission), for whom, and what it says."""

    what: str
    announcement: Mapping[str, Any]
    key: RSAKey
    kid: str
    schema_uri: str
    data: bytes
    enclosed: Sequence[Enclosed]
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a submission's sender may know of it, by the names under which it is told once."""

    tenant_id: int
    status: Json
    items: Mapping[str, Json]

    @classmethod
    def of(cls, submission: UUID, *, by: Actor) -> "Standing":
        """As it stands now. Two statements. Refuses: NotFound."""
        status = public_status(submission, by=by)
        sent = [one for one in messages(submission, by=by) if one["direction"] == "out"]
        own = [one for one in status["documents"] if one["kind"] not in _THEIRS]
        items = {
            "event": status["events"],
            "question": status["open_questions"],
            "message": sent,
            "document": own,
        }
        named = {f"{k}:{one['id']}": one for k, each in items.items() for one in each}
        return cls(by.tenant_id, status, named)

    def picked(self, kind: str, names: Sequence[str]) -> list[Json]:
        """The items of a kind among ``names``, in the order in which they came to be."""
        wanted = {name for name in names if name.startswith(f"{kind}:")}
        return [one for name, one in self.items.items() if name in wanted]

    def enclosed(self, names: Sequence[str]) -> list[Enclosed]:
        """The files of the named documents and messages, each once. One statement.

        Left out is what turned out to be malware since, and what is too large to be encrypted in
        the memory of a worker; the message names it all the same.
        """
        files = [
            *self.picked("document", names),
            *(file for one in self.picked("message", names) for file in one["attachments"]),
        ]
        infected = infected_among(self.tenant_id, [one["sha256"] for one in files])
        sent = {
            one["id"]: _enclosed(one)
            for one in files
            if one["sha256"] not in infected and one["size"] <= LARGEST
        }
        if left_out := {one["id"] for one in files} - sent.keys():
            log.warning("fit_connect_enclosures_left_out", documents=sorted(left_out))
        return list(sent.values())


def notice_schema_uri() -> str:
    """The name of the schema that notices follow."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/api/v1/fit-connect/notice/schema"


def notice_schema() -> Schema:
    """A notice: where the submission stands, and what is new; documents lie beside it."""
    item = {"type": "object", "required": ["id"]}
    document = told({"attachment": UUID_SCHEMA, "title": TEXT, "kind": TEXT})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": notice_schema_uri(),
        **told(
            {
                "case_reference": nullable(TEXT),
                "service": TEXT,
                "state": {"enum": STATES},
                "decision": {"enum": DECISIONS},
                "next_step": TEXT,
                "events": listed(item),
                "questions": listed(resolved(ref("Question"))),
                "messages": listed(item),
                "documents": listed(document),
            }
        ),
    }


def notice(standing: Standing, names: Sequence[str]) -> bytes:
    """The document that tells of ``names``, and where the submission stands."""
    status = standing.status
    content = {
        "case_reference": status["case_reference"],
        "service": status["service"],
        "state": status["state"],
        "decision": status["decision"],
        "next_step": status["next_step"],
        "events": standing.picked("event", names),
        "questions": standing.picked("question", names),
        "messages": [
            {
                "id": one["id"],
                "text": one["text"],
                "written_at": one["written_at"],
                "attachments": [file["id"] for file in one["attachments"]],
            }
            for one in standing.picked("message", names)
        ],
        "documents": [
            {"attachment": one["id"], "title": one["title"], "kind": one["kind"]}
            for one in standing.picked("document", names)
        ],
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _enclosed(file: Mapping[str, Any]) -> Enclosed:
    name = safe_filename(file["title"])
    extension = _EXTENSIONS.get(file["media_type"], "")
    return Enclosed(
        UUID(str(file["id"])),
        name if name.lower().endswith(extension) else name + extension,
        file["media_type"],
        file["sha256"],
    )
