"""Services a tenant offers and their published, immutable definitions."""

from typing import ClassVar

from django.db import models

from efile.kernel.models import Tenant, Unit
from efile.models import FilePlanPosition


class Service(models.Model):
    """A service of the tenant; what it is lies in its versions."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    key = models.SlugField(max_length=60)
    # The version in force, found once: ``offers.put_due_in_force`` keeps it right.
    current = models.ForeignKey(
        "ServiceVersion", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    # § 35a VwVfG NRW: without a legal basis that the tenant names, a person decides.
    automation_basis = models.CharField(max_length=300, blank=True, default="")
    # So many of a hundred cases go to a person all the same; null: what the definition says.
    sample_percent = models.SmallIntegerField(null=True)
    # Nobody can apply any more, whatever is published; running cases go on.
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="service_of_tenant"),
            models.UniqueConstraint(fields=["tenant", "key"], name="service_key_is_unique"),
        ]


class ServiceVersion(models.Model):
    """A published definition. Running cases keep theirs; the application cannot change one."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", db_constraint=False)
    number = models.IntegerField()
    definition = models.TextField()
    sha256 = models.CharField(max_length=64)
    # Where its cases go, looked up once: the competent unit and the file plan position.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    position = models.ForeignKey(
        FilePlanPosition, models.PROTECT, related_name="+", db_constraint=False
    )
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200)
    # The first day on which new cases get it.
    in_force_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="service_version_of_tenant"),
            models.UniqueConstraint(
                fields=["service", "number"], name="service_versions_are_numbered"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["in_force_from", "service"], name="versions_by_first_day"),
        ]


class TakenBackVersion(models.Model):
    """A version that was taken back before its first day: it never came into force."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    version = models.OneToOneField(
        ServiceVersion, models.PROTECT, related_name="+", db_constraint=False
    )
    taken_back_at = models.DateTimeField()
    taken_back_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="taken_back_version_of_tenant"),
        ]
