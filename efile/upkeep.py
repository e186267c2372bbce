"""Clearing away: uploads nobody claimed, and bytes nothing refers to."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef

from efile.models import Content, DocumentVersion, Upload
from efile.storage import default_store

# Bytes younger than this may belong to a transaction that has not committed yet.
GRACE = timedelta(hours=24)
BATCH = 500


def collect_uploads(*, at: datetime) -> int:
    """Remove expired uploads that no filing claimed. ``at`` is true time."""
    expired = Upload.objects.filter(expires_at__lt=at, claimed_at__isnull=True)
    chosen = list(expired.values_list("id", flat=True)[:BATCH])
    removed, _ = Upload.objects.filter(id__in=chosen, claimed_at__isnull=True).delete()
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
