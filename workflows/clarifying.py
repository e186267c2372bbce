"""What lies in the clarification inbox, as a person looks at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, JSONField, QuerySet, Window
from django.db.models.expressions import RawSQL

from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, NotFound
from efile.models import Party
from efile.scanning import Hold, hold_on, require_cleared
from workflows.catalogue.submission import applicant_of
from workflows.inbox import ItemIsSettled, envelope_of, to_clarify_by
from workflows.models import InboxItem


@dataclass(frozen=True, slots=True)
class KeptAttachment:
    """A file that came with an item and is not on any case yet."""

    number: int
    filename: str
    media_type: str
    size: int
    sha256: str
    proof: str
    scan: str
    flaw: str

    @property
    def hold(self) -> Hold | None:
        """Why nobody may open it, if so."""
        return hold_on(self.scan)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something a person must match. ``service`` is what the sender named, known here or not.

    ``case_id`` and ``case_reference`` are set for post to a case; ``raw`` is a submission's body
    to the letter, ``content`` what came as post.
    """

    id: UUID
    reason: str
    arrived_at: datetime
    source: str
    service: str
    applicant: str
    errors: Sequence[FieldError]
    envelope: Mapping[str, Any]
    content: Mapping[str, Any]
    attachments: Sequence[KeptAttachment]
    case_id: UUID | None
    case_reference: str
    scope: str
    raw: str


def open_items(*, by: Actor, offset: int = 0, limit: int = 50) -> tuple[list[OpenItem], int]:
    """A page of what ``by`` may clarify, oldest first, and how much there is. One statement."""
    items = list(
        _items()
        .filter(to_clarify_by(by), settled_at__isnull=True)
        .annotate(total=Window(Count("id")))
        .order_by("arrived_at", "id")[offset : offset + limit]
    )
    return [_opened(item) for item in items], items[0].total if items else 0


def open_item(item_id: UUID, *, by: Actor) -> OpenItem:
    """The item, if it is ``by``'s to clarify. One statement. Refuses: NotFound, ItemIsSettled."""
    item = _items().filter(to_clarify_by(by), id=item_id).first()
    if item is None:
        raise NotFound
    if item.settled_at is not None:
        raise ItemIsSettled
    return _opened(item)


def kept_attachment(item_id: UUID, number: int, *, by: Actor) -> KeptAttachment:
    """The file ``number`` (from 0) of an item, to be opened. One statement.

    Refuses as ``open_item``, NotYetScanned, Infected.
    """
    found = open_item(item_id, by=by).attachments
    if number >= len(found):
        raise NotFound
    require_cleared(found[number].scan)
    return found[number]


# What is known of the bytes of each attachment, by the id of its content.
_BYTES: Final = """
(SELECT jsonb_object_agg(c.id, jsonb_build_array(c.scan, c.flaw))
   FROM efile_content c
  WHERE c.id IN (SELECT (one->>'content')::uuid
                   FROM jsonb_array_elements(workflows_inboxitem.content->'attachments') one))
"""


def _items() -> QuerySet[InboxItem]:
    return InboxItem.objects.select_related("submission", "case").annotate(
        bytes=RawSQL(_BYTES, [], output_field=JSONField())  # noqa: S611 - a constant
    )


def _opened(item: Any) -> OpenItem:
    submission, envelope = item.submission, envelope_of(item)
    return OpenItem(
        id=item.id,
        reason=item.reason,
        arrived_at=item.arrived_at,
        source=submission.source if submission else "",
        service=submission.service_key if submission else "",
        applicant=_name(applicant_of(envelope))
        if submission
        else item.case.applicant
        if item.case
        else "",
        errors=[FieldError(one["pointer"], one["rule"], one["facts"]) for one in item.errors],
        envelope=envelope,
        content=item.content,
        attachments=[
            KeptAttachment(
                number,
                one["filename"],
                one["media_type"],
                one["size"],
                one["sha256"],
                one["proof"],
                *item.bytes[one["content"]],
            )
            for number, one in enumerate(item.content.get("attachments", []))
        ],
        case_id=item.case_id,
        case_reference=item.case.reference if item.case else "",
        scope=item.scope,
        raw=submission.envelope if submission else "",
    )


def _name(party: Mapping[str, Any]) -> str:
    known = {"organisation", "family_name", "given_names"}
    return Party(**{name: str(party[name]) for name in known & party.keys()}).display_name
