"""A document tried against past cases, without effects: what would have come out otherwise."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Final
from uuid import UUID

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Invalid
from workflows.catalogue.loading import faults_in
from workflows.definitions.administrators import require_administrator
from workflows.definitions.documents import definition_in
from workflows.definitions.outcomes import Divergence, divergences
from workflows.definitions.remembered import PastCase, past_cases

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class TriedCase:
    """A case in which something would have been otherwise; ``by`` may see it."""

    case_id: UUID
    reference: str
    state: str
    version: int
    divergences: tuple[Divergence, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found so far: how many cases, in how many something differs, and by aspect.

    ``unseen`` are those among them that whoever asks may not see: they count, and no more is said
    of them. ``is_complete``: neither time nor cases ran out.
    """

    service: str
    examined: int
    differing: int
    unseen: int
    unseen_differing: int
    counts: Mapping[str, int]
    cases: tuple[TriedCase, ...]
    is_complete: bool


def try_on_cases(
    document: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    most: int = MOST,
    seconds: float = 20.0,
) -> Trial:
    """``document`` over the last ``most`` cases of its service; what ``in_batches`` gives last."""
    *_, last = in_batches(document, by=by, at=at, most=most, seconds=seconds)
    return last


def in_batches(
    document: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    most: int = MOST,
    seconds: float = 20.0,
) -> Iterator[Trial]:
    """``document`` compared with the version that each case was worked on under.

    One more complete trial after another, as many as fit into ``seconds``. What registers said is
    taken from what was kept; what nobody asked then stays open. Nothing is written or asked.
    Refuses: ActionNotGranted, Invalid (the document is unsound).
    """
    require_administrator(by)
    if faults := faults_in(document):
        raise Invalid(faults)
    new, service = definition_in(document), str(document["key"])
    until = monotonic() + seconds
    tried: list[TriedCase] = []
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    is_complete = True
    for batch in past_cases(service, most=min(most, MOST), by=by, today=local_date(at)):
        if monotonic() > until:
            is_complete = False
            break
        for one in batch:
            found = divergences(one.sent, one.sent.definition, new, one.known, one.tenant)
            sums.update(_counted(one, found))
            counts.update({divergence.aspect for divergence in found})
            if found and one.is_seen:
                tried.append(_row(one, found))
        yield _trial(service, sums, counts, tried, is_complete=False)
    yield _trial(service, sums, counts, tried, is_complete=is_complete)


def _counted(one: PastCase, found: tuple[Divergence, ...]) -> Counter[str]:
    return Counter(
        examined=1,
        differing=bool(found),
        unseen=not one.is_seen,
        unseen_differing=bool(found) and not one.is_seen,
    )


def _row(one: PastCase, found: tuple[Divergence, ...]) -> TriedCase:
    process = one.process
    return TriedCase(
        process.case_id, process.case.reference, process.state, process.version.number, found
    )


def _trial(
    service: str,
    sums: Counter[str],
    counts: Counter[str],
    tried: list[TriedCase],
    *,
    is_complete: bool,
) -> Trial:
    return Trial(
        service=service,
        examined=sums["examined"],
        differing=sums["differing"],
        unseen=sums["unseen"],
        unseen_differing=sums["unseen_differing"],
        counts=dict(counts),
        cases=tuple(tried),
        is_complete=is_complete,
    )
