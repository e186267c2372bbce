"""Clearing away: uploads nobody claimed or completed, and bytes nothing refers to."""

from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef

from efile import arriving
from efile.models import Content, DocumentVersion, PartialUpload, Upload
from efile.storage import default_store

# Bytes younger than this may belong to a transaction that has not committed yet.
GRACE = timedelta(hours=24)
BATCH = 500
# The whole store is looked through in 64 turns, so within a day.
_TURNS, _TURN_SECONDS = 64, 900


def collect_uploads(*, at: datetime) -> int:
    """Remove expired uploads that no filing claimed. ``at`` is true time."""
    expired = Upload.objects.filter(expires_at__lt=at, claimed_at__isnull=True)
    chosen = list(expired.values_list("id", flat=True)[:BATCH])
    removed, _ = Upload.objects.filter(id__in=chosen, claimed_at__isnull=True).delete()
    return removed


def collect_partial(*, at: datetime) -> int:
    """Remove uploads that arrived in part and expired, with their bytes; returns how many.

    One that is written to at this moment stays. ``at`` is true time.
    """
    expired = PartialUpload.objects.filter(expires_at__lte=at).order_by("expires_at")
    chosen = list(expired.values_list("id", flat=True)[:BATCH])
    removed = sum(arriving.remove_expired(upload_id, at=at) for upload_id in chosen)
    arriving.collect_pieces(older_than=at - GRACE)
    return removed


def collect_orphans(*, at: datetime, everywhere: bool = False) -> int:
    """Remove bytes that no row knows: whoever wrote them died before saying so.

    Each quarter of an hour looks through another part of the store, or through all of it with
    ``everywhere``; returns how many files went. ``at`` is true time.
    """
    turn = int(at.timestamp() // _TURN_SECONDS) % _TURNS
    part = [f"{first:02x}" for first in range(256) if everywhere or first % _TURNS == turn]
    before, removed = at - GRACE, 0
    stored = (one.sha256 for one in default_store().iter_stored(part) if one.mtime < before)
    while chosen := list(islice(stored, BATCH)):
        known = Content.objects.filter(sha256__in=chosen).values_list("sha256", flat=True)
        # What came in pieces is in its place a moment before its row says what it is.
        placed = PartialUpload.objects.filter(sha256__in=chosen).values_list("sha256", flat=True)
        for sha256 in set(chosen) - {*known, *placed}:
            removed += default_store().delete(sha256, older_than=before)
    return removed


def collect_bytes(*, at: datetime) -> int:
    """Remove content rows without any reference, then their bytes; returns how many.

    Content that an upload or a version refers to stays; so do bytes some tenant still refers to.
    """
    before = at - GRACE
    chosen = (
        Content.objects.filter(
            ~Exists(DocumentVersion.objects.filter(content_id=OuterRef("id"))),
            ~Exists(Upload.objects.filter(content_id=OuterRef("id"))),
            stored_at__lt=before,
        )
        .order_by("id")
        .values_list("id", "sha256")[:BATCH]
    )
    removed = 0
    for content_id, sha256 in chosen:
        removed += _collect(content_id, sha256, before)
    default_store().collect_temporary(before)
    return removed


def _collect(content_id: UUID, sha256: str, before: datetime) -> int:
    """Delete the row first: if somebody refers to it meanwhile, the foreign key refuses."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM efile_content c WHERE id = %s "
                "AND NOT EXISTS (SELECT FROM efile_documentversion WHERE content_id = c.id) "
                "AND NOT EXISTS (SELECT FROM efile_upload WHERE content_id = c.id)",
                [content_id],
            )
            if not cursor.rowcount:
                return 0
    except IntegrityError:  # the same bytes were handed in again while this waited for the row
        return 0
    if not Content.objects.filter(sha256=sha256).exists():
        default_store().delete(sha256, older_than=before)
    return 1
