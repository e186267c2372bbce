"""The people and organisations a case is about (Beteiligte)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant
from efile.models.case import Case


class Assurance(models.TextChoices):
    """How sure the source is of who someone is (eIDAS levels; none = typed in)."""

    NONE = "none"
    BASIC = "basic"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


class Party(models.Model):
    """A person or organisation in its role in one case."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_constraint=False)
    position = models.SmallIntegerField()
    role = models.CharField(max_length=30)
    kind = models.CharField(max_length=12)
    given_names = models.CharField(max_length=300, blank=True, default="")
    family_name = models.CharField(max_length=300, blank=True, default="")
    organisation = models.CharField(max_length=300, blank=True, default="")
    birth_date = models.DateField(null=True)
    address = models.JSONField(default=dict)
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=60, blank=True, default="")
    identity_source = models.CharField(max_length=60, blank=True, default="")
    assurance = models.CharField(max_length=12, choices=Assurance.choices, default=Assurance.NONE)
    # HMAC-SHA-256 of the bPK2, never the pseudonym itself.
    holder = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="party_of_tenant"),
            models.CheckConstraint(
                name="party_kind_is_known", condition=Q(kind__in=["person", "organisation"])
            ),
            models.CheckConstraint(
                name="party_assurance_is_known", condition=Q(assurance__in=Assurance.values)
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "holder"], condition=~Q(holder=""), name="parties_of_holder"
            ),
            models.Index(
                fields=["tenant", "birth_date"],
                condition=Q(birth_date__isnull=False),
                name="parties_by_birth_date",
            ),
            models.Index(
                fields=["tenant", "organisation"],
                condition=~Q(organisation=""),
                name="parties_by_organisation",
            ),
        ]

    @property
    def display_name(self) -> str:
        """As lists show it: "Yılmaz, Đorđe", a mononym or an organisation as it stands."""
        if self.organisation:
            return self.organisation
        return ", ".join(part for part in (self.family_name, self.given_names) if part)
