"""What lies in the post room: letters that wait, batches with what is in them, what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from efile import facts as file_facts
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import NotFound
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.letters.binding import bind
from efile.letters.lists import Column, ListFacts, render_list
from efile.letters.text import german_date
from efile.models import AccessClass
from efile.storage import default_store
from workflows.models import PrintBatch
from workflows.posting import MINE, VOID, WAITS, get_batch, post_terms

# How many letters of a unit the page names, and how many batches and returns.
SHOWN: Final = 50
RECENT: Final = 30

# What a letter is called on the German cover list.
KINDS: Final = {
    "granted": "Bewilligung",
    "granted_in_part": "Teilweise Bewilligung",
    "refused": "Ablehnung",
    "permit": "Ausweis",
    "revocation": "Widerruf",
    "proof_request": "Nachforderung",
    "hearing": "Anhörung",
    "warning": "Hinweis nach § 66 SGB I",
    "forwarding": "Abgabenachricht",
    "withdrawal": "Rücknahmebestätigung",
    "message": "Nachricht",
    "duty_reminder": "Erinnerung",
    "duty_warning": "Mahnung einer Erklärung",
}


@dataclass(frozen=True, slots=True)
class PostLetter:
    """A letter as the post room handles it; ``recipient`` "" while it is still being written.

    ``is_void``: it lies in a batch and must not go any more.
    """

    id: UUID
    case_id: UUID
    reference: str
    kind: str
    recipient: str
    made_at: datetime
    sent_on: date | None
    returned_on: date | None
    returned_because: str
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class UnitPost:
    """What waits in one unit: ``ready`` to be printed, ``unwritten`` still with the worker.

    ``letters`` are the oldest of them.
    """

    unit_id: int
    name: str
    ready: int
    unwritten: int
    letters: Sequence[PostLetter]


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch with who made it and what became of its letters."""

    id: UUID
    number: str
    unit: str
    made_at: datetime
    maker: str
    posted_on: date | None
    letters: int
    returned: int


@dataclass(frozen=True, slots=True)
class BatchContents:
    """One batch with its letters in the order of printing."""

    id: UUID
    number: str
    unit: str
    made_at: datetime
    posted_on: date | None
    letters: Sequence[PostLetter]


@dataclass(frozen=True, slots=True)
class PostRoom:
    """Everything on the page of the post."""

    units: Sequence[UnitPost]
    batches: Sequence[Batch]
    returned: Sequence[PostLetter]


# ruff: noqa: S608 - the statements are put together from constants alone
_COLUMNS: Final = """l.id, l.case_id, c.reference, l.kind, l.recipient, l.made_at, l.sent_on,
       l.returned_on, l.returned_because"""

_UNITS = f"""
SELECT u.id, u.name, count(l.document), count(*) - count(l.document)
  FROM workflows_letter l
  JOIN efile_case c ON c.id = l.case_id
  JOIN kernel_unit u ON u.id = c.lead_unit_id
 WHERE {WAITS} AND {MINE}
 GROUP BY u.id, u.name ORDER BY u.name
"""

_WAITING = f"""
SELECT unit, id, case_id, reference, kind, recipient, made_at, sent_on, returned_on,
       returned_because
  FROM (SELECT c.lead_unit_id AS unit, {_COLUMNS},
               row_number() OVER (PARTITION BY c.lead_unit_id ORDER BY l.made_at, l.id) AS place
          FROM workflows_letter l JOIN efile_case c ON c.id = l.case_id
         WHERE {WAITS} AND {MINE}) w
 WHERE place <= %(shown)s ORDER BY unit, place
"""

_BATCHES = f"""
SELECT b.id, b.number, n.name, b.made_at, coalesce(p.display_name, ''), b.posted_on,
       (SELECT count(*) FROM workflows_letter l WHERE l.batch_id = b.id),
       (SELECT count(*) FROM workflows_letter l
         WHERE l.batch_id = b.id AND l.returned_on IS NOT NULL)
  FROM workflows_printbatch b
  JOIN kernel_unit n ON n.id = b.unit_id
  LEFT JOIN kernel_user p ON b.made_by = 'user:' || p.id
 WHERE b.tenant_id = %(tenant)s AND NOT EXISTS (
       SELECT FROM workflows_letter l JOIN efile_case c ON c.id = l.case_id
        WHERE l.batch_id = b.id AND NOT ({MINE}))
 ORDER BY b.posted_on IS NOT NULL, b.made_at DESC LIMIT %(recent)s
"""

_RETURNED = f"""
SELECT {_COLUMNS}
  FROM workflows_letter l JOIN efile_case c ON c.id = l.case_id
 WHERE l.tenant_id = %(tenant)s AND l.returned_on IS NOT NULL AND c.closed_at IS NULL AND {MINE}
   AND NOT EXISTS (SELECT FROM workflows_letter n
                    WHERE n.case_id = l.case_id AND n.kind = l.kind
                      AND n.subject IS NOT DISTINCT FROM l.subject AND n.id > l.id)
 ORDER BY l.returned_on, l.id LIMIT %(shown)s
"""

