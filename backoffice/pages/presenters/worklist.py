"""The work list: its views, its rows, and what has changed since it was loaded."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.filters import chips, filter_fields
from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import (
    EmptyState,
    Link,
    NewsRow,
    Option,
    SelectionBar,
    Tag,
    ViewTab,
    WorklistPage,
    WorklistRow,
)
from backoffice.pages.wanting import address, query_of, with_more
from backoffice.pages.words import due_tag, many, state_text, worklist_columns
from efile.kernel.clock import local_date
from workflows.desk import TABS, Counts, Cursor, Order, Sort, WorkItem
from workflows.offers import Offer
from workflows.office import Office
from workflows.selection import MOST
from workflows.team import Team
from workflows.wanted import Filter, View

VIEWS: Final[Mapping[View, Promise]] = {
    View.TODAY: _("Heute"),
    View.TEAM: _("Zu prüfen"),
    View.MINE: _("Meine Vorgänge"),
    View.WAITING: _("Wartet auf Antwort"),
    View.TO_NOTIFY: _("Bekannt zu geben"),
    View.ALL: _("Alle in Arbeit"),
    View.ARRIVED: _("Eingegangen"),
    View.DONE: _("Erledigt"),
}
EMPTY: Final[Mapping[View, Promise]] = {
    View.TODAY: _("Heute ist nichts fällig."),
    View.TEAM: _("Nichts zu prüfen."),
    View.MINE: _("Ihnen ist nichts zugewiesen."),
    View.WAITING: _("Niemand schuldet eine Antwort."),
    View.TO_NOTIFY: _("Jeder Bescheid ist bekannt gegeben."),
    View.ALL: _("Nichts ist in Arbeit."),
    View.ARRIVED: _("In dieser Zeit ist nichts eingegangen."),
    View.DONE: _("In dieser Zeit ist nichts erledigt worden."),
}
# What comes next in a state, when nothing else presses.
NEXT: Final[Mapping[str, Promise]] = {
    "received": _("Übernehmen"),
    "in_examination": _("Entscheiden"),
    "waiting_for_applicant": _("Antwort abwarten"),
    "decided": _("Bekannt geben"),
    "notified": _("Abschließen, wenn die Frist um ist"),
    "withdrawn": _("Abschließen"),
    "forwarded": _("Abschließen"),
    "closed": _("Nichts mehr zu tun"),
}
# In which order the list is, said behind the number of its cases.
ORDERS: Final[Mapping[str, Promise]] = {
    "due": _("die nächste Frist zuerst"),
    "-due": _("die fernste Frist zuerst"),
    "received": _("der älteste Eingang zuerst"),
    "-received": _("der jüngste Eingang zuerst"),
    "reference": _("nach Aktenzeichen"),
    "-reference": _("nach Aktenzeichen, rückwärts"),
}
# What can be done with a selection, with its key.
BULK: Final[Mapping[str, tuple[Promise, str]]] = {
    "take": (_("Übernehmen"), "a"),
    "assign": (_("Zuweisen …"), "v"),
    "follow_up": (_("Wiedervorlage …"), "w"),
}
_WORKING: Final = frozenset({"received", "in_examination", "waiting_for_applicant", "decided"})
# Cells that look like this would be formulas to a spreadsheet.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of a list with everything that is said around it.

    ``first`` is the place of its first row in the whole view, ``ticked`` what is selected in the
    view, ``bulk`` what may be done with a selection; ``relief`` says how many cases there would
    be without each filter, where nothing is left.
    """

    items: Sequence[WorkItem]
    following: Cursor | None
    wanted: Filter
    order: Order
    counts: Counts
    offers: Sequence[Offer]
    office: Office
    team: Team
    first: int
    at: datetime
    clarifies: bool = False
    bulk: Sequence[str] = ()
    ticked: Sequence[UUID] = ()
    relief: Mapping[str, int] = field(default_factory=dict)


def worklist_page(listing: Listing) -> WorklistPage:
    """A page of the list."""
    wanted, order, counts = listing.wanted, listing.order, listing.counts
    titles = titles_of(listing.offers)
    here = address(wanted, order)
    last = listing.first + len(listing.items) - 1
    return WorklistPage(
        title=str(VIEWS[wanted.view]),
        summary=_summary(listing),
        total=many(counts.wanted),
        first=listing.first,
        last=last,
        as_of=listing.at,
        views=tabs(wanted, counts, clarifies=listing.clarifies),
        filters=filter_fields(wanted, titles, listing.team),
        hidden=_hidden(wanted, order),
        reset_url=address(Filter(wanted.view, period=wanted.period)) if _narrowed(wanted) else "",
        columns=worklist_columns(str(order), _sorting(wanted, order)),
        rows=tuple(_row(item, titles, listing) for item in listing.items),
        empty=_empty(listing, titles),
        more_url=with_more(here, {"after": listing.following, "first": last})
        if listing.following
        else "",
        next_url=reverse("case", args=[listing.items[0].case_id]) if listing.items else "",
        poll_url=_poll(wanted, order, counts, since=listing.at, total=counts.wanted),
        csv_url=address(wanted, order, name="worklist_csv") if listing.items else "",
        chips=chips(wanted, order, titles, listing.team),
        selection=selection_bar(wanted.view, here, len(listing.ticked), listing.bulk)
        if listing.bulk
        else None,
    )


