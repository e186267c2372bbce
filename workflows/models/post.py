"""What goes out: each letter with its way and its days, and the batches that are printed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant, Unit
from workflows.models.process import CaseRow


class PrintBatch(models.Model):
    """Letters that are printed together and go into the post on one day."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    # Counted per tenant and year: it stands on the cover list.
    number = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    posted_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="print_batch_of_tenant"),
            models.UniqueConstraint(fields=["tenant", "number"], name="batch_number_is_unique"),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "-made_at"], name="batches_of_unit")]


class Letter(CaseRow):
    """A letter: what it is, which way it goes, when it went and whether it came back.

    The row is made with the act that owes the letter; the worker writes it and fills in the rest.
    """

    kind = models.CharField(max_length=30)
    # What it tells of: a decision, question, message or standing matter.
    subject = models.UUIDField(null=True)
    # What only the act itself knew: the office it was passed on to, the reason.
    said = models.JSONField(default=dict)
    # The efile document, once written; never another one, what was sent stays as it was sent.
    document = models.UUIDField(null=True)
    recipient = models.CharField(max_length=300, blank=True, default="")
    channel = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    batch = models.ForeignKey(
        PrintBatch, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    # Handed to the post, or provided in the portal.
    sent_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    returned_because = models.CharField(max_length=300, blank=True, default="")

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "document"], name="letter_of_document"),
            models.CheckConstraint(
                name="letter_channel_is_known", condition=Q(channel__in=["portal", "post"])
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "made_at"],
                condition=Q(channel="post", sent_on__isnull=True),
                name="letters_to_post",
            ),
            models.Index(fields=["case"], name="letters_of_case"),
            models.Index(
                fields=["batch"], condition=Q(batch__isnull=False), name="letters_of_batch"
            ),
        ]
