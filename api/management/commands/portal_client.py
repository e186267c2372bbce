"""manage.py portal_client: let portals in, see them, give them keys and secrets, shut them out."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api import clients
from api.portals import Portal, list_portals
from api.scopes import OF_A_PORTAL, OPERATIONS
from efile.kernel.actors import Actor, system
from efile.kernel.clock import real_now
from efile.kernel.errors import Refusal
from efile.kernel.models import Tenant

_ONCE: Final = "The secret is stored hashed and cannot be shown again."


class Command(BaseCommand):
    help = "Portals that may use the API"

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = _action(actions, "create", "let a portal in and show its credentials once")
        create.add_argument("--name", required=True, help="what the portal is called")
        create.add_argument(
            "--scopes",
            nargs="+",
            default=list(OF_A_PORTAL),
            help=f"{', '.join(OPERATIONS)}; submit:dog-tax for one service alone",
        )
        rotate = _action(actions, "rotate", "show a new secret once; the old one counts on")
        rotate.add_argument(
            "--days",
            type=int,
            default=clients.OVERLAP.days,
            help="for how long it does; 0: it ends at once",
        )
        _action(actions, "list", "name them")
        keys = _action(actions, "keys", "take public keys, and a signature by them alone")
        keys.add_argument("--jwks", type=Path, help="a JWK set; without it, a secret counts again")
        _action(actions, "deactivate", "shut it out: its tokens are void at once")
        _action(actions, "reactivate", "let it in again")
        for name, action in actions.choices.items():
            if name not in ("create", "list"):
                action.add_argument("client_id")

    def handle(self, *_: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(key=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']}.")
        try:
            told = _ACTIONS[options["action"]](system(tenant.pk, clients.JOB), options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        for row in told if isinstance(told, list) else [told]:
            self.stdout.write("\n".join(f"{name}: {value}" for name, value in row.items()))
        if "client_secret" in told:
            self.stdout.write(_ONCE)


def _action(actions: Any, name: str, told: str) -> CommandParser:
    action: CommandParser = actions.add_parser(name, help=told)
    action.add_argument("--tenant", required=True, help="key of the tenant")
    action.add_argument("--json", action="store_true", help="print JSON")
    return action


def _create(by: Actor, options: Mapping[str, Any]) -> dict[str, Any]:
    client_id, secret = clients.admit(options["name"], options["scopes"], by=by, at=real_now())
    return {"client_id": client_id, "client_secret": secret}


def _rotate(by: Actor, options: Mapping[str, Any]) -> dict[str, Any]:
    client_id, days = options["client_id"], timedelta(days=options["days"])
    secret = clients.rotate_secret(client_id, by=by, at=real_now(), overlap=days)
    return {"client_id": client_id, "client_secret": secret}


def _list(by: Actor, _: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_told(portal) for portal in list_portals(by=by, at=real_now())]


def _told(portal: Portal) -> dict[str, Any]:
    return {
        "client_id": portal.client_id,
        "name": portal.name,
        "scopes": " ".join(portal.scopes),
        "auth_method": portal.auth_method,
        "last_seen": portal.last_at.isoformat() if portal.last_at else "",
        "state": "active" if portal.is_active else "deactivated",
    }


def _keys(by: Actor, options: Mapping[str, Any]) -> dict[str, Any]:
    client_id, signed = options["client_id"], options["jwks"] is not None
    try:
        jwks = json.loads(options["jwks"].read_text(encoding="utf-8")) if signed else None
    except (OSError, ValueError) as error:
        raise CommandError(f"{options['jwks']}: {error}") from error
    clients.register_keys(client_id, jwks, signed=signed, by=by, at=real_now())
    method = "private_key_jwt" if signed else "client_secret"
    return {"client_id": client_id, "auth_method": method}


def _deactivate(by: Actor, options: Mapping[str, Any]) -> dict[str, Any]:
    clients.deactivate(options["client_id"], by=by, at=real_now())
    return {"client_id": options["client_id"], "state": "deactivated"}


def _reactivate(by: Actor, options: Mapping[str, Any]) -> dict[str, Any]:
    clients.reactivate(options["client_id"], by=by, at=real_now())
    return {"client_id": options["client_id"], "state": "active"}


_ACTIONS: Final[Mapping[str, Callable[[Actor, Mapping[str, Any]], Any]]] = {
    "create": _create,
    "rotate": _rotate,
    "list": _list,
    "keys": _keys,
    "deactivate": _deactivate,
    "reactivate": _reactivate,
}
