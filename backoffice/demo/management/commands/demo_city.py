"""``manage.py demo_city``: found Musterstadt in a database that is marked as a demo."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backoffice.demo.founding import found_city
from efile.kernel.clock import real_now
from efile.kernel.models import Installation


class Command(BaseCommand):
    help = "Found the sample city. Part of `make demo`."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not Installation.objects.filter(is_demo=True).exists():
            raise CommandError("This database is not marked as a demo.")
        found_city(at=real_now())
