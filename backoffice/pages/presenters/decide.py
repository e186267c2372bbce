"""Deciding with the letter beside it: the form, what follows from it, the letter's pages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext, ngettext

from backoffice.pages.presenters.actions import action_rows
from backoffice.pages.presenters.attempts import Attempt, reshown
from backoffice.pages.presenters.desk import Desk
from backoffice.pages.presenters.dialogue_forms import message_row
from backoffice.pages.presenters.values import day_text, euros, language
from backoffice.pages.rows import (
    ActionRow,
    DecidePage,
    FieldRow,
    Link,
    Preview,
    PreviewPage,
)
from efile.kernel.errors import Conflict
from workflows.acts import LETTERED
from workflows.decisions import fee_of
from workflows.machine import DECIDES, Step

# How a letter names what it lacks (workflows.letters).
_GAP: Final = re.compile(r"\[fehlt:\s+([^\]]+)\]")


def act_rows(desk: Desk) -> dict[str, ActionRow]:
    """The acts that leave the house and are possible right now, by their keys."""
    rows = (*action_rows(desk), message_row(desk))
    return {row.key: row for row in rows if row and row.key in LETTERED and not row.countdown}


def decide_page(
    desk: Desk, action: str, preview: Preview, *, attempt: Attempt | None = None
) -> DecidePage:
    """The page of ``action``, which must be among ``act_rows``."""
    dossier, rows = desk.dossier, act_rows(desk)
    case = dossier.process.case
    service = dossier.definition.title.in_(language())
    (row,) = reshown([rows[action]], attempt)
    advice = dossier.definition.guidance.steps.get(action)
    return DecidePage(
        reference=case.reference,
        title=f"{case.applicant or gettext('ohne Namen')}: {service}",
        case_url=desk.url("case"),
        action=replace(
            row,
            url=desk.url("decide", action),
            summary=advice.in_(language()) if advice else "",
        ),
        effects=tuple(_effects(desk, action)),
        preview=replace(preview, draft=row.draft, note=_stays_at_home(desk, action)),
        preview_url=desk.url("preview", action),
        others=tuple(
            Link(other.label, other.page_url) for key, other in rows.items() if key != action
        ),
    )


def preview_of(desk: Desk, action: str, texts: Sequence[str], version: str) -> Preview:
    """The letter whose pages say ``texts``; ``version`` tells its pictures from earlier ones."""
    pages = tuple(
        PreviewPage(f"{desk.url('preview_page', action, number)}?v={version}", number, text)
        for number, text in enumerate(texts, start=1)
    )
    return Preview(pages=pages, gaps=gaps_in(texts))


def gaps_in(texts: Sequence[str]) -> tuple[str, ...]:
    """What a letter lacks whose pages say ``texts``, each once."""
    gaps = [" ".join(gap.split()) for text in texts for gap in _GAP.findall(text)]
    return tuple(dict.fromkeys(gaps))


def typed_in(row: ActionRow) -> dict[str, list[str]]:
    """What the fields of ``row`` hold, as its form would send it."""
    return {
        one.name: [each.value for each in one.options if each.selected]
        if one.options
        else [one.value]
        for one in row.fields
    }


# Fields of which somebody may choose several.
_LISTS: Final = ("proofs", "documents", "uploads")


def said_by(typed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The same as an act takes it, as far as it goes: a letter may be looked at half written."""
    said: dict[str, Any] = {name: values[-1] for name, values in typed.items() if values}
    said |= {name: list(typed[name]) for name in _LISTS if name in typed}
    if "days" in said:
        said["days"] = int(said["days"]) if said["days"].isdecimal() else None
    return said


