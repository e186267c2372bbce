"""Events pushed to the portals."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar = [("api", "0003_rights_limits_and_figures_of_clients")]

    operations: ClassVar[list[Operation]] = []
