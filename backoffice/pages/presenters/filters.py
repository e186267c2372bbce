"""What narrows the work list: the fields that ask for it, the chips that take it away again."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.values import day_text
from backoffice.pages.rows import Chip, FilterField, Option
from backoffice.pages.wanting import address
from backoffice.pages.words import state_text
from workflows.desk import Order
from workflows.team import Team
from workflows.wanted import ME, NOBODY, PERIODS, STATES, Due, Filter, Period, View

DUES: Final[Mapping[Due, Promise]] = {
    Due.OVERDUE: _("überfällig"),
    Due.WEEK: _("diese Woche"),
    Due.WARNED: _("läuft bald ab (gewarnt)"),
    Due.ESCALATED: _("versäumt, Leitung informiert"),
}
# Views that say themselves whose work they show.
_PERSONAL: Final = frozenset({View.TODAY, View.MINE})


def filter_fields(wanted: Filter, titles: Mapping[str, str], team: Team) -> tuple[FilterField, ...]:
    """The fields that narrow this view, each with "any" in front."""
    found = [_field("service", gettext("Leistung"), list(titles.items()), wanted.service)]
    if wanted.view not in _PERSONAL:
        found.append(_field("assignee", gettext("Zuständig"), _people(team), wanted.assignee))
    if len(team.units) > 1 and len(wanted.units) < 2:
        units = [(str(one.unit_id), one.name) for one in team.units]
        chosen = str(wanted.units[0]) if wanted.units else ""
        found.append(_field("unit", gettext("Einheit"), units, chosen))
    states = STATES[wanted.view]
    if len(states) > 1:
        named = [(state.value, state_text(state.value)) for state in states]
        found.append(_field("state", gettext("Stand"), named, wanted.state))
    if wanted.view not in PERIODS:
        dues = [(due.value, str(text)) for due, text in DUES.items()]
        found.append(_field("due", gettext("Frist"), dues, wanted.due or ""))
    return tuple(found)


def chips(wanted: Filter, order: Order, titles: Mapping[str, str], team: Team) -> tuple[Chip, ...]:
    """What narrows the view, each with the list as it is without; in the order of ``narrowing``.

    A period cannot be taken away from a view that is about nothing else: it leads to all work.
    """
    labels = _labels(wanted, titles, team)
    return tuple(
        Chip(labels[name], address(_without(wanted, name), order)) for name in wanted.narrowing
    )


def period_text(period: Period) -> str:
    """A period in days: 16.11.–22.11.2026."""
    return f"{period.first:%d.%m.}–{day_text(period.last)}"


def _without(wanted: Filter, name: str) -> Filter:
    if name == "period":
        return wanted.without(name).turned_to(View.ALL)
    return wanted.without(name)


def _labels(wanted: Filter, titles: Mapping[str, str], team: Team) -> dict[str, str]:
    people = dict(_people(team))
    said: list[tuple[str, str, str]] = [
        ("service", gettext("Leistung"), titles.get(wanted.service, wanted.service)),
        ("units", gettext("Einheit"), _units_text(wanted, team)),
        (
            "assignee",
            gettext("Zuständig"),
            people.get(wanted.assignee, gettext("eine andere Person")),
        ),
        ("state", gettext("Stand"), state_text(wanted.state) if wanted.state else ""),
        ("due", gettext("Frist"), str(DUES[wanted.due]) if wanted.due else ""),
        ("period", gettext("Zeitraum"), period_text(wanted.period) if wanted.period else ""),
    ]
    return {name: f"{label}: {value}" for name, label, value in said}


def _units_text(wanted: Filter, team: Team) -> str:
    names = {one.unit_id: one.name for one in team.units}
    count = len(wanted.units)
    if count == 1:
        return names.get(wanted.units[0], gettext("eine andere Einheit"))
    return ngettext("%(count)d Einheit", "%(count)d Einheiten", count) % {"count": count}


def _people(team: Team) -> list[tuple[str, str]]:
    return [
        (ME, gettext("ich")),
        (NOBODY, gettext("niemand")),
        *((str(one.user_id), one.name) for one in team.members),
    ]


def _field(
    name: str,
    label: str,
    choices: Sequence[tuple[str, str]],
    chosen: str,
) -> FilterField:
    options = [Option("", gettext("alle"), not chosen)]
    options += [Option(value, text, value == chosen) for value, text in choices]
    return FilterField(name, label, tuple(options), active=bool(chosen))
