"""How long services take."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar = [("workflows", "0012_further_channels")]

    operations: ClassVar[list[Operation]] = []