def news_row(
    wanted: Filter,
    order: Order,
    counts: Counts,
    *,
    since: datetime,
    total: int,
    told: str,
    clarifies: bool,
) -> NewsRow | None:
    """What has changed since a list of ``total`` cases was loaded; None: nothing but ``told``."""
    if fingerprint(counts) == told:
        return None
    return NewsRow(
        count=max(counts.fresh, counts.wanted - total),
        show_url=address(wanted, order),
        poll_url=_poll(wanted, order, counts, since=since, total=total),
        views=tabs(wanted, counts, clarifies=clarifies),
    )


def tabs(
    wanted: Filter | None, counts: Counts, *, clarifies: bool, follow_ups: bool = False
) -> tuple[ViewTab, ...]:
    """The views above the list; one that only looks back is there while it is looked at."""
    place = wanted or Filter()
    shown = [*TABS]
    if wanted and wanted.view not in TABS:
        shown.append(wanted.view)
    found = [
        ViewTab(
            str(VIEWS[view]),
            address(place.turned_to(view)) if view in TABS else address(place),
            many(counts.views.get(view, counts.wanted)),
            current=bool(wanted) and view is place.view,
            key=view.value,
        )
        for view in shown
    ]
    label, url = gettext("Wiedervorlagen"), reverse("follow_ups")
    found.append(ViewTab(label, url, many(counts.follow_ups), follow_ups, "follow_ups"))
    if clarifies:
        count = many(counts.to_clarify)
        found.append(ViewTab(gettext("Klärung"), reverse("inbox"), count, key="inbox"))
    return tuple(found)


def selection_bar(view: View, back: str, count: int, bulk: Sequence[str]) -> SelectionBar:
    """What is selected, and what can be done with it."""
    return SelectionBar(
        count=count,
        view=view.value,
        back=back,
        actions=tuple(Option(act, str(BULK[act][0]), hint=BULK[act][1]) for act in bulk),
        full=count >= MOST,
    )


def fingerprint(counts: Counts) -> str:
    """Every number that a page shows, in short: another one means that something changed."""
    numbers = [*counts.views.values(), counts.wanted, counts.follow_ups, counts.to_clarify]
    return "-".join(map(str, [*numbers, counts.fresh]))


def titles_of(offers: Sequence[Offer]) -> dict[str, str]:
    """The names of the services, by key."""
    return {one.definition.key: one.definition.title.in_(language()) for one in offers}


def next_step(item: WorkItem) -> str:
    """What somebody would do with the case now."""
    return gettext("Post ansehen") if item.has_post else str(NEXT[item.state])


def worklist_table(
    items: Iterable[WorkItem], titles: Mapping[str, str], office: Office, today: date
) -> Iterator[str]:
    """The list as CSV for a German spreadsheet, line by line: semicolons, a byte order mark."""
    heading = [
        gettext("Frist"),
        gettext("Arbeitstage"),
        gettext("Vorgang"),
        gettext("Person"),
        gettext("Leistung"),
        gettext("Nächster Schritt"),
        gettext("Stand"),
        gettext("Zuständig"),
        gettext("Eingang"),
        gettext("Wiedervorlage"),
    ]
    yield "\ufeff" + _line(heading)
    for item in items:
        left = office.working_days_left(item.due_on, today=today)
        yield _line(
            [
                day_text(item.due_on),
                str(left),
                _harmless(item.reference),
                _harmless(item.applicant),
                _harmless(titles.get(item.service_key, item.subject)),
                next_step(item),
                state_text(item.state),
                _harmless(item.assignee),
                day_text(local_date(item.received_at)),
                day_text(item.follow_up_on) if item.follow_up_on else "",
            ]
        )


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow(cells)
    return written.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _poll(wanted: Filter, order: Order, counts: Counts, *, since: datetime, total: int) -> str:
    asked = {"since": since.isoformat(), "of": total, "told": fingerprint(counts)}
    return with_more(f"{reverse('worklist_news')}?{query_of(wanted, order)}", asked)


