"""Decisions that letters are written for in these tests."""

from dataclasses import replace
from datetime import date

from backoffice.demo.city import TENANT
from efile.letters.decision import DecisionFacts

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
