"""Passages that letters of several kinds have: the head, how to pay, enclosures, a translation."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from efile.letters.forms import Head, LetterForm, PlainForm
from efile.letters.parts import Payment, Tabled, Translation
from efile.letters.sheet import Sheet
from efile.letters.tables import Measure
from efile.letters.text import euros, german_date, is_blank, paragraphs

# So many rows are not torn apart.
_ON_ONE_PAGE = 8


class Headed(Protocol):
    """What every sheet says of the city and the day; see ``DecisionFacts``."""

    @property
    def letterhead(self) -> Mapping[str, str]: ...
    @property
    def city(self) -> str: ...
    @property
    def dated(self) -> date: ...


class Addressed(Headed, Protocol):
    """What every letter says of the case and the recipient; see ``DecisionFacts``."""

    @property
    def reference(self) -> str: ...
    @property
    def recipient_lines(self) -> Sequence[str]: ...


def letter(facts: Addressed, title: str, recipient: str = "", *, draft: bool = False) -> Sheet:
    """A letter on the city's paper, from the authority to the information block.

    ``title`` is metadata. ``recipient`` stands in the window where no lines do.
    """
    known = facts.letterhead.get
    lines = [line for line in facts.recipient_lines if not is_blank(line)]
    information = {
        "Unser Zeichen": facts.reference,
        "Auskunft": known("unit"),
        "Telefon": known("phone"),
        "E-Mail": known("email"),
        "Datum": german_date(facts.dated),
    }
    authority, street, town = _seat(facts)
    contact = (
        (authority, street, town),
        (known("web", ""),),
        ("Öffnungszeiten", known("hours", "")) if known("hours") else (),
    )
    head = Head(
        title=title,
        dated=facts.dated,
        authority=authority,
        draft=draft,
        office_holder=known("head", ""),
        return_address=" · ".join(part for part in (authority, street, town) if part),
        address=lines or ([recipient] if recipient else []),
        information=[(label, value) for label, value in information.items() if value],
        contact=[[line for line in column if line] for column in contact],
    )
    return Sheet(LetterForm(head))


def plain(facts: Headed, title: str, *, landscape: bool = False, draft: bool = False) -> Sheet:
    """A sheet of the city's without address; ``title`` stands below every page."""
    head = Head(title=title, dated=facts.dated, authority=_seat(facts)[0], draft=draft)
    return Sheet(PlainForm(head, landscape=landscape))


def _seat(facts: Headed) -> tuple[str, str, str]:
    """Name, street and town of the authority, each "" where unknown."""
    known = facts.letterhead.get
    street = f"{known('street', '')} {known('number', '')}".strip()
    town = f"{known('postcode', '')} {known('city', '')}".strip()
    return known("authority") or facts.city, street, town


def summary(sheet: Sheet, text: str) -> None:
    """The outcome in plain language, before anything else."""
    if is_blank(text):
        return
    with sheet.box():
        sheet.heading("Kurz gesagt")
        sheet.prose(text)
    sheet.space(4)


def headed(sheet: Sheet, heading: str, text: str) -> None:
    """A text that somebody typed below its heading; nothing where nothing was typed."""
    if not is_blank(text):
        sheet.heading(heading)
        sheet.prose(text)


def tables(sheet: Sheet, found: Iterable[Tabled]) -> None:
    """Tables under headings of their own; short ones are not torn apart."""
    for one in found:
        if len(one.rows) > _ON_ONE_PAGE:
            _table(sheet, one)
            continue
        with sheet.together():
            _table(sheet, one)


def _table(sheet: Sheet, of: Tabled) -> None:
    sheet.heading(of.heading)
    for text in of.before:
        sheet.text(text)
    if of.rows:
        measures = [Measure(one.width, one.is_number) for one in of.columns]
        sheet.table(measures, [one.head for one in of.columns], of.rows, of.total)
    for text in of.after:
        sheet.text(text)


def payment(sheet: Sheet, to: Payment, cents: int) -> None:
    """Where to pay ``cents``, and the same as a code for banking apps."""
    if cents <= 0:
        return
    if to.paid_on:
        with sheet.together():
            sheet.heading("Zahlung")
            sheet.text(
                f"Die Gebühr von {euros(cents)} haben Sie am {german_date(to.paid_on)} bezahlt"
                f" (Kassenzeichen {to.payment_reference})."
            )
        return
    until = (
        f"bis zum {german_date(to.due_on)}"
        if to.due_on
        else "innerhalb eines Monats nach Bekanntgabe dieses Bescheids"
    )
    iban = "".join(to.iban.split())
    rows = (
        ("Zahlungsempfänger", to.recipient),
        ("IBAN", " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))),
        ("BIC", to.bic),
        ("Kassenzeichen", to.payment_reference),
        ("Betrag", euros(cents)),
    )
    says = (
        f"QR-Code für Banking-Apps: Überweisung von {euros(cents)} an {to.recipient},"
        f" Kassenzeichen {to.payment_reference}"
    )
    with sheet.together():
        sheet.heading("Zahlung")
        sheet.text(
            f"Bitte überweisen Sie {euros(cents)} {until}. Geben Sie als Verwendungszweck nur das"
            " Kassenzeichen an, damit wir Ihre Zahlung zuordnen können."
        )
        with sheet.beside_code(_transfer(to, iban, cents), says):
            sheet.form([(label, value) for label, value in rows if value])


def _transfer(to: Payment, iban: str, cents: int) -> str:
    """A transfer as banking apps read it (EPC069-12 version 2: the name has 70 characters)."""
    amount = f"EUR{cents // 100}.{cents % 100:02}"
    lines = ("BCD", "002", "1", "SCT", to.bic, to.recipient[:70], iban, amount, "", "")
    return "\n".join((*lines, to.payment_reference[:140]))


def closing(sheet: Sheet, lines: Iterable[str]) -> None:
    """The last lines, on one page together; an empty one leaves room for a signature."""
    with sheet.ending():
        sheet.space(8)
        for line in lines:
            if line:
                sheet.text(line)
            else:
                sheet.space(20)


def attachments(sheet: Sheet, titles: Sequence[str]) -> None:
    """What is enclosed (Anlagen)."""
    named = [title for title in titles if not is_blank(title)]
    if named:
        sheet.heading("Anlagen" if len(named) > 1 else "Anlage")
        sheet.items([("–", title) for title in named])


def translation(sheet: Sheet, of: Translation | None) -> None:
    """The letter in another language, on pages of its own, marked as not binding."""
    if of is None:
        return
    sheet.new_page()
    sheet.heading("Übersetzung – nur zur Information, nicht verbindlich")
    with sheet.section(of.lang):
        with sheet.box():
            sheet.text(*paragraphs(of.notice))
        sheet.heading(of.title, "H3")
        for paragraph in of.paragraphs:
            sheet.prose(paragraph)
