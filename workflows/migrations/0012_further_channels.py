"""Applications also come over FIT-Connect and Open311."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("workflows", "0011_outcome_of_reports")]

    operations: ClassVar = [
        migrations.RemoveConstraint("submission", "submission_channel_is_known"),
        migrations.AddConstraint(
            "submission",
            models.CheckConstraint(
                name="submission_channel_is_known",
                condition=models.Q(
                    channel__in=[
                        *("portal", "fit_connect", "open311"),
                        *("counter", "phone", "paper", "visit", "office"),
                    ]
                ),
            ),
        ),
    ]
