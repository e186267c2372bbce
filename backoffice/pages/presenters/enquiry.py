"""The enquiry view: what a caller is asked, and what may be answered."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext

from backoffice.pages.presenters.problems import problem_of
from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import ActionField, EmptyState, Tag
from backoffice.pages.rows.enquiry import EnquiryPage, EnquiryRow
from backoffice.pages.words import state_tag
from efile.kernel.clock import local_date
from efile.kernel.errors import FieldError
from workflows.enquiry import Asked, Told


def enquiry_page(
    said: Mapping[str, str],
    *,
    asked: Asked | None = None,
    found: Sequence[Told] = (),
    faults: Sequence[FieldError] = (),
) -> EnquiryPage:
    """The form as it was ``said``, and what was ``found`` for it; nothing ``asked``: no result."""
    problems = tuple(problem_of(fault) for fault in faults)
    errors = {problem.field: problem.message for problem in problems}
    empty = None
    if asked is not None and not found:
        empty = EmptyState(
            gettext("Dazu gibt es keine Auskunft."),
            gettext(
                "Prüfen Sie Aktenzeichen, Name und Geburtsdatum. Zu Sozial-, Steuer- und "
                "Jugendsachen wird am Telefon nichts gesagt: Verbinden Sie mit der Fachstelle."
            ),
        )
    return EnquiryPage(
        fields=_fields({**said, **_born(asked)}, errors),
        caution=gettext(
            "Erst fragen, dann antworten: Lassen Sie sich Name und Geburtsdatum nennen und geben "
            "Sie sie ein. Lesen Sie nichts vor, was Sie nicht sehen."
        ),
        problems=problems,
        verified=_verified(asked) if found and asked else None,
        rows=tuple(_row(one) for one in found),
        empty=empty,
    )


def _born(asked: Asked | None) -> Mapping[str, str]:
    """The birthday as its input shows it, however it was typed."""
    return {"birth_date": asked.birth_date.isoformat()} if asked and asked.birth_date else {}


def _fields(said: Mapping[str, str], errors: Mapping[str, str]) -> tuple[ActionField, ...]:
    labels = {
        "reference": (gettext("Aktenzeichen"), gettext("Zum Beispiel 32.2-000123/26-01.")),
        "family_name": (gettext("Familienname oder Firma"), ""),
        "birth_date": (gettext("Geburtsdatum"), ""),
    }
    return tuple(
        ActionField(
            name=name,
            label=label,
            kind="date" if name == "birth_date" else "text",
            value=said.get(name, ""),
            hint=hint,
            error=errors.get(name, ""),
            required=True,  # one of them is: what "(freiwillig)" would say is not true
        )
        for name, (label, hint) in labels.items()
    )


def _verified(asked: Asked) -> Tag:
    if asked.names_person:
        return Tag(gettext("Name und Geburtsdatum stimmen"), "success", "success")
    return Tag(gettext("Noch nicht geprüft, wer anruft"), "warning", "warning")


def _row(told: Told) -> EnquiryRow:
    missing = [title.in_(language()) for title in told.missing]
    if told.has_question:
        missing.append(gettext("Antwort auf eine Rückfrage"))
    due = told.due_on
    return EnquiryRow(
        key=str(told.case_id),
        reference=told.reference,
        service=told.service.in_(language()),
        state=state_tag(told.state),
        received_on=local_date(told.received_at),
        next_step=told.next_step,
        ask=", ".join(part for part in (told.unit, told.phone) if part),
        waiting=gettext("Antwort bis %(day)s") % {"day": day_text(due)} if due else "",
        missing=tuple(missing),
        url=reverse("case", args=[told.case_id]) if told.is_seen else "",
    )
