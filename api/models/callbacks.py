"""Where events are pushed to, and which of them have not arrived there yet."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from api.models.clients import PortalClient
from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant


class CallbackTarget(models.Model):
    """Where a portal wants to be called, the keys its calls are signed with, and how it fares."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    client = models.OneToOneField(
        PortalClient, models.CASCADE, related_name="+", db_constraint=False
    )
    # The key under which the client's events are numbered; never changes.
    source = models.CharField(max_length=270)
    url = models.CharField(max_length=2000)
    # Sealed under a key made from SECRET_KEY: we sign with it, so a hash would not do.
    secret = models.TextField()
    # What the last rotation replaced signs as well until then.
    previous_secret = models.TextField(blank=True, default="")
    previous_until = models.DateTimeField(null=True)
    set_at = models.DateTimeField()
    # Up to this position of the client's feed events were put on lanes.
    collected = models.BigIntegerField(default=0)
    # "": nobody; an administrator; "gone": the receiver itself, by its 410.
    paused_by = models.CharField(max_length=200, blank=True, default="")
    # The circuit breaker (api.callbacks.breaker).
    failures = models.IntegerField(default=0)
    failed_lane = models.UUIDField(null=True)
    failing_since = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    open_until = models.DateTimeField(null=True)
    probes = models.IntegerField(default=0)
    last_success_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)
    last_failure = models.CharField(max_length=40, blank=True, default="")
    # Whether it was told that something has been waiting for too long.
    is_late = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="callback_target_of_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "source"], name="one_callback_target_per_source"
            ),
            models.CheckConstraint(
                name="an_open_circuit_says_until_when",
                condition=Q(opened_at__isnull=True, open_until__isnull=True)
                | Q(opened_at__isnull=False, open_until__isnull=False),
            ),
        ]


class CallbackLane(models.Model):
    """What a receiver has yet to be told of one submission; there is none where that is nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    target = models.ForeignKey(
        CallbackTarget, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    submission = models.UUIDField()
    # Positions in the feed: of the last event that arrived, and of the last one that is to.
    delivered = models.BigIntegerField()
    collected = models.BigIntegerField()
    pending = models.IntegerField()
    # Since when nothing has arrived although something is to.
    waiting_since = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    last_failure = models.CharField(max_length=40, blank=True, default="")
    # When it is tried next; while somebody is at it, when somebody else may.
    due_at = models.DateTimeField(null=True)
    # Given up as a whole: a later event never overtakes an earlier one.
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="callback_lane_of_tenant"),
            models.UniqueConstraint(
                fields=["target", "submission"], name="one_callback_lane_per_submission"
            ),
            models.CheckConstraint(
                name="a_callback_lane_is_due_or_given_up",
                condition=Q(due_at__isnull=True, given_up_at__isnull=False)
                | Q(due_at__isnull=False, given_up_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["target", "due_at"],
                condition=Q(given_up_at__isnull=True),
                name="callback_lanes_due",
            ),
            models.Index(fields=["target", "waiting_since"], name="callback_lanes_by_age"),
        ]
