"""What is offered unasked: what other registers report, and the offers made for it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant
from efile.models import Case
from workflows.models.matter import StandingMatter
from workflows.models.service import ServiceVersion


class Occasion(models.Model):
    """Something another register reported of a person: a move, a birth, a business."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=30)
    occurred_on = models.DateField()
    # Keyed hash of the person's bPK2, never the pseudonym itself.
    holder = models.CharField(max_length=64)
    # Whether the person agreed to be offered services, as the reporter says; None: not asked.
    consent = models.BooleanField(null=True)
    data = models.JSONField(default=dict)
    source = models.CharField(max_length=120)
    reported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="occasion_of_tenant"),
            models.CheckConstraint(
                name="occasion_is_known",
                condition=Q(kind__in=["moved_in", "birth", "business_registered"]),
            ),
        ]


class OfferState(models.TextChoices):
    """Where an offer stands; all but the first are final."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class ProactiveOffer(models.Model):
    """A service offered to one person, filled in as far as we know them."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    service_key = models.SlugField(max_length=60)
    # The rule of the definition that made it, and the version it stands in.
    key = models.SlugField(max_length=60)
    version = models.ForeignKey(
        ServiceVersion, models.PROTECT, related_name="+", db_constraint=False
    )
    # Who in the city it concerns: unit and access class of the service.
    scope = models.CharField(max_length=40)
    occasion = models.CharField(max_length=30)
    # What it was made for: a matter that ends on a day, or something that was reported.
    matter = models.ForeignKey(
        StandingMatter, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    ends_on = models.DateField(null=True)
    reported = models.ForeignKey(
        Occasion, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    # The submission and the sender that the matter came from; none for what was reported.
    submission = models.UUIDField(null=True)
    source = models.CharField(max_length=120, blank=True, default="")
    holder = models.CharField(max_length=64, blank=True, default="")
    # What allows it: "law" with its citation, or "consent".
    basis = models.CharField(max_length=10)
    legal_basis = models.CharField(max_length=300, blank=True, default="")
    form = models.JSONField(default=dict)
    # Pointers of what is still to be filled in.
    missing = models.JSONField(default=list)
    made_at = models.DateTimeField()
    valid_until = models.DateField()
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.OPEN)
    # Why it is withdrawn: matter_ended, matter_changed, matter_renewed, service_gone.
    reason = models.CharField(max_length=30, blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True, default="")
    # The case that its acceptance opened.
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", db_constraint=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="proactive_offer_of_tenant"),
            models.UniqueConstraint(
                fields=["matter", "ends_on", "key"],
                condition=Q(matter__isnull=False),
                name="one_offer_per_end_of_matter",
            ),
            models.UniqueConstraint(
                fields=["reported", "service_key", "key"],
                condition=Q(reported__isnull=False),
                name="one_offer_per_occasion",
            ),
            models.CheckConstraint(
                name="offer_state_is_known", condition=Q(state__in=OfferState.values)
            ),
            models.CheckConstraint(
                name="offer_has_its_occasion",
                condition=Q(matter__isnull=False, ends_on__isnull=False, reported__isnull=True)
                | Q(matter__isnull=True, ends_on__isnull=True, reported__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["valid_until", "id"], condition=Q(state="open"), name="offers_to_lapse"
            ),
            models.Index(fields=["tenant", "source", "id"], name="offers_of_sender"),
            models.Index(
                fields=["tenant", "holder"],
                condition=Q(state="open") & ~Q(holder=""),
                name="open_offers_of_holder",
            ),
            models.Index(fields=["scope", "made_at"], name="offers_by_scope"),
            models.Index(
                fields=["submission"],
                condition=Q(submission__isnull=False),
                name="offers_of_submission",
            ),
            models.Index(
                fields=["case"], condition=Q(case__isnull=False), name="offers_by_their_case"
            ),
        ]
