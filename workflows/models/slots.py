"""Capacity by day and district, and what is booked on it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant
from workflows.models.process import CaseRow


class StreetRange(models.Model):
    """Part of a street: house numbers from–to (odd, even or all) and the areas it lies in."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    street = models.CharField(max_length=120)
    # The street as it is looked up: folded by ``workflows.streets.fold``.
    key = models.CharField(max_length=120)
    first = models.IntegerField()
    last = models.IntegerField()
    parity = models.CharField(max_length=4, default="all")
    parking_zone = models.CharField(max_length=10, blank=True, default="")
    waste_district = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="street_range_of_tenant"),
            models.CheckConstraint(
                name="street_parity_is_known", condition=Q(parity__in=["all", "odd", "even"])
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "key"], name="streets_by_key")]


class SlotDay(models.Model):
    """How many bookings of one kind a day takes in one district."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    calendar = models.SlugField(max_length=60)
    district = models.CharField(max_length=10)
    kind = models.CharField(max_length=20)
    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    capacity = models.IntegerField()
    booked = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="slot_day_of_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "calendar", "district", "kind", "day"], name="one_slot_day_each"
            ),
            models.CheckConstraint(
                name="never_overbooked", condition=Q(booked__gte=0, booked__lte=F("capacity"))
            ),
        ]


class Booking(CaseRow):
    """A case's place on a day; the dispatch list is in the order of booking."""

    slot = models.ForeignKey(SlotDay, models.PROTECT, related_name="+", db_constraint=False)
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(cancelled_at__isnull=True),
                name="one_live_booking_per_case",
            ),
        ]
