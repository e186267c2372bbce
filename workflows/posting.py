"""The post: which letters wait, which are printed together, when they went and what came back."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from efile import numbers
from efile.kernel.actors import Actor, system
from efile.kernel.clock import local_date, now
from efile.kernel.errors import Conflict, FieldError, Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.kernel.journal import record
from efile.kernel.models import Unit
from efile.kernel.verbs import verb
from efile.lifecycle import CaseIsClosed
from efile.policy import MATRIX, Action, ActionNotGranted, may_anywhere
from workflows import facts
from workflows.case_deadlines import end_deadlines, set_deadline
from workflows.machine import latest_decision, locked, missed
from workflows.models import Deadline, Letter, PrintBatch, Process, StandingMatter, State, Task
from workflows.notification import after_post, not_notified, notified_by_post
from workflows.outgoing import DECISIONS, owe_letter

# So many letters go through a printer and a signature folder at once.
LARGEST_BATCH: Final = 500
# The deadline of a revocation that was posted; a decision's is "remedy".
REVOCATION: Final = "revocation"


class NothingToPost(Conflict):
    """No letter of the unit waits for the post, or a colleague is just taking them all."""

    code = "nothing_to_post"


class BatchIsPosted(Conflict):
    """The batch went into the post already (``posted_on``)."""

    code = "batch_is_posted"


class PermitHoldsNoLonger(Conflict):
    """The printed stack has permits (``references``) that hold no longer: they must not go."""

    code = "permit_holds_no_longer"


class LetterNotPosted(Conflict):
    """A letter that never went, or came back already, cannot come back."""

    code = "letter_not_posted"


class LetterNotReturned(Conflict):
    """Only a letter that came back is written again, and only once."""

    code = "letter_not_returned"


def post_terms(by: Actor) -> dict[str, Any]:
    """The parameters of whose post ``by`` may see. Refuses: ActionNotGranted (nobody's)."""
    if not may_anywhere(Action.POST, by=by):
        raise ActionNotGranted(action=Action.POST.value)
    return {
        "tenant": by.tenant_id,
        "scopes": by.scopes_of(MATRIX[Action.POST]),
        "denied": list(by.denied),
    }


# A letter may be handled by whoever may post in its case's unit and access class.
MINE: Final = """c.tenant_id = %(tenant)s AND c.scope = ANY(%(scopes)s::text[])
   AND NOT c.id = ANY(%(denied)s::uuid[])"""
WAITS: Final = """l.tenant_id = %(tenant)s AND l.channel = 'post' AND l.sent_on IS NULL
   AND l.batch_id IS NULL"""
# A permit that has not gone yet and would say what holds no longer.
VOID: Final = """l.kind = 'permit' AND l.sent_on IS NULL AND EXISTS (
       SELECT FROM workflows_standingmatter m
        WHERE m.id = l.subject AND m.ended_on IS NOT NULL)"""

# ruff: noqa: S608 - the statements are put together from constants of this file alone
_TAKE = f"""
UPDATE workflows_letter SET batch_id = %(batch)s WHERE id = ANY(ARRAY(
       SELECT l.id FROM workflows_letter l JOIN efile_case c ON c.id = l.case_id
        WHERE {WAITS} AND l.document IS NOT NULL AND c.lead_unit_id = %(unit)s AND {MINE}
        ORDER BY l.made_at, l.id LIMIT %(limit)s FOR UPDATE OF l SKIP LOCKED))
"""


@verb
def make_batch(unit_id: int, *, by: Actor, at: datetime) -> PrintBatch:
    """Take the unit's letters that wait for the post, the oldest 500 at most, to print them.

    Two people at once get different letters. Refuses: ActionNotGranted, NotFound (a unit that
    ``by`` does not post for), NothingToPost.
    """
    terms = post_terms(by)
    unit = Unit.objects.filter(tenant_id=by.tenant_id, id=unit_id).first()
    if unit is None or not any(scope.startswith(f"{unit_id}:") for scope in terms["scopes"]):
        raise NotFound
    batch = PrintBatch(id=uuid7(), tenant_id=by.tenant_id, unit=unit, made_at=at, made_by=by.key)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {**terms, "batch": batch.id, "unit": unit_id, "limit": LARGEST_BATCH})
        taken = cursor.rowcount
    if not taken:
        raise NothingToPost
    year = f"{local_date(at):%Y}"
    batch.number = f"{year}-{numbers.draw(by.tenant_id, f'post/{year}'):04d}"
    batch.save(force_insert=True)
    told = {"number": batch.number, "unit": unit.key, "letters": taken}
    record(facts.BatchMade(case_id=None, facts=told), by=by, at=at)
    return batch


