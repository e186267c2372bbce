"""What a service may say of itself: how long it takes, and when the next appointment is free."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from efile.kernel.models import Tenant
from workflows.models.service import Service

# Fewer cases would tell about persons rather than about the office.
FEWEST: Final = 5


class ServiceFigures(models.Model):
    """Days from receipt to decision, lately. Reckoned anew by a job; no row: nothing is said."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    service = models.OneToOneField(Service, models.PROTECT, related_name="+", db_constraint=False)
    cases = models.IntegerField()
    median_days = models.IntegerField()
    # Four of five were decided within so many days.
    within_days_80 = models.IntegerField()
    as_of = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="service_figures_of_tenant"),
            models.CheckConstraint(
                name="figures_tell_of_no_person", condition=Q(cases__gte=FEWEST)
            ),
            models.CheckConstraint(
                name="the_middle_is_not_above_four_fifths",
                condition=Q(median_days__gte=0, median_days__lte=F("within_days_80")),
            ),
        ]


class EarliestTime(models.Model):
    """The first free time in another system's calendar, as that system said ``asked_at``."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    service = models.OneToOneField(Service, models.PROTECT, related_name="+", db_constraint=False)
    day = models.DateField()
    starts = models.TimeField()
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="earliest_time_of_tenant"),
        ]
