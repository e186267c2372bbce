"""What is offered unasked, and who waits for a place: tables, their keys and rights."""

import django.db.models.deletion
from django.db import migrations, models

import efile.kernel.ids
from efile.kernel.schema import ERASABLE, FULL, application_may, tenant_key

OF_A_CASE = [
    "workflows_waitingentry",
    "workflows_waitingpoints",
    "workflows_placeexception",
    "workflows_roundoutcome",
    "workflows_placeoffer",
]
OF_AN_ENTRY = OF_A_CASE[1:]
# The list filters by scope on its own table; the key keeps it equal whatever happens to the case.
SCOPE_FOLLOWS = """
ALTER TABLE workflows_waitingentry ADD CONSTRAINT workflows_waitingentry_scope_tenant_fk
  FOREIGN KEY (tenant_id, case_id, scope) REFERENCES efile_case (tenant_id, id, scope)
  ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [
        ("efile", "0003_permits_and_indexes"),
        ("workflows", "0005_matters_and_duties"),
    ]

    operations = [
        migrations.CreateModel(
            name="AllocationRound",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("from_on", models.DateField()),
                ("seed", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drawn", "Drawn"),
                            ("carried_out", "Carried Out"),
                            ("given_up", "Given Up"),
                        ],
                        default="drawn",
                        max_length=12,
                    ),
                ),
                ("drawn_at", models.DateTimeField()),
                ("drawn_by", models.CharField(max_length=200)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("places", models.JSONField(default=dict)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, default="", max_length=200)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="Facility",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Occasion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("occurred_on", models.DateField()),
                ("holder", models.CharField(max_length=64)),
                ("consent", models.BooleanField(null=True)),
                ("data", models.JSONField(default=dict)),
                ("source", models.CharField(max_length=120)),
                ("reported_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PlaceException",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("facility", models.SlugField(blank=True, default="", max_length=60)),
                ("reason", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=200)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PlaceGroup",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("group", models.CharField(blank=True, default="", max_length=60)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                ("places", models.IntegerField()),
                ("taken", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="PlaceList",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("scope", models.CharField(max_length=40)),
                ("tells_rank", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="PlaceOffer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("wish", models.SmallIntegerField()),
                ("offered_at", models.DateTimeField()),
                ("offered_by", models.CharField(max_length=200)),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("lapsed", "Lapsed"),
                            ("withdrawn", "Withdrawn"),
                            ("ended", "Ended"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, default="", max_length=200)),
                ("note", models.CharField(blank=True, default="", max_length=300)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProactiveOffer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("service_key", models.SlugField(max_length=60)),
                ("key", models.SlugField(max_length=60)),
                ("scope", models.CharField(max_length=40)),
                ("occasion", models.CharField(max_length=30)),
                ("ends_on", models.DateField(null=True)),
                ("submission", models.UUIDField(null=True)),
                ("source", models.CharField(blank=True, default="", max_length=120)),
                ("holder", models.CharField(blank=True, default="", max_length=64)),
                ("basis", models.CharField(max_length=10)),
                ("legal_basis", models.CharField(blank=True, default="", max_length=300)),
                ("form", models.JSONField(default=dict)),
                ("missing", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("valid_until", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("lapsed", "Lapsed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=30)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, default="", max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="RoundOutcome",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.IntegerField()),
                ("points", models.IntegerField()),
                ("applied_on", models.DateField()),
                ("lot", models.CharField(max_length=64)),
                ("wishes", models.JSONField(default=list)),
                ("exceptions", models.JSONField(default=list)),
                ("explanation", models.JSONField(default=list)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WaitingEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("list_key", models.SlugField(max_length=60)),
                ("scope", models.CharField(max_length=40)),
                ("wishes", models.JSONField(default=list)),
                ("group", models.CharField(blank=True, default="", max_length=60)),
                ("wish_from", models.DateField()),
                ("applied_on", models.DateField()),
                ("points", models.IntegerField()),
                ("joined_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                ("left_because", models.CharField(blank=True, default="", max_length=20)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WaitingPoints",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=efile.kernel.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("criterion", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=300)),
                ("paragraph", models.CharField(max_length=300)),
                ("points", models.IntegerField()),
                ("in_force_on", models.DateField()),
                ("position", models.SmallIntegerField()),
                ("reckoned_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="allocationround",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.tenant",
            ),
        ),
        migrations.AddField(
            model_name="facility",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.tenant",
            ),
        ),
        migrations.AddField(
            model_name="occasion",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.tenant",
            ),
        ),
        migrations.AddField(
            model_name="placeexception",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="efile.case",
            ),
        ),
        migrations.AddField(
            model_name="placeexception",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.tenant",
            ),
        ),
        migrations.AddField(
            model_name="placegroup",
            name="facility",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.facility",
            ),
        ),
        migrations.AddField(
            model_name="placegroup",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.tenant",
            ),
        ),
        migrations.AddField(
            model_name="placelist",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.tenant",
            ),
        ),
        migrations.AddField(
            model_name="facility",
            name="list",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.placelist",
            ),
        ),
        migrations.AddField(
            model_name="allocationround",
            name="list",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.placelist",
            ),
        ),
        migrations.AddField(
            model_name="placeoffer",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="efile.case",
            ),
        ),
        migrations.AddField(
            model_name="placeoffer",
            name="place",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.placegroup",
            ),
        ),
        migrations.AddField(
            model_name="placeoffer",
            name="round",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.allocationround",
            ),
        ),
        migrations.AddField(
            model_name="placeoffer",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.tenant",
            ),
        ),
        migrations.AddField(
            model_name="proactiveoffer",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="efile.case",
            ),
        ),
        migrations.AddField(
            model_name="proactiveoffer",
            name="matter",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.standingmatter",
            ),
        ),
        migrations.AddField(
            model_name="proactiveoffer",
            name="reported",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.occasion",
            ),
        ),
        migrations.AddField(
            model_name="proactiveoffer",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.tenant",
            ),
        ),
        migrations.AddField(
            model_name="proactiveoffer",
            name="version",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.serviceversion",
            ),
        ),
        migrations.AddField(
            model_name="roundoutcome",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="efile.case",
            ),
        ),
        migrations.AddField(
            model_name="roundoutcome",
            name="place",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.placegroup",
            ),
        ),
        migrations.AddField(
            model_name="roundoutcome",
            name="round",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.allocationround",
            ),
        ),
        migrations.AddField(
            model_name="roundoutcome",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.tenant",
            ),
        ),
        migrations.AddField(
            model_name="waitingentry",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="efile.case",
            ),
        ),
        migrations.AddField(
            model_name="waitingentry",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.tenant",
            ),
        ),
        migrations.AddField(
            model_name="roundoutcome",
            name="entry",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.waitingentry",
            ),
        ),
        migrations.AddField(
            model_name="placeoffer",
            name="entry",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.waitingentry",
            ),
        ),
        migrations.AddField(
            model_name="placeexception",
            name="entry",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.waitingentry",
            ),
        ),
        migrations.AddField(
            model_name="waitingpoints",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="efile.case",
            ),
        ),
        migrations.AddField(
            model_name="waitingpoints",
            name="entry",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.waitingentry",
            ),
        ),
        migrations.AddField(
            model_name="waitingpoints",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.tenant",
            ),
        ),
        migrations.AddConstraint(
            model_name="occasion",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="occasion_of_tenant"),
        ),
        migrations.AddConstraint(
            model_name="occasion",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["moved_in", "birth", "business_registered"])),
                name="occasion_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="placegroup",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="place_group_of_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="placegroup",
            constraint=models.UniqueConstraint(
                fields=("facility", "group", "from_on"), name="place_group_is_counted_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="placegroup",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken__gte", 0), ("taken__lte", models.F("places"))),
                name="never_more_offers_than_places",
            ),
        ),
        migrations.AddConstraint(
            model_name="placegroup",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_on__gte", models.F("from_on"))),
                name="place_group_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="placelist",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="place_list_of_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="placelist",
            constraint=models.UniqueConstraint(
                fields=("tenant", "key"), name="place_list_key_is_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="facility",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="facility_of_tenant"),
        ),
        migrations.AddConstraint(
            model_name="facility",
            constraint=models.UniqueConstraint(
                fields=("list", "key"), name="facility_key_is_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationround",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="allocation_round_of_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationround",
            constraint=models.UniqueConstraint(
                fields=("list", "number"), name="rounds_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationround",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "drawn")),
                fields=("list", "from_on"),
                name="one_lot_is_drawn_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationround",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["drawn", "carried_out", "given_up"])),
                name="round_state_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="proactiveoffer",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["valid_until", "id"],
                name="offers_to_lapse",
            ),
        ),
        migrations.AddIndex(
            model_name="proactiveoffer",
            index=models.Index(fields=["tenant", "source", "id"], name="offers_of_sender"),
        ),
        migrations.AddIndex(
            model_name="proactiveoffer",
            index=models.Index(
                condition=models.Q(("state", "open"), models.Q(("holder", ""), _negated=True)),
                fields=["tenant", "holder"],
                name="open_offers_of_holder",
            ),
        ),
        migrations.AddIndex(
            model_name="proactiveoffer",
            index=models.Index(fields=["scope", "made_at"], name="offers_by_scope"),
        ),
        migrations.AddIndex(
            model_name="proactiveoffer",
            index=models.Index(
                condition=models.Q(("case__isnull", False)),
                fields=["case"],
                name="offers_by_their_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="proactiveoffer",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="proactive_offer_of_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="proactiveoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("matter__isnull", False)),
                fields=("matter", "ends_on", "key"),
                name="one_offer_per_end_of_matter",
            ),
        ),
        migrations.AddConstraint(
            model_name="proactiveoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reported__isnull", False)),
                fields=("reported", "service_key", "key"),
                name="one_offer_per_occasion",
            ),
        ),
        migrations.AddConstraint(
            model_name="proactiveoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["open", "accepted", "declined", "lapsed", "withdrawn"])
                ),
                name="offer_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="proactiveoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ends_on__isnull", False),
                        ("matter__isnull", False),
                        ("reported__isnull", True),
                    ),
                    models.Q(
                        ("ends_on__isnull", True),
                        ("matter__isnull", True),
                        ("reported__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="offer_has_its_occasion",
            ),
        ),
        migrations.AddIndex(
            model_name="waitingentry",
            index=models.Index(
                condition=models.Q(("left_at__isnull", True)),
                fields=["tenant", "list_key", "-points", "applied_on", "id"],
                name="waiting_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingentry",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="waitingentry_of_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingentry",
            constraint=models.UniqueConstraint(fields=("case",), name="one_waiting_entry_per_case"),
        ),
        migrations.AddIndex(
            model_name="roundoutcome",
            index=models.Index(fields=["case"], name="outcomes_of_case"),
        ),
        migrations.AddConstraint(
            model_name="roundoutcome",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="roundoutcome_of_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="roundoutcome",
            constraint=models.UniqueConstraint(
                fields=("round", "case"), name="one_outcome_per_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="roundoutcome",
            constraint=models.UniqueConstraint(
                fields=("round", "position"), name="outcomes_are_in_order"
            ),
        ),
        migrations.AddIndex(
            model_name="placeoffer",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["due_on", "id"],
                name="place_offers_to_lapse",
            ),
        ),
        migrations.AddIndex(
            model_name="placeoffer",
            index=models.Index(fields=["round", "state"], name="place_offers_of_round"),
        ),
        migrations.AddConstraint(
            model_name="placeoffer",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="placeoffer_of_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="placeoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["open", "accepted"])),
                fields=("case",),
                name="one_place_per_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="placeoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["open", "accepted", "declined", "lapsed", "withdrawn", "ended"])
                ),
                name="place_offer_state_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="placeexception",
            index=models.Index(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=["entry"],
                name="exceptions_that_count",
            ),
        ),
        migrations.AddConstraint(
            model_name="placeexception",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="placeexception_of_tenant"
            ),
        ),
        migrations.AddIndex(
            model_name="waitingpoints",
            index=models.Index(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=["entry", "position"],
                name="points_that_count",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingpoints",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="waitingpoints_of_tenant"
            ),
        ),
        migrations.AddIndex(
            model_name="proactiveoffer",
            index=models.Index(
                condition=models.Q(("submission__isnull", False)),
                fields=["submission"],
                name="offers_of_submission",
            ),
        ),
        *[tenant_key(table, "case_id", "efile_case") for table in OF_A_CASE],
        *[tenant_key(table, "entry_id", "workflows_waitingentry") for table in OF_AN_ENTRY],
        migrations.RunSQL(
            SCOPE_FOLLOWS,
            "ALTER TABLE workflows_waitingentry "
            "DROP CONSTRAINT workflows_waitingentry_scope_tenant_fk",
        ),
        tenant_key("workflows_facility", "list_id", "workflows_placelist"),
        tenant_key("workflows_placegroup", "facility_id", "workflows_facility"),
        tenant_key("workflows_allocationround", "list_id", "workflows_placelist"),
        tenant_key("workflows_roundoutcome", "round_id", "workflows_allocationround"),
        tenant_key("workflows_roundoutcome", "place_id", "workflows_placegroup"),
        tenant_key("workflows_placeoffer", "round_id", "workflows_allocationround"),
        tenant_key("workflows_placeoffer", "place_id", "workflows_placegroup"),
        tenant_key("workflows_proactiveoffer", "version_id", "workflows_serviceversion"),
        tenant_key("workflows_proactiveoffer", "matter_id", "workflows_standingmatter"),
        tenant_key("workflows_proactiveoffer", "reported_id", "workflows_occasion"),
        tenant_key("workflows_proactiveoffer", "case_id", "efile_case"),
        application_may(
            FULL,
            "workflows_proactiveoffer",
            "workflows_placelist",
            "workflows_facility",
            "workflows_placegroup",
            "workflows_allocationround",
            *[table for table in OF_A_CASE if table != "workflows_roundoutcome"],
        ),
        # What was reported, and what a round came to, stays as it was.
        application_may(ERASABLE, "workflows_occasion", "workflows_roundoutcome"),
    ]