# A batch is there for whoever may handle every letter in it.
_BATCH = f"""
SELECT b.id FROM workflows_printbatch b
 WHERE b.id = %(batch)s AND b.tenant_id = %(tenant)s AND NOT EXISTS (
       SELECT FROM workflows_letter l JOIN efile_case c ON c.id = l.case_id
        WHERE l.batch_id = b.id AND NOT ({MINE}))
"""


def get_batch(batch_id: UUID, *, by: Actor, lock: bool = False) -> PrintBatch:
    """The batch, if ``by`` may handle all that is in it. Refuses: ActionNotGranted, NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(_BATCH, {**post_terms(by), "batch": batch_id})
        if cursor.fetchone() is None:
            raise NotFound
    batches = PrintBatch.objects.select_related("unit", "tenant")
    return (batches.select_for_update(of=("self",)) if lock else batches).get(id=batch_id)


_VOID_IN = f"""
SELECT l.id, c.reference FROM workflows_letter l JOIN efile_case c ON c.id = l.case_id
 WHERE l.batch_id = %s AND {VOID} ORDER BY l.made_at, l.id
"""


@verb
def post_batch(
    batch_id: UUID,
    posted_on: date,
    *,
    taken_out: Collection[UUID] = (),
    by: Actor,
    at: datetime,
) -> PrintBatch:
    """The batch went into the post on ``posted_on``: the periods of its letters run from then.

    ``taken_out`` are permits that hold no longer and that somebody took from the printed stack:
    nobody but the people who hold it knows whether they did. What follows for each case is done
    by the worker, case by case.
    Refuses: ActionNotGranted, NotFound, BatchIsPosted, Invalid (a day to come, or before the
    batch was made), PermitHoldsNoLonger (one that nobody took out).
    """
    batch = get_batch(batch_id, by=by, lock=True)
    if batch.posted_on is not None:
        raise BatchIsPosted(posted_on=batch.posted_on.isoformat())
    _require_day("/posted_on", posted_on, local_date(batch.made_at), at)
    left_out = _take_out(batch, taken_out)
    batch.posted_on = posted_on
    batch.save(update_fields=["posted_on"])
    letters = Letter.objects.filter(batch=batch, sent_on__isnull=True)
    cases = sorted(set(letters.values_list("case_id", flat=True)))
    count = letters.update(sent_on=posted_on)
    told = {"batch": batch.number, "posted_on": posted_on}
    for case_id in cases:
        record(facts.LetterPosted(case_id=case_id, facts=told), by=by, at=at)
    more = {"letters": count, **({"taken_out": left_out} if left_out else {})}
    record(facts.BatchPosted(case_id=None, facts={**told, **more}), by=by, at=at)
    return batch


def _take_out(batch: PrintBatch, taken_out: Collection[UUID]) -> list[str]:
    """Forget the permits of the batch that hold no longer; the references of their cases.

    They stay on file as what was printed, and are no post any more: a case waits for its post.
    Refuses: PermitHoldsNoLonger.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VOID_IN, [batch.id])
        void = dict(cursor.fetchall())
    if still_in := [reference for key, reference in void.items() if key not in taken_out]:
        raise PermitHoldsNoLonger(references=", ".join(still_in))
    if void:
        Letter.objects.filter(id__in=list(void)).delete()
    return list(void.values())


def notify_posted(case_id: UUID) -> None:
    """Reckon what runs from the letters of a case that are in the post, inside the worker."""
    at = now()
    letters = Letter.objects.filter(
        case_id=case_id, channel="post", sent_on__isnull=False, returned_on__isnull=True
    )
    posted = {letter.document: letter for letter in letters}
    if not posted:
        return
    by = system(next(iter(posted.values())).tenant_id, "post")
    process = locked(case_id, by=by)
    decision = latest_decision(case_id)
    letter = posted.get(decision.letter) if decision else None
    if decision and letter and letter.sent_on and process.state == State.DECIDED:
        notified_by_post(process, decision, letter.sent_on, by=by, at=at)
    for one in posted.values():
        if one.kind == REVOCATION and one.sent_on:
            _revocation_posted(process, one.sent_on, by, at)


def _revocation_posted(process: Process, posted_on: date, by: Actor, at: datetime) -> None:
    known = Deadline.objects.filter(
        case_id=process.case_id, key=REVOCATION, event_on=posted_on, is_running=True
    )
    if not known.exists():
        set_deadline(
            process.tenant_id,
            process.case_id,
            key=REVOCATION,
            kind="legal",
            event_on=posted_on,
            reckoning=after_post(process, posted_on),
            by=by,
            at=at,
        )


