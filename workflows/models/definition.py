"""Definitions in the making, and those that a tenant has from another one."""

from typing import ClassVar

from django.db import models

from efile.kernel.ids import uuid7
from efile.kernel.models import Tenant
from workflows.models.service import ServiceVersion


class DefinitionDraft(models.Model):
    """What the next version of a service may become: one draft per service, for all its writers.

    ``document`` is the definition as JSON in the order of its file, and need not be sound.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    service_key = models.SlugField(max_length=60)
    document = models.TextField()
    # The version it began from; None where the service is new.
    based_on = models.ForeignKey(
        ServiceVersion, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    # Raised with every change: whoever looks at an older one is told so.
    revision = models.IntegerField(default=1)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=200)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="definition_draft_of_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "service_key"], name="one_definition_draft_per_service"
            ),
        ]


class Inheritance(models.Model):
    """A service that a tenant has from another one: what it took over, and what it has of its own.

    Upstream is named by words, not by a foreign key: no row of one tenant points into another.
    ``base`` is the definition as it was taken over, ``overlay`` the merge patch (RFC 7386) on top.
    """

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    service_key = models.SlugField(max_length=60)
    upstream_tenant = models.SlugField()
    upstream_key = models.SlugField(max_length=60)
    upstream_number = models.IntegerField()
    base = models.TextField()
    overlay = models.TextField(default="{}")
    revision = models.IntegerField(default=1)
    accepted_at = models.DateTimeField()
    accepted_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="inheritance_of_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "service_key"], name="a_service_is_inherited_once"
            ),
        ]
