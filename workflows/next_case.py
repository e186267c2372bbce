"""What comes after a case that is done with: the next one of the list somebody works through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.policy import seen_scopes

_FOLLOWING = """
SELECT c.reference, c.applicant,
       (SELECT p.case_id
          FROM unnest(%(listed)s::uuid[]) WITH ORDINALITY AS listed(case_id, place)
          JOIN workflows_process p ON p.case_id = listed.case_id
         WHERE p.tenant_id = %(tenant)s AND p.state <> 'closed'
           AND (p.scope = ANY(%(scopes)s::text[]) OR p.case_id = ANY(%(granted)s::uuid[]))
           AND NOT p.case_id = ANY(%(denied)s::uuid[])
           AND NOT EXISTS (SELECT FROM workflows_heldact h WHERE h.case_id = p.case_id)
         ORDER BY listed.place LIMIT 1)
  FROM efile_case c WHERE c.id = %(case)s
"""


@dataclass(frozen=True, slots=True)
class Following:
    """What the case that is done with is called, and which one is next, if any."""

    reference: str
    applicant: str
    next: UUID | None


def following(case_id: UUID, listed: Sequence[UUID], *, by: Actor) -> Following:
    """The first of ``listed`` that ``by`` still sees and can do something about. One statement.

    Whether ``by`` sees the case itself is the caller's question.
    """
    parameters: dict[str, Any] = {
        "listed": list(listed),
        "tenant": by.tenant_id,
        "scopes": seen_scopes(by),
        "granted": list(by.granted),
        "denied": list(by.denied),
        "case": case_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWING, parameters)
        return Following(*cursor.fetchone())
