"""Finding cases: by reference, name, permit, document and subject, trimmed to what one may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import connection

from efile.kernel.actors import Actor
from efile.policy import search_terms
from efile.spelling import fold, storable
from search.german import reference_terms, words
from search.index import beginnings

# Counts are exact up to here and honest beyond ("mehr als 1.000").
COUNTED: Final = 1000
# Facets are counted among the newest of so many hits.
FACETED: Final = 10_000


class Place(StrEnum):
    """Where the words of a query were found; the nearest first."""

    CASE = "case"
    PERMIT = "permit"
    PERSON = "person"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a search is narrowed to; nothing said narrows nothing."""

    service: str = ""
    state: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found, at which place; ``found`` is the text there."""

    case_id: UUID
    reference: str
    applicant: str
    subject: str
    service_key: str
    state: str
    unit: str
    received_at: datetime
    place: Place = Place.CASE
    found: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """How many hits each value of a facet has while the other facets narrow as they do."""

    services: Mapping[str, int]
    states: Mapping[str, int]
    years: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits, newest first.

    ``total`` stops counting at ``COUNTED`` + 1; ``unnarrowed`` is that of the query alone.
    ``is_capped``: more than FACETED were found, the facets are those of the newest.
    """

    hits: Sequence[Hit]
    total: int
    unnarrowed: int = 0
    facets: Facets = Facets({}, {}, {})
    is_capped: bool = False


# The index may lag behind: what it finds is asked of the tables, by the same predicate.
_SEEN: Final = """
       (t.scope = ANY(%(scopes)s) OR t.case_id = ANY(%(granted)s))
   AND NOT t.case_id = ANY(%(denied)s)
"""
_FOUND: Final = """
  FROM search_indexedcase i
 WHERE i.tenant_id = %(tenant)s AND i.terms @> %(terms)s::text[]
   AND (i.scope = ANY(%(scopes)s) OR i.case = ANY(%(granted)s))
   AND NOT i.case = ANY(%(denied)s)
"""
_YEAR: Final = "extract(year FROM {}.received_at AT TIME ZONE 'Europe/Berlin')::int"

# ruff: noqa: S608 - the statements are put together from constants of this file alone
_CUBE: Final = f"""
SELECT t.service_key, t.state, {_YEAR.format("f")}, count(*)
  FROM (SELECT i.case, i.received_at {_FOUND} ORDER BY i.received_at DESC LIMIT %(limit)s) f
  JOIN workflows_process t ON t.case_id = f.case
 WHERE t.tenant_id = %(tenant)s AND {_SEEN}
 GROUP BY 1, 2, 3
"""
_PAGE: Final = f"""
SELECT t.case_id, c.reference, c.applicant, c.subject, t.service_key, t.state, u.name,
       c.received_at
  FROM (SELECT i.case, i.received_at {_FOUND}) f
  JOIN workflows_process t ON t.case_id = f.case
  JOIN efile_case c ON c.id = f.case
  JOIN kernel_unit u ON u.id = c.lead_unit_id
 WHERE t.tenant_id = %(tenant)s AND {_SEEN}
   AND (%(service)s = '' OR t.service_key = %(service)s)
   AND (%(state)s = '' OR t.state = %(state)s)
   AND (%(year)s = 0 OR {_YEAR.format("f")} = %(year)s)
 ORDER BY f.received_at DESC, f.case
OFFSET %(offset)s LIMIT %(limit)s
"""
# What of a page's cases can be asked for beside reference and subject.
_TEXTS: Final = """
SELECT case_id, 'permit', number FROM workflows_standingmatter WHERE case_id = ANY(%(cases)s)
UNION ALL
SELECT case_id, 'person', concat_ws(', ', nullif(organisation, ''), nullif(family_name, ''),
       nullif(given_names, '')) FROM efile_party WHERE case_id = ANY(%(cases)s)
UNION ALL
SELECT case_id, 'document', title FROM efile_document WHERE case_id = ANY(%(cases)s)
"""


