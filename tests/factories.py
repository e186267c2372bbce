"""What tests begin with: who acts, what was submitted, what the worker has done about it."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from efile.filing import receive_upload
from efile.kernel import outbox
from efile.kernel.actors import Actor, system
from efile.kernel.clock import real_now
from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant, User
from efile.policy import person
from efile.storage import default_store
from workflows.envelope import Envelope
from workflows.intake import accept
from workflows.models import Process
from workflows.offers import current_offer

# A Tuesday at noon: every test's today, unless it says otherwise.
AT = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def city() -> Tenant:
    """Musterstadt."""
    return Tenant.objects.get(key="musterstadt")


def colleague(username: str = "a.lopes") -> Actor:
    """A member of staff (backoffice.demo.city.EMPLOYEES) as an actor."""
    return person(User.objects.get(username=username))


def machine(job: str = "test") -> Actor:
    """The system at work."""
    return system(city().pk, job)


def portal(name: str = "portal") -> Actor:
    """A sender of submissions."""
    scopes = frozenset({"submit", "read", "answer"})
    return Actor(tenant_id=city().pk, kind="portal", key=f"portal:{name}", permissions=scopes)


def uploaded(by: Actor, content: bytes = b"", filename: str = "Nachweis.pdf") -> str:
    """The id of a PDF that ``by`` has handed in."""
    data = content or b"%PDF-1.7\n% " + os.urandom(64).hex().encode() + b"\n%%EOF\n"
    stored = default_store().write([data], max_bytes=len(data), expected_sha256=None)
    upload = receive_upload(
        stored, media_type="application/pdf", filename=filename, by=by, at=real_now()
    )
    return str(upload.id)


def body(
    service: str = "resident-parking", by: Actor | None = None, **changes: Any
) -> dict[str, Any]:
    """The example of ``service`` with its attachments really uploaded by ``by``."""
    by = by or portal()
    example = current_offer(by.tenant_id, service).definition.as_json()["example"]
    sent: dict[str, Any] = json.loads(json.dumps(example)) | changes
    for attachment in sent.get("attachments", []):
        attachment["upload"] = uploaded(by)
    return sent


def submit(
    sent: Mapping[str, Any], *, key: str = "", by: Actor | None = None, at: datetime = AT
) -> dict[str, Any]:
    """Hand ``sent`` in and return the receipt."""
    envelope = Envelope(json.dumps(sent, ensure_ascii=False), sent)
    receipt, _ = accept(envelope, key=key or str(uuid7()), by=by or portal(), at=at)
    answer: dict[str, Any] = json.loads(receipt)
    return answer


def submitted(service: str = "resident-parking", *, at: datetime = AT, **changes: Any) -> Process:
    """A case that a portal's submission opened; nothing owed for it has been done yet."""
    receipt = submit(body(service, **changes), at=at)
    return Process.objects.select_related("case").get(submission=UUID(receipt["id"]))


def drained() -> None:
    """Let the worker do everything that is owed."""
    while outbox.drain():
        pass


def renewed(process: Process) -> Process:
    """The same process as the database has it now."""
    return Process.objects.select_related("case").get(case_id=process.case_id)
