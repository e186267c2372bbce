"""Waiting lists: who waits for which place, the places, the rounds, and what was offered."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant
from workflows.models.process import CaseRow


class PlaceList(models.Model):
    """A list of scarce places; services that name its key share them."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    # Whose list it is: unit and access class, as of its cases.
    scope = models.CharField(max_length=40)
    # Whether applicants are told their place on the list.
    tells_rank = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="place_list_of_tenant"),
            models.UniqueConstraint(fields=["tenant", "key"], name="place_list_key_is_unique"),
        ]


class Facility(models.Model):
    """A house that has places; forms name it by its key."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    list = models.ForeignKey(PlaceList, models.PROTECT, related_name="+", db_constraint=False)
    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="facility_of_tenant"),
            models.UniqueConstraint(fields=["list", "key"], name="facility_key_is_unique"),
        ]


class PlaceGroup(models.Model):
    """The places of one kind in one house from a day on, as a kindergarten year."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", db_constraint=False)
    # The kind of place as the form names it; "" where the list knows no kinds.
    group = models.CharField(max_length=60, blank=True, default="")
    from_on = models.DateField()
    until_on = models.DateField()
    places = models.IntegerField()
    # Offered and not yet answered, or accepted.
    taken = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="place_group_of_tenant"),
            models.UniqueConstraint(
                fields=["facility", "group", "from_on"], name="place_group_is_counted_once"
            ),
            models.CheckConstraint(
                name="never_more_offers_than_places",
                condition=Q(taken__gte=0, taken__lte=F("places")),
            ),
            models.CheckConstraint(
                name="place_group_ends_after_it_begins",
                condition=Q(until_on__gte=F("from_on")),
            ),
        ]


class WaitingEntry(CaseRow):
    """A case on a waiting list, with what it waits for."""

    list_key = models.SlugField(max_length=60)
    # The case's own scope, kept equal by a foreign key: the list filters and sorts on one table.
    scope = models.CharField(max_length=40)
    # Keys of the houses wanted, most wanted first.
    wishes = models.JSONField(default=list)
    group = models.CharField(max_length=60, blank=True, default="")
    wish_from = models.DateField()
    applied_on = models.DateField()
    points = models.IntegerField()
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    # placed, refused, withdrawn, forwarded, granted
    left_because = models.CharField(max_length=20, blank=True, default="")

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(fields=["case"], name="one_waiting_entry_per_case"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "list_key", "-points", "applied_on", "id"],
                condition=Q(left_at__isnull=True),
                name="waiting_in_order",
            )
        ]


class WaitingPoints(CaseRow):
    """What one criterion gave an entry, with its paragraph; another value is another row."""

    entry = models.ForeignKey(WaitingEntry, models.PROTECT, related_name="+", db_constraint=False)
    criterion = models.SlugField(max_length=60)
    title = models.CharField(max_length=300)
    paragraph = models.CharField(max_length=300)
    points = models.IntegerField()
    # The day whose rules were applied.
    in_force_on = models.DateField()
    position = models.SmallIntegerField()
    reckoned_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta(CaseRow.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["entry", "position"],
                condition=Q(replaced_at__isnull=True),
                name="points_that_count",
            )
        ]


class PlaceException(CaseRow):
    """Somebody put an entry before all others at a house (hardship), for a reason."""

    entry = models.ForeignKey(WaitingEntry, models.PROTECT, related_name="+", db_constraint=False)
    # The house it counts for; "" for all that are wished for.
    facility = models.SlugField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True)

    class Meta(CaseRow.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["entry"],
                condition=Q(revoked_at__isnull=True),
                name="exceptions_that_count",
            )
        ]


class RoundState(models.TextChoices):
    """A round is drawn, then carried out or given up."""

    DRAWN = "drawn"
    CARRIED_OUT = "carried_out"
    GIVEN_UP = "given_up"


class AllocationRound(models.Model):
    """One allocation of the places from a day: its lot, what it was computed from, who did it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    list = models.ForeignKey(PlaceList, models.PROTECT, related_name="+", db_constraint=False)
    number = models.IntegerField()
    from_on = models.DateField()
    # Drawn once and kept: whoever has it can compute every lot again.
    seed = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=RoundState.choices, default=RoundState.DRAWN)
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=200)
    # SHA-256 over what it was carried out on.
    digest = models.CharField(max_length=64, blank=True, default="")
    # The places there were to give, by place group, when it was carried out.
    places = models.JSONField(default=dict)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="allocation_round_of_tenant"),
            models.UniqueConstraint(fields=["list", "number"], name="rounds_are_numbered"),
            models.UniqueConstraint(
                fields=["list", "from_on"],
                condition=Q(state="drawn"),
                name="one_lot_is_drawn_at_a_time",
            ),
            models.CheckConstraint(
                name="round_state_is_known", condition=Q(state__in=RoundState.values)
            ),
        ]


class RoundOutcome(CaseRow):
    """What a round meant for one entry: what was known of it, what it got, and why."""

    round = models.ForeignKey(
        AllocationRound, models.PROTECT, related_name="+", db_constraint=False
    )
    entry = models.ForeignKey(WaitingEntry, models.PROTECT, related_name="+", db_constraint=False)
    position = models.IntegerField()
    points = models.IntegerField()
    applied_on = models.DateField()
    lot = models.CharField(max_length=64)
    # Place groups wished for, most wanted first, and those at which an exception counted.
    wishes = models.JSONField(default=list)
    exceptions = models.JSONField(default=list)
    place = models.ForeignKey(
        PlaceGroup, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    # Per wish: place, applicants, capacity, and what came of it.
    explanation = models.JSONField(default=list)

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(fields=["round", "case"], name="one_outcome_per_round"),
            models.UniqueConstraint(fields=["round", "position"], name="outcomes_are_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["case"], name="outcomes_of_case")]


class PlaceOfferState(models.TextChoices):
    """Where the offer of a place stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    # Taken back: the applicant left the list, or a better wish came free.
    WITHDRAWN = "withdrawn"
    # Accepted once and free again.
    ENDED = "ended"


class PlaceOffer(CaseRow):
    """A place held for one entry until a day."""

    entry = models.ForeignKey(WaitingEntry, models.PROTECT, related_name="+", db_constraint=False)
    round = models.ForeignKey(
        AllocationRound, models.PROTECT, related_name="+", db_constraint=False
    )
    place = models.ForeignKey(PlaceGroup, models.PROTECT, related_name="+", db_constraint=False)
    # Which of the wishes it is, from 1.
    wish = models.SmallIntegerField()
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=200)
    due_on = models.DateField()
    state = models.CharField(
        max_length=10, choices=PlaceOfferState.choices, default=PlaceOfferState.OPEN
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta(CaseRow.Meta):
        constraints: ClassVar = [
            *CaseRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["open", "accepted"]),
                name="one_place_per_case",
            ),
            models.CheckConstraint(
                name="place_offer_state_is_known", condition=Q(state__in=PlaceOfferState.values)
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on", "id"], condition=Q(state="open"), name="place_offers_to_lapse"
            ),
            models.Index(fields=["round", "state"], name="place_offers_of_round"),
        ]
