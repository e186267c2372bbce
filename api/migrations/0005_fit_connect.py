"""What was picked up from FIT-Connect, and what was answered."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar = [("api", "0004_callbacks")]

    operations: ClassVar[list[Operation]] = []
