"""What senders handed in, what we answered, and what could not be matched."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant
from efile.models import Case
from workflows.models.process import CaseRow


class Submission(models.Model):
    """An application as it was sent, to the letter."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    # The sender's key; portals are a table of the API above, so no foreign key.
    source = models.CharField(max_length=120)
    service_key = models.CharField(max_length=200)
    language = models.CharField(max_length=20)
    # How it came: portal, over FIT-Connect or Open311, taken down in the house (counter, phone,
    # paper, visit), or opened by the office itself.
    channel = models.CharField(max_length=12, default="portal")
    envelope = models.TextField()
    received_at = models.DateTimeField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", db_constraint=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="submission_of_tenant"),
            models.CheckConstraint(
                name="submission_channel_is_known",
                condition=Q(
                    channel__in=[
                        *("portal", "fit_connect", "open311"),
                        *("counter", "phone", "paper", "visit", "office"),
                    ]
                ),
            ),
        ]


class IdempotencyKey(models.Model):
    """A sender's key for one call. Keys never expire; a refused call leaves none behind."""

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    # SHA-256 over the operation and the RFC 8785 canonical body: another one is a conflict.
    body_sha256 = models.CharField(max_length=64)
    # The bytes that were answered, for as long as anybody may ask again.
    answer = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="idempotency_key_of_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "source", "key"], name="idempotency_key_is_used_once"
            ),
        ]


class InboxItem(models.Model):
    """A submission, or post for a closed case, that a person must match (Klärung)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", db_constraint=False)
    # The scope it belongs to, where the service or the case is known; "" where it is not.
    scope = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=30)
    errors = models.JSONField(default=list)
    content = models.JSONField(default=dict)
    arrived_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True, default="")
    settlement = models.CharField(max_length=30, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="inbox_item_of_tenant"),
            models.CheckConstraint(
                name="inbox_reason_is_known",
                condition=Q(
                    reason__in=["invalid_form", "unknown_service", "missing_proof", "closed_case"]
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "arrived_at"],
                condition=Q(settled_at__isnull=True),
                name="inbox_to_settle",
            )
        ]


class PublicEvent(CaseRow):
    """Something the sender of a case's submission may know."""

    submission = models.UUIDField()
    source = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    # Drawn when a reader first sees it, in the order of commits: never skipped, never twice.
    position = models.BigIntegerField(null=True)

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "source", "position"], name="events_are_numbered_per_sender"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "source", "id"],
                condition=Q(position__isnull=True),
                name="events_to_number",
            ),
            models.Index(fields=["submission"], name="events_of_submission"),
        ]


class RegisterQuery(CaseRow):
    """That a register was asked about this case: which, why, when, and whether it answered."""

    register = models.CharField(max_length=30)
    purpose = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    milliseconds = models.IntegerField()
