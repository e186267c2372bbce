"""The keys with which programs of others may hand in reports over Open311."""

from typing import ClassVar

from django.db import models

from efile.kernel.models import Tenant


class Open311Key(models.Model):
    """A key of one client; a client that changes its key has two for a while.

    The key itself is not stored: ``key_sha256`` is what a key that comes in is compared with.
    """

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    # Who sent a report, for good: ``open311:<client>`` in the journal.
    client = models.SlugField(max_length=60)
    label = models.CharField(max_length=100)
    key_sha256 = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="open311_key_of_tenant"),
            models.UniqueConstraint(fields=["key_sha256"], name="open311_key_is_unique"),
        ]
