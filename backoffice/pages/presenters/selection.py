"""Many cases at once: what a change would do to each, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.follow_ups import follow_up_fields
from backoffice.pages.presenters.problems import problem_of
from backoffice.pages.presenters.values import day_text
from backoffice.pages.rows import (
    ActionField,
    FieldProblem,
    Link,
    Option,
    OutcomeRow,
    ResultPage,
    SelectedRow,
    SelectionPage,
    Tag,
)
from efile.kernel.errors import FieldError
from workflows.selection import Assignment, Change, Outcome, Selected
from workflows.team import Team

TITLES: Final[Mapping[str, Promise]] = {
    "take": _("Übernehmen"),
    "assign": _("Zuweisen"),
    "follow_up": _("Wiedervorlage setzen"),
    "give_back": _("Zuweisung zurückgenommen"),
}
# Why a case stays as it is.
HINDRANCES: Final[Mapping[str, Promise]] = {
    "act_is_held": _("Gerade geht etwas hinaus. In einer Minute lässt sich der Vorgang ändern."),
    "action_not_granted": _("Dazu sind Sie in dieser Einheit nicht berechtigt."),
    "case_is_closed": _("Der Vorgang ist abgeschlossen."),
    "unchanged": _("Das ist schon so."),
    "not_able": _("Diese Person darf den Vorgang nicht bearbeiten."),
    "case_changed": _("Jemand hat den Vorgang inzwischen geändert."),
    "not_found": _("Der Vorgang ist nicht mehr zu sehen."),
}
KEEP: Final = ""
TEAM: Final = "nobody"


def selection_page(
    act: str,
    view: str,
    cases: Sequence[Selected],
    *,
    change: Change | None,
    said: Mapping[str, str],
    errors: Sequence[FieldError],
    team: Team,
    titles: Mapping[str, str],
    back: str,
    today: date,
) -> SelectionPage:
    """The preview of ``act``; without a ``change`` its fields alone."""
    doable = sum(not case.hindrance for case in cases)
    problems = tuple(problem_of(error) for error in errors)
    fields = tuple(_filled(one, said, problems) for one in _fields(act, team, today))
    return SelectionPage(
        title=str(TITLES[act]),
        url=f"{reverse('selection', args=[act])}?view={view}",
        back=Link(gettext("Zurück zur Liste"), back),
        summary=_selected_text(len(cases)),
        fields=fields,
        problems=problems,
        previewed=change is not None,
        verdict=_verdict(doable, len(cases) - doable) if change else "",
        said=tuple(said.items()),
        rows=tuple(_row(case, change, titles, team) for case in cases),
        submit_label=_submit(doable) if change and doable else "",
    )


def result_page(
    act: str,
    outcomes: Sequence[Outcome],
    *,
    titles: Mapping[str, str],
    back: str,
    undo: bool,
) -> ResultPage:
    """What came of ``act``, what failed first."""
    done = sum(not one.refusal for one in outcomes)
    changed = ngettext("%(count)d Vorgang geändert", "%(count)d Vorgänge geändert", done)
    said = changed % {"count": done}
    if left := len(outcomes) - done:
        same = ngettext("%(count)d nicht geändert", "%(count)d nicht geändert", left)
        said = f"{said}, {same % {'count': left}}"
    return ResultPage(
        title=str(TITLES[act]),
        summary=said,
        back=Link(gettext("Zurück zur Liste"), back),
        rows=tuple(
            _outcome(one, titles) for one in sorted(outcomes, key=lambda one: not one.refusal)
        ),
        undo_url=reverse("selection_undo") if undo and done else "",
    )


def hindrance_text(code: str) -> str:
    """Why nothing changes, in words."""
    return str(HINDRANCES.get(code, _("Das ist bei diesem Vorgang nicht möglich.")))


def _fields(act: str, team: Team, today: date) -> tuple[ActionField, ...]:
    people = [(one.user_id, one.name) for one in team.members]
    if act == "follow_up":
        return follow_up_fields(today, people)
    if act == "take":
        return ()
    return (
        ActionField(
            name="assignee",
            label=gettext("Zuständig"),
            kind="select",
            required=True,
            options=(
                Option(KEEP, gettext("unverändert lassen"), selected=True),
                Option(TEAM, gettext("niemand, zurück ans Team")),
                *(Option(str(key), name) for key, name in people),
            ),
        ),
    )


def _filled(
    one: ActionField, said: Mapping[str, str], problems: Sequence[FieldProblem]
) -> ActionField:
    value = said.get(one.name, one.value)
    return replace(
        one,
        value=value,
        error=" ".join(each.message for each in problems if each.field == one.name),
        options=tuple(Option(each.value, each.label, each.value == value) for each in one.options),
    )


def _selected_text(count: int) -> str:
    text = ngettext("%(count)d ausgewählter Vorgang", "%(count)d ausgewählte Vorgänge", count)
    return text % {"count": count}


def _verdict(doable: int, left: int) -> str:
    changes = ngettext(
        "%(count)d Vorgang wird geändert", "%(count)d Vorgänge werden geändert", doable
    ) % {"count": doable}
    if not left:
        return f"{changes}."
    stays = ngettext("%(count)d bleibt, wie er ist", "%(count)d bleiben, wie sie sind", left)
    return f"{changes}, {stays % {'count': left}}."


def _submit(doable: int) -> str:
    text = ngettext("%(count)d Vorgang ändern", "%(count)d Vorgänge ändern", doable)
    return text % {"count": doable}


def _row(
    case: Selected, change: Change | None, titles: Mapping[str, str], team: Team
) -> SelectedRow:
    people = {one.user_id: one.name for one in team.members}
    return SelectedRow(
        key=str(case.case_id),
        url=reverse("case", args=[case.case_id]),
        reference=case.reference,
        name=case.applicant or gettext("ohne Namen"),
        service=titles.get(case.service_key, ""),
        before=case.assignee or gettext("niemand"),
        after=_after(change, people) if change and not case.hindrance else "",
        seen=f"{case.case_id}:{case.seen}",
        hindrance=hindrance_text(case.hindrance) if case.hindrance else "",
    )


def _after(change: Change, people: Mapping[int, str]) -> str:
    name = people.get(change.user_id or 0, "")
    if isinstance(change, Assignment):
        return name or (gettext("niemand") if change.user_id is None else gettext("Sie"))
    told = {"day": day_text(change.due_on), "name": name}
    if name:
        return gettext("Wiedervorlage %(day)s für %(name)s") % told
    return gettext("Wiedervorlage %(day)s") % told


def _outcome(one: Outcome, titles: Mapping[str, str]) -> OutcomeRow:
    case = one.case
    return OutcomeRow(
        key=str(case.case_id),
        url=reverse("case", args=[case.case_id]),
        reference=case.reference,
        name=case.applicant or gettext("ohne Namen"),
        service=titles.get(case.service_key, ""),
        tag=Tag(gettext("nicht geändert"), "warning", "warning")
        if one.refusal
        else Tag(gettext("geändert"), "success", "success"),
        text=hindrance_text(one.refusal) if one.refusal else "",
    )


def chosen_cases(texts: Sequence[str]) -> list[UUID]:
    """The case ids among ``texts``; whatever is none is nobody's choice."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
