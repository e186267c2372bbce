"""The portals that may talk to us, what each of them did, and which assertions are used up."""

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from oauth2_provider.models import AbstractApplication

from efile.kernel.models import Tenant


class PortalClient(AbstractApplication):  # type: ignore[misc]
    """A portal of one tenant: an OAuth client with client credentials and nothing else.

    ``client_secret`` and ``previous_secret`` are hashed; the second one is valid beside the first
    until ``previous_expires_at``, so that a portal can change over without a gap.
    """

    SECRET: ClassVar = "client_secret"  # noqa: S105 - the name of a method
    SIGNED: ClassVar = "private_key_jwt"

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    # What it may ask for: "operation" or "operation:service-key", separated by blanks.
    allowed_scopes = models.TextField(default="submit read answer")
    # Calls per minute; null means the installation's own limit.
    rate_limit = models.PositiveIntegerField(null=True)
    auth_method = models.CharField(max_length=20, default=SECRET)
    # Its public keys (RFC 7517), as many as a change of keys needs.
    jwks = models.JSONField(default=dict)
    secret_set_at = models.DateTimeField(null=True)
    previous_secret = models.CharField(max_length=255, default="")
    previous_expires_at = models.DateTimeField(null=True)
    deactivated_at = models.DateTimeField(null=True)

    class Meta(AbstractApplication.Meta):  # type: ignore[misc]
        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "id"], name="portal_client_of_tenant"),
            models.CheckConstraint(
                name="portal_client_auth_method_is_known",
                condition=models.Q(auth_method__in=["client_secret", "private_key_jwt"]),
            ),
            models.CheckConstraint(
                name="previous_secret_expires",
                condition=models.Q(previous_secret="", previous_expires_at=None)
                | (~models.Q(previous_secret="") & models.Q(previous_expires_at__isnull=False)),
            ),
        ]

    def is_usable(self, request: object) -> bool:  # noqa: ARG002 - the library hands it over
        """Whether it gets tokens, and whether its tokens count."""
        return self.deactivated_at is None

    def second_secret(self, at: datetime) -> str:
        """The hash of the secret that was replaced, while it still counts; else empty."""
        until = self.previous_expires_at
        return str(self.previous_secret) if until is not None and at < until else ""


class PortalFigure(models.Model):
    """How often one client called one operation on one day with one outcome."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    client = models.ForeignKey(
        PortalClient, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()
    operation = models.CharField(max_length=60)
    # The HTTP status: its hundreds say how it went, 429 how often it was too often.
    status = models.PositiveSmallIntegerField()
    calls = models.PositiveBigIntegerField()
    bytes_in = models.PositiveBigIntegerField()
    bytes_out = models.PositiveBigIntegerField()
    # Calls by how long they took: one count for each bound of api.figures.BOUNDS, and the rest.
    durations = ArrayField(models.PositiveBigIntegerField())
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "day", "operation", "status"], name="one_figure_of_a_kind"
            )
        ]


class UsedAssertion(models.Model):
    """A signed assertion that was taken once (RFC 7523, section 3, jti): not a second time."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    client = models.ForeignKey(
        PortalClient, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    jti_sha256 = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "jti_sha256"], name="an_assertion_once")
        ]
