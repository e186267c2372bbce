"""Whose work somebody's lists can be narrowed to: the units they see and who works there."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from efile.kernel.actors import Actor
from efile.policy import MATRIX, Action, seen_scopes
from workflows.wanted import units_of


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works on cases."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A unit in which cases lie."""

    unit_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Team:
    """The units that somebody sees, and everybody who may examine cases of at least one."""

    units: tuple[Place, ...]
    members: tuple[Member, ...]


# Units by their key of office, people by name.
_TEAM = """
SELECT 'unit' AS kind, n.id, n.name, n.path AS place FROM kernel_unit n
 WHERE n.tenant_id = %(tenant)s AND n.id = ANY(%(units)s::int[])
UNION ALL
SELECT 'member', u.id, u.display_name, u.display_name FROM kernel_user u
 WHERE u.tenant_id = %(tenant)s AND u.is_active
   AND EXISTS (SELECT FROM kernel_membership m
                 JOIN kernel_unit above ON above.id = m.unit_id
                 JOIN kernel_unit here ON here.tenant_id = above.tenant_id
                  AND here.path LIKE above.path || '%%'
                WHERE m.user_id = u.id AND m.tenant_id = u.tenant_id
                  AND m.role = ANY(%(roles)s) AND here.id = ANY(%(units)s::int[]))
 ORDER BY kind, place, id
"""


def team_of(by: Actor) -> Team:
    """The units and people around ``by``. One statement."""
    asked: dict[str, Any] = {
        "tenant": by.tenant_id,
        "units": list(units_of(seen_scopes(by))),
        "roles": sorted(MATRIX[Action.EXAMINE] - {"system"}),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TEAM, asked)
        rows = cursor.fetchall()
    return Team(
        units=tuple(Place(key, name) for kind, key, name, _ in rows if kind == "unit"),
        members=tuple(Member(key, name) for kind, key, name, _ in rows if kind == "member"),
    )
