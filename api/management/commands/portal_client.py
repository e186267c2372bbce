"""manage.py portal_client create: let a portal in and show its credentials once."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.clients import OF_A_PORTAL, SCOPES, create_client
from efile.kernel.models import Tenant


class Command(BaseCommand):
    help = "Portals that may use the API"

    def add_arguments(self, parser: CommandParser) -> None:
        create = parser.add_subparsers(dest="action", required=True).add_parser("create")
        create.add_argument("--tenant", required=True, help="key of the tenant")
        create.add_argument("--name", required=True, help="what the portal is called")
        create.add_argument("--scopes", nargs="+", choices=SCOPES, default=list(OF_A_PORTAL))
        create.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(key=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']}.")
        client_id, secret = create_client(tenant, options["name"], options["scopes"])
        told = {"client_id": client_id, "client_secret": secret}
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        for name, value in told.items():
            self.stdout.write(f"{name}: {value}")
        self.stdout.write("The secret is stored hashed and cannot be shown again.")
