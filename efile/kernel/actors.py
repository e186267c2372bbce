"""Who acts: a person, a portal or the system itself, for one tenant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

# A pair of unit and access class, written "unit:class"; a case carries exactly one.
Scope = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever asks for something.

    ``key`` identifies the actor in the journal for good ("user:12", "portal:<client>",
    "system:<job>"). ``reach`` says for every role in which scopes it is held; portals and the
    system have none: the first see only what they sent, the second serves every case it is told.
    ``permissions`` are a portal's: "read" for all services, "read:dog-tax" for one.
    """

    tenant_id: int
    kind: Literal["user", "portal", "system"]
    key: str
    label: str = ""
    user_id: int | None = None
    permissions: frozenset[str] = frozenset()
    reach: Mapping[str, frozenset[Scope]] = field(default_factory=dict)
    granted: tuple[UUID, ...] = ()
    denied: tuple[UUID, ...] = ()

    def may(self, operation: str, service: str) -> bool:
        """Whether a portal may do ``operation`` for ``service``; it binds nobody else."""
        if self.kind != "portal":
            return True
        return not self.permissions.isdisjoint({operation, f"{operation}:{service}"})

    def services(self, *operations: str) -> list[str] | None:
        """The services for which it may do at least one of ``operations``, sorted; None: all."""
        if self.kind != "portal" or not self.permissions.isdisjoint(operations):
            return None
        split = (entry.partition(":") for entry in self.permissions)
        return sorted({service for name, _, service in split if name in operations})

    def roles_in(self, scope: Scope) -> frozenset[str]:
        """The roles the actor holds where a case of ``scope`` lies."""
        return frozenset(role for role, scopes in self.reach.items() if scope in scopes)

    def scopes_of(self, roles: frozenset[str]) -> list[Scope]:
        """The scopes in which the actor holds at least one of ``roles``, sorted."""
        return sorted({s for role in roles for s in self.reach.get(role, ())})


def system(tenant_id: int, job: str) -> Actor:
    """The system at work on its own, named after the job that does it."""
    return Actor(tenant_id=tenant_id, kind="system", key=f"system:{job}", label="Laufmappe")
