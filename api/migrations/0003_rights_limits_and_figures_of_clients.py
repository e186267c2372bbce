"""What a portal may do, how often, with which secrets, and what it did."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar = [("api", "0002_rights")]

    operations: ClassVar[list[Operation]] = []
