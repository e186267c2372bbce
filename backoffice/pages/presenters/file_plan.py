"""The file plan as a tree, and the files below one of its positions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from backoffice.pages.presenters.values import day_text
from backoffice.pages.rows import (
    EmptyState,
    FieldRow,
    FilePlanPage,
    FileRow,
    Link,
    Option,
    PositionRow,
    ShelfPage,
)
from backoffice.pages.words import access_class_text, many, retention_text
from efile.kernel.clock import local_date
from efile.plan import COUNTED, Branch, ListedFile, Plan, Position, Shelf
from efile.spelling import fold

_Below = Mapping[int | None, Sequence[Branch]]
# Main groups and their groups stand open where there is something; below that one looks closer.
_UNFOLDED: Final = 2


def plan_page(plan: Plan, *, query: str, unfold: bool) -> FilePlanPage:
    """The tree; with a ``query`` only what matches by code or title, and the way there."""
    hits = _hits(plan.branches, query) if query else frozenset()
    kept = _with_ways(plan.branches, hits) if query else plan.branches
    below: dict[int | None, list[Branch]] = defaultdict(list)
    for branch in kept:
        below[branch.position.parent_id].append(branch)
    whole = _address(plan)
    return FilePlanPage(
        summary=_summary(plan, hits, query),
        query=query,
        version=plan.version,
        valid_from=plan.valid_from,
        versions=_versions(plan),
        positions=tuple(_row(one, below, hits, unfold=unfold) for one in below[None]),
        reset_url=whole if query else "",
        unfold_url="" if unfold or query else _address(plan, unfold="1"),
        empty=_nothing(query, whole),
    )


def shelf_page(shelf: Shelf, *, first: bool) -> ShelfPage:
    """A page of the files below a position; ``first``: it is the first one."""
    position = shelf.position
    address = reverse("file_plan_position", args=[position.id])
    return ShelfPage(
        code=position.code,
        title=position.title,
        above=_way_links(shelf.above),
        facts=(
            FieldRow(
                label=gettext("Aufbewahrung"),
                value=retention_text(position.retention_years, position.disposal_code),
            ),
            FieldRow(label=gettext("Zugang"), value=access_class_text(position.access_class)),
        ),
        rows=tuple(_file(one) for one in shelf.files),
        more_url=f"{address}?{urlencode({'before': shelf.before})}" if shelf.before else "",
        empty=_empty(position, first),
    )


def _way_links(above: Sequence[Position]) -> tuple[Link, ...]:
    """The way from the plan down to a position."""
    plan = reverse("file_plan")
    ways = (Link(f"{one.code} {one.title}", f"{plan}#position-{one.id}") for one in above)
    return (Link(gettext("Aktenplan"), plan), *ways)


def _count_text(files: int, cases: int) -> str:
    """As in "12 Akten, 30 Vorgänge" or "über 1.000 Akten, über 1.000 Vorgänge", "" for none."""
    if not files:
        return ""
    told = (
        ngettext("%(count)s Akte", "%(count)s Akten", files) % {"count": many(files)},
        ngettext("%(count)s Vorgang", "%(count)s Vorgänge", cases) % {"count": many(cases)},
    )
    return ", ".join(told)


def _address(plan: Plan, **query: str) -> str:
    """Where this version of the plan is; the latest needs no number."""
    if plan.version != plan.versions[0][0]:
        query["version"] = str(plan.version)
    return f"{reverse('file_plan')}?{urlencode(query)}" if query else reverse("file_plan")


def _row(branch: Branch, below: _Below, hits: frozenset[int], *, unfold: bool) -> PositionRow:
    position = branch.position
    children = below.get(position.id, ())
    return PositionRow(
        key=str(position.id),
        code=position.code,
        title=position.title,
        rule=retention_text(position.retention_years, position.disposal_code),
        access=access_class_text(position.access_class),
        count=_count_text(branch.files, branch.cases),
        url=reverse("file_plan_position", args=[position.id]) if position.is_leaf else "",
        is_open=unfold or bool(hits) or bool(branch.files and branch.level <= _UNFOLDED),
        is_hit=position.id in hits,
        below=tuple(_row(child, below, hits, unfold=unfold) for child in children),
    )


def _hits(branches: Sequence[Branch], query: str) -> frozenset[int]:
    """Positions whose code begins with the query, or whose title has all of its words."""
    wanted = [fold(word) for word in query.split()]
    return frozenset(
        one.id
        for one in (branch.position for branch in branches)
        if one.code.startswith(query) or all(word in fold(one.title) for word in wanted)
    )


def _with_ways(branches: Sequence[Branch], hits: frozenset[int]) -> list[Branch]:
    """The hits and everything above them, in the plan's order."""
    kept: set[int | None] = set(hits)
    # Those below come after: read backwards, each says whether the one above is needed.
    for branch in reversed(branches):
        if branch.position.id in kept:
            kept.add(branch.position.parent_id)
    return [branch for branch in branches if branch.position.id in kept]


