"""The list of a day's deadlines, on the page and on paper."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.deadlines import LABELS, OVER, sentence
from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import DeadlinesPage, ListedDeadline, ListSection, Option, Tag
from efile.kernel.clock import BERLIN, local_date
from efile.letters.lists import Column, ListFacts
from workflows.catalogue.parts import Text
from workflows.deadline_list import LONGEST_NOTE, DayList, Line, sections
from workflows.office import Office

_A_DAY: Final = timedelta(days=1)
# So many of a part stand on the page; the PDF has them all.
SHOWN: Final = 100
_SECTIONS: Final[Mapping[str, Promise]] = {
    "overdue": _("Überfällig"),
    "due": _("An diesem Tag fällig"),
    "entered": _("An diesem Tag eingetragen"),
}
_EMPTY: Final[Mapping[str, Promise]] = {
    "overdue": _("Nichts ist überfällig."),
    "due": _("An diesem Tag lief keine Frist ab."),
    "entered": _("An diesem Tag wurde keine Frist eingetragen."),
}
# Shares of a landscape page.
_SHEET: Final = (
    Column("Teil", 24),
    Column("Fristende", 22),
    Column("Vorgang", 42),
    Column("Leistung", 40),
    Column("Frist", 40),
    Column("Berechnung", 62),
    Column("Eingetragen", 44),
    Column("Stand", 24),
)


def deadlines_page(
    found: DayList, *, units: Sequence[tuple[int, str]], can_sign: bool, at: datetime
) -> DeadlinesPage:
    """The list of a unit's day: what is overdue, due and entered."""
    parts = tuple(_section(key, lines, found.day) for key, lines in sections(found.lines))
    return DeadlinesPage(
        unit=found.unit,
        unit_id=found.unit_id,
        day=found.day,
        as_of=found.signature.at if found.signature else at,
        summary=_summary(found),
        previous_url=address("deadlines", found.unit_id, found.day - _A_DAY),
        next_url=address("deadlines", found.unit_id, found.day + _A_DAY),
        pdf_url=address("deadlines_pdf", found.unit_id, found.day),
        units=tuple(Option(str(key), name, key == found.unit_id) for key, name in units),
        sections=parts,
        signed=_signed(found),
        note=found.signature.note if found.signature else "",
        can_sign=can_sign and found.signature is None and found.day < local_date(at),
        longest_note=LONGEST_NOTE,
    )


def deadlines_sheet(found: DayList, *, office: Office, at: datetime) -> ListFacts:
    """The same on paper, in German; of a day that is over always the same."""
    with override("de"):
        return ListFacts(
            letterhead=office.letterhead,
            city=office.name,
            dated=found.day,
            title="Fristenkontrollliste",
            subtitle=f"{day_text(found.day)}, {found.unit}",
            particulars=[*_particulars(found, at)],
            columns=_SHEET,
            rows=[
                _on_paper(key, line, found.day)
                for key, lines in sections(found.lines)
                for line in lines
            ],
            closing=[found.signature.note] if found.signature and found.signature.note else [],
            signature_lines=[] if found.signature else ["Datum, Unterschrift der Leitung"],
            empty="Keine Frist war überfällig, fällig oder eingetragen.",
            landscape=True,
        )


def address(name: str, unit_id: int, day: date) -> str:
    """Where the list of that unit and day is."""
    return f"{reverse(name)}?{urlencode({'unit': unit_id, 'day': day.isoformat()})}"


def _particulars(found: DayList, at: datetime) -> Iterator[tuple[str, str]]:
    for key, lines in sections(found.lines):
        yield str(_SECTIONS[key]), str(len(lines))
    if found.signature:
        signed_at = found.signature.at.astimezone(BERLIN)
        yield "Gegengezeichnet", f"{found.signature.signer}, {signed_at:%d.%m.%Y %H:%M}"
        yield "Prüfsumme (SHA-256)", found.signature.sha256
    elif found.day >= local_date(at):
        yield "Stand", f"{at.astimezone(BERLIN):%d.%m.%Y %H:%M}, der Tag läuft noch"


def _summary(found: DayList) -> str:
    counts = {key: len(lines) for key, lines in sections(found.lines)}
    overdue = ngettext("%(n)d überfällig", "%(n)d überfällig", counts["overdue"])
    due = ngettext("%(n)d fällig", "%(n)d fällig", counts["due"])
    entered = ngettext("%(n)d eingetragen", "%(n)d eingetragen", counts["entered"])
    said = [overdue % {"n": counts["overdue"]}, due % {"n": counts["due"]}]
    return ", ".join([*said, entered % {"n": counts["entered"]}])


def _signed(found: DayList) -> str:
    if found.signature is None:
        return ""
    at = found.signature.at.astimezone(BERLIN)
    told = {"name": found.signature.signer, "at": f"{at:%d.%m.%Y %H:%M}"}
    return gettext("Gegengezeichnet von %(name)s am %(at)s.") % told


def _section(key: str, lines: Sequence[Line], day: date) -> ListSection:
    more = len(lines) - SHOWN
    said = ngettext(
        "%(n)d weitere Frist steht in der PDF.", "%(n)d weitere Fristen stehen in der PDF.", more
    )
    return ListSection(
        key,
        str(_SECTIONS[key]),
        len(lines),
        tuple(_row(key, number, line, day) for number, line in enumerate(lines[:SHOWN])),
        said % {"n": more} if more > 0 else "",
        str(_EMPTY[key]),
    )


def _row(key: str, number: int, line: Line, day: date) -> ListedDeadline:
    return ListedDeadline(
        key=f"{key}-{number}",
        url=reverse("case", args=[line.case_id]),
        reference=line.reference,
        service=Text(line.service).in_(language()),
        label=_label(line),
        ends_on=day_text(line.ends_on),
        rule=_rule(line),
        entered=_entered(line),
        tag=_tag(line, day),
    )


def _on_paper(key: str, line: Line, day: date) -> list[str]:
    return [
        str(_SECTIONS[key]).removeprefix("An diesem Tag "),
        day_text(line.ends_on),
        line.reference,
        Text(line.service).in_("de"),
        _label(line),
        _rule(line),
        _entered(line),
        _tag(line, day).text,
    ]


def _label(line: Line) -> str:
    if line.title:
        return Text(line.title).in_(language())
    return str(LABELS.get(line.key, line.key))


def _rule(line: Line) -> str:
    """How it was counted: the last steps of its derivation, event first."""
    steps = [step for step in line.derivation if step["kind"] != "event"]
    return sentence(steps[0]) if steps else ""


def _entered(line: Line) -> str:
    day = local_date(datetime.fromisoformat(line.set_at))
    who = gettext("vom System") if line.set_by.startswith("system:") else line.set_by
    if line.set_by.startswith("portal:"):
        who = gettext("über das Portal")
    elif line.set_by.startswith("open311:"):
        who = gettext("über Open311")
    told = {"day": day_text(day), "who": who}
    if line.changed:
        return gettext("%(day)s %(who)s, geändert") % told
    return gettext("%(day)s %(who)s") % told


def _tag(line: Line, day: date) -> Tag:
    if line.state == "paused":
        return Tag(gettext("ruht"), "info")
    if line.state == "moved":
        return Tag(gettext("verschoben"))
    if line.state in OVER:
        return Tag(gettext("erledigt") if line.state == "met" else str(OVER[line.state]))
    if line.overdue:
        return Tag(gettext("überfällig"), "danger", "danger")
    if line.due:
        return Tag(gettext("fällig"), "warning", "warning")
    return Tag(gettext("läuft") if line.ends_on >= day.isoformat() else gettext("abgelaufen"))
