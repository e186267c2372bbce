"""When the machine decides nothing, and which of its cases a person looks at all the same."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant
from workflows.models.process import CaseRow
from workflows.models.service import Service


class AutomationStop(models.Model):
    """Automation of a service is off from one moment to another; open-ended until lifted."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", db_constraint=False)
    stopped_at = models.DateTimeField()
    stopped_by = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=200, blank=True, default="")
    lifted_because = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="automation_stop_of_tenant"),
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(lifted_at__isnull=True),
                name="automation_is_stopped_once",
            ),
            models.CheckConstraint(
                name="automation_is_lifted_after_it_was_stopped",
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("stopped_at")),
            ),
        ]


class SampledCase(CaseRow):
    """A case the machine could have decided and a person decided instead.

    ``proposal`` is what the machine would have done; nobody is shown it before the decision.
    """

    service_key = models.SlugField(max_length=60)
    drawn_at = models.DateTimeField()
    proposal = models.CharField(max_length=20)
    decided = models.CharField(max_length=20, blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(fields=["case"], name="case_is_sampled_once"),
            models.CheckConstraint(
                name="sampled_proposal_is_known", condition=Q(proposal__in=["granted", "refused"])
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "drawn_at"], name="samples_by_day"),
        ]
