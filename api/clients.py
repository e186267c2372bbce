"""Portals as OAuth clients: let in, granted services, given keys and new secrets, shut out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from oauth2_provider.generators import generate_client_id, generate_client_secret

from api.client_keys import checked_keys
from api.models import PortalClient
from api.scopes import OF_A_PORTAL, is_entry, tidied
from efile.kernel.actors import Actor, system
from efile.kernel.clock import real_now
from efile.kernel.errors import FieldError, Invalid, NotFound
from efile.kernel.events import Event
from efile.kernel.journal import record
from efile.kernel.models import Tenant
from efile.kernel.verbs import verb
from workflows import facts
from workflows.definitions.administrators import require_administrator
from workflows.offers import known_offers

# How long the secret before counts beside a new one, unless somebody says otherwise.
OVERLAP: Final = timedelta(days=7)
LONGEST_OVERLAP: Final = timedelta(days=90)
LONGEST_NAME: Final = 100
MOST_CALLS: Final = 1_000_000
JOB: Final = "clients"


def create_client(
    tenant: Tenant, name: str, scopes: Iterable[str] = OF_A_PORTAL
) -> tuple[str, str]:
    """Let a portal of ``tenant`` in from the console; returns (client id, client secret).

    ValueError for an unknown scope.
    """
    try:
        return admit(name, list(scopes), by=system(tenant.pk, JOB), at=real_now())
    except Invalid as refusal:
        raise ValueError(f"{', '.join(scopes) or 'nothing'}: {refusal}") from refusal


@verb
def admit(name: str, scopes: Sequence[str], *, by: Actor, at: datetime) -> tuple[str, str]:
    """Let a portal in; returns (client id, client secret).

    The secret is stored hashed and cannot be shown again.
    Refuses: ActionNotGranted, Invalid (name, scopes).
    """
    require_administrator(by)
    said = name.strip()
    errors = [] if 0 < len(said) <= LONGEST_NAME else [_length("/name")]
    errors += _faults(scopes, by.tenant_id)
    if errors:
        raise Invalid(errors)
    client_id, secret = generate_client_id(), generate_client_secret()
    client = PortalClient.objects.create(
        tenant_id=by.tenant_id,
        name=said,
        client_id=client_id,
        client_secret=secret,
        secret_set_at=at,
        client_type=PortalClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=PortalClient.GRANT_CLIENT_CREDENTIALS,
        allowed_scopes=" ".join(tidied(scopes)),
    )
    _record(facts.PortalAdmitted, client, by, at, scopes=tidied(scopes))
    return client_id, secret


@verb
def grant(client_id: str, scopes: Sequence[str], *, by: Actor, at: datetime) -> None:
    """Let the portal do this and nothing else, from its next call on.

    ``scopes``: "read" for all services, "read:dog-tax" for one. What was granted for a service
    that is no more may stay. Refuses: NotFound, ActionNotGranted, Invalid (scopes).
    """
    client = _locked(client_id, by)
    before = client.allowed_scopes.split()
    errors = _faults(set(scopes) - set(before), by.tenant_id) if scopes else _faults([], 0)
    if errors:
        raise Invalid(errors)
    _change(client, "scopes", allowed_scopes=" ".join(tidied(scopes)), by=by, at=at)


@verb
def limit_calls(client_id: str, calls: int | None, *, by: Actor, at: datetime) -> None:
    """Let the portal call so often in a minute; None: as often as any other.

    Refuses: NotFound, ActionNotGranted, Invalid (out of range).
    """
    client = _locked(client_id, by)
    if calls is not None and not 1 <= calls <= MOST_CALLS:
        raise Invalid([FieldError("/limit", "limit", {"limit": MOST_CALLS})])
    _change(client, "limit", rate_limit=calls, by=by, at=at)


@verb
def rotate_secret(client_id: str, *, by: Actor, at: datetime, overlap: timedelta = OVERLAP) -> str:
    """Give the portal a new secret, returned once; the present one counts for ``overlap`` more.

    One that was replaced before counts no longer. Refuses: NotFound, ActionNotGranted, Invalid
    (the portal is shut out, overlap out of range).
    """
    client = _locked(client_id, by)
    if client.deactivated_at is not None:
        raise Invalid([FieldError("/days", "portal_closed")])
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise Invalid([FieldError("/days", "limit", {"limit": LONGEST_OVERLAP.days})])
    secret: str = generate_client_secret()
    client.previous_secret = client.client_secret if overlap else ""
    client.previous_expires_at = at + overlap if overlap else None
    client.client_secret, client.secret_set_at = make_password(secret), at
    client.save(
        update_fields=["client_secret", "secret_set_at", "previous_secret", "previous_expires_at"]
    )
    _record(facts.PortalSecretRotated, client, by, at, until=client.previous_expires_at)
    return secret


@verb
def end_previous_secret(client_id: str, *, by: Actor, at: datetime) -> None:
    """The secret before the present one counts no longer. Refuses: NotFound, ActionNotGranted."""
    client = _locked(client_id, by)
    if not client.second_secret(at):
        return
    client.previous_secret, client.previous_expires_at = "", None
    client.save(update_fields=["previous_secret", "previous_expires_at"])
    _record(facts.PortalSecretEnded, client, by, at)


@verb
def register_keys(
    client_id: str,
    jwks: Mapping[str, Any] | None,
    *,
    signed: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Take the portal's public keys (a JWK set) in the place of those it had; None leaves them.

    ``signed``: it proves itself by a signature alone (private_key_jwt), and by no secret.
    Refuses: NotFound, ActionNotGranted, Invalid (no key set, a private or unsuitable key, none
    to sign with).
    """
    client = _locked(client_id, by)
    kept = client.jwks if jwks is None else checked_keys(jwks)
    if signed and not kept.get("keys"):
        raise Invalid([FieldError("/keys", "no_keys")])
    _change(client, "keys", jwks=kept, by=by, at=at)
    method = PortalClient.SIGNED if signed else PortalClient.SECRET
    _change(client, "method", auth_method=method, by=by, at=at)


