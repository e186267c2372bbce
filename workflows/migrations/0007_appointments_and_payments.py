"""Appointments by the clock, held and moved; payments online."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.deletion import PROTECT

import efile.kernel.ids
from efile.kernel.schema import FULL, application_may, tenant_key


def _key() -> "models.UUIDField[Any, Any]":
    return models.UUIDField(default=efile.kernel.ids.uuid7, primary_key=True, serialize=False)


def _tenant() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        db_index=False, on_delete=PROTECT, related_name="+", to="kernel.tenant"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("workflows", "0006_proactive_offers_and_waiting_lists"),
        ("efile", "0003_permits_and_indexes"),
        ("kernel", "0002_keys_and_rights"),
    ]

    operations: ClassVar = [
        # Times of the clock instead of days, places that are held, times of other systems.
        migrations.RemoveConstraint("slotday", "one_slot_day_each"),
        migrations.RemoveConstraint("slotday", "never_overbooked"),
        migrations.AddField("slotday", "held", models.IntegerField(default=0)),
        migrations.AddField(
            "slotday", "external", models.CharField(blank=True, default="", max_length=64)
        ),
        migrations.AlterField("slotday", "capacity", models.IntegerField(null=True)),
        migrations.AlterField("slotday", "district", models.CharField(blank=True, max_length=10)),
        migrations.AddConstraint(
            "slotday",
            models.UniqueConstraint(
                fields=["tenant", "calendar", "district", "kind", "day", "starts"],
                condition=Q(external=""),
                name="one_slot_each",
            ),
        ),
        migrations.AddConstraint(
            "slotday",
            models.UniqueConstraint(
                fields=["tenant", "calendar", "external"],
                condition=~Q(external=""),
                name="one_slot_of_another_system_each",
            ),
        ),
        migrations.AddConstraint(
            "slotday",
            models.CheckConstraint(
                condition=Q(booked__gte=0, held__gte=0, booked__lte=F("capacity") - F("held")),
                name="never_overbooked",
            ),
        ),
        migrations.CreateModel(
            "SlotHold",
            [
                ("id", _key()),
                ("source", models.CharField(max_length=120)),
                ("held_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "slot",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=PROTECT,
                        related_name="+",
                        to="workflows.slotday",
                    ),
                ),
                ("tenant", _tenant()),
            ],
            {
                "constraints": [
                    models.UniqueConstraint(fields=["tenant", "id"], name="slot_hold_of_tenant")
                ],
                "indexes": [
                    models.Index(fields=["slot", "expires_at"], name="holds_of_slot"),
                    models.Index(fields=["expires_at"], name="holds_by_expiry"),
                ],
            },
        ),
        migrations.AlterField(
            "booking",
            "slot",
            models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="workflows.slotday",
            ),
        ),
        migrations.AddField("booking", "missed_at", models.DateTimeField(null=True)),
        migrations.AddField("booking", "offered_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "booking", "provider", models.CharField(default="builtin", max_length=8)
        ),
        migrations.AddField("booking", "wish", models.JSONField(null=True)),
        migrations.AddField(
            "booking", "owed", models.CharField(blank=True, default="", max_length=6)
        ),
        migrations.AddField("booking", "tries", models.IntegerField(default=0)),
        migrations.AddField("booking", "next_try_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "booking",
            models.Index(fields=["next_try_at"], condition=~Q(owed=""), name="bookings_to_be_told"),
        ),
        migrations.AddConstraint(
            "booking",
            models.CheckConstraint(
                condition=Q(owed__in=["", "book", "cancel"]), name="booking_owes_something_known"
            ),
        ),
        migrations.AddConstraint(
            "booking",
            models.CheckConstraint(
                condition=Q(slot__isnull=False) | Q(provider="external"),
                name="own_booking_has_a_slot",
            ),
        ),
        migrations.AddConstraint(
            "booking",
            models.CheckConstraint(
                condition=Q(missed_at__isnull=True) | Q(cancelled_at__isnull=False),
                name="missed_booking_is_over",
            ),
        ),
        migrations.CreateModel(
            "Payment",
            [
                ("id", _key()),
                ("reference", models.CharField(max_length=35)),
                ("cents", models.IntegerField()),
                ("items", models.JSONField(default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("wanted", "Wanted"),
                            ("open", "Open"),
                            ("paid", "Paid"),
                            ("failed", "Failed"),
                            ("canceled", "Canceled"),
                            ("void", "Void"),
                        ],
                        default="wanted",
                        max_length=8,
                    ),
                ),
                ("due_on", models.DateField()),
                ("demanded_at", models.DateTimeField()),
                ("request", models.UUIDField()),
                ("transaction", models.CharField(blank=True, default="", max_length=64)),
                ("url", models.CharField(blank=True, default="", max_length=2082)),
                ("tries", models.IntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, default="", max_length=60)),
                ("paid_at", models.DateTimeField(null=True)),
                ("channel", models.CharField(blank=True, default="", max_length=8)),
                ("receipt", models.CharField(blank=True, default="", max_length=60)),
                ("overdue_at", models.DateTimeField(null=True)),
                ("refund_due_at", models.DateTimeField(null=True)),
                ("refunded_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False, on_delete=PROTECT, related_name="+", to="efile.case"
                    ),
                ),
                ("tenant", _tenant()),
            ],
            {
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=["tenant", "id"], name="payment_of_tenant"),
                    models.UniqueConstraint(
                        fields=["tenant", "reference"], name="one_payment_reference"
                    ),
                    models.UniqueConstraint(fields=["case"], name="one_payment_per_case"),
                    models.CheckConstraint(
                        condition=Q(
                            status__in=["wanted", "open", "paid", "failed", "canceled", "void"]
                        ),
                        name="payment_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(cents__gt=0), name="payment_is_of_something"
                    ),
                    models.CheckConstraint(
                        condition=~Q(status="paid") | Q(paid_at__isnull=False),
                        name="paid_payment_says_when",
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["next_try_at"],
                        condition=Q(next_try_at__isnull=False),
                        name="payments_to_be_asked",
                    ),
                    models.Index(fields=["tenant", "status", "due_on"], name="payments_by_status"),
                ],
            },
        ),
        tenant_key("workflows_slothold", "slot_id", "workflows_slotday"),
        tenant_key("workflows_payment", "case_id", "efile_case"),
        application_may(FULL, "workflows_slothold", "workflows_payment"),
    ]
