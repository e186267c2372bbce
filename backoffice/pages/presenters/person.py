"""One person's matters: what is surely theirs, and what may be."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import Link, Tag
from backoffice.pages.rows.enquiry import MatterRow, PersonCaseRow, PersonPage
from backoffice.pages.words import state_tag
from efile.kernel.clock import local_date
from workflows.persons import Matter, PersonCase, PersonView


def person_page(view: PersonView, *, today: date, may_take_down: bool) -> PersonPage:
    """All cases of the person of a case that the reader may see, certain ones first."""
    case_id = view.origin.case_id
    query = f"?from={case_id}"
    born = day_text(view.birth_date) if view.birth_date else ""
    return PersonPage(
        name=view.name or gettext("ohne Namen"),
        born=gettext("geboren am %(day)s") % {"day": born} if born else "",
        origin=Link(view.origin.reference, reverse("case", args=[case_id])),
        certain=tuple(_row(one, today) for one in (view.origin, *view.cases) if one.is_certain),
        possible=tuple(_row(one, today) for one in view.cases if not one.is_certain),
        more=gettext("Es gibt noch mehr. Suchen Sie nach dem Namen.") if view.has_more else "",
        take_down_url=reverse("counter") + query if may_take_down else "",
    )


def _row(one: PersonCase, today: date) -> PersonCaseRow:
    return PersonCaseRow(
        key=str(one.case_id),
        url=reverse("case", args=[one.case_id]),
        reference=one.reference,
        subject=one.subject,
        service=one.service.in_(language()),
        unit=one.unit,
        state=state_tag(one.state),
        received_on=local_date(one.received_at),
        matters=tuple(_matter(matter, today) for matter in one.matters),
    )


def _matter(matter: Matter, today: date) -> MatterRow:
    end = matter.valid_to
    span = {"first": day_text(matter.valid_from), "last": day_text(end) if end else ""}
    validity = gettext("%(first)s bis %(last)s") if end else gettext("ab %(first)s, unbefristet")
    return MatterRow(
        matter.title.in_(language()),
        matter.number,
        validity % span,
        _state(matter, today),
        reverse("matter", args=[matter.id]),
    )


def _state(matter: Matter, today: date) -> Tag:
    if matter.ended_on and matter.ended_on <= today:
        ended = {"day": day_text(matter.ended_on)}
        return Tag(gettext("beendet am %(day)s") % ended, "danger", "danger")
    if matter.holds_on(today):
        return Tag(gettext("gültig"), "success", "success")
    if matter.valid_from > today:
        return Tag(gettext("gilt noch nicht"), "info")
    return Tag(gettext("abgelaufen"))