@verb
def deactivate(client_id: str, *, by: Actor, at: datetime) -> None:
    """Shut the portal out: no token of it counts from now on. What it sent stays.

    Refuses: NotFound, ActionNotGranted.
    """
    client = _locked(client_id, by)
    if client.deactivated_at is None:
        client.deactivated_at = at
        client.save(update_fields=["deactivated_at"])
        _record(facts.PortalDeactivated, client, by, at)


@verb
def reactivate(client_id: str, *, by: Actor, at: datetime) -> None:
    """Let the portal in again as it was. Refuses: NotFound, ActionNotGranted."""
    client = _locked(client_id, by)
    if client.deactivated_at is not None:
        client.deactivated_at = None
        client.save(update_fields=["deactivated_at"])
        _record(facts.PortalReactivated, client, by, at)


def _locked(client_id: str, by: Actor) -> PortalClient:
    """Refuses: ActionNotGranted, NotFound."""
    require_administrator(by)
    mine = PortalClient.objects.select_for_update().filter(tenant_id=by.tenant_id)
    client: PortalClient | None = mine.filter(client_id=client_id).first()
    if client is None:
        raise NotFound
    return client


def _change(client: PortalClient, what: str, *, by: Actor, at: datetime, **value: Any) -> None:
    """Set one column, and say in the journal what it was; nothing happens where it is so."""
    ((column, new),) = value.items()
    before = getattr(client, column)
    if before == new:
        return
    setattr(client, column, new)
    client.save(update_fields=[column])
    _record(facts.PortalChanged, client, by, at, what=what, before=before, after=new)


def _record(event: type[Event], client: PortalClient, by: Actor, at: datetime, **told: Any) -> None:
    named = {"client": client.client_id, "portal": client.name}
    record(event(case_id=None, facts=named | told), by=by, at=at)


def _faults(scopes: Iterable[str], tenant_id: int) -> list[FieldError]:
    wanted = list(scopes)
    if not wanted:
        return [FieldError("/scopes", "required")]
    if not all(is_entry(entry) for entry in wanted):
        return [FieldError("/scopes", "unknown_scope")]
    services = {service for entry in wanted if (service := entry.partition(":")[2])}
    known = {offer.definition.key for offer in known_offers(tenant_id)} if services else set()
    return [FieldError("/scopes", "unknown_service")] if services - known else []


def _length(pointer: str) -> FieldError:
    return FieldError(pointer, "max_length", {"limit": LONGEST_NAME})
