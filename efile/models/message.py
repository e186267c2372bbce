"""What is said about a case: to and from the applicant, and among colleagues."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant
from efile.models.case import Case
from efile.models.document import Document


class Message(models.Model):
    """One message between the authority and the applicant, kept as it was written."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_constraint=False)
    direction = models.CharField(max_length=3)
    text = models.TextField()
    author = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="message_of_tenant"),
            models.CheckConstraint(
                name="message_direction_is_known", condition=Q(direction__in=["in", "out"])
            ),
        ]


class MessageAttachment(models.Model):
    """A document of the case that a message carries; several messages may carry the same one."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_constraint=False)
    message = models.ForeignKey(
        Message, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", db_constraint=False)
    position = models.SmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="message_attachment_of_tenant"),
            models.UniqueConstraint(
                fields=["message", "document"], name="a_message_carries_a_document_once"
            ),
        ]


class Note(models.Model):
    """A note on the file (Vermerk), for colleagues only."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_constraint=False)
    text = models.TextField()
    author = models.CharField(max_length=200)
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="note_of_tenant")
        ]
