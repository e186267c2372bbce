"""Documents, their versions and the bytes behind them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant
from efile.models.case import Case

IS_SHA256 = Q(sha256__regex=r"^[0-9a-f]{64}$")


class ScanState(models.TextChoices):
    """What a virus scanner said. What was not scanned is not clean."""

    NOT_SCANNED = "not_scanned"
    CLEAN = "clean"
    INFECTED = "infected"


class Content(models.Model):
    """Bytes in the store, known by their SHA-256; several versions may share them."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=120)
    stored_at = models.DateTimeField()
    scan = models.CharField(max_length=12, default=ScanState.NOT_SCANNED)
    scanned_at = models.DateTimeField(null=True)
    # When the scanner is asked again; null: as soon as there is one.
    scan_due_at = models.DateTimeField(null=True)
    # What is wrong with it though it was taken (§ 3a (3) VwVfG); empty for nothing.
    flaw = models.CharField(max_length=30, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="content_of_tenant"),
            models.UniqueConstraint(fields=["tenant", "sha256"], name="content_is_stored_once"),
            models.CheckConstraint(name="content_sha256_is_hex", condition=IS_SHA256),
            models.CheckConstraint(
                name="content_scan_is_known", condition=Q(scan__in=ScanState.values)
            ),
            models.CheckConstraint(
                name="content_scan_has_its_time",
                condition=Q(scan=ScanState.NOT_SCANNED, scanned_at__isnull=True)
                | ~Q(scan=ScanState.NOT_SCANNED) & Q(scanned_at__isnull=False),
            ),
            models.CheckConstraint(
                name="content_flaw_is_known",
                condition=Q(flaw__in=["", "broken_pdf", "broken_archive"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["scan_due_at", "id"],
                condition=Q(scan=ScanState.NOT_SCANNED),
                name="contents_to_scan",
            )
        ]


class Document(models.Model):
    """A logical document of a case: an application, a proof, a letter."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    # Which proof of the service definition it answers; empty for anything else.
    proof = models.CharField(max_length=60, blank=True, default="")
    direction = models.CharField(max_length=3)
    is_final = models.BooleanField(default=True)
    # Whether the applicant may fetch it through the portal.
    is_public = models.BooleanField(default=False)
    filed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="document_of_tenant"),
            models.CheckConstraint(
                name="document_direction_is_known", condition=Q(direction__in=["in", "out"])
            ),
            models.CheckConstraint(
                name="document_kind_is_known",
                condition=Q(
                    kind__in=["proof", "attachment", "decision", "letter", "permit", "receipt"]
                ),
            ),
        ]


class DocumentVersion(models.Model):
    """One state of a document. Nothing on file is overwritten: a change is a new version."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    number = models.IntegerField()
    content = models.ForeignKey(Content, models.PROTECT, related_name="+", db_constraint=False)
    filename = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="version_of_tenant"),
            models.UniqueConstraint(fields=["document", "number"], name="versions_are_numbered"),
        ]


class Upload(models.Model):
    """Bytes that a sender has handed in and not yet put on a file; they expire."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    # The sender's key; a portal is a table of the API above, so no foreign key.
    source = models.CharField(max_length=120)
    content = models.ForeignKey(Content, models.PROTECT, related_name="+", db_constraint=False)
    filename = models.CharField(max_length=150)
    expires_at = models.DateTimeField()
    # Claimed by a filing; kept for a while, so that the sender can be told so.
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="upload_of_tenant")
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="uploads_expire")]


class PartialUpload(models.Model):
    """A file that arrives in pieces. With its last byte an ``Upload`` of the same id replaces it.

    ``filename``, ``media_type`` and ``declared_sha256`` are what the sender says; ``sha256`` is
    what the bytes turned out to be, known once all of them are there.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=120)
    filename = models.CharField(max_length=150)
    media_type = models.CharField(max_length=120, blank=True, default="")
    declared_sha256 = models.CharField(max_length=64, blank=True, default="")
    size = models.BigIntegerField()
    # So many bytes are on the disk for good.
    received = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="partial_upload_of_tenant"),
            models.CheckConstraint(
                name="partial_upload_is_within_its_size",
                condition=Q(received__gte=0, received__lte=F("size"), size__gt=0),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="partial_uploads_expire")]
