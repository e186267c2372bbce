"""Messages carry documents."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar = [("efile", "0004_scans_and_resumable_uploads")]

    operations: ClassVar[list[Operation]] = []