_IN_BATCH = f"""
SELECT {_COLUMNS}, {VOID}
  FROM workflows_letter l JOIN efile_case c ON c.id = l.case_id
 WHERE l.batch_id = %(batch)s ORDER BY l.made_at, l.id
"""

_ONE = f"""
SELECT {_COLUMNS}
  FROM workflows_letter l JOIN efile_case c ON c.id = l.case_id
 WHERE l.id = %(letter)s AND l.tenant_id = %(tenant)s AND {MINE}
"""

_CONTENTS = f"""
SELECT n.sha256, c.id, c.access_class, d.id
  FROM workflows_letter l
  JOIN efile_case c ON c.id = l.case_id
  JOIN efile_document d ON d.id = l.document
  JOIN efile_documentversion w ON w.document_id = d.id AND w.number = 1
  JOIN efile_content n ON n.id = w.content_id
 WHERE l.batch_id = %(batch)s AND NOT ({VOID}) ORDER BY l.made_at, l.id
"""


def post_room(*, by: Actor) -> PostRoom:
    """The post of the units for which ``by`` handles it. Four statements.

    Refuses: ActionNotGranted (for none).
    """
    terms = post_terms(by) | {"shown": SHOWN, "recent": RECENT}
    letters: dict[int, list[PostLetter]] = {}
    for unit, *row in _rows(_WAITING, terms):
        letters.setdefault(unit, []).append(PostLetter(*row))
    return PostRoom(
        units=[
            UnitPost(unit, name, ready, unwritten, letters.get(unit, []))
            for unit, name, ready, unwritten in _rows(_UNITS, terms)
        ],
        batches=[Batch(*row) for row in _rows(_BATCHES, terms)],
        returned=[PostLetter(*row) for row in _rows(_RETURNED, terms)],
    )


def open_batch(batch_id: UUID, *, by: Actor) -> BatchContents:
    """A batch and its letters. Three statements. Refuses: ActionNotGranted, NotFound."""
    batch = get_batch(batch_id, by=by)
    return BatchContents(
        batch.id, batch.number, batch.unit.name, batch.made_at, batch.posted_on, _letters_of(batch)
    )


def _letters_of(batch: PrintBatch) -> list[PostLetter]:
    return [PostLetter(*row) for row in _rows(_IN_BATCH, {"batch": batch.id})]


def post_letter(letter_id: UUID, *, by: Actor) -> PostLetter:
    """One letter. Refuses: ActionNotGranted, NotFound."""
    found = _rows(_ONE, post_terms(by) | {"letter": letter_id})
    if not found:
        raise NotFound
    return PostLetter(*found[0])


@verb
def print_batch(batch_id: UUID, *, by: Actor, at: datetime) -> bytes:
    """The batch as one PDF: a cover list, then its letters, each beginning on a new sheet.

    A permit that holds no longer is not printed again.
    Whoever prints letters of a protected access class is named in their cases' journals, as for
    any reading of such documents. Refuses: ActionNotGranted, NotFound, ContentMissing,
    ContentAltered.
    """
    batch = get_batch(batch_id, by=by)
    contents = _rows(_CONTENTS, {"batch": batch_id})
    for _sha256, case_id, access_class, document in contents:
        if access_class != AccessClass.GENERAL:
            told = {"document": document}
            record(file_facts.DocumentFetched(case_id=case_id, facts=told), by=by, at=at)
    store = default_store()

    def pieces() -> Any:
        yield render_list(_cover(batch, [one for one in _letters_of(batch) if not one.is_void]))
        for sha256, *_ in contents:
            with store.open(sha256) as file:
                yield file.read()

    return bind(pieces(), title=f"Poststapel {batch.number}")


def _cover(batch: PrintBatch, letters: Sequence[PostLetter]) -> ListFacts:
    """The list on top: what has to be in the pile, and room to sign that it went."""
    return ListFacts(
        letterhead=batch.tenant.letterhead | {"unit": batch.unit.name},
        city=batch.tenant.name,
        dated=local_date(batch.made_at),
        title=f"Poststapel {batch.number}",
        subtitle=batch.unit.name,
        particulars=[
            ("Gebildet am", german_date(local_date(batch.made_at))),
            ("Schreiben", str(len(letters))),
            ("Zur Post gegeben am", german_date(batch.posted_on) if batch.posted_on else ""),
        ],
        columns=[
            Column("Nr.", 12, "right"),
            Column("Vorgang", 42),
            Column("Empfängerin oder Empfänger", 66),
            Column("Schreiben", 45),
        ],
        rows=[
            [str(number), letter.reference, letter.recipient, KINDS.get(letter.kind, letter.kind)]
            for number, letter in enumerate(letters, start=1)
        ],
        signature_lines=["Datum der Aufgabe zur Post", "Unterschrift"],
    )


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
