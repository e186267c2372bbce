"""A municipality may let portals show people their cases over all channels."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kernel", "0002_keys_and_rights")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="tenant",
            name="offers_dashboard",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
