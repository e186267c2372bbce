"""Reports over Open311."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from efile.kernel.schema import FULL, application_may


class Migration(migrations.Migration):
    dependencies: ClassVar = [("api", "0005_fit_connect"), ("kernel", "0002_keys_and_rights")]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="Open311Key",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client", models.SlugField(max_length=60)),
                ("label", models.CharField(max_length=100)),
                ("key_sha256", models.CharField(max_length=64)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="open311_key_of_tenant"),
                    models.UniqueConstraint(fields=("key_sha256",), name="open311_key_is_unique"),
                ]
            },
        ),
        application_may(FULL, "api_open311key"),
    ]
