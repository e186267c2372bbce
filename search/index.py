"""The index: brought up to date for one case after whatever happened to it."""

from uuid import UUID

from efile.models import Case, Document, Party
from search.german import reference_terms, words
from search.models import IndexedCase
from workflows.models import StandingMatter

# A prefix of this many letters finds a word, so every word is indexed by its beginnings. Two,
# because whoever has typed three of "Mueller" asks for "mu".
SHORTEST_PREFIX = 2


def refresh(case_id: UUID) -> None:
    """Make the index say what the case says now; a case that is gone is forgotten."""
    case = Case.objects.filter(id=case_id).first()
    if case is None:
        IndexedCase.objects.filter(case=case_id).delete()
        return
    IndexedCase.objects.bulk_create(
        [
            IndexedCase(
                case=case.id,
                tenant_id=case.tenant_id,
                scope=case.scope,
                terms=sorted(_terms(case)),
                received_at=case.received_at,
            )
        ],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["scope", "terms", "received_at"],
    )


def _terms(case: Case) -> set[str]:
    """References whole and in parts; names, subject, permit data and titles by their beginnings."""
    texts = [case.subject, case.applicant]
    for party in Party.objects.filter(case_id=case.id):
        texts += [party.given_names, party.family_name, party.organisation]
    texts += Document.objects.filter(case_id=case.id).values_list("title", flat=True)
    found = set(reference_terms(case.reference))
    for matter in StandingMatter.objects.filter(case_id=case.id):
        found.update(reference_terms(matter.number))
        texts += [str(value) for value in matter.data.values() if isinstance(value, str)]
    for text in texts:
        for word in words(text):
            found.update(beginnings(word))
    return found


def beginnings(word: str) -> list[str]:
    """``word`` and every beginning of it that is long enough to be asked for."""
    return [word[:length] for length in range(min(SHORTEST_PREFIX, len(word)), len(word) + 1)]
