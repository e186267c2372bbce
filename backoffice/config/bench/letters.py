"""What a letter costs: processor time of one of three pages, and memory over a thousand. JSON.

Run as ``python -m backoffice.config.bench.letters``; needs no database.
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

from backoffice.demo.city import TENANT
from efile.letters.decision import DecisionFacts, render
from efile.letters.parts import Payment

LETTER = DecisionFacts(
    letterhead=TENANT.letterhead,
    city=TENANT.name,
    reference="32.2-2026-000123",
    dated=date(2026, 2, 3),
    recipient="Đorđe Yılmaz",
    recipient_lines=["Đorđe Yılmaz", "Lindenstraße 1a", "40764 Musterstadt"],
    title="Ausnahmegenehmigung für Handwerksbetriebe",
    body="Auf Ihren Antrag erteilen wir die Ausnahmegenehmigung {number}.",
    values={"number": "HAG-26-000017"},
    kind="granted_in_part",
    reasons="\n".join(
        ["Die Prüfung hat ergeben, dass die Voraussetzungen nur zum Teil vorliegen. " * 7] * 6
    ),
    clauses="\n".join(
        f"{number}. Der Ausweis ist gut sichtbar auszulegen. Änderungen sind uns mitzuteilen."
        for number in range(1, 9)
    ),
    fee_cents=12_000,
    fee_basis="Nr. 264 GebOSt",
    fee_lines=[(f"Fahrzeug {number}", 1, 2000) for number in range(1, 7)],
    remedy=(
        "Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Klage beim"
        " Verwaltungsgericht Düsseldorf, Bastionstraße 39, 40213 Düsseldorf, erhoben werden."
    ),
    automated=False,
    legal_basis="",
    signed_by="Ana Lopes",
    summary="Sie bekommen die Genehmigung für sechs Fahrzeuge. Für das siebte fehlt ein Nachweis.",
    discretion="Wir haben Ihr Interesse gegen das der Bewohner abgewogen. " * 8,
    payment=Payment("Stadtkasse", "DE02120300000000202051", "BYLADEM1001", "9000.1234.5678"),
    attachments=["Ausnahmegenehmigung", "Merkblatt"],
)


def measure(letters: int = 1000) -> dict[str, float]:
    """Figures of ``LETTER``, after ten to warm up: ms of processor time, MB of memory."""
    pdf = b""
    for _ in range(10):
        pdf = render(LETTER)
    before = resident_mb()
    begun = time.process_time()
    for _ in range(letters):
        render(LETTER)
    spent = time.process_time() - begun
    return {
        "pages": _pages(pdf),
        "kilobytes": len(pdf) / 1000,
        "letters": letters,
        "cpu ms each": spent * 1000 / letters,
        "per second and core": letters / spent,
        "memory before, MB": before,
        "memory after, MB": resident_mb(),
    }


def _pages(pdf: bytes) -> int:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def resident_mb() -> float:
    """Resident memory of this process."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmRSS"].split()[0]) / 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure()))
