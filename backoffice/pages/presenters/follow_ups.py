"""Follow-ups: the list of them, and what can be done about them on a case."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.desk import LONGEST_TEXT as LONGEST_REASON
from backoffice.pages.presenters.desk import Desk
from backoffice.pages.presenters.values import day_text
from backoffice.pages.rows import (
    ActionField,
    ActionRow,
    EmptyState,
    FilterField,
    FollowUpRow,
    FollowUpsPage,
    Link,
    Option,
    ViewTab,
)
from backoffice.pages.words import due_tag, many
from efile.policy import Action
from workflows.follow_ups import LONGEST_TEXT, FollowUpItem, OpenFollowUp, Place
from workflows.office import Office

# How far ahead the list looks, and whose it is; the first is what is meant without saying.
UNTIL: Final[Mapping[str, Promise]] = {
    "": _("bis Ende der Woche"),
    "today": _("bis heute"),
    "all": _("alle"),
}
WHOSE: Final[Mapping[str, Promise]] = {
    "": _("meine und die des Teams"),
    "everybody": _("aller"),
}


def follow_ups_page(
    items: Sequence[FollowUpItem],
    following: Place | None,
    *,
    whose: str,
    until: str,
    total: int,
    views: tuple[ViewTab, ...],
    titles: Mapping[str, str],
    office: Office,
    today: date,
) -> FollowUpsPage:
    """A page of the list; ``total`` counts what is due today."""
    here = address(whose, until)
    due = ngettext("%(count)s ist heute fällig", "%(count)s sind heute fällig", total)
    return FollowUpsPage(
        summary=due % {"count": many(total)} if total else gettext("heute ist keine fällig"),
        path=here,
        views=views,
        filters=(
            _field("until", gettext("Zeitraum"), UNTIL, until),
            _field("whose", gettext("Wessen"), WHOSE, whose),
        ),
        rows=tuple(
            _row(item, titles, office, today, key=key)
            for item, key in zip(items, _keys(items), strict=True)
        ),
        empty=_empty(whose, until),
        more_url=f"{here}&{urlencode({'after': following})}" if following else "",
    )


def address(whose: str, until: str) -> str:
    """Where the list is."""
    return f"{reverse('follow_ups')}?{urlencode({'whose': whose, 'until': until})}"


def follow_up_rows(desk: Desk) -> Iterator[ActionRow]:
    """Setting one, and finishing or moving each that is open."""
    if desk.dossier.process.case.is_closed or not desk.may(Action.FOLLOW_UP):
        return
    me = [(desk.by.user_id or 0, gettext("für mich"))]
    others = [
        (one.user_id, one.name) for one in desk.colleagues or () if one.user_id != desk.by.user_id
    ]
    yield ActionRow(
        key="follow_up",
        label=gettext("Wiedervorlage setzen"),
        url=desk.url("follow_up_set"),
        shortcut="w",
        style="quiet",
        submit_label=gettext("Wiedervorlage setzen"),
        fields=follow_up_fields(desk.today, [*me, *others]),
    )
    for one in desk.dossier.follow_ups:
        yield _finishing(desk, one)
        yield _moving(desk, one)


def follow_up_fields(today: date, people: Sequence[tuple[int, str]]) -> tuple[ActionField, ...]:
    """Day, text and whose list: the same for one case and for many."""
    return (
        ActionField(
            name="due_on",
            label=gettext("Wiedervorlage am"),
            kind="date",
            required=True,
            minimum=today.isoformat(),
        ),
        ActionField(
            name="text",
            label=gettext("Worum geht es?"),
            kind="text",
            maximum=str(LONGEST_TEXT),
        ),
        ActionField(
            name="user",
            label=gettext("Für wen?"),
            kind="select",
            required=True,
            options=(
                Option("", gettext("wer zuständig ist, sonst das Team"), selected=True),
                *(Option(str(key), name) for key, name in people),
            ),
        ),
    )


def _finishing(desk: Desk, one: OpenFollowUp) -> ActionRow:
    return ActionRow(
        key=f"follow_up_done-{one.id}",
        label=gettext("Wiedervorlage erledigt: %(what)s") % {"what": _said(one)},
        url=desk.url("follow_up_done", one.id),
        style="quiet",
    )


def _moving(desk: Desk, one: OpenFollowUp) -> ActionRow:
    return ActionRow(
        key=f"follow_up_move-{one.id}",
        label=gettext("Wiedervorlage verschieben: %(what)s") % {"what": _said(one)},
        url=desk.url("follow_up_move", one.id),
        style="quiet",
        submit_label=gettext("Verschieben"),
        fields=(
            ActionField(
                name="due_on",
                label=gettext("Neuer Tag"),
                kind="date",
                value=one.due_on.isoformat(),
                required=True,
                minimum=desk.today.isoformat(),
            ),
            ActionField(
                name="reason",
                label=gettext("Grund"),
                kind="text",
                required=True,
                maximum=str(LONGEST_REASON),
                hint=gettext("Er bleibt in der Akte stehen."),
            ),
        ),
    )


def _said(one: OpenFollowUp) -> str:
    told = [day_text(one.due_on), one.text, one.whose]
    return ", ".join(part for part in told if part)


def _keys(items: Sequence[FollowUpItem]) -> Iterator[str]:
    """The case's own for its first row, where whoever comes back from it is led; then others."""
    seen = set()
    for item in items:
        yield str(item.id if item.case_id in seen else item.case_id)
        seen.add(item.case_id)


def _row(
    item: FollowUpItem, titles: Mapping[str, str], office: Office, today: date, *, key: str
) -> FollowUpRow:
    return FollowUpRow(
        key=key,
        url=reverse("case", args=[item.case_id]),
        due=due_tag(office.working_days_left(item.due_on, today=today)),
        due_on=item.due_on,
        reference=item.reference,
        name=item.applicant or gettext("ohne Namen"),
        service=titles.get(item.service_key, ""),
        text=item.text or gettext("ohne Stichwort"),
        whose=item.whose or gettext("Team"),
        set_by=item.set_by,
        done_url=reverse("follow_up_done", args=[item.case_id, item.id]),
    )


def _empty(whose: str, until: str) -> EmptyState:
    if until == "all":
        return EmptyState(gettext("Keine Wiedervorlage ist offen."))
    text = gettext("Bis dahin ist keine Wiedervorlage fällig.")
    return EmptyState(text, link=Link(gettext("Alle zeigen"), address(whose, "all")))


def _field(name: str, label: str, choices: Mapping[str, Promise], chosen: str) -> FilterField:
    options = tuple(Option(value, str(text), value == chosen) for value, text in choices.items())
    return FilterField(name, label, options, active=bool(chosen))
