"""Scanning what could not be scanned when it came, and telling the cases what was found."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Final
from uuid import UUID

import structlog
from django.db.models import F, Q

from efile import facts
from efile.kernel.actors import Actor, system
from efile.kernel.errors import Unavailable
from efile.kernel.events import Event
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.models import Content, DocumentVersion, ScanState
from efile.scanning import NotScanned, Why, is_configured, scan
from efile.storage import default_store

log = structlog.get_logger()

BATCH: Final = 200
# For one file, and for a round: the worker that scans has other work, too.
SECONDS: Final = 120.0
ROUND_SECONDS: Final = 30.0
JOB: Final = "efile.scan"
# When it is tried again. What is too large waits for the operator, not for time.
_PAUSES: Final[Mapping[Why, timedelta]] = {
    "away": timedelta(),
    "timeout": timedelta(minutes=15),
    "failed": timedelta(minutes=5),
    "too_large": timedelta(hours=6),
}


def not_scanned() -> int:
    """How many files wait for the scanner; 0 where there is none. One statement."""
    return Content.objects.filter(scan=ScanState.NOT_SCANNED).count() if is_configured() else 0


def infected_among(tenant_id: int, hashes: Iterable[str]) -> set[str]:
    """Which of these bytes (SHA-256) were found to be infected. One statement."""
    known = Content.objects.filter(tenant_id=tenant_id, scan=ScanState.INFECTED)
    return set(known.filter(sha256__in=list(hashes)).values_list("sha256", flat=True))


def scan_waiting(*, at: datetime) -> int:
    """Scan what waits for it, the longest first; returns how many have a verdict now.

    The scanner works outside of any transaction. While it is away, everything goes on waiting;
    a round ends after some seconds, and with the first file that takes too long.
    """
    if not is_configured():
        return 0
    due = Q(scan_due_at__isnull=True) | Q(scan_due_at__lte=at)
    waiting = (
        Content.objects.filter(due, scan=ScanState.NOT_SCANNED)
        .order_by(F("scan_due_at").asc(nulls_first=True), "id")
        .values_list("id", "sha256")[:BATCH]
    )
    cleared, end = 0, monotonic() + ROUND_SECONDS
    for content_id, sha256 in list(waiting):
        if monotonic() > end:
            break
        try:
            with default_store().open(sha256, verify=False) as file:
                verdict = scan(file, seconds=SECONDS)
        except NotScanned as refusal:
            log.warning("not_scanned", why=refusal.why, content=str(content_id))
            if refusal.why == "away":
                break
            _postpone(content_id, at + _PAUSES[refusal.why])
            if refusal.why == "timeout":
                break
        except Unavailable:  # missing bytes: whoever verifies the storage reports them
            _postpone(content_id, at + _PAUSES["failed"])
        else:
            note_verdict(content_id, verdict, at=at)
            cleared += 1
    return cleared


def note_infected(sha256: str, *, at: datetime) -> None:
    """Hold bytes that were just found to be infected wherever they lie already."""
    for content_id in Content.objects.filter(sha256=sha256).values_list("id", flat=True):
        note_verdict(content_id, ScanState.INFECTED, at=at)


@verb
def note_verdict(content_id: UUID, verdict: ScanState, *, at: datetime) -> None:
    """Remember what the scanner said and record it in every case that has these bytes.

    Malware stays malware, whatever a later scan says.
    """
    open_to = Content.objects.exclude(scan=ScanState.INFECTED)
    if verdict != ScanState.INFECTED:
        open_to = open_to.filter(scan=ScanState.NOT_SCANNED)
    if not open_to.filter(id=content_id).update(scan=verdict, scanned_at=at, scan_due_at=None):
        return
    by: Actor | None = None
    for case_id, told in _holders(content_id, verdict):
        by = by or system(Content.objects.get(id=content_id).tenant_id, JOB)
        record(_event(verdict, case_id, told), by=by, at=at)


def _event(verdict: ScanState, case_id: UUID, documents: list[UUID]) -> Event:
    kind = facts.MalwareFound if verdict == ScanState.INFECTED else facts.DocumentsCleared
    return kind(case_id=case_id, facts={"documents": documents})


def _holders(content_id: UUID, verdict: ScanState) -> list[tuple[UUID, list[UUID]]]:
    """The cases that have these bytes, and as which documents.

    Only what came from outside waits to be cleared; malware is told wherever it lies.
    """
    found: dict[UUID, list[UUID]] = {}
    versions = DocumentVersion.objects.filter(content_id=content_id).order_by(
        "document__case_id", "document_id"
    )
    if verdict != ScanState.INFECTED:
        versions = versions.filter(document__direction="in")
    for case_id, document_id in versions.values_list("document__case_id", "document_id"):
        found.setdefault(case_id, []).append(document_id)
    return list(found.items())


def _postpone(content_id: UUID, due_at: datetime) -> None:
    Content.objects.filter(id=content_id).update(scan_due_at=due_at)
