"""A case file as its reader may see it: its cases, their documents, and who else sees them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from efile.kernel.actors import Actor
from efile.kernel.errors import NotFound
from efile.models import Case, CaseFile, FilePlanPosition
from efile.plan import COUNTED
from efile.policy import SEEING_ROLES, visible_to
from efile.scanning import Hold, hold_on
from workflows.models import Decision, Process

PAGE = 20


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a document. ``made_by`` is an actor's key, ``made_by_name`` a colleague's."""

    number: int
    filename: str
    media_type: str
    size: int
    sha256: str
    made_at: datetime
    made_by: str
    made_by_name: str
    scan: str
    flaw: str


@dataclass(frozen=True, slots=True)
class TreeDocument:
    """A document with its versions, the latest first."""

    id: UUID
    title: str
    kind: str
    direction: str
    filed_at: datetime
    versions: list[Version]

    @property
    def hold(self) -> Hold | None:
        """Why nobody may open its latest version, if so."""
        return hold_on(self.versions[0].scan, self.direction)


@dataclass(frozen=True, slots=True)
class FiledCase:
    """A case in its file; ``state`` is "" and the decision None where there is none."""

    id: UUID
    number: int
    reference: str
    subject: str
    applicant: str
    unit: str
    access_class: str
    state: str
    received_at: datetime
    decided_at: datetime | None
    decision: str
    closed_at: datetime | None
    retention_years: int
    disposal_code: str
    retained_until: date | None
    documents: Sequence[TreeDocument]


@dataclass(frozen=True, slots=True)
class Audience:
    """Who sees a case by rule: ``role`` in ``units``, beside ``people`` of them in all."""

    role: str
    units: Sequence[str]
    people: int


@dataclass(frozen=True, slots=True)
class FileView:
    """A page of the file's cases, the newest first; ``before`` begins the next page.

    ``cases_seen``: how many the reader sees in all, ``COUNTED`` + 1 for more. ``subject``: that
    of the first of them; the file's own may speak of one unseen. ``audience``, ``shares`` and
    ``bars`` are about the cases of this page.
    """

    id: UUID
    reference: str
    subject: str
    opened_at: datetime
    position: FilePlanPosition
    cases_seen: int
    cases: Sequence[FiledCase]
    before: int | None
    audience: Sequence[Audience]
    shares: int
    bars: int


def open_file(file_id: UUID, *, by: Actor, before: int | None = None) -> FileView:
    """The file with the cases ``by`` sees: six statements, however many.

    A file is as visible as its cases: one that shows none of them is not there.
    Refuses: NotFound.
    """
    seen = Case.objects.filter(visible_to(by), case_file=file_id)
    first = seen.order_by("number").values("subject")[:1]
    file = (
        CaseFile.objects.select_related("position")
        .annotate(seen_subject=Subquery(first))
        .filter(tenant_id=by.tenant_id, id=file_id, seen_subject__isnull=False)
        .first()
    )
    if file is None:
        raise NotFound
    cases, following = _cases(seen, before)
    shown = [case.id for case in cases]
    shares, bars = _exceptions(shown)
    return FileView(
        id=file.id,
        reference=file.reference,
        subject=file.seen_subject,
        opened_at=file.opened_at,
        position=file.position,
        cases_seen=len(seen.values_list("id", flat=True)[: COUNTED + 1]),
        cases=cases,
        before=following,
        audience=_audience(shown),
        shares=shares,
        bars=bars,
    )


def _cases(seen: QuerySet[Case], before: int | None) -> tuple[list[FiledCase], int | None]:
    process = Process.objects.filter(case_id=OuterRef("id"))
    decision = Decision.objects.filter(case_id=OuterRef("id")).order_by("-decided_at")
    page = seen.filter(number__lt=before) if before is not None else seen
    rows = list(
        page.select_related("lead_unit")
        .annotate(
            state=Subquery(process.values("state")[:1]),
            decision=Subquery(decision.values("kind")[:1]),
            decided_at=Subquery(decision.values("decided_at")[:1]),
        )
        .order_by("-number")[: PAGE + 1]
    )
    shown = rows[:PAGE]
    documents = _documents([case.id for case in shown])
    cases = [
        FiledCase(
            id=case.id,
            number=case.number,
            reference=case.reference,
            subject=case.subject,
            applicant=case.applicant,
            unit=case.lead_unit.name,
            access_class=case.access_class,
            state=case.state or "",
            received_at=case.received_at,
            decided_at=case.decided_at,
            decision=case.decision or "",
            closed_at=case.closed_at,
            retention_years=case.retention_years,
            disposal_code=case.disposal_code,
            retained_until=case.retained_until,
            documents=documents.get(case.id, ()),
        )
        for case in shown
    ]
    return cases, shown[-1].number if len(rows) > PAGE else None


_DOCUMENTS = """
SELECT d.case_id, d.id, d.title, d.kind, d.direction, d.filed_at,
       v.number, v.filename, n.media_type, n.size, n.sha256,
       v.made_at, v.made_by, coalesce(u.display_name, ''), n.scan, n.flaw
  FROM efile_document d
  JOIN efile_documentversion v ON v.document_id = d.id
  JOIN efile_content n ON n.id = v.content_id
  LEFT JOIN kernel_user u ON v.made_by = 'user:' || u.id
 WHERE d.case_id = ANY(%s)
 ORDER BY d.filed_at, d.id, v.number DESC
"""


def _documents(cases: list[UUID]) -> Mapping[UUID, Sequence[TreeDocument]]:
    found: dict[UUID, dict[UUID, TreeDocument]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENTS, [cases])
        for case_id, key, title, kind, direction, filed_at, *version in cursor.fetchall():
            document = TreeDocument(key, title, kind, direction, filed_at, [])
            found[case_id].setdefault(key, document).versions.append(Version(*version))
    return {case_id: list(documents.values()) for case_id, documents in found.items()}


# The permission predicate read the other way round: not what somebody reaches, but who reaches it.
_AUDIENCE = """
SELECT m.role, array_agg(DISTINCT above.name ORDER BY above.name), count(DISTINCT m.user_id)
  FROM efile_case c
  JOIN kernel_unit here ON here.id = c.lead_unit_id
  JOIN kernel_unit above ON above.tenant_id = here.tenant_id
                        AND here.path LIKE above.path || '%%'
  JOIN kernel_membership m ON m.unit_id = above.id AND c.access_class = ANY(m.access_classes)
  JOIN kernel_user u ON u.id = m.user_id AND u.is_active
 WHERE c.id = ANY(%(cases)s) AND m.role = ANY(%(roles)s)
 GROUP BY m.role
"""

_EXCEPTIONS = """
SELECT (SELECT count(DISTINCT user_id) FROM efile_casegrant
         WHERE content_object_id = ANY(%(cases)s) AND until > now()),
       (SELECT count(DISTINCT user_id) FROM efile_casedenial WHERE case_id = ANY(%(cases)s))
"""


def _audience(cases: list[UUID]) -> list[Audience]:
    with connection.cursor() as cursor:
        cursor.execute(_AUDIENCE, {"cases": cases, "roles": sorted(SEEING_ROLES)})
        return [Audience(*row) for row in cursor.fetchall()]


def _exceptions(cases: list[UUID]) -> tuple[int, int]:
    """How many people see one of the cases by a share, and how many are barred from one."""
    with connection.cursor() as cursor:
        cursor.execute(_EXCEPTIONS, {"cases": cases})
        shares, bars = cursor.fetchone()
    return shares, bars
