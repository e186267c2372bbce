"""How large a file may be that is handed in for a proof of a service."""

from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid, NotFound
from workflows.offers import current_offer


def limit_for(service: str, proof: str, *, by: Actor) -> int | None:
    """Bytes that ``proof`` of ``service`` may have; None where no proof is named.

    Refuses: Invalid at "" (``unknown_service``, ``proof_unknown``).
    """
    if not service:
        return None
    try:
        definition = current_offer(by.tenant_id, service).definition
    except NotFound:
        raise Invalid([FieldError("", "unknown_service")]) from None
    if not proof:
        return None
    found = definition.proof(proof)
    if found is None:
        known = [each.key for each in definition.proofs]
        raise Invalid([FieldError("", "proof_unknown", {"allowed": known})])
    return found.max_bytes
