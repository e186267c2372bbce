"""The clarification inbox: what is unclear about an item, where in it, and what can be done."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.attempts import Attempt, reshown
from backoffice.pages.presenters.desk import LONGEST_TEXT
from backoffice.pages.presenters.documents import attachment_rows
from backoffice.pages.presenters.form_words import label_at
from backoffice.pages.presenters.problems import sentence_of
from backoffice.pages.presenters.values import language, plain_text
from backoffice.pages.rows import (
    ActionField,
    ActionRow,
    EmptyState,
    InboxItemPage,
    InboxPage,
    InboxRow,
    Link,
    Option,
    PayloadError,
    PayloadRow,
    Tag,
)
from backoffice.pages.words import many
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.policy import Action, may
from workflows.catalogue.pointers import join, split
from workflows.clarifying import OpenItem
from workflows.offers import Offer
from workflows.office import Office

REASONS: Final[Mapping[str, Promise]] = {
    "invalid_form": _("Angaben fehlen oder passen nicht"),
    "unknown_service": _("Leistung unbekannt"),
    "missing_proof": _("Nachweis fehlt"),
    "closed_case": _("Post zu einem abgeschlossenen Vorgang"),
}
EXPLANATIONS: Final[Mapping[str, Promise]] = {
    "invalid_form": _(
        "Der Absender kann den Antrag nicht mehr berichtigen. Ordnen Sie ihn trotzdem zu; was "
        "fehlt, wird im Vorgang nachgefordert. Als Eingang gilt der Tag der Sendung."
    ),
    "unknown_service": _(
        "Der Absender nennt eine Leistung, die es hier nicht gibt. Ordnen Sie den Antrag der "
        "richtigen zu. Als Eingang gilt der Tag der Sendung."
    ),
    "missing_proof": _(
        "Ein Pflichtnachweis liegt nicht bei. Ordnen Sie den Antrag zu; der Nachweis wird im "
        "Vorgang nachgefordert. Als Eingang gilt der Tag der Sendung."
    ),
    "closed_case": _(
        "Der Vorgang ist abgeschlossen und nimmt nichts mehr auf. Nehmen Sie ihn wieder auf, wenn "
        "die Post etwas ändert; sie kommt dann zur Akte."
    ),
}
# What every submission may have beside the form of its service.
LABELS: Final[Mapping[str, Promise]] = {
    "service": _("Leistung"),
    "language": _("Sprache"),
    "role": _("Rolle"),
    "given_names": _("Vornamen"),
    "family_name": _("Familienname"),
    "birth_name": _("Geburtsname"),
    "birth_date": _("Geburtsdatum"),
    "organisation": _("Organisation"),
    "street": _("Straße"),
    "number": _("Hausnummer"),
    "postcode": _("Postleitzahl"),
    "city": _("Ort"),
    "email": _("E-Mail"),
    "phone": _("Telefon"),
    "assurance": _("Vertrauensniveau"),
    "electronic_delivery": _("Bescheid elektronisch"),
    "text": _("Nachricht"),
}
# Older than a working day: somebody should have looked.
_FRESH: Final = -1


def inbox_page(
    items: Sequence[OpenItem],
    total: int,
    *,
    offers: Sequence[Offer],
    office: Office,
    offset: int,
    at: datetime,
) -> InboxPage:
    """A page of the inbox, oldest first."""
    titles = _titles(offers)
    shown = offset + len(items)
    summary = ngettext(
        "%(count)s Eingang, der älteste zuerst", "%(count)s Eingänge, der älteste zuerst", total
    )
    return InboxPage(
        summary=summary % {"count": many(total)} if total else "",
        rows=tuple(_row(item, titles, office, local_date(at)) for item in items),
        empty=EmptyState(
            gettext("Alles zugeordnet."), gettext("Was Sie klären dürfen, erscheint hier.")
        ),
        more_url=f"{reverse('inbox')}?first={shown}" if shown < total else "",
    )


def item_page(
    item: OpenItem, *, offers: Sequence[Offer], by: Actor, attempt: Attempt | None = None
) -> InboxItemPage:
    """One item: as it was sent, what does not fit, and the ways out."""
    form = next((o.definition.form for o in offers if o.definition.key == item.service), {})
    sent = item.envelope or {name: item.content.get(name) for name in ("text", "form")}
    values = tuple(_values(sent, "", form, item))
    anchors = {row.pointer: row.anchor for row in values}
    return InboxItemPage(
        title=item.applicant or gettext("ohne Namen"),
        received_at=item.arrived_at,
        sender=_sender(item),
        service=_titles(offers).get(item.service, item.service),
        problem=Tag(str(REASONS[item.reason]), "warning", "warning"),
        explanation=str(EXPLANATIONS[item.reason]),
        errors=tuple(
            PayloadError(
                error.pointer,
                sentence_of(error),
                anchors.get(error.pointer, ""),
            )
            for error in item.errors
        ),
        values=values,
        attachments=attachment_rows(item),
        actions=reshown(tuple(_actions(item, offers, by)), attempt),
        closed_case=_closed_case(item),
        raw=item.raw,
    )


def _titles(offers: Sequence[Offer]) -> dict[str, str]:
    return {one.definition.key: one.definition.title.in_(language()) for one in offers}


def _row(item: OpenItem, titles: Mapping[str, str], office: Office, today: date) -> InboxRow:
    detail = item.case_reference
    if item.errors:
        count = len(item.errors)
        detail = ngettext("%(count)d Fehler", "%(count)d Fehler", count) % {"count": count}
    return InboxRow(
        key=str(item.id),
        url=reverse("inbox_item", args=[item.id]),
        received_at=item.arrived_at,
        age=_age(office.working_days_left(local_date(item.arrived_at), today=today)),
        sender=item.applicant or _sender(item),
        service=titles.get(item.service, item.service),
        problem=str(REASONS[item.reason]),
        detail=detail,
    )


def _age(days_left: int) -> Tag:
    if not days_left:
        return Tag(gettext("heute"))
    days = -days_left
    text = ngettext("seit %(days)d Arbeitstag", "seit %(days)d Arbeitstagen", days) % {"days": days}
    late = days_left < _FRESH
    return Tag(text, "warning" if late else "neutral", "warning" if late else "")


def _sender(item: OpenItem) -> str:
    return gettext("Portal") if item.source.startswith("portal:") or item.case_id else item.source


def _closed_case(item: OpenItem) -> Link | None:
    if item.case_id is None:
        return None
    return Link(item.case_reference, reverse("case", args=[item.case_id]))


def _values(
    value: Any, pointer: str, form: Mapping[str, Any], item: OpenItem
) -> Iterator[PayloadRow]:
    """Every single value that was sent, with its place; empty lists and groups say nothing."""
    if isinstance(value, Mapping | list):
        inner = value.items() if isinstance(value, Mapping) else enumerate(value)
        for name, each in inner:
            yield from _values(each, join(pointer, name), form, item)
        if value or not any(error.pointer == pointer for error in item.errors):
            return
    yield PayloadRow(
        pointer=pointer,
        value=plain_text(value),
        anchor=f"v{pointer.replace('/', '-')}",
        label=_label(pointer, form),
        errors=tuple(sentence_of(error) for error in item.errors if error.pointer == pointer),
    )


def _label(pointer: str, form: Mapping[str, Any]) -> str:
    """What the place is called: by the form, or because every submission has it."""
    if pointer.startswith("/form/"):
        return label_at(form, pointer.removeprefix("/form"))
    return str(LABELS.get(split(pointer)[-1], "")) if pointer else ""


def _actions(item: OpenItem, offers: Sequence[Offer], by: Actor) -> Iterator[ActionRow]:
    if item.case_id is None:
        yield _assign_to_service(item, offers)
        return
    denied = ""
    if not may(Action.REOPEN, item.case_id, item.scope, by=by):
        denied = gettext("Wiederaufnehmen dürfen die Leitung und die Registratur.")
    reason = ActionField(
        name="reason",
        label=gettext("Grund"),
        kind="textarea",
        required=True,
        maximum=str(LONGEST_TEXT),
        hint=gettext("Er bleibt in der Akte stehen."),
    )
    yield ActionRow(
        key="reopen",
        label=gettext("Vorgang wiederaufnehmen"),
        url=reverse("inbox_reopen", args=[item.id]),
        shortcut="a",
        style="primary",
        summary=gettext("Der Vorgang kommt wieder in Prüfung, und die Post kommt zur Akte."),
        fields=(reason,),
        denied=denied,
    )


def _assign_to_service(item: OpenItem, offers: Sequence[Offer]) -> ActionRow:
    titles = _titles(offers)
    options = [Option(key, title, key == item.service) for key, title in titles.items()]
    if item.service not in titles:
        options.insert(0, Option("", gettext("bitte wählen"), selected=True))
    service = ActionField(
        name="service",
        label=gettext("Leistung"),
        kind="select",
        options=tuple(options),
        required=True,
    )
    return ActionRow(
        key="assign",
        label=gettext("Einer Leistung zuordnen"),
        url=reverse("inbox_assign", args=[item.id]),
        shortcut="a",
        style="primary",
        submit_label=gettext("Zuordnen"),
        summary=gettext(
            "Es entsteht ein Vorgang mit den Angaben und Anlagen, wie sie gesendet wurden."
        ),
        fields=(service,),
        open=True,
    )
