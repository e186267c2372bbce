"""What has to go out: a letter is owed together with the act that it tells of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from efile.kernel.actors import Actor
from efile.kernel.journal import record
from efile.models import Party
from workflows import facts
from workflows.application import Application
from workflows.models import Letter, Process, Question

# Letters that tell of a decision and have to reach the applicant by law.
DECISIONS: Final = frozenset({"granted", "granted_in_part", "refused"})
AskingLetter = Literal["proof_request", "hearing", "warning"]


def owe_letter(
    process: Process,
    kind: str,
    *,
    channel: str,
    by: Actor,
    at: datetime,
    subject: UUID | None = None,
    said: Mapping[str, Any] | None = None,
) -> Letter:
    """Note that a letter of ``kind`` has to be written; the worker writes it.

    ``subject`` is what it tells of, ``said`` what only the act knows. The caller's event owes
    ``letters.issue``.
    """
    return Letter.objects.create(
        tenant_id=process.tenant_id,
        case_id=process.case_id,
        kind=kind,
        subject=subject,
        said=dict(said or {}),
        channel=channel,
        made_at=at,
        made_by=by.key,
    )


def write_by_post(
    process: Process,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    subject: UUID | None = None,
    said: Mapping[str, Any] | None = None,
) -> None:
    """Owe a letter of ``kind`` to an applicant who did not consent to being told by the portal."""
    if not Application.of(process).electronic and _is_known(process):
        _owe(process, kind, "post", by=by, at=at, subject=subject, said=said)


def write_asking(
    process: Process, question: Question, kind: AskingLetter, *, by: Actor, at: datetime
) -> None:
    """Owe the letter that asks ``question``, where the portal alone does not do.

    § 66 (3) SGB I wants the warning on paper; a hearing is a document wherever it goes.
    """
    electronic = Application.of(process).electronic
    if (electronic and kind == "proof_request") or not _is_known(process):
        return
    channel = "portal" if electronic and kind == "hearing" else "post"
    _owe(process, kind, channel, by=by, at=at, subject=question.id)


def _is_known(process: Process) -> bool:
    """Whether anybody is named to write to: a report needs no name, and gets no letter then."""
    return Party.objects.filter(case_id=process.case_id, role="applicant").exists()


def _owe(
    process: Process, kind: str, channel: str, *, by: Actor, at: datetime, **told: Any
) -> None:
    owe_letter(process, kind, channel=channel, by=by, at=at, **told)
    record(facts.LetterOwed(case_id=process.case_id, facts={"kind": kind}), by=by, at=at)
