"""Post that came after a case was closed: a person takes it up."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from efile import filing
from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.kernel.verbs import verb
from workflows.endings import reopen
from workflows.inbox import attachments_of, locked_item, settle
from workflows.machine import locked
from workflows.models import State, Task
from workflows.replies import owe_reply


@verb
def take_up_post(item_id: UUID, *, reason: str, by: Actor, at: datetime) -> UUID:
    """Put the post of an inbox item on its case, which is reopened for it, and return the case.

    A case that somebody reopened meanwhile takes the post as it is. Refuses: NotFound,
    ItemIsSettled, what ``reopen`` refuses.
    """
    item = locked_item(item_id, by=by)
    case_id = item.case_id
    if case_id is None:
        raise NotFound
    if locked(case_id, by=by).state == State.CLOSED:
        reopen(case_id, reason=reason, by=by, at=at)
    documents = attachments_of(item)
    filing.file_documents(case_id, documents, by=by, at=at)
    if text := _as_text(item.content):
        carried = [one.id for one in documents]
        filing.write_message(case_id, text, direction="in", attachments=carried, by=by, at=at)
    Task.objects.create(tenant_id=by.tenant_id, case_id=case_id, kind="review_answer", opened_at=at)
    owe_reply(locked(case_id, by=by), at=at)
    settle(item, "taken_up", by=by, at=at)
    return case_id


def _as_text(content: Mapping[str, Any]) -> str:
    """What was written, and what was filled in, so that nothing of it is lost."""
    filled_in = content.get("form") or {}
    said = [str(content.get("text") or "").strip()]
    if filled_in:
        said.append(json.dumps(filled_in, ensure_ascii=False, indent=2))
    return "\n\n".join(part for part in said if part)
