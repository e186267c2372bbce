"""The decision letter: every part in its place, and nothing that was not meant to be there."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import chain

import pytest

from backoffice.demo.city import TENANT
from backoffice.demo.names import HARD_NAMES
from efile.kernel.errors import Conflict
from efile.letters.decision import DecisionFacts, FeeDoesNotAddUp, PartMissing, render
from efile.letters.text import PlaceholderMissing
from tests.efile.letters.reading import opened, pages, place, rules, words

AUTOMATED = (
    "Dieser Bescheid wurde automatisiert erstellt und ist ohne Unterschrift gültig"
    " (§ 37 Abs. 5 VwVfG NRW)."
)
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


def _in_order(text: str, parts: Sequence[str]) -> None:
    at = 0
    for part in parts:
        assert part in text[at:], part
        at = text.index(part, at) + len(part)


class TestALetter:
    def test_has_every_part_in_the_order_in_which_it_is_read(self) -> None:
        letter = replace(
            GRANTED,
            kind="granted_in_part",
            clauses="1. Gut sichtbar auslegen.\n2. Änderungen mitteilen.",
            reasons="Für das zweite Fahrzeug fehlt der Nachweis.",
            remedy=REMEDY,
            automated=False,
            signed_by="Ana Lopes",
        )
        _in_order(
            words(render(letter)),
            [
                "Stadt Musterstadt",
                "Die Bürgermeisterin",
                "Stadt Musterstadt · Marktplatz 1 · 40999 Musterstadt",
                "Đorđe Yılmaz",
                "Lindenstraße 1a",
                "40764 Musterstadt",
                "Unser Zeichen 32.2-2026-000123",
                "Telefon 02999 12-0",
                "E-Mail rathaus@musterstadt.invalid",
                "Datum 03.02.2026",
                "Bewohnerparkausweis Zone A4",
                "teilweise Bewilligung",
                "Sehr geehrte Damen und Herren,",
                "Sie erhalten den Ausweis BPA-26-000017 für das Fahrzeug D-LM 123.",
                "Nebenbestimmungen",
                "1. Gut sichtbar auslegen.",
                "2. Änderungen mitteilen.",
                "Gebühr",
                "1.234,50 €",
                "§ 6a Abs. 5a StVG",
                "Ausweis 1 1.200,00 € 1.200,00 €",
                "Schild 3 11,50 € 34,50 €",
                "Gesamtbetrag 1.234,50 €",
                "Begründung",
                "Für das zweite Fahrzeug fehlt der Nachweis.",
                "Rechtsbehelfsbelehrung",
                REMEDY,
                "Mit freundlichen Grüßen",
                "Im Auftrag",
                "Ana Lopes",
            ],
        )

    def test_ends_its_first_page_with_ways_to_the_authority_and_the_number(self) -> None:
        assert pages(render(GRANTED))[0].endswith(
            "Stadt Musterstadt Marktplatz 1 40999 Musterstadt www.musterstadt.invalid"
            " Öffnungszeiten Mo–Fr 8–12 Uhr, Do auch 14–18 Uhr Seite 1 von 1"
        )

    def test_that_refuses_gives_reasons_and_the_remedy(self) -> None:
        _in_order(
            words(render(REFUSED)),
            [
                "Ablehnungsbescheid",
                "lehnen wir ab.",
                "Begründung",
                "Ihre Hauptwohnung liegt in der Zone B2.",
                "Rechtsbehelfsbelehrung",
                REMEDY,
            ],
        )

    def test_that_grants_everything_has_no_reasons_and_no_remedy(self) -> None:
        text = words(render(GRANTED))
        for heading in ("Begründung", "Rechtsbehelfsbelehrung", "Nebenbestimmungen"):
            assert heading not in text

    def test_without_a_fee_speaks_of_none(self) -> None:
        text = words(render(REFUSED))
        assert "Gebühr" not in text
        assert "€" not in text

    def test_made_by_a_machine_says_so_and_names_nobody(self) -> None:
        text = words(render(GRANTED))
        _in_order(text, [AUTOMATED, "§ 35a VwVfG NRW i. V. m. der Satzung"])
        assert "system:checks" not in text
        assert "Im Auftrag" not in text

    def test_signed_by_a_person_does_not_call_itself_automated(self) -> None:
        text = words(render(REFUSED))
        _in_order(text, ["Mit freundlichen Grüßen", "Im Auftrag", "Małgorzata Wiśniewska"])
        assert "automatisiert" not in text

    def test_without_an_address_is_addressed_by_name(self) -> None:
        letter = render(replace(GRANTED, recipient_lines=[]))
        left, top, _, bottom = place(letter, "Đorđe Yılmaz")
        assert left >= 20
        assert 62.7 <= top < bottom <= 90

    def test_names_the_unit_that_the_letterhead_carries(self) -> None:
        head = {**TENANT.letterhead, "unit": "Amt 32.2 Bürgerservice Parken"}
        text = words(render(replace(GRANTED, letterhead=head)))
        assert "Auskunft Amt 32.2 Bürgerservice Parken" in text

    def test_needs_no_more_of_a_letterhead_than_the_name_of_the_city(self) -> None:
        text = words(render(replace(GRANTED, letterhead={})))
        _in_order(text, ["Stadt Musterstadt", "Đorđe Yılmaz", "32.2-2026-000123", "03.02.2026"])
        assert "None" not in text

    @pytest.mark.parametrize(
        ("facts", "count"), [(REFUSED, 1), (LONG, 3)], ids=["one page", "several pages"]
    )
    def test_counts_its_pages(self, facts: DecisionFacts, count: int) -> None:
        read = pages(render(facts))
        assert len(read) == count
        for number, text in enumerate(read, start=1):
            assert f"Seite {number} von {count}" in text

    def test_repeats_who_writes_about_what_on_every_further_page(self) -> None:
        first, *further = pages(render(LONG))
        assert further
        for text in further:
            assert text.startswith("Stadt Musterstadt · 32.2-2026-000123 · 03.02.2026")
            assert "Đorđe Yılmaz" not in text
        assert "Đorđe Yılmaz" in first

    def test_repeats_the_column_heads_of_a_fee_that_needs_pages(self) -> None:
        lines = [(f"Fahrzeug {number}", 1, 100) for number in range(90)]
        read = pages(render(replace(GRANTED, fee_lines=lines, fee_cents=9000)))
        assert len(read) > 2
        for text in read:
            assert "Leistung Anzahl Einzelbetrag Betrag" in text
        assert "Gesamtbetrag 90,00 €" in read[-1]


class TestTheSheet:
    """DIN 5008 form B, in millimetres."""

    def test_shows_the_recipient_in_the_window_of_the_envelope(self) -> None:
        letter = render(GRANTED)
        for line in GRANTED.recipient_lines:
            left, top, right, bottom = place(letter, line)
            assert 20 < left < right < 105
            assert 62.7 <= top < bottom <= 90

    def test_shows_the_return_address_above_the_recipient(self) -> None:
        left, top, right, bottom = place(render(GRANTED), "Stadt Musterstadt · Marktplatz 1")
        assert 20 < left < right < 105
        assert 45 <= top < bottom <= 62.7

    def test_has_the_information_block_on_the_right(self) -> None:
        letter = render(GRANTED)
        for words_ in ("Unser Zeichen", "03.02.2026"):
            left, top, right, bottom = place(letter, words_)
            assert 125 <= left < right <= 200
            assert 50 <= top < bottom <= 95

    def test_begins_its_text_below_the_address_within_the_margins(self) -> None:
        left, top, _, _ = place(render(GRANTED), "Bewohnerparkausweis Zone A4")
        assert left == pytest.approx(25, abs=0.5)
        assert 98.4 <= top <= 103

    def test_is_marked_for_folding_and_punching_on_every_page(self) -> None:
        letter = render(LONG)
        for page in range(3):
            marks = [top for _, right, top in rules(letter, page) if right < 12]
            assert sorted(marks) == pytest.approx([105, 148.5, 210], abs=0.1)


class TestWhatMustNotGoOut:
    def test_a_gap_that_nothing_fills_is_refused_by_name(self) -> None:
        with pytest.raises(PlaceholderMissing) as refusal:
            render(replace(GRANTED, body="Gültig bis {valid_until}."))
        assert isinstance(refusal.value, Conflict)
        assert refusal.value.facts == {"placeholder": "valid_until"}

    def test_a_gap_in_the_title_is_refused_too(self) -> None:
        with pytest.raises(PlaceholderMissing):
            render(replace(GRANTED, values={**GRANTED.values, "zone": ""}))

    def test_a_decision_of_a_person_without_a_name_is_refused(self) -> None:
        with pytest.raises(PartMissing) as refusal:
            render(replace(REFUSED, signed_by=" "))
        assert refusal.value.facts == {"part": "signed_by"}

    def test_a_decision_for_nobody_is_refused(self) -> None:
        with pytest.raises(PartMissing) as refusal:
            render(replace(GRANTED, recipient="", recipient_lines=[]))
        assert refusal.value.facts == {"part": "recipient"}

    def test_a_fee_that_is_not_the_sum_of_its_positions_is_refused(self) -> None:
        with pytest.raises(FeeDoesNotAddUp):
            render(replace(GRANTED, fee_cents=123449))


HARD = [" ".join(name).strip() for name in chain.from_iterable(HARD_NAMES.values())]


class TestNames:
    @pytest.mark.parametrize("name", HARD)
    def test_are_read_as_they_are_spelled(self, name: str) -> None:
        letter = replace(
            REFUSED, recipient=name, recipient_lines=[name], reasons=name, signed_by=name
        )
        text = words(render(letter))
        assert text.count(name) == 3
        assert "\N{REPLACEMENT CHARACTER}" not in text

    def test_of_many_lines_stay_in_the_window(self) -> None:
        name = max(HARD, key=len)
        letter = render(replace(GRANTED, recipient_lines=[name, "Lindenstraße 1a", "40764 Ort"]))
        left, top, right, bottom = place(letter, "40764 Ort")
        assert 20 < left < right < 105
        assert 62.7 <= top < bottom <= 90.1


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
    "lines": ("eins\r\nzwei\u2028drei\tvier", "eins zwei drei vier"),
}


class TestHostileText:
    @pytest.mark.parametrize("case", HOSTILE)
    def test_is_printed_as_text_wherever_it_stands(self, case: str) -> None:
        given, printed = HOSTILE[case]
        letter = replace(
            REFUSED,
            reference=given,
            recipient=given,
            recipient_lines=[given],
            title="Titel {value}",
            body="Vom {value}.",
            values={"value": given},
            reasons=given,
            clauses=given,
            fee_cents=100,
            fee_lines=[(given, 1, 100)],
            fee_basis=given,
            remedy=given,
            signed_by=given,
        )
        text = words(render(letter))
        assert text.count(printed) == 10
        assert f"Titel {printed} Ablehnungsbescheid" in text
        assert f"Vom {printed}." in text

    @pytest.mark.parametrize("letter", ["x", "C̆", "<"])
    def test_of_10000_characters_without_a_space_is_wrapped(self, letter: str) -> None:
        text = letter * 10_000
        facts = replace(
            REFUSED,
            recipient_lines=[text, "40764 Ort"],
            title=text,
            reasons=text,
            fee_cents=100,
            fee_lines=[(text, 1, 100)],
        )
        pdf = render(facts)
        assert "".join(pages(pdf)).replace(" ", "").count(letter) >= 30_000
        with opened(pdf) as document:
            for page in document:
                left, _, right, _ = page.get_bbox()
                assert left >= 0
                assert right <= 210 * 72 / 25.4

    def test_makes_no_paragraph_out_of_a_value(self) -> None:
        value = "A4.\n\nDer Bescheid ist kostenfrei"
        text = words(render(replace(GRANTED, body="Zone {zone}.", values={"zone": value})))
        assert "Zone A4. Der Bescheid ist kostenfrei." in text


class TestTheFile:
    def test_is_the_same_for_the_same_facts(self) -> None:
        marked = replace(GRANTED, recipient_lines=["C̆edomir K͟hān", "Ụ̈lm"])
        first = [render(facts) for facts in (GRANTED, marked, LONG)]
        again = [render(facts) for facts in (LONG, marked, GRANTED)]
        assert first == again[::-1]

    def test_is_the_same_from_another_process_and_hash_seed(self) -> None:
        program = (
            "import hashlib, sys; from tests.efile.letters.test_decision import LONG, render;"
            "sys.stdout.write(hashlib.sha256(render(LONG)).hexdigest())"
        )
        digests = {
            subprocess.run(
                [sys.executable, "-c", program],
                env={"PYTHONHASHSEED": seed, "TZ": zone},
                capture_output=True,
                check=True,
            ).stdout
            for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
        }
        assert len(digests) == 1

    def test_is_the_same_from_many_threads(self) -> None:
        facts = [replace(GRANTED, reference=f"R̥{number}") for number in range(12)]
        alone = [render(one) for one in facts]
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(render, facts)) == alone

    def test_is_called_by_the_reference_and_names_nobody(self) -> None:
        with opened(render(REFUSED)) as document:
            metadata = document.get_metadata_dict(skip_empty=True)
        assert metadata["Title"] == "Bescheid 32.2-2026-000123"
        assert metadata["Author"] == "Stadt Musterstadt"
        assert metadata["CreationDate"] == "D:20260203000000Z"
        said = " ".join(metadata.values())
        assert not any(part in said for part in ("Yılmaz", "Đorđe", "Wiśniewska", "Linden"))

    def test_says_that_it_is_german_and_shows_its_title(self) -> None:
        pdf = render(GRANTED)
        assert b"/Lang (de)" in pdf
        assert b"/DisplayDocTitle true" in pdf

    def test_brings_its_fonts_along(self) -> None:
        pdf = render(REFUSED)
        assert pdf.count(b"/FontFile2") == 2
        assert b"Helvetica" not in pdf

    def test_costs_a_process_that_renders_none_no_memory(self) -> None:
        program = "import sys, efile.letters.decision; sys.exit('reportlab' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