@verb
def note_returned(
    letter_id: UUID, returned_on: date, reason: str, *, by: Actor, at: datetime
) -> Letter:
    """The post brought a letter back: it has reached nobody.

    A decision counts as not notified (§ 41 (2) sentence 3 VwVfG NRW, § 37 (2) SGB X, § 122 (2)
    AO: not when the act did not arrive): its periods end and it has to be served again.
    Refuses: ActionNotGranted, NotFound, LetterNotPosted, CaseIsClosed (a decision of a closed
    case: reopen it first), Invalid (a day to come, or before it was posted; no reason).
    """
    letter = _letter(letter_id, by)
    process = locked(letter.case_id, by=by)
    letter.refresh_from_db()  # under the lock
    if letter.sent_on is None or letter.returned_on is not None or letter.channel != "post":
        raise LetterNotPosted
    _require_day("/returned_on", returned_on, letter.sent_on, at)
    if not reason.strip():
        raise Invalid([FieldError("/reason", "required")])
    letter.returned_on, letter.returned_because = returned_on, reason.strip()[:300]
    letter.save(update_fields=["returned_on", "returned_because"])
    changes = _not_reached(process, letter, by, at)
    told = {"returned_on": returned_on, "reason": letter.returned_because, "kind": letter.kind}
    record(facts.LetterReturned(case_id=letter.case_id, changes=changes, facts=told), by=by, at=at)
    return letter


def _not_reached(
    process: Process, letter: Letter, by: Actor, at: datetime
) -> Mapping[str, tuple[Any, Any]]:
    """Take back what followed from the letter's arrival; returns what the journal must say."""
    if letter.kind == REVOCATION:
        end_deadlines(process.case_id, [REVOCATION], at=at)
        return {}
    decision = latest_decision(process.case_id)
    if decision is None or decision.letter != letter.document:
        return {}
    if process.state == State.CLOSED:
        raise CaseIsClosed
    decision.notified_on = decision.remedy_ends_on = None
    decision.save(update_fields=["notified_on", "remedy_ends_on"])
    not_notified(process, by=by, at=at)
    Task.objects.create(
        tenant_id=by.tenant_id,
        case_id=process.case_id,
        kind="serve_by_post",
        facts={"reason": "returned"},
        opened_at=at,
    )
    return missed(process, at=at)


@verb
def write_again(letter_id: UUID, *, by: Actor, at: datetime) -> Letter:
    """Have a letter that came back written anew, to the address that counts now.

    Refuses: ActionNotGranted, NotFound, LetterNotReturned, CaseIsClosed.
    """
    old = _letter(letter_id, by)
    process = locked(old.case_id, by=by)
    old.refresh_from_db()
    if process.state == State.CLOSED:
        raise CaseIsClosed
    later = Letter.objects.filter(
        case_id=old.case_id, kind=old.kind, subject=old.subject, id__gt=old.id
    )
    if old.returned_on is None or later.exists():
        raise LetterNotReturned
    letter = owe_letter(
        process,
        old.kind,
        channel="post",
        subject=old.subject,
        said={**old.said, "instead_of": str(old.id)},
        by=by,
        at=at,
    )
    if old.kind in DECISIONS:
        _permits_again(process, by, at)
    record(facts.LetterOwed(case_id=old.case_id, facts={"kind": old.kind}), by=by, at=at)
    return letter


def _permits_again(process: Process, by: Actor, at: datetime) -> None:
    """What was granted came back in the same envelope."""
    standing = StandingMatter.objects.filter(tenant_id=process.tenant_id, ended_on__isnull=True)
    printed = Letter.objects.filter(
        case_id=process.case_id, kind="permit", subject__in=standing.values("id")
    )
    for matter in set(printed.values_list("subject", flat=True)):
        owe_letter(process, "permit", channel="post", subject=matter, by=by, at=at)


_LETTER = f"""
SELECT l.id FROM workflows_letter l JOIN efile_case c ON c.id = l.case_id
 WHERE l.id = %(letter)s AND l.tenant_id = %(tenant)s AND {MINE}
"""


def _letter(letter_id: UUID, by: Actor) -> Letter:
    """The letter, if ``by`` may handle it. Refuses: ActionNotGranted, NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(_LETTER, {**post_terms(by), "letter": letter_id})
        if cursor.fetchone() is None:
            raise NotFound
    return Letter.objects.get(id=letter_id)


def _require_day(pointer: str, day: date, first: date, at: datetime) -> None:
    if not first <= day <= local_date(at):
        told = {"minimum": first.isoformat(), "maximum": local_date(at).isoformat()}
        raise Invalid([FieldError(pointer, "out_of_range", told)])
