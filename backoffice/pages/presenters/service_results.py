"""What was found of a draft: examined, tried on past cases, compared, ready to publish."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.service_changes import change_rows, value_text
from backoffice.pages.presenters.service_editor import (
    Bench,
    frame_of,
    part_url,
    path_words,
)
from backoffice.pages.presenters.service_parts import listed, mapping
from backoffice.pages.presenters.service_sections import section_of
from backoffice.pages.presenters.service_words import (
    LETTERS,
    language_text,
)
from backoffice.pages.presenters.values import NOTHING, day_text, euros, language
from backoffice.pages.rows import ActionField, FieldProblem, Tag
from backoffice.pages.rows.frame import Tone
from backoffice.pages.rows.service_pages import (
    ChangeRow,
    CheckPage,
    ComparePage,
    ExaminedSection,
    FindingRow,
    PublishPage,
    TrialPage,
    TriedRow,
)
from backoffice.pages.words import check_tag, state_text
from workflows.catalogue.messages import message
from workflows.catalogue.pointers import split
from workflows.definitions.differences import Difference
from workflows.definitions.outcomes import Divergence
from workflows.definitions.trying import Trial
from workflows.definitions.validation import Examined, Finding, Validation

_TITLES: Final[Mapping[str, Promise]] = {
    "shape": _("Vollständigkeit und Form"),
    "sense": _("Zusammenhang"),
    "procedure": _("Ablauf: jeder Stand ist erreichbar und führt weiter"),
    "rules": _("Regeln"),
    "example": _("Beispielantrag"),
    "letters": _("Briefe"),
    "place": _("Zuständigkeit und Aktenplan"),
    "fee": _("Gebühr des Beispiels heute"),
    "deadlines": _("Fristen des Beispiels, wenn er heute einginge"),
}
_STATES: Final[Mapping[str, tuple[Promise, Tone, str]]] = {
    "passed": (_("in Ordnung"), "success", "success"),
    "failed": (_("nicht in Ordnung"), "danger", "danger"),
    "not_examined": (_("noch nicht geprüft"), "neutral", ""),
}
ASPECTS: Final[Mapping[str, Promise]] = {
    "form": _("Formular"),
    "proofs": _("Nachweise"),
    "checks": _("Prüfungen"),
    "result": _("Ergebnis"),
    "fee": _("Gebühr"),
    "deadlines": _("Fristen"),
    "matter": _("Dauerhaftes"),
}
_VALUES: Final[Mapping[str, Promise]] = {
    "grant": _("bewilligt"),
    "refuse": _("abgelehnt"),
    "person": _("ein Mensch entscheidet"),
    "enclosed": _("liegt bei"),
    "missing": _("fehlt"),
    "passed": _("erfüllt"),
    "failed": _("nicht erfüllt"),
    "not_evaluated": _("offen"),
    "not_needed": _("nicht nötig"),
}
# So many changes are read before publishing; the rest is on its own page.
_SHOWN: Final = 40


def check_page(bench: Bench, found: Validation) -> CheckPage:
    """The whole examination, section by section, each finding with its way to the field."""
    return CheckPage(
        frame=frame_of(bench, "check"),
        sections=tuple(
            ExaminedSection(
                title=str(_TITLES[one.key]),
                state=_tag(one.state),
                findings=tuple(_finding(bench, finding) for finding in one.findings),
                looked_at=tuple(_looked_at(bench, one.key, each) for each in one.examined),
            )
            for one in found.sections
        ),
        is_sound=found.is_sound,
    )


def field_link(service: str, pointer: str) -> str:
    """The page on which what ``pointer`` names is edited, opened there."""
    section, tokens = section_of(pointer), split(pointer)
    address = part_url(service, section)
    if section == "form" and "properties" in tokens:
        field = _field_in(pointer)
        return f"{address}?{urlencode({'field': field})}"
    if section == "letters" and len(tokens) > 1:
        return f"{address}?{urlencode({'letter': tokens[1]})}"
    row = next((place for place, token in enumerate(tokens) if token.isdecimal()), None)
    if row is None:
        return address
    item = "/" + "/".join(tokens[: row + 1])
    return f"{address}?{urlencode({'open': item})}"


def trial_page(bench: Bench, trial: Trial | None) -> TrialPage:
    """What the draft would have done; nothing yet where it has not been tried."""
    frame = frame_of(bench, "trial")
    if trial is None:
        return TrialPage(frame=frame)
    words = {"examined": trial.examined, "differing": trial.differing}
    if not trial.examined:
        summary = gettext("Zu diesem Dienst gibt es noch keine Vorgänge.")
    elif not trial.differing:
        summary = gettext("%(examined)d Vorgänge nachgerechnet: Es käme überall dasselbe heraus.")
    else:
        summary = ngettext(
            "%(examined)d Vorgänge nachgerechnet: In einem käme etwas anderes heraus.",
            "%(examined)d Vorgänge nachgerechnet: In %(differing)d käme etwas anderes heraus.",
            trial.differing,
        )
    unseen = ""
    if trial.unseen_differing:
        unseen = ngettext(
            "Einen davon dürfen Sie nicht sehen; er ist nur mitgezählt.",
            "%(count)d davon dürfen Sie nicht sehen; sie sind nur mitgezählt.",
            trial.unseen_differing,
        ) % {"count": trial.unseen_differing}
    if not trial.is_complete:
        unseen = " ".join(filter(None, [unseen, gettext("Die Zeit reichte nicht für alle.")]))
    return TrialPage(
        frame=frame,
        started=True,
        summary=summary % words,
        unseen=unseen,
        counts=tuple(
            (str(ASPECTS[key]), count) for key, count in trial.counts.items() if key in ASPECTS
        ),
        cases=tuple(
            TriedRow(
                one.reference,
                reverse("case", args=[one.case_id]),
                state_text(one.state),
                tuple(divergence_row(each, bench.document) for each in one.divergences),
            )
            for one in trial.cases
        ),
    )


def divergence_row(one: Divergence, document: Mapping[str, Any]) -> ChangeRow:
    """What a case would have been told otherwise, in words."""
    name = _name_of(one, document)
    path = f"{ASPECTS[one.aspect]}: {name}" if name else str(ASPECTS[one.aspect])
    return ChangeRow(path, _said(one, one.before), _said(one, one.after), "")


def compare_page(bench: Bench, found: Sequence[Difference], against: str) -> ComparePage:
    """The draft beside what it is to replace."""
    return ComparePage(
        frame=frame_of(bench, "compare"),
        against=against,
        changes=change_rows(found, bench.document),
    )


def publish_page(
    bench: Bench,
    found: Sequence[Difference],
    against: str,
    *,
    today: date,
    typed: str = "",
    said: str = "",
    problems: Sequence[FieldProblem] = (),
) -> PublishPage:
    """The last look: what changes, from which day; or what still keeps it back."""
    errors = {problem.field: problem.message for problem in problems}
    blocked = ""
    if left := len(bench.faults):
        blocked = ngettext(
            "Ein Punkt ist noch offen. Erst danach lässt sich veröffentlichen.",
            "%(count)d Punkte sind noch offen. Erst danach lässt sich veröffentlichen.",
            left,
        ) % {"count": left}
    day = ActionField(
        name="from_on",
        label=gettext("Gilt ab"),
        kind="date",
        required=True,
        value=typed or today.isoformat(),
        minimum=today.isoformat(),
        hint=gettext("Heute oder später. Bis dahin lässt es sich zurücknehmen."),
        error=errors.get("from_on", ""),
    )
    rows = change_rows(found, bench.document)
    return PublishPage(
        frame=frame_of(bench, "publish"),
        fields=(day,),
        changes=rows[:_SHOWN],
        hidden=max(0, len(rows) - _SHOWN),
        against=against,
        blocked=blocked,
        problems=tuple(problems),
        said=said,
    )


def _tag(state: str) -> Tag:
    text, tone, icon = _STATES[state]
    return Tag(str(text), tone, icon)


def _finding(bench: Bench, one: Finding) -> FindingRow:
    return FindingRow(
        path=path_words(bench.document, one.pointer),
        text=one.words(language()),
        url=field_link(bench.draft.service, one.pointer) if one.pointer else "",
        is_hint=one.weight == "hint",
    )


def _looked_at(bench: Bench, section: str, one: Examined) -> tuple[str, str]:
    """What was looked at, in words: validation speaks in keys."""
    match section:
        case "letters":
            kind, _dot, tag = one.what.partition(" · ")
            label = str(dict(LETTERS).get(kind, kind))
            return f"{label}, {language_text(tag)}" if tag else label, one.shown
        case "procedure":
            try:
                return state_text(one.what), one.shown
            except KeyError:
                return one.what, one.shown
        case "example":
            try:
                return _titled(bench, "checks", one.what), check_tag(one.shown).text
            except KeyError:
                return _titled(bench, "checks", one.what), str(_VALUES.get(one.shown, one.shown))
        case "deadlines":
            return _titled(bench, "deadlines", one.what), one.shown
        case "fee":
            names = {"fee": gettext("Gebühr"), "assessment": gettext("Festsetzung")}
            return names.get(one.what, one.what), one.shown
        case _:
            return one.what, one.shown


def _titled(bench: Bench, part: str, key: str) -> str:
    return _title_in(bench.document, part, key)


def _title_in(document: Mapping[str, Any], part: str, key: str) -> str:
    items = (mapping(one) for one in listed(document.get(part)))
    found = next((one for one in items if one.get("key") == key), {})
    title = mapping(found.get("title"))
    return str(title.get(language()) or title.get("de") or key)


def _name_of(one: Divergence, document: Mapping[str, Any]) -> str:
    if one.aspect == "form":
        return path_words(document, one.key) if one.key else ""
    if one.aspect in ("proofs", "checks", "deadlines"):
        return _title_in(document, one.aspect, one.key)
    return one.key if one.aspect == "matter" else ""


def _said(one: Divergence, value: Any) -> str:
    if value is None:
        return NOTHING
    if one.aspect == "form":
        return message(str(value), {}, language())
    if one.aspect == "fee" and type(value) is int:
        return euros(value)
    if one.aspect == "deadlines" and isinstance(value, str):
        return day_text(value)
    return str(_VALUES[value]) if isinstance(value, str) and value in _VALUES else value_text(value)


def _field_in(pointer: str) -> str:
    """The innermost field of the form that ``pointer`` lies in."""
    tokens = split(pointer)
    last = max(place for place, name in enumerate(tokens[:-1]) if name == "properties")
    return "/" + "/".join(tokens[: last + 2])
