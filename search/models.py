"""The embedded engine's index: one row per case, in our own terms."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from efile.kernel.models import Tenant


class IndexedCase(models.Model):
    """What can be found of a case: folded terms of its reference, names and subject."""

    case = models.UUIDField(primary_key=True)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    scope = models.CharField(max_length=40)
    terms = ArrayField(models.TextField())
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "case"], name="indexed_case_of_tenant")
        ]
        indexes: ClassVar = [GinIndex(fields=["terms"], name="terms_of_cases")]
