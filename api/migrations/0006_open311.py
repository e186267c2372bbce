"""Reports over Open311."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar = [("api", "0005_fit_connect")]

    operations: ClassVar[list[Operation]] = []
