"""Files are scanned, and large ones arrive in pieces."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import efile.kernel.ids
from efile.kernel.schema import FULL, application_may

_STATES = ["not_scanned", "clean", "infected"]
_NOT_SCANNED = Q(scan="not_scanned")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("efile", "0003_permits_and_indexes")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="content",
            name="scan",
            field=models.CharField(max_length=12, default="not_scanned"),
        ),
        migrations.AddField(
            model_name="content", name="scanned_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="content", name="scan_due_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="content",
            name="flaw",
            field=models.CharField(max_length=30, blank=True, default=""),
        ),
        migrations.AddConstraint(
            model_name="content",
            constraint=models.CheckConstraint(
                name="content_scan_is_known", condition=Q(scan__in=_STATES)
            ),
        ),
        migrations.AddConstraint(
            model_name="content",
            constraint=models.CheckConstraint(
                name="content_scan_has_its_time",
                condition=Q(scan="not_scanned", scanned_at__isnull=True)
                | ~_NOT_SCANNED & Q(scanned_at__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            model_name="content",
            constraint=models.CheckConstraint(
                name="content_flaw_is_known",
                condition=Q(flaw__in=["", "broken_pdf", "broken_archive"]),
            ),
        ),
        migrations.AddIndex(
            model_name="content",
            index=models.Index(
                fields=["scan_due_at", "id"], condition=_NOT_SCANNED, name="contents_to_scan"
            ),
        ),
        migrations.CreateModel(
            name="PartialUpload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.tenant",
                    ),
                ),
                ("source", models.CharField(max_length=120)),
                ("filename", models.CharField(max_length=150)),
                ("media_type", models.CharField(max_length=120, blank=True, default="")),
                ("declared_sha256", models.CharField(max_length=64, blank=True, default="")),
                ("size", models.BigIntegerField()),
                ("received", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(max_length=64, blank=True, default="")),
                ("started_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["tenant", "id"], name="partial_upload_of_tenant"
                    ),
                    models.CheckConstraint(
                        name="partial_upload_is_within_its_size",
                        condition=Q(received__gte=0, received__lte=F("size"), size__gt=0),
                    ),
                ],
                "indexes": [models.Index(fields=["expires_at"], name="partial_uploads_expire")],
            },
        ),
        application_may(FULL, "efile_partialupload"),
    ]
