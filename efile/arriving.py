"""Files that arrive in pieces: what has come is on the disk, and the sender may go on from there.

A piece is appended by one writer at a time. What counts is the row: bytes behind ``received``, left
by a process that died, are cut off before the next piece. With the last byte the file is inspected
and gets its place in the store, and an upload of the same id replaces the row.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Final
from uuid import UUID

from django.conf import settings

from efile import pieces
from efile.disk import disk
from efile.filing import receive_upload
from efile.kernel.actors import Actor
from efile.kernel.errors import Conflict, FieldError, Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.kernel.verbs import unit_of_work, verb
from efile.models import PartialUpload, Upload
from efile.pieces import UploadLocked
from efile.receiving import Inspection, own_upload
from efile.sniffing import safe_filename
from efile.storage import HEAD_BYTES, Stored, default_store
from efile.storage import Inspection as Look

# So much may have to be sent again after a crash: each time it is full the disk is waited for.
CHECKPOINT: Final = 16 * 1024 * 1024


class WrongOffset(Conflict):
    """The piece does not begin where the upload ends. Facts: ``offset``, where it does."""

    code = "wrong_offset"


class UploadIsUsed(Conflict):
    """It is on file: what a case holds is not taken back here."""

    code = "upload_is_used"


class ChecksumMismatch(Invalid):
    """The piece does not have the checksum it was sent with; nothing of it was kept."""

    code = "checksum_mismatch"


class TooLong(Invalid):
    """More bytes than were announced or are allowed. Facts: ``limit``."""

    code = "too_large"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an upload has come: ``offset`` of ``size`` bytes are kept for good."""

    id: UUID
    filename: str
    offset: int
    size: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a piece must hash to: ``algorithm`` (a name of ``CHECKSUMS``) and the raw digest."""

    algorithm: str
    digest: bytes


CHECKSUMS: Final = ("sha1", "sha256")


@verb
def begin_upload(
    *,
    size: int,
    filename: str,
    declared: str,
    sha256: str,
    by: Actor,
    at: datetime,
    limit: int | None = None,
) -> Progress:
    """Announce a file of ``size`` bytes; ``declared`` is what its sender calls it.

    ``sha256`` (hex, or "") is what all of it must hash to, ``limit`` what it is for allows.
    ``at`` is true time. Refuses: TooLong, Invalid (``empty_file``).
    """
    most = min(settings.RESUMABLE_MAX_BYTES, limit or settings.RESUMABLE_MAX_BYTES)
    if size > most:
        raise TooLong(limit=most)
    if not size:
        raise Invalid([FieldError("", "empty_file")])
    partial = PartialUpload.objects.create(
        id=uuid7(),
        tenant_id=by.tenant_id,
        source=by.key,
        filename=safe_filename(filename),
        media_type=declared[:120],
        declared_sha256=sha256,
        size=size,
        started_at=at,
        expires_at=_expiry(at),
    )
    return _progress(partial)


def get_progress(upload_id: UUID, *, by: Actor, at: datetime) -> Progress:
    """Where to go on. What a crash interrupted after the last byte is finished here.

    Refuses: NotFound, UploadLocked (a writer is about to change the answer), what
    ``append_piece`` refuses at the end.
    """
    with _locked(upload_id, by=by, at=at) as partial:
        return _settled(partial, by=by, at=at)


def append_piece(
    upload_id: UUID,
    source: Iterable[bytes],
    *,
    offset: int,
    by: Actor,
    at: datetime,
    checksum: Checksum | None = None,
) -> Progress:
    """Append what ``source`` yields at ``offset``; with the last byte the upload is complete.

    What came before ``source`` broke off is kept, and its error passes through; with a
    ``checksum`` the piece counts as a whole or not at all. Memory stays flat. ``at`` is true time.
    Refuses: NotFound, UploadLocked, WrongOffset, TooLong, ChecksumMismatch, StorageUnavailable;
    at the end, and then the upload is gone, Invalid (``sha256``, what ``Inspection`` refuses).
    """
    with _locked(upload_id, by=by, at=at) as partial:
        here = partial.received if isinstance(partial, PartialUpload) else partial.content.size
        if offset != here:
            raise WrongOffset(offset=here)
        if isinstance(partial, PartialUpload) and here < partial.size:
            _write(partial, source, checksum, at=at)
        elif any(source):
            raise TooLong(limit=here)
        return _settled(partial, by=by, at=at)


def give_up(upload_id: UUID, *, by: Actor, at: datetime) -> None:
    """Remove an upload, complete or not. Refuses: NotFound, UploadLocked, UploadIsUsed."""
    with _locked(upload_id, by=by, at=at) as partial:
        if isinstance(partial, PartialUpload):
            _remove(partial.id)
        elif not Upload.objects.filter(id=partial.id, claimed_at__isnull=True).delete()[0]:
            raise UploadIsUsed


def remove_expired(upload_id: UUID, *, at: datetime) -> bool:
    """Remove an upload that nobody continued; whether that was so, and no writer is at it."""
    with suppress(UploadLocked), pieces.locked(upload_id):
        if PartialUpload.objects.filter(id=upload_id, expires_at__lte=at).exists():
            _remove(upload_id)
            return True
    return False


def collect_pieces(*, older_than: datetime) -> int:
    """Remove files of uploads that are no more, last written to before then; returns how many."""
    return pieces.collect(
        lambda upload_id: PartialUpload.objects.filter(id=upload_id).exists(),
        older_than=older_than,
    )


# --- One writer -----------------------------------------------------------------------------------


@contextmanager
def _locked(upload_id: UUID, *, by: Actor, at: datetime) -> Iterator[PartialUpload | Upload]:
    """The sender's upload as it stands while nobody else writes to it, complete or not.

    Refuses: NotFound, UploadLocked.
    """
    if _own(upload_id, by, at) is None and own_upload(upload_id, by=by) is None:
        raise NotFound
    with pieces.locked(upload_id):
        # Again: a writer that has just let go may have completed it.
        partial = _own(upload_id, by, at)
        found = partial or own_upload(upload_id, by=by)
        if found is None:
            raise NotFound
        # Bytes may be gone that we said we had: a disk put back from a backup. They may also lie
        # in the store already, once their hash is known.
        if partial and not partial.sha256 and pieces.length_of(upload_id) < partial.received:
            _keep(partial, 0, at=at)
        yield found


def _own(upload_id: UUID, by: Actor, at: datetime) -> PartialUpload | None:
    return PartialUpload.objects.filter(
        tenant_id=by.tenant_id, source=by.key, id=upload_id, expires_at__gt=at
    ).first()


# --- Bytes ----------------------------------------------------------------------------------------


def _write(
    partial: PartialUpload, source: Iterable[bytes], checksum: Checksum | None, *, at: datetime
) -> None:
    """Append to the file; ``received`` follows once the bytes are on the disk."""
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
    with pieces.continued(partial.id, partial.received) as file:
        offset = partial.received
        try:
            for chunk in source:
                if offset + len(chunk) > partial.size:
                    raise TooLong(limit=partial.size)
                with disk():
                    file.write(chunk)
                offset += len(chunk)
                if digest:
                    digest.update(chunk)
                elif offset - partial.received >= CHECKPOINT:
                    _sync(partial, file, offset, at=at)
        finally:
            if digest is None:
                _sync(partial, file, offset, at=at)
        if digest and checksum:
            if digest.digest() != checksum.digest:
                raise ChecksumMismatch([FieldError("", "checksum")])
            _sync(partial, file, offset, at=at)


def _sync(partial: PartialUpload, file: BinaryIO, offset: int, *, at: datetime) -> None:
    if offset != partial.received:
        pieces.synced(file)
        _keep(partial, offset, at=at)


def _keep(partial: PartialUpload, offset: int, *, at: datetime) -> None:
    partial.received, partial.expires_at = offset, _expiry(at)
    partial.save(update_fields=["received", "expires_at"])


def _settled(partial: PartialUpload | Upload, *, by: Actor, at: datetime) -> Progress:
    """How far it is; complete, it becomes an upload first, or is refused and gone."""
    if isinstance(partial, Upload):
        return _complete(partial)
    if partial.received < partial.size:
        return _progress(partial)
    try:
        return _complete(_finish(partial, by=by, at=at))
    except Invalid:
        _remove(partial.id)
        raise


def _finish(partial: PartialUpload, *, by: Actor, at: datetime) -> Upload:
    """Inspect the file, give it its place, replace the row. Can be done again after a crash."""
    inspection = Inspection(partial.media_type, at=at)

    def inspect(content: BinaryIO, stored: Stored) -> None:
        if partial.declared_sha256 and stored.sha256 != partial.declared_sha256:
            raise Invalid([FieldError("", "sha256", {"header": "Upload-Metadata"})])
        inspection(content, stored)
        # From here on the bytes may lie there or in the store already.
        PartialUpload.objects.filter(id=partial.id).update(sha256=stored.sha256)

    if partial.sha256 and not pieces.path_of(partial.id).exists():
        stored = _inspected_in_store(partial, inspect)
    else:
        stored = default_store().adopt(pieces.path_of(partial.id), inspect=inspect)
    with unit_of_work():
        upload = receive_upload(
            stored,
            media_type=inspection.media_type,
            filename=partial.filename,
            found=inspection.found,
            upload_id=partial.id,
            by=by,
            at=at,
        )
        partial.delete()
    pieces.clear(upload.id)
    return upload


def _inspected_in_store(partial: PartialUpload, inspect: Look) -> Stored:
    with default_store().open(partial.sha256, verify=False) as content:
        stored = Stored(partial.sha256, partial.size, content.read(HEAD_BYTES))
        content.seek(0)
        inspect(content, stored)
    return stored


def _remove(upload_id: UUID) -> None:
    """The row first: bytes without one are collected, a row without bytes would lie."""
    PartialUpload.objects.filter(id=upload_id).delete()
    pieces.clear(upload_id)


def _expiry(at: datetime) -> datetime:
    return at + timedelta(hours=settings.UPLOAD_LIFETIME_HOURS)


def _progress(partial: PartialUpload) -> Progress:
    return Progress(
        partial.id, partial.filename, partial.received, partial.size, partial.expires_at
    )


def _complete(upload: Upload) -> Progress:
    size = upload.content.size
    return Progress(upload.id, upload.filename, size, size, upload.expires_at)