def _effects(desk: Desk, action: str) -> Iterator[FieldRow]:
    """What follows: money, the way of the letter, what begins and what ends."""
    if action in (Step.GRANT, Step.GRANT_IN_PART):
        yield from _fee(desk, Step(action))
        yield from _permit(desk)
    yield FieldRow(label=gettext("Versand"), value=_channel(desk))
    if action in (Step.REFUSE, Step.FORWARD) and desk.dossier.booking:
        # Another system has yet to say when.
        on = desk.dossier.booking.day
        day = day_text(on) if on else gettext("noch offen")
        value = gettext("Der Termin am %(day)s wird frei.") % {"day": day}
        yield FieldRow(label=gettext("Termin"), value=value)
    waiting = sum(1 for task in desk.dossier.tasks if task.question and task.question.is_open)
    if waiting and action not in (Step.REQUEST_PROOF, "message"):
        value = ngettext(
            "%(count)d offene Rückfrage entfällt.",
            "%(count)d offene Rückfragen entfallen.",
            waiting,
        ) % {"count": waiting}
        yield FieldRow(label=gettext("Rückfragen"), value=value)
    if action in DECIDES:
        yield FieldRow(label=gettext("Rechtsbehelf"), value=_remedy(desk, action))
    yield FieldRow(label=gettext("Danach"), value=_afterwards(action))


def _fee(desk: Desk, step: Step) -> Iterator[FieldRow]:
    label = gettext("Gebühr")
    try:
        fee = fee_of(desk.dossier.application, step, desk.at)
    except Conflict:
        yield FieldRow(label=label, value=gettext("Die Gebühr lässt sich nicht bestimmen."))
        return
    if not fee.cents:
        yield FieldRow(label=label, value=gettext("gebührenfrei"))
        return
    lines = [
        f"{line.title.in_(language())}: {line.quantity} × {euros(line.cents_each)}"
        for line in fee.positions
    ]
    note = "; ".join([*lines, fee.legal_basis])
    yield FieldRow(label=label, value=euros(fee.cents), note=note)


def _permit(desk: Desk) -> Iterator[FieldRow]:
    """The standing matter that a grant begins."""
    sent, matter = desk.dossier.application, desk.dossier.definition.standing_matter
    if matter is None or sent.faults:
        return
    try:
        terms = sent.definition.terms_for(sent.form, sent.applicant, desk.today)
    except Conflict:
        return
    if terms is None:
        return
    said = {"day": day_text(terms.valid_from), "months": terms.months}
    value = gettext("ab %(day)s, bis es endet")
    if terms.months is not None:
        value = ngettext(
            "ab %(day)s für %(months)d Monat", "ab %(day)s für %(months)d Monate", terms.months
        )
    yield FieldRow(label=matter.title.in_(language()), value=value % said)


def _channel(desk: Desk) -> str:
    if desk.dossier.application.electronic:
        return gettext("ins Portal")
    return gettext("mit der Post")


def _stays_at_home(desk: Desk, action: str) -> str:
    """Where the portal says it all, no letter is written but of a decision."""
    if action in DECIDES or not desk.dossier.application.electronic:
        return ""
    return gettext("Die Person liest es im Portal; geschrieben wird der Brief nur für die Post.")


def _remedy(desk: Desk, action: str) -> str:
    remedy = desk.dossier.definition.remedy
    kinds = {
        "action": gettext("Klage: %(body)s"),
        "objection": gettext("Widerspruch: %(body)s"),
        "court_application": gettext("Antrag auf gerichtliche Entscheidung: %(body)s"),
    }
    if remedy.kind not in kinds:
        return gettext("keiner")
    said = kinds[remedy.kind] % {"body": remedy.body or gettext("diese Behörde")}
    if action == Step.GRANT:
        return gettext("nur bei Nebenbestimmungen; %(remedy)s") % {"remedy": said}
    return said


def _afterwards(action: str) -> str:
    if action == Step.REQUEST_PROOF:
        return gettext("Der Vorgang wartet auf die Antwort.")
    if action == Step.FORWARD:
        return gettext("Unsere Arbeit endet; der Vorgang kann abgeschlossen werden.")
    if action == "message":
        return gettext("Der Stand des Vorgangs ändert sich nicht.")
    return gettext("Der Vorgang ist entschieden; die Bekanntgabe folgt.")
