"""What people keep on a case while they work: reminders, drafts, corrections, acts held back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant, User
from efile.models import Case
from workflows.models.process import CaseRow


class FollowUp(CaseRow):
    """A day on which somebody wants to see the case again (Wiedervorlage)."""

    due_on = models.DateField()
    text = models.CharField(max_length=300, blank=True, default="")
    # Whose list it is on; nobody means the team's.
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_constraint=False)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True)

    class Meta(CaseRow.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "due_on", "case"],
                condition=Q(done_at__isnull=True),
                name="follow_ups_due",
            ),
            models.Index(
                fields=["case"], condition=Q(done_at__isnull=True), name="follow_ups_of_case"
            ),
        ]


class Draft(models.Model):
    """What somebody has typed and not yet sent: theirs alone, and no part of the file."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_constraint=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)
    # The action whose form it is: grant, refuse, request_proof, message, note …
    action = models.SlugField(max_length=30)
    content = models.JSONField(default=dict)
    # The process revision it was typed against: an older one is shown as such.
    revision = models.IntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="draft_of_tenant"),
            models.UniqueConstraint(
                fields=["case", "user", "action"], name="one_draft_per_form_and_person"
            ),
        ]


class HeldAct(CaseRow):
    """Something that will leave the house in a minute, unless whoever did it takes it back."""

    action = models.SlugField(max_length=30)
    said = models.JSONField(default=dict)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_constraint=False)
    revision = models.IntegerField()
    # In the application's time, like all stamps; the wait itself is the outbox's, in real time.
    held_at = models.DateTimeField()

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(fields=["case"], name="one_act_held_per_case"),
        ]


class Correction(CaseRow):
    """What a caseworker put beside what was sent; the latest one of a pointer counts."""

    # RFC 6901, into the submission: /form/plate, /parties/0/address/street.
    pointer = models.CharField(max_length=300)
    value = models.JSONField(null=True)
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta(CaseRow.Meta):
        indexes: ClassVar = [
            models.Index(fields=["case", "pointer", "made_at"], name="corrections_of_case")
        ]


class Verdict(CaseRow):
    """What a person found of a check that the machine could not settle, and why."""

    key = models.CharField(max_length=60)
    outcome = models.CharField(max_length=16)
    reason = models.CharField(max_length=500)
    # What the machine had put together when it was given: it holds for these and no others.
    inputs = models.JSONField(default=dict)
    judged_at = models.DateTimeField()
    judged_by = models.CharField(max_length=200)

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.CheckConstraint(
                name="verdict_is_known", condition=Q(outcome__in=["passed", "failed"])
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "key", "judged_at"], name="verdicts_of_case")
        ]
