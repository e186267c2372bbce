"""Deadlines of cases with their whole course, and the days whose lists a head signed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant, Unit
from workflows.models.process import CaseRow


class Deadline(CaseRow):
    """A date the case must keep, with the steps that led to it.

    A row says one thing for good: what moves, pauses or goes on again is over, and another row
    takes its place. So every day's list can be made again as it was.
    """

    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=12)
    # The rule of law, or what it is counted in ("working_days").
    rule = models.CharField(max_length=60)
    # What set it off, in the words of the definitions ("" for what no definition names).
    event = models.CharField(max_length=20, blank=True, default="")
    event_on = models.DateField()
    ends_on = models.DateField()
    derivation = models.JSONField(default=list)
    # Pauses and extensions since its event, in order (workflows.deadlines.turns).
    turns = models.JSONField(default=list)
    # Whether its clock stands still; ``ends_on`` is then the day it had when it stopped.
    is_paused = models.BooleanField(default=False)
    # The days off it was reckoned with; "": it depends on none, or cannot be reckoned anew.
    calendar = models.CharField(max_length=16, blank=True, default="")
    is_running = models.BooleanField(default=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)
    over_at = models.DateTimeField(null=True)
    # "met", "overtaken" by another course of the case, "moved" to another row; "" while it runs.
    over_because = models.CharField(max_length=12, blank=True, default="")
    # Days on which somebody is told; None: nobody is, or has been.
    warn_on = models.DateField(null=True)
    escalate_on = models.DateField(null=True)
    warned_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["case", "key"], condition=Q(is_running=True), name="one_running_deadline"
            ),
            models.CheckConstraint(
                name="deadline_is_over_once_it_does_not_run",
                condition=Q(is_running=True, over_at__isnull=True)
                | Q(is_running=False, over_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["warn_on"], condition=Q(warn_on__isnull=False), name="deadlines_to_warn"
            ),
            models.Index(
                fields=["escalate_on"],
                condition=Q(escalate_on__isnull=False),
                name="deadlines_to_escalate",
            ),
            models.Index(
                fields=["tenant", "case"],
                condition=Q(is_running=True, is_paused=False, warned_at__isnull=False),
                name="warned_deadlines",
            ),
            models.Index(
                fields=["tenant", "case"],
                condition=Q(is_running=True, is_paused=False, escalated_at__isnull=False),
                name="escalated_deadlines",
            ),
            # The list of a day: what was entered, what ran out, what was over since.
            models.Index(fields=["tenant", "set_at"], name="deadlines_entered"),
            models.Index(
                fields=["tenant", "ends_on"],
                condition=Q(is_running=True, is_paused=False),
                name="deadlines_running",
            ),
            models.Index(
                fields=["tenant", "over_at"],
                condition=Q(over_at__isnull=False),
                name="deadlines_over",
            ),
            models.Index(
                fields=["tenant", "calendar"],
                condition=Q(is_running=True) & ~Q(calendar=""),
                name="deadlines_by_calendar",
            ),
        ]


class DeadlineList(models.Model):
    """The list of a unit's deadlines on a day, as the head who signed it saw it.

    ``rows`` are as ``workflows.deadline_list`` writes them; ``sha256`` is over their canonical
    form.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    day = models.DateField()
    rows = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=200)
    # As the colleague was called then.
    signer = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="deadline_list_of_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "unit", "day"], name="deadline_list_is_signed_once"
            ),
        ]
