"""Standing matters: what goes on after the decision, what each case did to it, what is owed."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from efile.models import Case
from workflows.models.process import CaseRow


class StandingMatter(CaseRow):
    """A permit, a registration, a place: what a grant brought into the world."""

    kind = models.CharField(max_length=30)
    number = models.CharField(max_length=40)
    service_key = models.SlugField(max_length=60)
    # Keyed hash of the holder's bPK2; empty when the holder did not sign in.
    holder = models.CharField(max_length=64, blank=True, default="")
    data = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    # What the code on the printed permit leads to: random, says nothing, is never reused.
    public_key = models.CharField(max_length=32, blank=True, default="")
    # The day on which the next periods of its duties are laid out; None: it has none to come.
    duties_from = models.DateField(null=True)

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "number"], name="matter_number_is_unique"),
            models.CheckConstraint(
                name="matter_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "service_key", "holder"],
                condition=~Q(holder=""),
                name="matters_of_holder",
            ),
            models.Index(
                fields=["public_key"], condition=~Q(public_key=""), name="matters_by_public_key"
            ),
            models.Index(
                fields=["duties_from"],
                condition=Q(duties_from__isnull=False),
                name="matters_with_duties_to_come",
            ),
        ]

    @property
    def watched(self) -> list[Any]:
        """What the journal watches of it."""
        return [self.number, self.valid_from, self.valid_to, self.ended_on]

    @property
    def last_on(self) -> date | None:
        """Its last day; None: it goes on."""
        return self.ended_on or self.valid_to

    def runs_on(self, day: date) -> bool:
        """Whether it has not ended on ``day``: revoked and ended ones have, from that day on."""
        return self.ended_on is None and (self.valid_to is None or day <= self.valid_to)


class MatterCase(CaseRow):
    """What the decision of a case did to a matter.

    ``before`` and ``after`` hold what it changed, so that deciding anew undoes this and no more.
    """

    matter = models.ForeignKey(
        StandingMatter, models.PROTECT, related_name="+", db_constraint=False
    )
    effect = models.CharField(max_length=10)
    done_at = models.DateTimeField()
    done_by = models.CharField(max_length=200)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "case"],
                condition=Q(undone_at__isnull=True),
                name="one_effect_of_a_case",
            ),
            models.CheckConstraint(
                name="matter_effect_is_known",
                condition=Q(effect__in=["begin", "change", "end", "return", "review", "recover"]),
            ),
        ]

    @property
    def watched(self) -> list[Any]:
        """What the journal watches of it."""
        return [str(self.matter_id), self.effect, self.undone_at]


class MatterDuty(CaseRow):
    """One period of a duty: what is owed for it, until when, and by which case it was done.

    Its ``case`` is the one that the matter began with.
    """

    matter = models.ForeignKey(
        StandingMatter, models.PROTECT, related_name="+", db_constraint=False
    )
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    period_from = models.DateField()
    period_to = models.DateField()
    due_on = models.DateField()
    # Days on which something happens by itself; None: it does not, or has.
    remind_on = models.DateField(null=True)
    warn_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    # The case that the office opened for it by itself.
    office_case = models.ForeignKey(
        Case, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    done_by_case = models.ForeignKey(
        Case, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    done_at = models.DateTimeField(null=True)
    # The matter ended before its period began.
    dropped_at = models.DateTimeField(null=True)

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "matter", "key", "period_from"], name="one_duty_for_each_period"
            ),
            models.CheckConstraint(
                name="duty_kind_is_known", condition=Q(kind__in=["return", "review"])
            ),
            models.CheckConstraint(
                name="duty_period_is_sound", condition=Q(period_to__gt=models.F("period_from"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "due_on"],
                condition=Q(done_at__isnull=True, dropped_at__isnull=True),
                name="open_duties",
            ),
            models.Index(
                fields=["remind_on"], condition=Q(remind_on__isnull=False), name="duties_to_remind"
            ),
            models.Index(
                fields=["warn_on"], condition=Q(warn_on__isnull=False), name="duties_to_warn"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None

    @property
    def watched(self) -> list[Any]:
        """What the journal watches of it."""
        return [
            self.key,
            self.period_from,
            self.period_to,
            self.due_on,
            str(self.done_by_case_id) if self.done_by_case_id else None,
            self.dropped_at,
        ]


class Assessment(CaseRow):
    """What a decision fixed to be paid: per interval, how it was computed, and when it is due.

    ``lines`` are segments of the computation, ``instalments`` lists of day, cents (below 0: a
    credit) and year; both as ``workflows.instalments`` writes them. ``planned_to`` is the last day
    that the instalments pay for; ``to_on`` None: until further notice.
    """

    matter = models.ForeignKey(
        StandingMatter, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    duty = models.ForeignKey(
        MatterDuty, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    kind = models.CharField(max_length=12)
    interval = models.CharField(max_length=8)
    cents = models.BigIntegerField()
    total_cents = models.BigIntegerField()
    legal_basis = models.CharField(max_length=300)
    lines = models.JSONField(default=list)
    instalments = models.JSONField(default=list)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    planned_to = models.DateField()
    # § 162 AO: nobody said, so somebody had to estimate.
    is_estimated = models.BooleanField(default=False)
    is_in_force = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.CheckConstraint(
                name="assessment_kind_is_known",
                condition=Q(kind__in=["tax", "contribution", "benefit", "recovery"]),
            ),
            models.CheckConstraint(
                name="assessment_interval_is_known",
                condition=Q(interval__in=["once", "month", "quarter", "year"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["planned_to"],
                condition=Q(is_in_force=True, to_on__isnull=True),
                name="assessments_to_go_on",
            ),
        ]

    @property
    def watched(self) -> list[Any]:
        """What the journal watches of it."""
        return [
            self.kind,
            self.cents,
            self.total_cents,
            self.from_on,
            self.to_on,
            self.planned_to,
            self.is_in_force,
        ]
