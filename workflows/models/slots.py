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
    """A time that takes so many bookings of one kind: a day in a district, an hour in an office.

    ``booked`` and ``held`` places are never more than its ``capacity``; a hold that has expired
    still counts in ``held`` until whoever wants the place collects it. Without a capacity it is a
    time of another system, known there as ``external``, which counts for itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    calendar = models.SlugField(max_length=60)
    # "" where people come to the office.
    district = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=20)
    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    capacity = models.IntegerField(null=True)
    booked = models.IntegerField(default=0)
    held = models.IntegerField(default=0)
    external = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="slot_day_of_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "calendar", "district", "kind", "day", "starts"],
                condition=Q(external=""),
                name="one_slot_each",
            ),
            models.UniqueConstraint(
                fields=["tenant", "calendar", "external"],
                condition=~Q(external=""),
                name="one_slot_of_another_system_each",
            ),
            models.CheckConstraint(
                name="never_overbooked",
                condition=Q(booked__gte=0, held__gte=0, booked__lte=F("capacity") - F("held")),
            ),
        ]
        # What is free next, whatever kind and wherever.
        indexes: ClassVar = [
            models.Index(fields=["tenant", "calendar", "day", "starts"], name="slots_by_day"),
        ]


class SlotHold(models.Model):
    """A place kept for a portal's applicant until ``expires_at``, while the form is filled in."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    slot = models.ForeignKey(SlotDay, models.PROTECT, related_name="+", db_constraint=False)
    source = models.CharField(max_length=120)
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="slot_hold_of_tenant"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["slot", "expires_at"], name="holds_of_slot"),
            models.Index(fields=["expires_at"], name="holds_by_expiry"),
        ]


class Booking(CaseRow):
    """A case's appointment; the dispatch list is in the order of booking.

    With another system's calendar ``owed`` says what is still to be done there (book, cancel):
    until it is booked ``slot`` may be unknown, and ``wish`` is what was asked for.
    """

    slot = models.ForeignKey(
        SlotDay, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    # Nobody came. What was missed is over, too: ``cancelled_at`` is set with it.
    missed_at = models.DateTimeField(null=True)
    # After a missed one the applicant may choose another.
    offered_at = models.DateTimeField(null=True)
    provider = models.CharField(max_length=8, default="builtin")
    wish = models.JSONField(null=True)
    owed = models.CharField(max_length=6, blank=True, default="")
    tries = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(cancelled_at__isnull=True),
                name="one_live_booking_per_case",
            ),
            models.CheckConstraint(
                name="booking_owes_something_known", condition=Q(owed__in=["", "book", "cancel"])
            ),
            models.CheckConstraint(
                name="own_booking_has_a_slot",
                condition=Q(slot__isnull=False) | Q(provider="external"),
            ),
            models.CheckConstraint(
                name="missed_booking_is_over",
                condition=Q(missed_at__isnull=True) | Q(cancelled_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], condition=~Q(owed=""), name="bookings_to_be_told"),
        ]

    @property
    def is_pending(self) -> bool:
        """The other system has not confirmed it yet."""
        return self.owed == "book"
