"""Who may see and do what: one predicate as SQL and as search terms, one published matrix."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field, Q
from django.db.models.lookups import BuiltinLookup

from efile.kernel.actors import Actor, Scope
from efile.kernel.errors import NotAllowed, NotFound
from efile.kernel.models import Role, User


class Action(StrEnum):
    """Everything that can be done to a case or around one."""

    VIEW = "view"
    EXAMINE = "examine"
    ASSIGN = "assign"
    REQUEST_PROOF = "request_proof"
    RECEIVE_ANSWER = "receive_answer"
    DECIDE = "decide"
    NOTIFY = "notify"
    RECALL = "recall"
    FORWARD = "forward"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    REOPEN = "reopen"
    WRITE_NOTE = "write_note"
    FOLLOW_UP = "follow_up"
    TAKE_DOWN = "take_down"
    CLARIFY = "clarify"
    ENQUIRE = "enquire"
    SHARE = "share"
    DISPATCH = "dispatch"
    POST = "post"
    REVOKE = "revoke"
    ALLOT = "allot"
    ANSWER_PLACE = "answer_place"
    APPOINT = "appoint"
    CASH = "cash"
    CONTROL_AUTOMATION = "control_automation"
    OVERSEE = "oversee"
    ADMINISTER = "administer"
    READ_JOURNAL = "read_journal"


_C, _H, _R, _AD, _AU = (
    Role.CASEWORKER,
    Role.HEAD,
    Role.REGISTRAR,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)

# The published matrix (docs/permissions.md): which role may do what, where it holds the case's
# scope. "system" is the application at work on its own, "portal" the sender of the submission.
MATRIX: dict[Action, frozenset[str]] = {
    Action.VIEW: frozenset({_C, _H, _R, _AU}),
    Action.EXAMINE: frozenset({_C, _H, "system"}),
    Action.ASSIGN: frozenset({_C, _H}),
    Action.REQUEST_PROOF: frozenset({_C, _H}),
    Action.RECEIVE_ANSWER: frozenset({_C, _H, "portal", "system"}),
    Action.DECIDE: frozenset({_C, _H, "system"}),
    Action.NOTIFY: frozenset({_C, _H, "system"}),
    # What a colleague has set going; one's own anybody takes back.
    Action.RECALL: frozenset({_H}),
    Action.FORWARD: frozenset({_C, _H}),
    Action.WITHDRAW: frozenset({_C, _H, "portal"}),
    Action.CLOSE: frozenset({_C, _H, _R, "system"}),
    Action.REOPEN: frozenset({_H, _R}),
    Action.WRITE_NOTE: frozenset({_C, _H, _R}),
    Action.FOLLOW_UP: frozenset({_C, _H, _R}),
    Action.TAKE_DOWN: frozenset({_C, _H}),
    Action.CLARIFY: frozenset({_C, _H, _R}),
    Action.ENQUIRE: frozenset({_C, _H, _R}),
    Action.SHARE: frozenset({_H}),
    Action.DISPATCH: frozenset({_C, _H}),
    Action.POST: frozenset({_C, _H}),
    Action.REVOKE: frozenset({_C, _H}),
    # Rounds, places and exceptions of waiting lists: who comes first is not one person's case.
    Action.ALLOT: frozenset({_H}),
    Action.ANSWER_PLACE: frozenset({_C, _H, "portal", "system"}),
    # Appointments moved, given up, missed.
    Action.APPOINT: frozenset({_C, _H, "portal"}),
    # Payments demanded, taken at the counter, waived, given back.
    Action.CASH: frozenset({_C, _H}),
    Action.CONTROL_AUTOMATION: frozenset({_H}),
    Action.OVERSEE: frozenset({_H}),
    Action.ADMINISTER: frozenset({_AD}),
    Action.READ_JOURNAL: frozenset({_C, _H, _R, _AU}),
}

SEEING_ROLES = MATRIX[Action.VIEW]


class ActionNotGranted(NotAllowed):
    """The actor's roles do not include this action here."""

    code = "action_not_granted"


class ScopeMissing(NotAllowed):
    """The portal may read of this, but not do ``scope`` to it."""

    code = "scope_missing"


class ServiceNotGranted(NotAllowed):
    """The portal may not hand in for this service."""

    code = "service_not_granted"


@Field.register_lookup
class EqualsAny(BuiltinLookup):
    """``field__any=[…]`` as ``= ANY(%s)``: one array, so that the statement stays the same."""

    lookup_name = "any"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:  # noqa: ARG002
        return "%s", [list(value)]

    def get_rhs_op(self, connection: Any, rhs: str) -> str:  # noqa: ARG002
        return f"= ANY({rhs})"


def seen_scopes(actor: Actor) -> list[Scope]:
    """The scopes whose cases ``actor`` sees by rule: the heart of every form of the predicate."""
    return actor.scopes_of(SEEING_ROLES)


