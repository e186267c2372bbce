"""Who may work on definitions, and what those who did are called."""

from collections.abc import Iterable, Mapping

from efile.kernel.actors import Actor
from efile.kernel.models import User
from efile.policy import Action, ActionNotGranted, may_anywhere


def require_administrator(by: Actor) -> None:
    """Definitions are the tenant's, not a unit's: an administrator of any unit may work on them.

    The operator's console acts as the system. Refuses: ActionNotGranted.
    """
    if by.kind != "system" and not may_anywhere(Action.ADMINISTER, by=by):
        raise ActionNotGranted(action=Action.ADMINISTER.value)


def names_of(keys: Iterable[str], *, by: Actor) -> Mapping[str, str]:
    """What colleagues call the people of these journal ``keys``; a job goes by its own name."""
    wanted = {key: int(number) for key in keys for kind, _, number in [key.partition(":")]
              if kind == "user"}  # fmt: skip
    people = User.objects.filter(tenant_id=by.tenant_id, id__in=wanted.values()) if wanted else ()
    known = {one.pk: one.display_name for one in people}
    return {key: known.get(number, "") for key, number in wanted.items()}
