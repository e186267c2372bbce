"""What a portal may do, how often, with which secrets, and what it did."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from efile.kernel.schema import ERASABLE, FULL, application_may, tenant_key

# Counted with every call and forgotten after minutes: nothing to write ahead, nothing to recover.
# One row for each minute, so that few dead versions of it pile up behind an old snapshot; half
# of each page is free for its next versions.
WINDOWS = """
CREATE UNLOGGED TABLE api_ratewindow (
    subject text NOT NULL,
    minute bigint NOT NULL,
    calls bigint NOT NULL,
    PRIMARY KEY (subject, minute)
) WITH (fillfactor = 50)
"""


def _tenant() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="kernel.tenant",
    )


def _client() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
    )


def _id() -> models.BigAutoField:  # type: ignore[type-arg]
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("api", "0002_rights")]

    operations: ClassVar[list[Operation]] = [
        migrations.AlterField(
            "portalclient", "allowed_scopes", models.TextField(default="submit read answer")
        ),
        migrations.AddField("portalclient", "rate_limit", models.PositiveIntegerField(null=True)),
        migrations.AddField(
            "portalclient", "auth_method", models.CharField(default="client_secret", max_length=20)
        ),
        migrations.AddField("portalclient", "jwks", models.JSONField(default=dict)),
        migrations.AddField("portalclient", "secret_set_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "portalclient", "previous_secret", models.CharField(default="", max_length=255)
        ),
        migrations.AddField("portalclient", "previous_expires_at", models.DateTimeField(null=True)),
        migrations.AddField("portalclient", "deactivated_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "portalclient",
            models.CheckConstraint(
                condition=models.Q(auth_method__in=["client_secret", "private_key_jwt"]),
                name="portal_client_auth_method_is_known",
            ),
        ),
        migrations.AddConstraint(
            "portalclient",
            models.CheckConstraint(
                condition=models.Q(previous_secret="", previous_expires_at=None)
                | (~models.Q(previous_secret="") & models.Q(previous_expires_at__isnull=False)),
                name="previous_secret_expires",
            ),
        ),
        migrations.CreateModel(
            name="PortalFigure",
            fields=[
                ("id", _id()),
                ("tenant", _tenant()),
                ("client", _client()),
                ("day", models.DateField()),
                ("operation", models.CharField(max_length=60)),
                ("status", models.PositiveSmallIntegerField()),
                ("calls", models.PositiveBigIntegerField()),
                ("bytes_in", models.PositiveBigIntegerField()),
                ("bytes_out", models.PositiveBigIntegerField()),
                (
                    "durations",
                    django.contrib.postgres.fields.ArrayField(models.PositiveBigIntegerField()),
                ),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client", "day", "operation", "status"),
                        name="one_figure_of_a_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UsedAssertion",
            fields=[
                ("id", _id()),
                ("tenant", _tenant()),
                ("client", _client()),
                ("jti_sha256", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client", "jti_sha256"), name="an_assertion_once"
                    )
                ],
            },
        ),
        tenant_key("api_portalfigure", "client_id", "api_portalclient"),
        tenant_key("api_usedassertion", "client_id", "api_portalclient"),
        migrations.RunSQL(WINDOWS, "DROP TABLE api_ratewindow"),
        application_may(FULL, "api_portalfigure", "api_ratewindow"),
        application_may(ERASABLE, "api_usedassertion"),
    ]
