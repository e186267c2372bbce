import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

import efile.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("efile", "0001_tables"),
        ("kernel", "0001_tables"),
        ("kernel", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.TextField()),
                ("proofs", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=200)),
                ("due_on", models.DateField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", models.JSONField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
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
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="question_of_tenant")
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterQuery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("register", models.CharField(max_length=30)),
                ("purpose", models.CharField(max_length=200)),
                ("asked_at", models.DateTimeField()),
                ("outcome", models.CharField(max_length=20)),
                ("milliseconds", models.IntegerField()),
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
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="registerquery_of_tenant")
                ],
            },
        ),
        migrations.CreateModel(
            name="SlotDay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("calendar", models.SlugField(max_length=60)),
                ("district", models.CharField(max_length=10)),
                ("kind", models.CharField(max_length=20)),
                ("day", models.DateField()),
                ("starts", models.TimeField()),
                ("ends", models.TimeField()),
                ("capacity", models.IntegerField()),
                ("booked", models.IntegerField(default=0)),
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
                    models.UniqueConstraint(fields=("tenant", "id"), name="slot_day_of_tenant"),
                    models.UniqueConstraint(
                        fields=("tenant", "calendar", "district", "kind", "day"),
                        name="one_slot_day_each",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("booked__gte", 0), ("booked__lte", models.F("capacity"))
                        ),
                        name="never_overbooked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("booked_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(null=True)),
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
                (
                    "slot",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflows.slotday",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="booking_of_tenant"),
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at__isnull", True)),
                        fields=("case",),
                        name="one_live_booking_per_case",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingMatter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("number", models.CharField(max_length=40)),
                ("service_key", models.SlugField(max_length=60)),
                ("holder", models.CharField(blank=True, default="", max_length=64)),
                ("data", models.JSONField(default=dict)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
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
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("holder", ""), _negated=True),
                        fields=["tenant", "service_key", "holder"],
                        name="matters_of_holder",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "id"), name="standingmatter_of_tenant"
                    ),
                    models.UniqueConstraint(
                        fields=("tenant", "number"), name="matter_number_is_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="matter_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StreetRange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("street", models.CharField(max_length=120)),
                ("key", models.CharField(max_length=120)),
                ("first", models.IntegerField()),
                ("last", models.IntegerField()),
                ("parity", models.CharField(default="all", max_length=4)),
                ("parking_zone", models.CharField(blank=True, default="", max_length=10)),
                ("waste_district", models.CharField(blank=True, default="", max_length=10)),
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
                "indexes": [models.Index(fields=["tenant", "key"], name="streets_by_key")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="street_range_of_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(("parity__in", ["all", "odd", "even"])),
                        name="street_parity_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.CharField(max_length=120)),
                ("service_key", models.CharField(max_length=200)),
                ("language", models.CharField(max_length=20)),
                ("envelope", models.TextField()),
                ("received_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
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
                    models.UniqueConstraint(fields=("tenant", "id"), name="submission_of_tenant")
                ],
            },
        ),
        migrations.CreateModel(
            name="InboxItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("scope", models.CharField(blank=True, default="", max_length=40)),
                ("reason", models.CharField(max_length=30)),
                ("errors", models.JSONField(default=list)),
                ("content", models.JSONField(default=dict)),
                ("arrived_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, default="", max_length=200)),
                ("settlement", models.CharField(blank=True, default="", max_length=30)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
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
                (
                    "submission",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflows.submission",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=["tenant", "arrived_at"],
                        name="inbox_to_settle",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="inbox_item_of_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                ["invalid_form", "unknown_service", "missing_proof", "closed_case"],
                            )
                        ),
                        name="inbox_reason_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("facts", models.JSONField(default=dict)),
                ("opened_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by", models.CharField(blank=True, default="", max_length=200)),
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
                    "question",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflows.question",
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
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["case"],
                        name="open_tasks",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="task_of_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["examine", "await_answer", "review_answer", "serve_by_post"],
                            )
                        ),
                        name="task_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckResult",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("run", models.IntegerField()),
                ("position", models.SmallIntegerField()),
                ("key", models.CharField(max_length=60)),
                ("outcome", models.CharField(max_length=16)),
                ("inputs", models.JSONField(default=dict)),
                ("rule", models.TextField()),
                ("paragraph", models.CharField(max_length=200)),
                ("version_number", models.IntegerField()),
                ("evaluated_at", models.DateTimeField()),
                ("detail", models.CharField(blank=True, default="", max_length=120)),
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
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="checkresult_of_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["passed", "failed", "not_evaluated"])),
                        name="check_outcome_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=12)),
                ("rule", models.CharField(max_length=60)),
                ("event_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("derivation", models.JSONField(default=dict)),
                ("is_running", models.BooleanField(default=True)),
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
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="deadline_of_tenant")
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("reasons", models.TextField(blank=True, default="")),
                ("clauses", models.TextField(blank=True, default="")),
                ("is_automated", models.BooleanField()),
                ("legal_basis", models.CharField(blank=True, default="", max_length=300)),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.CharField(max_length=200)),
                ("fee_cents", models.IntegerField(default=0)),
                ("letter", models.UUIDField(null=True)),
                ("channel", models.CharField(blank=True, default="", max_length=12)),
                ("notified_on", models.DateField(null=True)),
                ("remedy_ends_on", models.DateField(null=True)),
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
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="decision_of_tenant")
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=120)),
                ("key", models.CharField(max_length=255)),
                ("body_sha256", models.CharField(max_length=64)),
                ("answer", models.TextField(blank=True, default="")),
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
                        fields=("tenant", "id"), name="idempotency_key_of_tenant"
                    ),
                    models.UniqueConstraint(
                        fields=("tenant", "source", "key"), name="idempotency_key_is_used_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("submission", models.UUIDField()),
                ("source", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("position", models.BigIntegerField(null=True)),
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
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("position__isnull", True)),
                        fields=["tenant", "source", "id"],
                        name="events_to_number",
                    ),
                    models.Index(fields=["submission"], name="events_of_submission"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="publicevent_of_tenant"),
                    models.UniqueConstraint(
                        fields=("tenant", "source", "position"),
                        name="events_are_numbered_per_sender",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60)),
                ("automation_basis", models.CharField(blank=True, default="", max_length=300)),
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
                    models.UniqueConstraint(fields=("tenant", "id"), name="service_of_tenant"),
                    models.UniqueConstraint(fields=("tenant", "key"), name="service_key_is_unique"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("definition", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField()),
                ("published_by", models.CharField(max_length=200)),
                (
                    "position",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="efile.fileplanposition",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflows.service",
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
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "id"), name="service_version_of_tenant"
                    ),
                    models.UniqueConstraint(
                        fields=("service", "number"), name="service_versions_are_numbered"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="Service",
            name="current",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.serviceversion",
            ),
        ),
        migrations.CreateModel(
            name="Process",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="efile.case",
                    ),
                ),
                ("scope", models.CharField(max_length=40)),
                ("service_key", models.SlugField(max_length=60)),
                ("submission", models.UUIDField(null=True)),
                ("source", models.CharField(blank=True, default="", max_length=120)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("received", "Received"),
                            ("in_examination", "In Examination"),
                            ("waiting_for_applicant", "Waiting"),
                            ("decided", "Decided"),
                            ("notified", "Notified"),
                            ("closed", "Closed"),
                            ("withdrawn", "Withdrawn"),
                            ("forwarded", "Forwarded"),
                        ],
                        default="received",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("decision", models.CharField(blank=True, default="", max_length=20)),
                ("due_on", models.DateField()),
                ("revision", models.IntegerField(default=0)),
                (
                    "assignee",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflows.serviceversion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                ["received", "in_examination", "waiting_for_applicant", "decided"],
                            )
                        ),
                        fields=["scope", "due_on", "case"],
                        name="work_by_due_date",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                ["received", "in_examination", "waiting_for_applicant", "decided"],
                            )
                        ),
                        fields=["assignee", "due_on", "case"],
                        name="work_by_assignee",
                    ),
                    models.Index(fields=["submission"], name="process_of_submission"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "case"), name="process_of_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "received",
                                    "in_examination",
                                    "waiting_for_applicant",
                                    "decided",
                                    "notified",
                                    "closed",
                                    "withdrawn",
                                    "forwarded",
                                ],
                            )
                        ),
                        name="process_state_is_known",
                    ),
                ],
            },
        ),
    ]