def visible_to(actor: Actor, prefix: str = "", *, scope: str | None = None) -> Q:
    """The WHERE of what ``actor`` sees, from a table that reaches the case by ``prefix``.

    ``prefix`` is "" on Case and "case__" elsewhere; ``scope`` names a table's own copy of the
    case's scope where it has one. Tenant, unit tree, role and access class, widened by single
    grants and narrowed by denials. Portals see nothing here: they ask for their submissions.
    """
    tenant = Q(tenant_id=actor.tenant_id)
    if actor.kind == "system":
        return tenant
    by_rule = Q(**{(scope or f"{prefix}scope") + "__any": seen_scopes(actor)})
    key = f"{prefix}id"
    if actor.granted:
        by_rule |= Q(**{f"{key}__any": list(actor.granted)})
    if actor.denied:
        by_rule &= ~Q(**{f"{key}__any": list(actor.denied)})
    return tenant & by_rule


def search_terms(actor: Actor) -> dict[str, Any]:
    """The same rule for a search engine: tenant, scopes, granted and denied case ids."""
    return {
        "tenant": actor.tenant_id,
        "scopes": seen_scopes(actor),
        "granted": [str(case) for case in actor.granted],
        "denied": [str(case) for case in actor.denied],
    }


def may(action: Action, case_id: UUID, scope: Scope, *, by: Actor) -> bool:
    """Whether the matrix grants ``action`` on the case with this ``scope`` to ``by``."""
    allowed = MATRIX[action]
    if by.kind != "user":
        return by.kind in allowed
    if case_id in by.denied:
        return False
    if by.roles_in(scope) & allowed:
        return True
    # A shared case may be read with its history and answered with a note, nothing more.
    return case_id in by.granted and action in {
        Action.VIEW,
        Action.READ_JOURNAL,
        Action.WRITE_NOTE,
    }


def require(action: Action, case_id: UUID, scope: Scope, *, by: Actor) -> None:
    """Refuse with ActionNotGranted unless ``by`` may do ``action`` to the case."""
    if not may(action, case_id, scope, by=by):
        raise ActionNotGranted(action=action.value)


def may_anywhere(action: Action, *, by: Actor) -> bool:
    """Whether ``by`` holds a role with ``action`` in any unit: for pages without a case."""
    if by.kind != "user":
        return by.kind in MATRIX[action]
    return bool(by.scopes_of(MATRIX[action]))


def granted(column: str) -> str:
    """The WHERE of what a portal may see by service; its one parameter: ``by.services("read")``.

    ``column`` holds the service that the portal named when it handed in.
    """
    return f"coalesce({column} = ANY(%s::text[]), true)"


def require_for_service(operation: str, service: str, *, by: Actor) -> None:
    """Refuse unless ``by`` may do ``operation`` to a submission of its own for ``service``.

    Refuses: ScopeMissing, or NotFound for what it may not even read.
    """
    if by.may(operation, service):
        return
    if not by.may("read", service):
        raise NotFound
    raise ScopeMissing(scope=f"{operation}:{service}")


def require_submitting(service: str, *, by: Actor) -> None:
    """Refuse with ServiceNotGranted unless ``by`` may hand in for ``service``."""
    if not by.may("submit", service):
        raise ServiceNotGranted


# One statement for everything a person may reach: the units below each membership, and the
# single grants and denials that stand beside the rule.
_REACH = """
SELECT m.role, array_agg(DISTINCT d.id || ':' || c.class), NULL::uuid[], NULL::uuid[]
  FROM kernel_membership m
  JOIN kernel_unit u ON u.id = m.unit_id
  JOIN kernel_unit d ON d.tenant_id = u.tenant_id AND d.path LIKE u.path || '%%'
 CROSS JOIN LATERAL unnest(m.access_classes) AS c(class)
 WHERE m.user_id = %(user)s AND m.tenant_id = %(tenant)s
 GROUP BY m.role
UNION ALL
SELECT '', NULL,
       (SELECT array_agg(content_object_id) FROM efile_casegrant
         WHERE user_id = %(user)s AND tenant_id = %(tenant)s AND until > now()),
       (SELECT array_agg(case_id) FROM efile_casedenial
         WHERE user_id = %(user)s AND tenant_id = %(tenant)s)
"""


def person(user: User) -> Actor:
    """The signed-in ``user`` with memberships, single grants and denials. One statement."""
    reach: dict[str, frozenset[Scope]] = {}
    granted: tuple[UUID, ...] = ()
    denied: tuple[UUID, ...] = ()
    with connection.cursor() as cursor:
        cursor.execute(_REACH, {"user": user.pk, "tenant": user.tenant_id})
        for role, scopes, shared, barred in cursor.fetchall():
            if role:
                reach[role] = frozenset(scopes)
            else:
                granted, denied = tuple(shared or ()), tuple(barred or ())
    return Actor(
        tenant_id=user.tenant_id,
        kind="user",
        key=f"user:{user.pk}",
        label=user.display_name,
        user_id=user.pk,
        reach=reach,
        granted=granted,
        denied=denied,
    )
