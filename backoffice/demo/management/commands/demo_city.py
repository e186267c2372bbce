"""``manage.py demo_city``: found Musterstadt in a database that is marked as a demo."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backoffice.demo.city import TENANT
from backoffice.demo.founding import found_city
from efile.kernel.clock import real_now
from efile.kernel.models import Installation, Tenant, User
from efile.policy import person
from workflows.persons_cases import offer_dashboard

ADMINISTRATOR = "o.kruse"


class Command(BaseCommand):
    help = "Found the sample city. Part of `make demo`."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not Installation.objects.filter(is_demo=True).exists():
            raise CommandError("This database is not marked as a demo.")
        is_new = not Tenant.objects.filter(key=TENANT.key).exists()
        found_city(at=real_now())
        if is_new:
            administrator = person(User.objects.get(username=ADMINISTRATOR))
            offer_dashboard(offered=True, by=administrator, at=real_now())
