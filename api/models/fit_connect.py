"""What was picked up from FIT-Connect, how far it has come, and what went back over it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from efile.kernel.models import Tenant


class Stage(models.TextChoices):
    """How far what the delivery service holds for us has come; the last three are ends."""

    SEEN = "seen"
    # Lies durably in the file or the inbox; the delivery service is to be told.
    FILED = "filed"
    # Formally faulty, for good; the delivery service is to be told.
    REFUSED = "refused"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    # Nothing is there any more: withdrawn, or deleted before it could be fetched.
    GONE = "gone"


OPEN_STAGES = [Stage.SEEN, Stage.FILED, Stage.REFUSED]


class Pickup(models.Model):
    """What every pickup has: a stage, the next attempt, and the answer that is owed."""

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    # Theirs: what the delivery service calls the procedure.
    case_id = models.UUIDField()
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.SEEN)
    seen_at = models.DateTimeField()
    # None: nothing is left to be done.
    due_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    # Why the last attempt came to nothing: a code, never what was sent.
    failure = models.CharField(max_length=60, blank=True, default="")
    # What is wrong with it, as the standard names it.
    problems = models.JSONField(default=list)
    # The signed event that answers it, kept so that a repeated answer is the same to the letter.
    answer = models.TextField(blank=True, default="")

    class Meta:
        abstract = True


class FitConnectSubmission(Pickup):
    """A submission at our destination, and how its sender wants to be answered."""

    destination = models.UUIDField()
    submission_id = models.UUIDField()
    # Our own submission, once it is filed.
    submission = models.UUIDField(null=True)
    # The member of replyChannel that was chosen, with nothing but what answering needs.
    reply_channel = models.JSONField(default=dict)
    # The application's id in the status monitor of the federal account, where it has one.
    status_monitor = models.UUIDField(null=True)
    # When something last happened that the sender may know, and when to look what it is.
    news_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="fit_connect_of_tenant"),
            models.UniqueConstraint(
                fields=["destination", "submission_id"], name="fit_connect_submission_is_seen_once"
            ),
            models.CheckConstraint(
                name="fit_connect_filed_names_ours",
                condition=~Q(stage__in=["filed", "accepted"]) | Q(submission__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="fit_connect_due"
            ),
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="fit_connect_news"
            ),
            models.Index(
                fields=["submission"],
                condition=Q(submission__isnull=False),
                name="fit_connect_by_ours",
            ),
        ]


class FitConnectReply(Pickup):
    """A reply that the sender of a submission wrote; it becomes a message or an answer."""

    submission = models.ForeignKey(
        FitConnectSubmission, models.PROTECT, related_name="+", db_constraint=False
    )
    reply_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="fit_connect_reply_of_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "reply_id"], name="fit_connect_reply_is_seen_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="fit_connect_reply_due"
            )
        ]


class FitConnectNotice(models.Model):
    """Something to be told to the sender of a submission, or to the applicant's mailbox.

    ``items`` names what it tells of (``event:<id>``, ``message:<id>`` …): what a notice names is
    told once. Its ``content`` is put together when it is sent.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    submission = models.ForeignKey(
        FitConnectSubmission, models.PROTECT, related_name="+", db_constraint=False
    )
    # reply: over the reply channel; message and status: to the federal account.
    kind = models.CharField(max_length=10)
    items = models.JSONField()
    made_at = models.DateTimeField()
    # What the delivery service calls it, since it was announced there.
    announced_as = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    failure = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="fit_connect_notice_of_tenant"),
            models.CheckConstraint(
                name="fit_connect_notice_kind_is_known",
                condition=Q(kind__in=["reply", "message", "status"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="fit_connect_to_tell"
            ),
        ]


class FitConnectDestination(models.Model):
    """A destination of ours: how far its events were read, and when it was last asked."""

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    destination = models.UUIDField(unique=True)
    # The cursor of the feed of events up to which we know what is new.
    heard = models.BigIntegerField(default=0)
    # Somebody called: pull at once.
    called_at = models.DateTimeField(null=True)
    polled_at = models.DateTimeField(null=True)
    # Until then the delivery service wants to be left alone.
    quiet_until = models.DateTimeField(null=True)
    failure = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="fit_connect_destination_tenant")
        ]
