"""Files are scanned, and large ones arrive in pieces."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar = [("efile", "0003_permits_and_indexes")]

    operations: ClassVar[list[Operation]] = []
