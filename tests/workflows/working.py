"""What the tests of the work share: changed definitions, and cases further along."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from efile.kernel.clock import local_date
from efile.kernel.errors import Invalid, Refusal
from efile.kernel.ids import uuid7
from efile.kernel.models import JournalEntry, JournalValues
from efile.models import Case, CaseFile
from tests.factories import AT, city, colleague, drained, machine, renewed, submitted
from workflows.catalogue.definition import Definition
from workflows.catalogue.loading import faults_in
from workflows.decisions import decide
from workflows.machine import Step
from workflows.models import PrintBatch, Process, PublicEvent, ServiceVersion
from workflows.notification import notify_by_post
from workflows.offers import current_offer, publish
from workflows.posting import make_batch, post_batch

T = TypeVar("T")
M = TypeVar("M", bound=Model)


def published(service: str, change: Callable[[dict[str, Any]], object]) -> ServiceVersion:
    """Put ``service`` in force with its definition changed by ``change``."""
    document = current_offer(city().pk, service).definition.as_json()
    change(document)
    if faults := faults_in(document):
        raise Invalid(faults)
    return publish(Definition.from_json(document), by=machine("founding"), at=AT)


def with_partial_grants(document: dict[str, Any]) -> None:
    """A change for ``published``: the service may be granted in part."""
    document["steps"].append({"key": "grant_in_part", "roles": ["caseworker", "head"]})
    document["decisions"]["granted_in_part"] = document["decisions"]["granted"]
    document["public_texts"]["events"]["granted_in_part"] = document["public_texts"]["events"][
        "granted"
    ]


def with_every_step(document: dict[str, Any]) -> None:
    """A change for ``published``: the service may be granted in part, and settled like a report."""
    with_partial_grants(document)
    with_settling(document)


def with_settling(document: dict[str, Any]) -> None:
    """A change for ``published``: a case may end without a decision, done or nothing to do."""
    document["steps"].append({"key": "settle", "roles": ["caseworker", "head"]})
    document["outcomes"] = [
        {
            "key": "done",
            "title": {"de": "Behoben", "en": "Repaired"},
            "text": {"de": "Wir haben es behoben.", "en": "We have repaired it."},
        },
        {
            "key": "nothing",
            "title": {"de": "Kein Bedarf", "en": "No need"},
            "text": {"de": "Es ist nichts zu tun.", "en": "There is nothing to do."},
        },
    ]
    document["public_texts"]["events"]["settled"] = {
        "de": "Erledigt. {outcome}",
        "en": "Done. {outcome}",
    }


def recorded(case_id: UUID) -> list[str]:
    """What the journal says happened to the case, in order."""
    entries = JournalEntry.objects.filter(chain_id=case_id).order_by("seq")
    return list(entries.values_list("kind", flat=True))


def last_values(case_id: UUID) -> str:
    """The values of the last journal entry of the case, as canonical JSON."""
    return JournalValues.objects.filter(chain=case_id).order_by("-seq")[0].values


def told(case_id: UUID) -> list[str]:
    """The kinds of the events that the sender is told of, in order."""
    events = PublicEvent.objects.filter(case_id=case_id).order_by("at", "id")
    return list(events.values_list("kind", flat=True))


def statements(act: Callable[[], object]) -> list[str]:
    """The SQL that ``act`` sent, BEGIN and COMMIT included."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured]


def refused(answers: Sequence[object]) -> list[Refusal]:
    """Those of a crowd's answers that were refusals."""
    return [answer for answer in answers if isinstance(answer, Refusal)]


def answered(answers: Sequence[T | Refusal]) -> list[T]:
    """A crowd's answers, none of which may be a refusal."""
    assert refused(answers) == []
    return [answer for answer in answers if not isinstance(answer, Refusal)]


def decided(
    step: Step, *, electronic: bool = True, reasons: str = "", clauses: str = ""
) -> Process:
    """A permit's case that a colleague decided at ``AT``, its letter on file.

    Give the test the ``clock``: the letter is written by the worker.
    """
    process = submitted(consents={"electronic_delivery": electronic})
    decide(
        process.case_id,
        step,
        reasons=reasons or ("" if step is Step.GRANT else "Kein Hauptwohnsitz in der Zone."),
        clauses=clauses,
        by=colleague(),
        at=AT,
    )
    drained()
    return renewed(process)


def posted(process: Process, *, at: datetime = AT) -> PrintBatch:
    """Have the letters of the case's unit written, and give them to the post at ``at``."""
    drained()
    batch = make_batch(process.case.lead_unit_id, by=colleague(), at=at)
    post_batch(batch.id, local_date(at), by=colleague(), at=at)
    drained()
    return batch


def notified(step: Step, *, clauses: str = "") -> Process:
    """A permit's case whose decision was posted at ``AT``."""
    process = decided(step, electronic=False, clauses=clauses)
    notify_by_post(process.case_id, local_date(AT), by=colleague(), at=AT)
    return renewed(process)


def copies(process: Process, count: int, *, days: int = 1, **changes: Any) -> list[Process]:
    """``count`` more cases like that of ``process``, quickly: rows alone, without a journal.

    They fall due on ``days`` different days, one after another.
    """
    original = Case.objects.get(id=process.case_id)
    last = CaseFile.objects.get(id=original.case_file_id).cases
    cases = [
        _copy(
            original, id=uuid7(), number=last + number, reference=f"{original.reference}/{number}"
        )
        for number in range(1, count + 1)
    ]
    Case.objects.bulk_create(cases)
    CaseFile.objects.filter(id=original.case_file_id).update(cases=last + count)
    made = [
        _copy(
            process,
            case_id=case.id,
            submission=None,
            due_on=process.due_on + timedelta(days=number % days),
            **changes,
        )
        for number, case in enumerate(cases)
    ]
    return Process.objects.bulk_create(made)


def _copy(row: M, **changes: Any) -> M:
    names = [field.attname for field in row._meta.concrete_fields if not field.generated]
    return type(row)(**{name: getattr(row, name) for name in names} | changes)