def find_cases(
    query: str,
    *,
    by: Actor,
    narrowed: Narrowed = Narrowed(),
    offset: int = 0,
    limit: int = 50,
) -> Hits:
    """The cases ``by`` sees that match every word of ``query``. Three statements at most."""
    wanted = _wanted(query)
    if not wanted:
        return Hits([], 0)
    seen = search_terms(by) | {
        "terms": wanted,
        "granted": list(by.granted),
        "denied": list(by.denied),
    }
    cube = _rows(_CUBE, seen | {"limit": FACETED + 1})
    everything = sum(count for *_, count in cube)
    total = sum(count for *values, count in cube if _fits(narrowed, *values))
    asked = {"service": narrowed.service, "state": narrowed.state, "year": narrowed.year}
    page = _rows(_PAGE, seen | asked | {"offset": offset, "limit": limit}) if everything else []
    return Hits(
        hits=_placed([Hit(*row) for row in page], wanted),
        total=min(total, COUNTED + 1),
        unnarrowed=min(everything, COUNTED + 1),
        facets=_facets(cube, narrowed),
        is_capped=everything > FACETED,
    )


def _fits(narrowed: Narrowed, service: str, state: str, year: int, *, but: str = "") -> bool:
    """Whether a case of these values is left; ``but`` names a facet that is not asked."""
    return (
        (but == "service" or narrowed.service in ("", service))
        and (but == "state" or narrowed.state in ("", state))
        and (but == "year" or narrowed.year in (0, year))
    )


def _facets(cube: Sequence[tuple[Any, ...]], narrowed: Narrowed) -> Facets:
    counts: dict[str, dict[Any, int]] = {"service": {}, "state": {}, "year": {}}
    for service, state, year, count in cube:
        for facet, value in (("service", service), ("state", state), ("year", year)):
            if _fits(narrowed, service, state, year, but=facet):
                counts[facet][value] = counts[facet].get(value, 0) + count
    return Facets(counts["service"], counts["state"], counts["year"])


def _placed(hits: Sequence[Hit], wanted: Sequence[str]) -> list[Hit]:
    """The hits with the place where they were found: the first that has every word."""
    texts: dict[UUID, list[tuple[Place, str]]] = {}
    if hits:
        for case_id, place, text in _rows(_TEXTS, {"cases": [hit.case_id for hit in hits]}):
            texts.setdefault(case_id, []).append((Place(place), text))
    return [_at_its_place(hit, texts.get(hit.case_id, []), {*wanted}) for hit in hits]


def _at_its_place(hit: Hit, texts: Sequence[tuple[Place, str]], wanted: set[str]) -> Hit:
    for place in (Place.PERMIT, Place.PERSON, Place.CASE, Place.DOCUMENT):
        if place is Place.CASE and wanted <= _terms(hit.subject, place):
            return hit
        for kind, text in texts:
            if kind is place and wanted <= _terms(text, place):
                return replace(hit, place=place, found=text)
    return hit


def _terms(text: str, place: Place) -> set[str]:
    found = {term for word in words(text) for term in beginnings(word)}
    return found | {*reference_terms(text)} if place is Place.PERMIT else found


def _rows(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _wanted(query: str) -> list[str]:
    """The terms a case must have: a reference as it stands, anything else by words."""
    terms: list[str] = []
    for part in storable(query).split():
        if any(char.isdigit() for char in part) and any(char in "-/." for char in part):
            terms.extend(_of_reference(part))
        else:
            terms.extend(words(part))
    return sorted(set(terms))


def _of_reference(part: str) -> Iterable[str]:
    """A full reference is one term; a piece of one is its numbers."""
    terms = reference_terms(part)
    whole = fold(part)
    return [whole] if whole.count("-") == 2 else [t for t in terms if t.isdigit() and t[0] != "0"]
