"""What people do that leaves the house: each act by its name, from what its form said."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from efile import filing
from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid
from efile.kernel.verbs import verb
from workflows.correspondence import write_to_applicant
from workflows.decisions import decide
from workflows.endings import forward as forward_case
from workflows.endings import settle as settle_case
from workflows.machine import Step, locked
from workflows.questions import ask_applicant
from workflows.verdicts import standings_of

Said = Mapping[str, Any]


class Act(Protocol):
    """Carries out what ``said`` tells; ``revision`` is the one that was seen while saying it."""

    def __call__(
        self, case_id: UUID, said: Said, *, by: Actor, at: datetime, revision: int | None
    ) -> object: ...


class UnsettledChecks(Invalid):
    """Whoever grants although a check is not fulfilled says why; it stays in the house."""

    code = "unsettled_checks"


@verb
def grant(
    case_id: UUID, said: Said, *, by: Actor, at: datetime, revision: int | None = None
) -> None:
    """Grant the application: ``clauses`` and ``discretion`` for the letter.

    ``reasons`` are for the file, as a note, where a check is not fulfilled. Refuses: what
    ``decide`` refuses, UnsettledChecks.
    """
    process = locked(case_id, by=by)
    reasons = _text(said, "reasons")
    if any(one.outcome != "passed" for one in standings_of(process)):
        if not reasons:
            raise UnsettledChecks([FieldError("/reasons", "unsettled_checks")])
        filing.write_note(case_id, reasons, by=by, at=at)
    decide(case_id, Step.GRANT, **_written(said), by=by, at=at, revision=revision)


def grant_in_part(
    case_id: UUID, said: Said, *, by: Actor, at: datetime, revision: int | None = None
) -> None:
    """Grant part of it: ``reasons``, ``clauses``, ``discretion``. Refuses: what ``decide`` does."""
    step, reasons = Step.GRANT_IN_PART, _text(said, "reasons")
    decide(case_id, step, reasons=reasons, **_written(said), by=by, at=at, revision=revision)


def refuse(
    case_id: UUID, said: Said, *, by: Actor, at: datetime, revision: int | None = None
) -> None:
    """Refuse the application: ``reasons``, ``discretion``. Refuses: what ``decide`` refuses."""
    step, reasons = Step.REFUSE, _text(said, "reasons")
    decide(case_id, step, reasons=reasons, **_written(said), by=by, at=at, revision=revision)


def request_proof(
    case_id: UUID, said: Said, *, by: Actor, at: datetime, revision: int | None = None
) -> None:
    """Ask for the ticked ``proofs`` within ``days``, with a ``text`` of one's own or without.

    ``kind`` is the letter's: proof_request, hearing (§ 28 VwVfG) or warning (§ 66 (3) SGB I).
    Refuses: what ``ask_applicant`` refuses.
    """
    ask_applicant(
        case_id,
        text=_text(said, "text"),
        proofs=list(said.get("proofs", ())),
        days=said["days"],
        kind=said.get("kind") or "proof_request",
        by=by,
        at=at,
        revision=revision,
    )


def message(
    case_id: UUID,
    said: Said,
    *,
    by: Actor,
    at: datetime,
    revision: int | None = None,  # noqa: ARG001 - a message changes no state
) -> None:
    """Write ``text`` to the applicant, with ``documents`` and ``uploads``, by their ids.

    Refuses: what ``write_to_applicant`` refuses.
    """
    documents, uploads = _ids(said, "documents"), _ids(said, "uploads")
    text = _text(said, "text")
    write_to_applicant(case_id, text, documents=documents, uploads=uploads, by=by, at=at)


def forward(
    case_id: UUID, said: Said, *, by: Actor, at: datetime, revision: int | None = None
) -> None:
    """Hand the case over ``to`` another authority. Refuses: what ``forward`` refuses."""
    forward_case(case_id, to=_text(said, "to"), by=by, at=at, revision=revision)


def settle(
    case_id: UUID, said: Said, *, by: Actor, at: datetime, revision: int | None = None
) -> None:
    """Say with which ``outcome`` a report ended, and a ``text``. Refuses: what ``settle`` does."""
    outcome, text = _text(said, "outcome"), _text(said, "text")
    settle_case(case_id, outcome=outcome, text=text, by=by, at=at, revision=revision)


ACTS: Final[Mapping[str, Act]] = {
    "grant": grant,
    "grant_in_part": grant_in_part,
    "refuse": refuse,
    "settle": settle,
    "request_proof": request_proof,
    "message": message,
    "forward": forward,
}


# What a letter tells of, and is written beside it; how a report ended is told by the portal alone.
LETTERED: Final = frozenset(ACTS) - {"settle"}


def _written(said: Said) -> dict[str, str]:
    """What of a decision's form every decision takes, as far as the form had it."""
    return {name: _text(said, name) for name in ("clauses", "discretion") if said.get(name)}


def _ids(said: Said, name: str) -> list[UUID]:
    """Ids as a form says them; what is none names nothing that there is."""
    try:
        return [UUID(one) for one in said.get(name) or ()]
    except ValueError:
        raise Invalid([FieldError(f"/{name}", "enum", {"allowed": []})]) from None


def _text(said: Said, name: str) -> str:
    return str(said.get(name) or "").strip()
