"""Files on their way in: what they are, whether they are sound and clean, before they are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final
from uuid import UUID

import structlog
from django.conf import settings

from efile.clearing import note_infected
from efile.examining import examine
from efile.filing import Findings, receive_upload
from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid, NotFound
from efile.models import ScanState, Upload
from efile.scanning import Hold, NotScanned, hold_on, is_configured, scan
from efile.sniffing import ACCEPTED, require_allowed, safe_filename, sniff
from efile.storage import Stored, default_store

log = structlog.get_logger()

# What a sender is told of the scan.
NO_SCANNER: Final = "none"


@dataclass(frozen=True, slots=True)
class Received:
    """A file that waits to be used: an upload. ``filename`` is the name it is kept under.

    ``scan`` is ``clean``, ``pending`` or ``infected``, or ``none`` where nothing is scanned;
    ``flaw`` what is wrong with it though it was taken, "" for nothing.
    """

    id: UUID
    filename: str
    sha256: str
    size: int
    media_type: str
    scan: str
    flaw: str
    expires_at: datetime


class Inspection:
    """Looks at a whole file before it is kept; afterwards it knows what was found.

    ``declared`` is what the sender calls it. Reads and asks the scanner, changes nothing but what
    is known of the same bytes that lie here already; ``at`` is true time.
    """

    media_type: str = ""
    found: Findings = Findings()

    def __init__(self, declared: str | None, *, at: datetime) -> None:
        self._declared = declared
        self._at = at

    def __call__(self, content: BinaryIO, stored: Stored) -> None:
        """Refuses: Invalid at "" (kind, what ``examine`` refuses, ``malware``)."""
        sniffed = sniff(stored.head, stored.size)
        self.media_type = require_allowed(sniffed, self._declared, ACCEPTED, "")
        flaw = examine(content, sniffed, stored)
        content.seek(0)
        self.found = Findings(self._verdict(content, stored), flaw)

    def _verdict(self, content: BinaryIO, stored: Stored) -> ScanState:
        """NOT_SCANNED where there is no scanner, or it gives no verdict: a job asks again."""
        if not is_configured():
            return ScanState.NOT_SCANNED
        try:
            verdict = scan(content, seconds=settings.CLAMD_TIMEOUT)
        except NotScanned as refusal:
            log.warning("not_scanned", why=refusal.why)
            return ScanState.NOT_SCANNED
        if verdict == ScanState.INFECTED:
            note_infected(stored.sha256, at=self._at)
            raise Invalid([FieldError("", "malware")])
        return verdict


def receive_file(
    source: Iterable[bytes] | BinaryIO,
    *,
    filename: str,
    declared: str | None,
    max_bytes: int,
    by: Actor,
    at: datetime,
    expected_sha256: bytes | None = None,
) -> Received:
    """Take a file in, whole: it is kept until a filing claims it or it expires.

    What it is, its bytes decide; ``declared`` is what its sender calls it, ``expected_sha256``
    the raw digest. ``at`` is true time. What is refused leaves no byte behind.
    Refuses: Invalid at "" (``max_bytes``, ``content_digest``, what ``Inspection`` refuses),
    StorageUnavailable; what ``source`` raises passes through.
    """
    inspection = Inspection(declared, at=at)
    stored = default_store().write(
        source, max_bytes=max_bytes, expected_sha256=expected_sha256, inspect=inspection
    )
    upload = receive_upload(
        stored,
        media_type=inspection.media_type,
        filename=safe_filename(filename),
        found=inspection.found,
        by=by,
        at=at,
    )
    return received(upload)


def get_upload(upload_id: UUID, *, by: Actor, at: datetime) -> Received:
    """The sender's upload, used or not. One statement. Refuses: NotFound (also: expired)."""
    upload = own_upload(upload_id, by=by)
    if upload is None or (upload.claimed_at is None and upload.expires_at <= at):
        raise NotFound
    return received(upload)


def own_upload(upload_id: UUID, *, by: Actor) -> Upload | None:
    """The upload, if it is there and ``by`` sent it."""
    mine = Upload.objects.filter(tenant_id=by.tenant_id, source=by.key, id=upload_id)
    return mine.select_related("content").first()


def received(upload: Upload) -> Received:
    """What its sender is told of ``upload``."""
    content = upload.content
    return Received(
        id=upload.id,
        filename=upload.filename,
        sha256=content.sha256,
        size=content.size,
        media_type=content.media_type,
        scan=_told(content.scan),
        flaw=content.flaw,
        expires_at=upload.expires_at,
    )


def _told(state: str) -> str:
    hold = hold_on(state)
    if hold is Hold.PENDING:
        return Hold.PENDING.value
    return NO_SCANNER if state == ScanState.NOT_SCANNED else str(state)
