"""The case's one screen, put together from its dossier."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from backoffice.pages.presenters.actions import action_rows
from backoffice.pages.presenters.application import field_groups, party_rows
from backoffice.pages.presenters.appointments import appointment_group
from backoffice.pages.presenters.attempts import Attempt, reshown
from backoffice.pages.presenters.checks import (
    check_rows,
    checks_summary,
    may_check_again,
    outdated_text,
)
from backoffice.pages.presenters.correcting import Editing, Pencil
from backoffice.pages.presenters.deadlines import deadline_rows
from backoffice.pages.presenters.desk import Desk, hint
from backoffice.pages.presenters.dialogue_forms import message_row, note_row
from backoffice.pages.presenters.documents import document_rows, evidence_of
from backoffice.pages.presenters.history import history_rows
from backoffice.pages.presenters.messages import note_rows, thread
from backoffice.pages.presenters.payments import payment_group
from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import (
    ActionRow,
    CaseFollowUpRow,
    CaseHeader,
    CasePage,
    FieldGroup,
    FieldRow,
    Link,
    Tag,
)
from backoffice.pages.trail import Trail
from backoffice.pages.words import act_text, course_of, due_tag, state_tag
from efile.policy import Action
from workflows.dossier import Dossier
from workflows.evidence import APPLICANT
from workflows.office import Office

# In these states a day is near that matters: the target, or the answer's.
_AT_WORK = ("received", "in_examination", "waiting_for_applicant", "decided")


def case_page(
    desk: Desk,
    trail: Trail | None,
    *,
    attempt: Attempt | None = None,
    document: UUID | None = None,
    editing: Editing | None = None,
    check: str = "",
    judged: bool = False,
) -> CasePage:
    """Everything on the screen.

    ``attempt`` is a form that was refused just now, ``document`` the one beside the case,
    ``editing`` the field that is being put right, ``check`` the one to be settled; one was
    ``judged`` just now.
    """
    dossier = desk.dossier
    office = Office.of(dossier.process.tenant)
    pencil = Pencil.of(desk, editing)
    judging = attempt if attempt and attempt.action.startswith("judge-") else None
    actions = reshown(action_rows(desk), attempt)
    evidence = evidence_of(dossier)
    checks = check_rows(desk, evidence, judging, chosen=check, judged=judged)
    return CasePage(
        header=_header(desk, office, trail),
        url=desk.url("case"),
        version=desk.version,
        documents=document_rows(dossier, document),
        checks_summary=checks_summary(dossier),
        checks_focused=judged and not any(row.judge for row in checks),
        outdated=outdated_text(dossier),
        again_url=desk.url("check_again") if may_check_again(desk) else "",
        checks=checks,
        sent_at=dossier.process.case.received_at,
        results=_results(dossier),
        groups=field_groups(dossier.application, pencil),
        parties=party_rows(dossier, pencil, evidence.get(APPLICANT)),
        actions_hint=hint(dossier),
        actions=actions,
        nothing_to_do="" if actions else _who_can(desk),
        deadlines=deadline_rows(dossier, office, desk.today),
        follow_ups=_follow_ups(desk, office),
        thread=thread(dossier),
        message=_one(message_row(desk), attempt),
        notes=note_rows(dossier),
        note=_one(note_row(desk), attempt),
        history=history_rows(dossier),
        journal_url=desk.url("journal") if desk.may(Action.READ_JOURNAL) else "",
    )


def offers(page: CasePage, action: str) -> bool:
    """Whether ``action`` can still be done: its form can show what became of an attempt."""
    rows = (*page.actions, page.note, page.message)
    judged = any(row.judge and action == f"judge-{row.key}" for row in page.checks)
    return judged or any(row is not None and row.key == action for row in rows)


def _one(row: ActionRow | None, attempt: Attempt | None) -> ActionRow | None:
    return next(iter(reshown([row], attempt))) if row else None


def _header(desk: Desk, office: Office, trail: Trail | None) -> CaseHeader:
    dossier, case = desk.dossier, desk.dossier.process.case
    service = dossier.definition.title.in_(language())
    place = trail.around(case.id) if trail else None
    at, before, after = place or (0, "", "")
    return CaseHeader(
        reference=case.reference,
        applicant=case.applicant or gettext("ohne Namen"),
        service=service,
        received_at=case.received_at,
        links=_links(desk),
        channel=_channel(dossier),
        tags=_tags(desk, office),
        steps=course_of(dossier.process.state),
        list_label=trail.label if trail else "",
        list_url=_at_row(trail, case.id) if trail else "",
        position=_position(at, trail),
        previous_url=reverse("case", args=[before]) if before else "",
        next_url=reverse("case", args=[after]) if after else "",
    )


def _links(desk: Desk) -> tuple[Link, ...]:
    """The file this case lies in, and what else there is of this person."""
    case_file = desk.dossier.process.case.case_file
    number = gettext("Akte %(reference)s") % {"reference": case_file.reference}
    waits = desk.dossier.definition.waiting_list is not None
    return (
        Link(number, reverse("case_file", args=[case_file.id])),
        Link(gettext("alles zur Person"), desk.url("person_matters")),
        *([Link(gettext("Warteliste"), desk.url("case_waiting"))] if waits else []),
    )


def _who_can(desk: Desk) -> str:
    """Why there is nothing to do here, and who could do something."""
    process = desk.dossier.process
    if desk.dossier.held:
        return gettext("Gleich geht etwas hinaus. Bis dahin ruht der Vorgang.")
    if process.case.is_closed:
        return gettext(
            "Der Vorgang ist abgeschlossen. Leitung oder Registratur können ihn wiederaufnehmen."
        )
    unit = {"unit": process.case.lead_unit.name}
    return gettext("Hier ist für Sie nichts zu tun. Zuständig ist %(unit)s.") % unit


def _follow_ups(desk: Desk, office: Office) -> tuple[CaseFollowUpRow, ...]:
    return tuple(
        CaseFollowUpRow(
            due_on=one.due_on,
            tag=due_tag(office.working_days_left(one.due_on, today=desk.today)),
            text=one.text,
            whose=one.whose or gettext("Team"),
        )
        for one in desk.dossier.follow_ups
    )


def _at_row(trail: Trail, case_id: UUID) -> str:
    """The list, with the focus where it was."""
    return f"{trail.url}#row-{case_id}"


def _position(at: int, trail: Trail | None) -> str:
    if not at or not trail:
        return ""
    return gettext("%(at)d von %(count)d") % {"at": at, "count": len(trail.cases)}


def _channel(dossier: Dossier) -> str:
    if dossier.process.source.startswith("portal:"):
        return gettext("über das Portal")
    if dossier.process.source.startswith("open311:"):
        return gettext("über Open311")
    return gettext("im Haus erfasst")


def _tags(desk: Desk, office: Office) -> tuple[Tag, ...]:
    process = desk.dossier.process
    tags = [state_tag(process.state)]
    if held := desk.dossier.held:
        told = {"act": act_text(held.action), "name": held.user}
        tags.append(Tag(gettext("Geht gleich hinaus: %(act)s (%(name)s)") % told, "info", "mail"))
    if process.state in _AT_WORK:
        tags.append(due_tag(office.working_days_left(process.due_on, today=desk.today)))
    if process.assignee_id == desk.by.user_id:
        tags.append(Tag(gettext("Zuständig: ich")))
    elif process.assignee:
        name = process.assignee.display_name
        tags.append(Tag(gettext("Zuständig: %(name)s") % {"name": name}))
    if any(decision.is_automated for decision in desk.dossier.decisions):
        tags.append(Tag(gettext("automatisch entschieden"), "info"))
    return tuple(tags)


def _results(dossier: Dossier) -> tuple[FieldGroup, ...]:
    """What the case has led to so far: an appointment, a permit."""
    groups = []
    if dossier.booking:
        groups.append(appointment_group(dossier.booking))
    if dossier.payment:
        groups.append(payment_group(dossier.payment))
    matter = dossier.definition.standing_matter
    for begun in dossier.matters:
        rows = (
            FieldRow(label=gettext("Nummer"), value=begun.number),
            FieldRow(label=gettext("Gültig ab"), value=day_text(begun.valid_from)),
            FieldRow(label=gettext("Gültig bis"), value=_until(begun.valid_to)),
        )
        title = matter.title.in_(language()) if matter else begun.kind
        groups.append(FieldGroup(title, rows, url=reverse("matter", args=[begun.id])))
    return tuple(groups)


def _until(day: object) -> str:
    return day_text(str(day)) if day else gettext("unbefristet")