def _summary(plan: Plan, hits: frozenset[int], query: str) -> str:
    if query:
        count = len(hits)
        return ngettext("%(count)d Position gefunden", "%(count)d Positionen gefunden", count) % {
            "count": count
        }
    count = len(plan.branches)
    text = ngettext(
        "%(count)d Position, Fassung %(version)d, gültig ab %(day)s",
        "%(count)d Positionen, Fassung %(version)d, gültig ab %(day)s",
        count,
    )
    return text % {"count": count, "version": plan.version, "day": day_text(plan.valid_from)}


def _versions(plan: Plan) -> tuple[Option, ...]:
    if len(plan.versions) < 2:
        return ()
    return tuple(
        Option(
            str(version),
            gettext("Fassung %(version)d, gültig ab %(day)s")
            % {"version": version, "day": day_text(valid_from)},
            version == plan.version,
        )
        for version, valid_from in plan.versions
    )


def _nothing(query: str, address: str) -> EmptyState:
    if not query:
        return EmptyState(gettext("Dieser Aktenplan hat noch keine Positionen."))
    return EmptyState(
        gettext("Keine Position passt dazu."),
        gettext("Versuchen Sie den Anfang der Nummer oder ein einzelnes Wort des Titels."),
        Link(gettext("Ganzen Aktenplan zeigen"), address),
    )


def _empty(position: Position, first: bool) -> EmptyState:
    back = Link(gettext("Zum Aktenplan"), f"{reverse('file_plan')}#position-{position.id}")
    if not first:
        return EmptyState(gettext("Hier kommt keine Akte mehr."), link=back)
    if not position.is_leaf:
        hint = gettext("Akten liegen nur in den untersten Positionen.")
        return EmptyState(gettext("Diese Position ist weiter gegliedert."), hint, back)
    return EmptyState(
        gettext("Noch keine Akte in dieser Position."),
        gettext("Gezeigt werden die Akten, von denen Sie mindestens einen Vorgang sehen dürfen."),
        back,
    )


def _file(one: ListedFile) -> FileRow:
    return FileRow(
        key=str(one.id),
        url=reverse("case_file", args=[one.id]),
        reference=one.reference,
        subject=one.subject,
        cases=_open_and_closed(one.open_cases, one.closed_cases),
        opened_on=local_date(one.opened_at),
        changed_on=local_date(one.changed_at) if one.changed_at else None,
    )


def _open_and_closed(open_cases: int, closed_cases: int) -> str:
    total = open_cases + closed_cases
    if total > COUNTED:
        text = ngettext("%(count)s Vorgang", "%(count)s Vorgänge", total)
        return text % {"count": many(total)}
    told = []
    if open_cases:
        told.append(gettext("%(count)s offen") % {"count": open_cases})
    if closed_cases:
        told.append(gettext("%(count)s abgeschlossen") % {"count": closed_cases})
    return ", ".join(told)