def _hidden(wanted: Filter, order: Order) -> tuple[tuple[str, str], ...]:
    """What the filter form carries along: the view, the order, what only the overview says."""
    kept = [("view", wanted.view.value)]
    if order != Order():
        kept.append(("sort", str(order)))
    if wanted.period:
        kept.append(("period", str(wanted.period)))
    if len(wanted.units) > 1:
        kept += [("unit", str(unit)) for unit in wanted.units]
    return tuple(kept)


def _narrowed(wanted: Filter) -> bool:
    return any(name != "period" for name in wanted.narrowing)


def _sorting(wanted: Filter, order: Order) -> dict[str, str]:
    """Where the heads of the columns lead: to the other direction where it is sorted by them."""
    return {
        sort.value: address(wanted, order.turned if sort is order.sort else Order(sort))
        for sort in Sort
    }


def _summary(listing: Listing) -> str:
    total = listing.counts.wanted
    said = ORDERS[str(listing.order)]
    if listing.wanted.view is View.TODAY and listing.order == Order():
        said = _("eigene zuerst")
    text = ngettext("%(count)s Vorgang, %(order)s", "%(count)s Vorgänge, %(order)s", total)
    return text % {"count": many(total), "order": said}


def _empty(listing: Listing, titles: Mapping[str, str]) -> EmptyState:
    wanted = listing.wanted
    if _narrowed(wanted):
        way_out = Link(
            gettext("Alle Filter aufheben"), address(Filter(wanted.view, period=wanted.period))
        )
        text = gettext("Mit diesen Filtern bleibt nichts übrig.")
        return EmptyState(text, _relief(listing, titles), way_out)
    if wanted.view is View.TEAM:
        return EmptyState(str(EMPTY[wanted.view]))
    waiting = listing.counts.views[View.TEAM]
    hint = ngettext(
        "%(count)s Vorgang ist zu prüfen.", "%(count)s Vorgänge sind zu prüfen.", waiting
    )
    way_out = Link(str(VIEWS[View.TEAM]), address(Filter(View.TEAM)))
    return EmptyState(str(EMPTY[wanted.view]), hint % {"count": many(waiting)}, way_out)


def _relief(listing: Listing, titles: Mapping[str, str]) -> str:
    """Which filter takes everything away."""
    by_name = {name: chip for name, chip in _named_chips(listing, titles) if name in listing.relief}
    said = [
        gettext("Ohne „%(filter)s“ wären es %(count)s.")
        % {"filter": by_name[name], "count": many(count)}
        for name, count in listing.relief.items()
        if count and name in by_name
    ]
    return " ".join(said) or gettext("Auch ohne einen einzelnen Filter bliebe die Liste leer.")


def _named_chips(listing: Listing, titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    shown = chips(listing.wanted, listing.order, titles, listing.team)
    yield from zip(listing.wanted.narrowing, (chip.label for chip in shown), strict=True)


def _row(item: WorkItem, titles: Mapping[str, str], listing: Listing) -> WorklistRow:
    return WorklistRow(
        key=str(item.case_id),
        url=reverse("case", args=[item.case_id]),
        reference=item.reference,
        due=_due(item, listing.office, local_date(listing.at)),
        name=item.applicant or gettext("ohne Namen"),
        service=titles.get(item.service_key, item.subject),
        next_step=next_step(item),
        state=state_text(item.state),
        received_on=local_date(item.received_at),
        assignee=item.assignee,
        unread=item.has_post,
        selected=item.case_id in listing.ticked,
        note=_note(item),
    )


def _due(item: WorkItem, office: Office, today: date) -> Tag:
    """How far away the deadline is; what is done keeps none."""
    if item.state not in _WORKING:
        return Tag(gettext("erledigt"), "success", "success")
    return due_tag(office.working_days_left(item.due_on, today=today))


# What was said of a deadline, beside how near it is.
ALARMS: Final[Mapping[str, Promise]] = {
    "warned": _("Frist läuft bald ab"),
    "escalated": _("Frist versäumt, Leitung informiert"),
}


def _note(item: WorkItem) -> str:
    said = (str(ALARMS.get(item.alarm, "")), _followed(item))
    return ", ".join(text for text in said if text)


def _followed(item: WorkItem) -> str:
    if not item.follow_up_on:
        return ""
    said = {"day": day_text(item.follow_up_on), "text": item.follow_up}
    if not item.follow_up:
        return gettext("Wiedervorlage %(day)s") % said
    return gettext("Wiedervorlage %(day)s: %(text)s") % said
