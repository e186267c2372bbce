"""Every letter that decides nothing: a request for proofs, a hearing, a reminder, a message."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from efile.letters.parts import PartMissing, Translation
from efile.letters.text import is_blank


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Everything such a letter says, each text as it stands; ``dated`` a day in Europe/Berlin.

    ``letterhead``, ``city``, ``recipient`` and ``recipient_lines`` as in ``DecisionFacts``.
    ``paragraphs`` come first, then ``items`` as a list, then ``deadline`` as a line of its own
    (emphasised), then ``further`` paragraphs and ``closing`` ("Mit freundlichen Grüßen").
    ``signed_by``: "" for a letter that a machine wrote. ``attachments``: titles of the Anlagen.
    ``draft``: every page is marked ENTWURF.
    """

    letterhead: Mapping[str, str]
    city: str
    reference: str
    dated: date
    recipient: str
    recipient_lines: Sequence[str]
    title: str
    paragraphs: Sequence[str]
    items: Sequence[str] = ()
    deadline: str = ""
    further: Sequence[str] = ()
    closing: str = "Mit freundlichen Grüßen"
    signed_by: str = ""
    salutation: str = "Sehr geehrte Damen und Herren,"
    summary: str = ""
    remedy: str = ""
    attachments: Sequence[str] = ()
    translation: Translation | None = None
    draft: bool = False


def render_notice(facts: NoticeFacts) -> bytes:
    """The letter as PDF/UA-1 and PDF/A-2a, the same bytes for the same facts.

    Refuses: PartMissing (recipient, title).
    """
    if all(map(is_blank, (facts.recipient, *facts.recipient_lines))):
        raise PartMissing(part="recipient")
    if is_blank(facts.title):
        raise PartMissing(part="title")

    from efile.letters import passages

    sheet = passages.letter(facts, f"Schreiben {facts.reference}", draft=facts.draft)
    sheet.title(facts.title)
    passages.summary(sheet, facts.summary)
    if facts.salutation:
        sheet.text(facts.salutation)
    for paragraph in facts.paragraphs:
        sheet.prose(paragraph)
    if facts.items:
        sheet.items([("–", item) for item in facts.items])
    if facts.deadline:
        sheet.emphasis(facts.deadline)
    for paragraph in facts.further:
        sheet.prose(paragraph)
    passages.headed(sheet, "Rechtsbehelfsbelehrung", facts.remedy)
    passages.closing(sheet, _closing(facts))
    passages.attachments(sheet, facts.attachments)
    passages.translation(sheet, facts.translation)
    return sheet.pdf()


def _closing(facts: NoticeFacts) -> Iterator[str]:
    yield facts.closing
    if is_blank(facts.signed_by):
        yield facts.letterhead.get("authority") or facts.city
        yield "Dieses Schreiben wurde automatisiert erstellt und ist ohne Unterschrift gültig."
        return
    yield "Im Auftrag"
    yield ""
    yield facts.signed_by
