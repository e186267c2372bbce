import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import efile.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("kernel", "0001_tables"),
        ("kernel", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Content",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("media_type", models.CharField(max_length=120)),
                ("stored_at", models.DateTimeField()),
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
                    models.UniqueConstraint(fields=("tenant", "id"), name="content_of_tenant"),
                    models.UniqueConstraint(
                        fields=("tenant", "sha256"), name="content_is_stored_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="content_sha256_is_hex",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FilePlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.IntegerField()),
                ("valid_from", models.DateField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="file_plan_of_tenant"),
                    models.UniqueConstraint(
                        fields=("tenant", "version"), name="file_plan_versions"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FilePlanPosition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30)),
                ("title", models.CharField(max_length=200)),
                ("is_leaf", models.BooleanField(default=True)),
                ("retention_years", models.IntegerField()),
                (
                    "disposal_code",
                    models.CharField(
                        choices=[("A", "Archive"), ("B", "Appraise"), ("V", "Destroy")],
                        max_length=1,
                    ),
                ),
                (
                    "access_class",
                    models.CharField(
                        choices=[
                            ("general", "General"),
                            ("social", "Social"),
                            ("tax", "Tax"),
                            ("youth", "Youth"),
                            ("civil_status", "Civil Status"),
                            ("foreigners", "Foreigners"),
                            ("personnel", "Personnel"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="efile.fileplanposition",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="efile.fileplan",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="position_of_tenant"),
                    models.UniqueConstraint(
                        fields=("plan", "code"), name="position_code_is_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("disposal_code__in", ["A", "B", "V"])),
                        name="position_disposal_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "access_class__in",
                                [
                                    "general",
                                    "social",
                                    "tax",
                                    "youth",
                                    "civil_status",
                                    "foreigners",
                                    "personnel",
                                ],
                            )
                        ),
                        name="position_class_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("reference", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=500)),
                ("holder", models.CharField(blank=True, default="", max_length=64)),
                ("object_key", models.CharField(blank=True, default="", max_length=200)),
                ("cases", models.IntegerField(default=1)),
                ("opened_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.tenant",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="efile.fileplanposition",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="file_of_tenant"),
                    models.UniqueConstraint(
                        fields=("tenant", "reference"), name="file_reference_is_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("holder", ""), _negated=True),
                        fields=("tenant", "position", "holder"),
                        name="one_file_per_applicant",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("object_key", ""), _negated=True),
                        fields=("tenant", "position", "object_key"),
                        name="one_file_per_object",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("reference", models.CharField(max_length=70)),
                ("subject", models.CharField(max_length=500)),
                ("applicant", models.CharField(blank=True, default="", max_length=610)),
                (
                    "access_class",
                    models.CharField(
                        choices=[
                            ("general", "General"),
                            ("social", "Social"),
                            ("tax", "Tax"),
                            ("youth", "Youth"),
                            ("civil_status", "Civil Status"),
                            ("foreigners", "Foreigners"),
                            ("personnel", "Personnel"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "scope",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Concat(
                            django.db.models.functions.comparison.Cast(
                                models.F("lead_unit_id"), models.TextField()
                            ),
                            models.Value(":"),
                            models.F("access_class"),
                        ),
                        output_field=models.CharField(max_length=40),
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("retention_years", models.IntegerField()),
                (
                    "disposal_code",
                    models.CharField(
                        choices=[("A", "Archive"), ("B", "Appraise"), ("V", "Destroy")],
                        max_length=1,
                    ),
                ),
                ("retained_until", models.DateField(null=True)),
                (
                    "lead_unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.unit",
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
                (
                    "case_file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="efile.casefile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="case_of_tenant"),
                    models.UniqueConstraint(
                        fields=("tenant", "id", "scope"), name="case_with_scope"
                    ),
                    models.UniqueConstraint(
                        fields=("tenant", "reference"), name="case_reference_is_unique"
                    ),
                    models.UniqueConstraint(
                        fields=("case_file", "number"), name="case_number_in_file"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "access_class__in",
                                [
                                    "general",
                                    "social",
                                    "tax",
                                    "youth",
                                    "civil_status",
                                    "foreigners",
                                    "personnel",
                                ],
                            )
                        ),
                        name="case_class_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("retained_until__isnull", True)),
                            models.Q(
                                ("closed_at__isnull", False), ("retained_until__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="retention_starts_with_closing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseGrant",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=300)),
                ("until", models.DateTimeField()),
                ("granted_by", models.CharField(max_length=200)),
                (
                    "content_object",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="efile.case",
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.tenant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "unique_together": {("user", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=300)),
                ("proof", models.CharField(blank=True, default="", max_length=60)),
                ("direction", models.CharField(max_length=3)),
                ("is_final", models.BooleanField(default=True)),
                ("is_public", models.BooleanField(default=False)),
                ("filed_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="efile.case",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="document_of_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["in", "out"])),
                        name="document_direction_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["proof", "attachment", "decision", "letter", "receipt"])
                        ),
                        name="document_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("filename", models.CharField(max_length=150)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=200)),
                (
                    "content",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="efile.content",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="efile.document",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="version_of_tenant"),
                    models.UniqueConstraint(
                        fields=("document", "number"), name="versions_are_numbered"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("direction", models.CharField(max_length=3)),
                ("text", models.TextField()),
                ("author", models.CharField(max_length=200)),
                ("written_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="efile.case",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="message_of_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["in", "out"])),
                        name="message_direction_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.TextField()),
                ("author", models.CharField(max_length=200)),
                ("written_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="efile.case",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="note_of_tenant")
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberScope",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("series", models.CharField(max_length=80)),
                ("last", models.IntegerField()),
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
                    models.UniqueConstraint(
                        fields=("tenant", "series"), name="one_counter_per_series"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.SmallIntegerField()),
                ("role", models.CharField(max_length=30)),
                ("kind", models.CharField(max_length=12)),
                ("given_names", models.CharField(blank=True, default="", max_length=300)),
                ("family_name", models.CharField(blank=True, default="", max_length=300)),
                ("organisation", models.CharField(blank=True, default="", max_length=300)),
                ("birth_date", models.DateField(null=True)),
                ("address", models.JSONField(default=dict)),
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("phone", models.CharField(blank=True, default="", max_length=60)),
                ("identity_source", models.CharField(blank=True, default="", max_length=60)),
                (
                    "assurance",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("basic", "Basic"),
                            ("substantial", "Substantial"),
                            ("high", "High"),
                        ],
                        default="none",
                        max_length=12,
                    ),
                ),
                ("holder", models.CharField(blank=True, default="", max_length=64)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="efile.case",
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
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("holder", ""), _negated=True),
                        fields=["tenant", "holder"],
                        name="parties_of_holder",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="party_of_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["person", "organisation"])),
                        name="party_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("assurance__in", ["none", "basic", "substantial", "high"])
                        ),
                        name="party_assurance_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.CharField(max_length=120)),
                ("filename", models.CharField(max_length=150)),
                ("expires_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                (
                    "content",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="efile.content",
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
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="uploads_expire")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="upload_of_tenant")
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseDenial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="efile.case",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.tenant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "user", "case"), name="one_denial_each"
                    )
                ],
            },
        ),
    ]
