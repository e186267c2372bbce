"""The portals that may talk to us."""

from typing import ClassVar

from django.db import models
from oauth2_provider.models import AbstractApplication

from efile.kernel.models import Tenant


class PortalClient(AbstractApplication):  # type: ignore[misc]
    """A portal of one tenant: an OAuth client with client credentials and nothing else."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    # The scopes it may ask for, a subset of those of the API.
    allowed_scopes = models.CharField(max_length=200, default="submit read answer")

    class Meta(AbstractApplication.Meta):  # type: ignore[misc]
        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="portal_client_of_tenant")
        ]
