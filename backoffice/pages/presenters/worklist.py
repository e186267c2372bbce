"""The work list: its views, its filter, its rows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.values import language
from backoffice.pages.rows import (
    EmptyState,
    FilterField,
    Link,
    Option,
    ViewTab,
    WorklistPage,
    WorklistRow,
)
from backoffice.pages.words import due_tag, many, state_text, worklist_columns
from efile.kernel.clock import local_date
from workflows.desk import Cursor, Filter, View, WorkItem
from workflows.offers import Offer
from workflows.office import Office

VIEWS: Final[Mapping[View, Promise]] = {
    View.TEAM: _("Zu prüfen"),
    View.MINE: _("Meine Vorgänge"),
    View.WAITING: _("Wartet auf Antwort"),
    View.TO_NOTIFY: _("Bekannt zu geben"),
}
EMPTY: Final[Mapping[View, Promise]] = {
    View.TEAM: _("Nichts zu prüfen."),
    View.MINE: _("Ihnen ist nichts zugewiesen."),
    View.WAITING: _("Niemand schuldet eine Antwort."),
    View.TO_NOTIFY: _("Jeder Bescheid ist bekannt gegeben."),
}
# What comes next in a state, when nothing else presses.
NEXT: Final[Mapping[str, Promise]] = {
    "received": _("Übernehmen"),
    "in_examination": _("Entscheiden"),
    "waiting_for_applicant": _("Antwort abwarten"),
    "decided": _("Bekannt geben"),
}


def worklist_page(
    items: Sequence[WorkItem],
    following: Cursor | None,
    *,
    wanted: Filter,
    counts: Mapping[View, int],
    offers: Sequence[Offer],
    office: Office,
    first: int,
    at: datetime,
) -> WorklistPage:
    """A page of the list; ``first`` is the place of its first row in the whole view."""
    titles = {one.definition.key: one.definition.title.in_(language()) for one in offers}
    total = counts[wanted.view]
    return WorklistPage(
        title=str(VIEWS[wanted.view]),
        summary=_summary(total),
        total=many(total),
        first=first,
        last=first + len(items) - 1,
        as_of=at,
        views=tuple(_tab(view, wanted, counts[view]) for view in View),
        filters=(_service_filter(wanted, titles),),
        hidden=(("view", wanted.view.value),),
        reset_url=address(Filter(wanted.view)) if wanted.service else "",
        columns=worklist_columns("due", {}),
        rows=tuple(_row(item, titles, office, local_date(at)) for item in items),
        empty=_empty(wanted),
        more_url=_more(wanted, following, first + len(items) - 1),
        next_url=reverse("case", args=[items[0].case_id]) if items else "",
    )


def address(wanted: Filter) -> str:
    """Where the list with this filter is."""
    query = {"view": wanted.view.value} | ({"service": wanted.service} if wanted.service else {})
    return f"{reverse('worklist')}?{urlencode(query)}"


def _more(wanted: Filter, following: Cursor | None, shown: int) -> str:
    if following is None:
        return ""
    return f"{address(wanted)}&{urlencode({'after': str(following), 'first': shown})}"


def _summary(total: int) -> str:
    text = ngettext(
        "%(count)s Vorgang, die nächste Frist zuerst",
        "%(count)s Vorgänge, die nächste Frist zuerst",
        total,
    )
    return text % {"count": many(total)}


def _tab(view: View, wanted: Filter, count: int) -> ViewTab:
    url = address(Filter(view, wanted.service))
    return ViewTab(str(VIEWS[view]), url, many(count), current=view is wanted.view)


def _service_filter(wanted: Filter, titles: Mapping[str, str]) -> FilterField:
    options = [Option("", gettext("alle"), not wanted.service)]
    options += [Option(key, title, key == wanted.service) for key, title in titles.items()]
    label = gettext("Leistung")
    return FilterField("service", label, tuple(options), active=bool(wanted.service))


def _empty(wanted: Filter) -> EmptyState:
    if wanted.service:
        way_out = Link(gettext("Filter aufheben"), address(Filter(wanted.view)))
        return EmptyState(gettext("Mit diesem Filter bleibt nichts übrig."), link=way_out)
    if wanted.view is View.TEAM:
        return EmptyState(str(EMPTY[wanted.view]))
    way_out = Link(str(VIEWS[View.TEAM]), address(Filter(View.TEAM)))
    return EmptyState(str(EMPTY[wanted.view]), link=way_out)


def _row(item: WorkItem, titles: Mapping[str, str], office: Office, today: date) -> WorklistRow:
    return WorklistRow(
        key=str(item.case_id),
        url=reverse("case", args=[item.case_id]),
        reference=item.reference,
        due=due_tag(office.working_days_left(item.due_on, today=today)),
        name=item.applicant or gettext("ohne Namen"),
        service=titles.get(item.service_key, item.subject),
        next_step=gettext("Post ansehen") if item.has_post else str(NEXT[item.state]),
        state=state_text(item.state),
        received_on=local_date(item.received_at),
        assignee=item.assignee,
        unread=item.has_post,
    )
