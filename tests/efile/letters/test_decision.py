"""The decision letter: every part in its place, and nothing that was not meant to be there."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from backoffice.demo.city import TENANT
from efile.kernel.errors import Conflict
from efile.letters.decision import DecisionFacts, FeeDoesNotAddUp, Regime, render
from efile.letters.parts import PartMissing
from efile.letters.text import PlaceholderMissing
from tests.efile.letters.examples import FULL, GRANTED, HARD, HOSTILE, LONG, REFUSED, REMEDY
from tests.efile.letters.reading import opened, pages, place, words

AUTOMATED = "Dieser Bescheid wurde automatisiert erstellt und ist ohne Unterschrift gültig"


def _in_order(text: str, parts: Sequence[str]) -> None:
    at = 0
    for part in parts:
        assert part in text[at:], part
        at = text.index(part, at) + len(part)


class TestALetter:
    def test_has_every_part_in_the_order_in_which_it_is_read(self) -> None:
        _in_order(
            words(render(FULL)),
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
                "Kurz gesagt",
                "Sie bekommen einen Ausweis.",
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
                "Zahlung",
                "1.234,50 € bis zum 05.03.2026",
                "Zahlungsempfänger Stadtkasse Musterstadt",
                "IBAN DE02 1203 0000 0000 2020 51",
                "BIC BYLADEM1001",
                "Kassenzeichen 9000.1234.5678",
                "Betrag 1.234,50 €",
                "Begründung",
                "Für das zweite Fahrzeug fehlt der Nachweis.",
                "– der Fahrzeugschein",
                "Ermessen",
                "Das öffentliche Interesse überwiegt.",
                "Rechtsbehelfsbelehrung",
                REMEDY,
                "Mit freundlichen Grüßen",
                "Im Auftrag",
                "Ana Lopes",
                "Anlagen",
                "– Bewohnerparkausweis",
                "– Lageplan der Zone A4",
                "Übersetzung – nur zur Information, nicht verbindlich",
                "Only the German text is binding.",
                "Resident parking permit, zone A4",
                "You get one permit.",
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

    def test_states_a_fee_that_has_no_positions(self) -> None:
        text = words(render(replace(GRANTED, fee_lines=[], fee_cents=2900)))
        assert "Die Gebühr setzen wir auf 29,00 € fest." in text
        assert "Gesamtbetrag" not in text

    def test_made_by_a_machine_says_so_and_names_nobody(self) -> None:
        text = words(render(GRANTED))
        _in_order(text, [AUTOMATED, "§ 35a VwVfG NRW i. V. m. der Satzung"])
        assert "system:checks" not in text
        assert "Im Auftrag" not in text

    @pytest.mark.parametrize(
        ("regime", "statute"),
        [
            ("VwVfG", "§ 37 Abs. 5 VwVfG NRW"),
            ("SGB_X", "§ 33 Abs. 5 SGB X"),
            ("AO", "§ 119 Abs. 3, § 155 Abs. 4 AO"),
        ],
    )
    def test_made_by_a_machine_names_the_law_of_its_procedure(
        self, regime: Regime, statute: str
    ) -> None:
        assert f"{AUTOMATED} ({statute})." in words(render(replace(GRANTED, regime=regime)))

    def test_that_revokes_says_so(self) -> None:
        assert "Widerrufsbescheid" in words(render(replace(REFUSED, kind="revoked")))

    def test_without_a_day_is_paid_within_a_month(self) -> None:
        assert FULL.payment
        letter = render(replace(FULL, payment=replace(FULL.payment, due_on=None, bic="")))
        text = words(letter)
        assert "1.234,50 € innerhalb eines Monats nach Bekanntgabe dieses Bescheids." in text
        assert "BIC" not in text

    def test_without_a_fee_asks_for_no_payment(self) -> None:
        text = words(render(replace(FULL, fee_cents=0, fee_lines=[])))
        assert "Zahlung" not in text

    def test_that_is_a_draft_says_so_on_every_page(self) -> None:
        for text in pages(render(replace(LONG, draft=True))):
            assert "ENTWURF" in text
        assert "ENTWURF" not in words(render(LONG))

    def test_keeps_the_signature_and_a_short_remedy_on_one_page(self) -> None:
        for lines in range(12, 36):
            letter = replace(REFUSED, reasons="\n".join(["Grund."] * lines))
            last = pages(render(letter))[-1]
            assert "erhoben werden." in last
            assert "Małgorzata Wiśniewska" in last

    def test_does_not_tear_a_short_fee_apart(self) -> None:
        for lines in range(12, 36):
            letter = replace(GRANTED, reasons="\n".join(["Grund."] * lines))
            with_fee = [text for text in pages(render(letter)) if "Gesamtbetrag" in text]
            assert "Die Gebühr setzen wir" in with_fee[0]
            assert "Leistung" in with_fee[0]

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


class TestNames:
    @pytest.mark.parametrize("name", HARD)
    def test_are_read_as_they_are_spelled(self, name: str) -> None:
        letter = replace(
            REFUSED, recipient=name, recipient_lines=[name], reasons=name, signed_by=name
        )
        text = words(render(letter))
        # One is wider than the window and goes on in the next line.
        assert text.replace(" ", "").count(name.replace(" ", "")) == 3
        assert "\N{REPLACEMENT CHARACTER}" not in text

    def test_of_many_lines_stay_in_the_window(self) -> None:
        name = max(HARD, key=len)
        letter = render(replace(GRANTED, recipient_lines=[name, "Lindenstraße 1a", "40764 Ort"]))
        left, top, right, bottom = place(letter, "40764 Ort")
        assert 20 < left < right < 105
        assert 62.7 <= top < bottom <= 90.1


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
        text = letter * (10_000 // len(letter))
        facts = replace(
            REFUSED,
            recipient_lines=[text, "40764 Ort"],
            title=text,
            reasons=text,
            fee_cents=100,
            fee_lines=[(text, 1, 100)],
            reference="1",
        )
        pdf = render(facts)
        assert "".join(pages(pdf)).replace(" ", "").count(letter) == 4 * len(text) // len(letter)
        with opened(pdf) as document:
            for page in document:
                left, _, right, _ = page.get_bbox()
                assert left >= 0
                assert right <= 210 * 72 / 25.4

    def test_makes_no_paragraph_out_of_a_value(self) -> None:
        value = "A4.\n\nDer Bescheid ist kostenfrei"
        text = words(render(replace(GRANTED, body="Zone {zone}.", values={"zone": value})))
        assert "Zone A4. Der Bescheid ist kostenfrei." in text
