"""Whether rows and bytes still say what the journal and the store remember."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Subquery

from efile.filing import text_digest
from efile.lifecycle import party_digest
from efile.models import (
    Case,
    CaseDenial,
    CaseGrant,
    Content,
    DocumentVersion,
    Message,
    MessageAttachment,
    Note,
    Party,
)
from efile.storage import default_store


@dataclass(frozen=True, slots=True)
class StorageFault:
    """A fault of the store: ``missing``, ``altered`` or ``unreferenced``."""

    kind: str
    tenant: str | None
    case: str | None
    sha256: str
    detail: str


def project_cases(chains: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """What the rows of these cases say now, in the fields the journal watches."""
    rows: dict[UUID, dict[str, Any]] = {}
    for case in Case.objects.select_related("case_file").filter(id__in=chains):
        rows[case.id] = {
            "case.reference": case.reference,
            "case.subject": case.subject,
            "case.applicant": case.applicant,
            "case.lead_unit": case.lead_unit_id,
            "case.access_class": case.access_class,
            "case.received_at": case.received_at,
            "case.closed_at": case.closed_at,
            "case.retained_until": case.retained_until,
            "case.file": case.case_file.reference,
        }
    for party in Party.objects.filter(case_id__in=rows):
        rows[party.case_id][f"party.{party.id}"] = party_digest(party)
    for case_id, document, sha256 in _latest_contents(list(rows)):
        rows[case_id][f"document.{document}"] = sha256
    for message in Message.objects.filter(case_id__in=rows):
        rows[message.case_id][f"message.{message.id}"] = text_digest(message.text)
    for carried in MessageAttachment.objects.filter(case_id__in=rows).order_by("position", "id"):
        name = f"message.{carried.message_id}.attachments"
        rows[carried.case_id].setdefault(name, []).append(str(carried.document_id))
    for note in Note.objects.filter(case_id__in=rows):
        rows[note.case_id][f"note.{note.id}"] = text_digest(note.text)
    for grant in CaseGrant.objects.filter(content_object_id__in=rows):
        rows[grant.content_object_id][f"grant.{grant.user_id}"] = grant.until
    for denial in CaseDenial.objects.filter(case_id__in=rows):
        rows[denial.case_id][f"denial.{denial.user_id}"] = True
    return rows


def cases_without_chain(chains: Any) -> Iterator[tuple[int, UUID]]:
    """Tenant and id of every case that has none of ``chains`` (a queryset of chain ids)."""
    yield from Case.objects.exclude(id__in=chains).values_list("tenant_id", "id")


def verify_storage() -> tuple[int, list[StorageFault]]:
    """Read every content back; returns how many, and what is missing, altered or unreferenced."""
    store = default_store()
    faults: list[StorageFault] = []
    known: set[str] = set()
    checked = 0
    owner = DocumentVersion.objects.filter(content_id=OuterRef("id")).order_by("made_at")
    contents = Content.objects.annotate(
        tenant_key=F("tenant__key"),
        reference=Subquery(owner.values("document__case__reference")[:1]),
    ).order_by("sha256")
    for content in contents.iterator(chunk_size=1000):
        checked += 1
        known.add(content.sha256)
        kind = store.verify(content.sha256, content.size)
        if kind:
            detail = f"{content.size} bytes, {content.media_type}"
            faults.append(
                StorageFault(kind, content.tenant_key, content.reference, content.sha256, detail)
            )
    faults.extend(
        StorageFault("unreferenced", None, None, stored.sha256, f"{stored.size} bytes")
        for stored in store.iter_stored()
        if stored.sha256 not in known
    )
    return checked, faults


def _latest_contents(cases: list[UUID]) -> Iterator[tuple[UUID, UUID, str]]:
    rows = (
        DocumentVersion.objects.filter(document__case_id__in=cases)
        .order_by("document_id", "number")
        .values_list("document__case_id", "document_id", "content__sha256")
    )
    yield from {row[1]: row for row in rows}.values()
