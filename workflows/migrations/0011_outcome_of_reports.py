"""How a report that nobody decides on ended."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("workflows", "0010_suspended_and_extended_deadlines")]

    operations: ClassVar = [
        migrations.AddField(
            "process", "outcome", models.CharField(blank=True, default="", max_length=64)
        )
    ]
