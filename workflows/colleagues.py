"""Who may be made responsible for a case."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.policy import MATRIX, Action


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can work on a case, and how many cases lie with them already."""

    user_id: int
    name: str
    cases: int


# The permission predicate read the other way round: not what somebody reaches, but who reaches it.
_ABLE = """
SELECT u.id, u.display_name,
       (SELECT count(*) FROM workflows_process w
         WHERE w.assignee_id = u.id
           AND w.state IN ('received', 'in_examination', 'waiting_for_applicant', 'decided'))
  FROM kernel_user u
 WHERE u.tenant_id = %(tenant)s AND u.is_active
   AND EXISTS (SELECT FROM efile_case c
                 JOIN kernel_unit here ON here.id = c.lead_unit_id
                 JOIN kernel_membership m ON m.user_id = u.id AND m.tenant_id = u.tenant_id
                 JOIN kernel_unit above ON above.id = m.unit_id
                WHERE c.id = %(case)s AND m.role = ANY(%(roles)s)
                  AND c.access_class = ANY(m.access_classes)
                  AND here.path LIKE above.path || '%%')
   AND NOT EXISTS (SELECT FROM efile_casedenial d
                    WHERE d.case_id = %(case)s AND d.user_id = u.id)
 ORDER BY u.display_name, u.id
"""


def able_colleagues(case_id: UUID, *, by: Actor) -> list[Colleague]:
    """Everybody of ``by``'s tenant who may examine the case. One statement.

    Whether ``by`` may see the case is the caller's question.
    """
    parameters: dict[str, Any] = {
        "tenant": by.tenant_id,
        "case": case_id,
        "roles": sorted(MATRIX[Action.EXAMINE] - {"system"}),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ABLE, parameters)
        return [Colleague(*row) for row in cursor.fetchall()]
