"""What letters are written about in these tests: one of every kind, and the hardest of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import chain
from typing import Final

from backoffice.demo.city import TENANT
from backoffice.demo.names import HARD_NAMES
from efile.letters.binding import bind
from efile.letters.decision import DecisionFacts, render
from efile.letters.lists import Column, ListFacts, render_list
from efile.letters.notice import NoticeFacts, render_notice
from efile.letters.parts import Payment, Translation
from efile.letters.permit import PermitFacts, render_permit
from efile.letters.receipt import ReceiptFacts, ReceivedDocument, render_receipt

REMEDY = (
    "Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Klage beim"
    " Verwaltungsgericht Düsseldorf, Bastionstraße 39, 40213 Düsseldorf, erhoben werden."
)
GRANTED = DecisionFacts(
    letterhead=TENANT.letterhead,
    city=TENANT.name,
    reference="32.2-2026-000123",
    dated=date(2026, 2, 3),
    recipient="Đorđe Yılmaz",
    recipient_lines=["Đorđe Yılmaz", "Lindenstraße 1a", "40764 Musterstadt"],
    title="Bewohnerparkausweis Zone {zone}",
    body="Sie erhalten den Ausweis {number} für das Fahrzeug {plate}.",
    values={"zone": "A4", "number": "BPA-26-000017", "plate": "D-LM 123"},
    kind="granted",
    reasons="",
    clauses="",
    fee_cents=123450,
    fee_basis="§ 6a Abs. 5a StVG",
    fee_lines=[("Ausweis", 1, 120000), ("Schild", 3, 1150)],
    remedy="",
    automated=True,
    legal_basis="§ 35a VwVfG NRW i. V. m. der Satzung",
    signed_by="system:checks",
)
REFUSED = replace(
    GRANTED,
    title="Ihr Antrag auf einen Bewohnerparkausweis",
    body="Ihren Antrag vom 12.01.2026 lehnen wir ab.",
    kind="refused",
    reasons="Ihre Hauptwohnung liegt in der Zone B2.\nDie Zone A4 ist eine andere.",
    fee_cents=0,
    fee_basis="",
    fee_lines=[],
    remedy=REMEDY,
    automated=False,
    legal_basis="",
    signed_by="Małgorzata Wiśniewska",
)
LONG = replace(
    REFUSED,
    reasons="\n".join(["Die Prüfung hat ergeben, dass die Voraussetzungen fehlen. " * 6] * 20),
)
FULL = replace(
    GRANTED,
    kind="granted_in_part",
    summary="Sie bekommen einen Ausweis. Für das zweite Fahrzeug fehlt der Nachweis.",
    reasons="Für das zweite Fahrzeug fehlt der Nachweis. Es fehlt:\n– der Fahrzeugschein",
    discretion="Eine Ausnahme wäre möglich. Das öffentliche Interesse überwiegt.",
    clauses="1. Gut sichtbar auslegen.\n2. Änderungen mitteilen.",
    payment=Payment(
        recipient="Stadtkasse Musterstadt",
        iban="DE02120300000000202051",
        bic="BYLADEM1001",
        payment_reference="9000.1234.5678",
        due_on=date(2026, 3, 5),
    ),
    remedy=REMEDY,
    automated=False,
    legal_basis="",
    signed_by="Ana Lopes",
    attachments=["Bewohnerparkausweis", "Lageplan der Zone A4"],
    translation=Translation(
        lang="en",
        notice="For information only. Only the German text is binding.",
        title="Resident parking permit, zone A4",
        paragraphs=["You get one permit.", "Missing:\n– the vehicle registration"],
    ),
)
NOTICE = NoticeFacts(
    letterhead=TENANT.letterhead,
    city=TENANT.name,
    reference="32.2-2026-000123",
    dated=date(2026, 2, 3),
    recipient="Đorđe Yılmaz",
    recipient_lines=["Đorđe Yılmaz", "Lindenstraße 1a", "40764 Musterstadt"],
    title="Ihr Antrag auf einen Bewohnerparkausweis: fehlende Nachweise",
    summary="Für Ihren Antrag fehlt uns noch etwas.",
    paragraphs=["Um über Ihren Antrag entscheiden zu können, brauchen wir noch:"],
    items=["den Fahrzeugschein", "eine Bescheinigung Ihres Arbeitgebers"],
    deadline="Bitte reichen Sie die Nachweise bis zum 24.02.2026 ein.",
    further=["Fehlen sie, entscheiden wir nach Lage der Akten (§ 26 Abs. 2 VwVfG NRW)."],
    signed_by="Ana Lopes",
    attachments=["Merkblatt"],
)
PERMIT = PermitFacts(
    letterhead=TENANT.letterhead,
    city=TENANT.name,
    reference="32.2-2026-000123",
    dated=date(2026, 2, 3),
    number="BPA-26-000017",
    title="Bewohnerparkausweis",
    rows=[("Zone", "A4"), ("Kennzeichen", "D-LM 123")],
    valid_from=date(2026, 2, 3),
    valid_to=date(2027, 2, 2),
    code_url="https://portal.musterstadt.invalid/p/Jx8vQ2mN4kTz7rWb",
    notes=["Bitte legen Sie den Ausweis gut lesbar hinter die Windschutzscheibe."],
)
RECEIPT = ReceiptFacts(
    letterhead=TENANT.letterhead,
    city=TENANT.name,
    reference="32.2-2026-000123",
    dated=date(2026, 1, 12),
    received_at="12.01.2026, 14:03 Uhr",
    service="Bewohnerparkausweis",
    channel="Online-Portal",
    sender=["Đorđe Yılmaz", "Lindenstraße 1a", "40764 Musterstadt"],
    groups=[
        ("Antragsteller", [("Vorname", "Đorđe"), ("Familienname", "Yılmaz")]),
        ("Fahrzeug", [("Kennzeichen", "D-LM 123"), ("Zone", "")]),
    ],
    documents=[ReceivedDocument("Fahrzeugschein", "Scan 1.pdf", 1_234_567, "0123456789abcdef" * 4)],
    notes=["Bitte rufen Sie mich vormittags an."],
    next_steps=["Wir prüfen Ihre Angaben.", "Fehlt etwas, schreiben wir Ihnen."],
    recipient_lines=["Đorđe Yılmaz", "Lindenstraße 1a", "40764 Musterstadt"],
)
LIST = ListFacts(
    letterhead=TENANT.letterhead,
    city=TENANT.name,
    dated=date(2026, 2, 3),
    title="Versandliste",
    subtitle="Druckstapel 2026-0017",
    columns=[
        Column("Nr.", 10, "right"),
        Column("Zeichen", 40),
        Column("Empfänger", 60),
        Column("Seiten", 18, "right"),
    ],
    rows=[(str(n), f"32.2-2026-{n:06}", "Đorđe Yılmaz", "3") for n in range(1, 61)],
    particulars=[("Amt", "32.2 Bürgerservice Parken")],
    total=("Seiten insgesamt", "180"),
    closing=["Alle Schreiben wurden der Post übergeben."],
    signature_lines=["Datum", "Unterschrift"],
)
# What people type, and what is printed of it.
HOSTILE = {
    "a tag": ("<b>fett</b> & <font size=99>", "<b>fett</b> & <font size=99>"),
    "an entity": ("&lt;&#0;&nbsp;", "&lt;&#0;&nbsp;"),
    "a template": ("{zone} {nothing}", "{zone} {nothing}"),
    "a percent sign": ("%s %(a)s 100%", "%s %(a)s 100%"),
    "a parenthesis": (r"(\) Tj ET", r"(\) Tj ET"),
    "control characters": ("a\x00b\x07c\x1b[31m", "abc[31m"),
    "turned text": ("Betrag \u202e00,1\u202c \u2066x\u2069\u200f", "Betrag 00,1 x"),
    "half a character": ("a\ud800b", "ab"),
    "private use": ("a\ue000b", "ab"),
    "emoji": (
        "Danke \U0001f469\U0001f3fd\u200d\U0001f680!",
        "Danke \N{REPLACEMENT CHARACTER}!",
    ),
    "another script": ("王小明", "\N{REPLACEMENT CHARACTER}" * 3),
    "a heap of marks": ("a" + "\u0323\u0304" * 500 + "b", "ạ\u0323\u0323b"),
    "decomposed": ("Mu\u0308ller", "Müller"),
    "signs": ("≤ 7,5 t → ✓ ☐ Ωμέγα София", "≤ 7,5 t → ✓ ☐ Ωμέγα София"),
    "lines": ("eins\r\nzwei\u2028drei\tvier", "eins zwei drei vier"),
}
HARD = [" ".join(name).strip() for name in chain.from_iterable(HARD_NAMES.values())]
# More than ten pages, with every break that a page can bring.
STRESS = replace(
    FULL,
    summary="Eine lange Zusammenfassung. " * 200,
    reasons="\n".join([*["Die Prüfung hat ergeben, dass etwas fehlt. " * 9] * 9, "x" * 10_000]),
    clauses="\n".join(f"{n}. {'Diese Auflage gilt. ' * 9}" for n in range(1, 40)),
    fee_lines=[("Schild " * 40, 1, 100), *[("Ausweis", 1, 100)] * 150, ("y" * 10_000, 1, 100)],
    fee_cents=15_200,
    remedy=f"{REMEDY}\n" * 5,
)


def _typed(text: str) -> DecisionFacts:
    """A decision in which ``text`` stands wherever somebody may type."""
    return replace(
        FULL,
        reference=text,
        recipient_lines=[text, "40764 Ort"],
        title="{typed}",
        values={**GRANTED.values, "typed": text},
        reasons=text,
        clauses=text,
        summary=text,
        fee_lines=[(text, 1, 123450)],
        remedy=text,
        signed_by=text,
        attachments=[text],
        translation=Translation("uk", text, text, [text]),
    )


@cache
def specimens() -> Mapping[str, bytes]:
    """A letter of every kind, by name, and the hardest that there are."""
    made = {name: make() for name, make in _SPECIMENS.items()}
    pile = [made[name] for name in ("full", "permit", "refused", "stress", "receipt")]
    return made | {"pile": bind(pile), "pile_single_sided": bind(pile[:2], duplex=False)}


_SPECIMENS: Final[Mapping[str, Callable[[], bytes]]] = {
    "full": lambda: render(FULL),
    "granted": lambda: render(GRANTED),
    "refused": lambda: render(REFUSED),
    "long": lambda: render(LONG),
    "draft": lambda: render(replace(LONG, draft=True)),
    "stress": lambda: render(STRESS),
    "hostile": lambda: render(_typed("\n".join(given for given, _ in HOSTILE.values()))),
    "names": lambda: render(_typed("\n".join(HARD))),
    "notice": lambda: render_notice(NOTICE),
    "notice_draft": lambda: render_notice(replace(NOTICE, draft=True, signed_by="")),
    "permit": lambda: render_permit(PERMIT),
    "permit_plain": lambda: render_permit(
        replace(PERMIT, code_url="", valid_to=None, notes=[], rows=[("x" * 300, "y" * 300)])
    ),
    "receipt": lambda: render_receipt(RECEIPT),
    "receipt_bare": lambda: render_receipt(
        replace(RECEIPT, groups=[], documents=[], notes=[], next_steps=[], recipient_lines=[])
    ),
    "list": lambda: render_list(LIST),
    "list_landscape": lambda: render_list(replace(LIST, landscape=True, total=())),
    "list_empty": lambda: render_list(replace(LIST, rows=[], signature_lines=[])),
}
