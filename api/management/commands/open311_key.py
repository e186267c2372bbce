"""manage.py open311_key create|revoke: let a program report over Open311, or no longer."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.open311.keys import create_key, revoke_keys
from efile.kernel.clock import real_now
from efile.kernel.models import Tenant


class Command(BaseCommand):
    help = "Keys (api_key) of programs that may report over Open311"

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="make a key; the same name again: one more")
        create.add_argument("--tenant", required=True, help="key of the tenant")
        create.add_argument("--name", required=True, help="what the program is called")
        create.add_argument("--json", action="store_true", help="print one JSON object")
        revoke = actions.add_parser("revoke", help="put the keys of a program out of use")
        revoke.add_argument("--tenant", required=True, help="key of the tenant")
        revoke.add_argument("--client", required=True, help="the program, as create named it")
        revoke.add_argument("--keep-newest", action="store_true", help="all but its last key")

    def handle(self, *_: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(key=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']}.")
        if options["action"] == "revoke":
            self._revoke(tenant, options["client"], keep_newest=options["keep_newest"])
            return
        try:
            client, key = create_key(tenant, options["name"], at=real_now())
        except ValueError as error:
            raise CommandError(f"--name: {error}.") from None
        if options["json"]:
            self.stdout.write(json.dumps({"client": client, "api_key": key}))
            return
        self.stdout.write(f"client: {client}\napi_key: {key}")
        self.stdout.write("The key is stored hashed and cannot be shown again.")

    def _revoke(self, tenant: Tenant, client: str, *, keep_newest: bool) -> None:
        count = revoke_keys(tenant, client, keep_newest=keep_newest)
        if not count:
            raise CommandError(f"{client} has no such key in use.")
        self.stdout.write(f"{count} out of use.")
