"""How a machine decided: each check with what it rested on (§ 35a, § 39 VwVfG, Art. 22 GDPR)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from efile.letters.parts import PartMissing
from efile.letters.text import is_blank


@dataclass(frozen=True, slots=True)
class ExplainedCheck:
    """A check: what was asked, what came out, on what it rests.

    ``source``: where the answer is from. ``inputs``: (what, value) as the rule read them.
    ``asked``: (register, purpose, when) of each question to another authority.
    """

    title: str
    outcome: str
    paragraph: str
    source: str
    inputs: Sequence[tuple[str, str]]
    rule: str
    asked: Sequence[tuple[str, str, str]] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExplanationFacts:
    """Everything the explanation says; ``decided_at`` and ``checked_at`` as local text.

    ``letterhead`` and ``city`` as in ``DecisionFacts``. ``outcome``: "bewilligt", "abgelehnt".
    ``version``: that of the rules.
    """

    letterhead: Mapping[str, str]
    city: str
    dated: date
    reference: str
    service: str
    outcome: str
    decided_at: str
    checked_at: str
    legal_basis: str
    version: int
    checks: Sequence[ExplainedCheck]


def render_explanation(facts: ExplanationFacts) -> bytes:
    """The explanation as PDF/UA-1 and PDF/A-2a, the same bytes for the same facts.

    Refuses: PartMissing (reference, checks: a decision without a check is none of a machine).
    """
    if is_blank(facts.reference):
        raise PartMissing(part="reference")
    if not facts.checks:
        raise PartMissing(part="checks")

    from efile.letters import passages

    title = "So wurde automatisch entschieden"
    sheet = passages.plain(facts, f"{title}: {facts.reference}")
    sheet.headline(title, facts.service)
    sheet.prose(
        f"Über Ihren Antrag hat ein Computerprogramm entschieden: {facts.outcome}. Es hat dafür die"
        " folgenden Prüfungen ausgeführt. Hier steht zu jeder, welche Angaben sie benutzt hat und"
        " was herausgekommen ist."
    )
    sheet.prose(
        "Wenn etwas nicht stimmt, schreiben Sie uns. Dann sieht ein Mensch die Entscheidung an. Wie"
        " Sie sich gegen die Entscheidung wehren können, steht im Bescheid."
    )
    sheet.form(
        [
            ("Zeichen", facts.reference),
            ("Entschieden", facts.decided_at),
            ("Geprüft", facts.checked_at),
            ("Rechtsgrundlage", facts.legal_basis),
            ("Fassung der Regeln", str(facts.version)),
        ]
    )
    for number, check in enumerate(facts.checks, start=1):
        sheet.heading(f"{number}. {check.title}")
        sheet.form([row for row in _particulars(check) if not is_blank(row[1])])
    return sheet.pdf()


def _particulars(check: ExplainedCheck) -> list[tuple[str, str]]:
    return [
        ("Ergebnis", check.outcome),
        ("Warum", check.reason),
        ("Vorschrift", check.paragraph),
        ("Quelle", check.source),
        *check.inputs,
        *((f"Gefragt: {register}", f"{purpose}, {at}") for register, purpose, at in check.asked),
        ("Regel", check.rule),
    ]
