"""Letters that decide nothing, permits, receipts and lists: what each says, and what it refuses."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from efile.letters.lists import render_list
from efile.letters.notice import render_notice
from efile.letters.parts import PartMissing
from efile.letters.permit import render_permit
from efile.letters.receipt import render_receipt
from tests.efile.letters.examples import FULL, LIST, NOTICE, PERMIT, RECEIPT
from tests.efile.letters.reading import opened, pages, place, words
from tests.efile.letters.structure import Node, tree


def _in_order(text: str, parts: list[str]) -> None:
    at = 0
    for part in parts:
        assert part in text[at:], part
        at = text.index(part, at) + len(part)


def _forms(node: Node) -> dict[str, str]:
    """What the labels of all forms say."""
    rows = [row.kids for table in node.every("Table") for row in table.every("TR")]
    return {
        label.text: value.text
        for label, value in (row for row in rows if len(row) == 2)
        if isinstance(label, Node) and isinstance(value, Node)
    }


class TestANotice:
    def test_has_every_part_in_the_order_in_which_it_is_read(self) -> None:
        letter = replace(NOTICE, remedy="Klage ist möglich.", translation=FULL.translation)
        _in_order(
            words(render_notice(letter)),
            [
                "Stadt Musterstadt",
                "Đorđe Yılmaz",
                "Unser Zeichen 32.2-2026-000123",
                "fehlende Nachweise",
                "Kurz gesagt",
                "Für Ihren Antrag fehlt uns noch etwas.",
                "Sehr geehrte Damen und Herren,",
                "brauchen wir noch:",
                "– den Fahrzeugschein",
                "– eine Bescheinigung Ihres Arbeitgebers",
                "Bitte reichen Sie die Nachweise bis zum 24.02.2026 ein.",
                "Fehlen sie, entscheiden wir",
                "Rechtsbehelfsbelehrung",
                "Klage ist möglich.",
                "Mit freundlichen Grüßen",
                "Im Auftrag",
                "Ana Lopes",
                "Anlage",
                "– Merkblatt",
                "Only the German text is binding.",
            ],
        )

    def test_asks_for_its_items_as_a_list(self) -> None:
        asked, enclosed = tree(render_notice(NOTICE)).every("L")
        assert [body.text for body in asked.every("LBody")] == list(NOTICE.items)
        assert [body.text for body in enclosed.every("LBody")] == ["Merkblatt"]

    def test_that_nobody_signed_says_so(self) -> None:
        text = words(render_notice(replace(NOTICE, signed_by="")))
        assert "Dieses Schreiben wurde automatisiert erstellt" in text
        assert "Im Auftrag" not in text

    def test_is_called_by_the_reference(self) -> None:
        with opened(render_notice(NOTICE)) as document:
            assert document.get_metadata_value("Title") == "Schreiben 32.2-2026-000123"

    def test_that_is_a_draft_says_so(self) -> None:
        assert "ENTWURF" in words(render_notice(replace(NOTICE, draft=True)))


class TestAPermit:
    def test_says_what_it_allows_and_for_how_long(self) -> None:
        node = tree(render_permit(PERMIT))
        assert next(node.every("H1")).text == "Bewohnerparkausweis"
        assert _forms(node) == {
            "Nummer": "BPA-26-000017",
            "Gültig": "03.02.2026 – 02.02.2027",
            "Zone": "A4",
            "Kennzeichen": "D-LM 123",
            "Aktenzeichen": "32.2-2026-000123",
            "Ausgestellt": "03.02.2026",
        }

    def test_without_an_end_is_valid_from_a_day_on(self) -> None:
        node = tree(render_permit(replace(PERMIT, valid_to=None)))
        assert _forms(node)["Gültig"] == "ab 03.02.2026"

    def test_shows_its_number_large_enough_to_be_read_through_a_windscreen(self) -> None:
        _, top, _, bottom = place(render_permit(PERMIT), "BPA-26-000017")
        assert bottom - top > 5

    def test_shows_the_page_that_checks_it_as_a_code_and_as_text(self) -> None:
        pdf = render_permit(PERMIT)
        assert PERMIT.code_url in words(pdf)
        (code,) = tree(pdf).every("Figure")
        assert "Bewohnerparkausweis BPA-26-000017" in code.alt

    def test_without_such_a_page_has_no_code(self) -> None:
        pdf = render_permit(replace(PERMIT, code_url=""))
        assert "Echtheit" not in words(pdf)
        assert not list(tree(pdf).every("Figure", "Link"))

    def test_fits_one_page(self) -> None:
        assert len(pages(render_permit(PERMIT))) == 1


class TestAReceipt:
    def test_repeats_what_was_sent_and_says_what_happens_next(self) -> None:
        _in_order(
            words(render_receipt(RECEIPT)),
            [
                "Eingangsbestätigung Bewohnerparkausweis",
                "am 12.01.2026, 14:03 Uhr bei uns eingegangen",
                "Eingangsweg Online-Portal",
                "Absender Đorđe Yılmaz, Lindenstraße 1a, 40764 Musterstadt",
                "Wie es weitergeht",
                "Wir prüfen Ihre Angaben.",
                "Ihre Angaben",
                "Antragsteller",
                "Vorname Đorđe",
                "Fahrzeug",
                "Kennzeichen D-LM 123",
                "Ihre Unterlagen",
                "Fahrzeugschein (Scan 1.pdf)",
                "1,2 MB",
                "Ihre Anmerkungen",
                "Bitte rufen Sie mich vormittags an.",
                "Sie ist keine Entscheidung über Ihr Anliegen.",
            ],
        )

    def test_gives_the_digest_of_every_document(self) -> None:
        text = words(render_receipt(RECEIPT)).replace(" ", "")
        assert "0123456789abcdef" * 4 in text

    def test_groups_the_form_by_headings(self) -> None:
        levels = [(h.kind, h.text) for h in tree(render_receipt(RECEIPT)).every("H2", "H3")]
        assert levels == [
            ("H2", "Wie es weitergeht"),
            ("H2", "Ihre Angaben"),
            ("H3", "Antragsteller"),
            ("H3", "Fahrzeug"),
            ("H2", "Ihre Unterlagen"),
            ("H2", "Ihre Anmerkungen"),
        ]

    def test_of_nothing_but_itself_has_no_empty_parts(self) -> None:
        bare = replace(RECEIPT, groups=[], documents=[], notes=[], next_steps=[])
        assert not list(tree(render_receipt(bare)).every("H2"))


class TestAList:
    def test_has_its_rows_its_total_and_its_lines_to_sign(self) -> None:
        pdf = render_list(LIST)
        _in_order(
            words(pdf),
            [
                "Versandliste",
                "Druckstapel 2026-0017",
                "Amt 32.2 Bürgerservice Parken",
                "Nr. Zeichen Empfänger Seiten",
                "1 32.2-2026-000001 Đorđe Yılmaz 3",
                "60 32.2-2026-000060 Đorđe Yılmaz 3",
                "Seiten insgesamt 180",
                "Alle Schreiben wurden der Post übergeben.",
                "Datum",
                "Unterschrift",
            ],
        )

    def test_repeats_the_names_of_its_columns_on_every_page(self) -> None:
        read = pages(render_list(LIST))
        for number, text in enumerate(read, start=1):
            assert f"Seite {number} von {len(read)}" in text
        with_rows = [text for text in read if "32.2-2026-" in text]
        assert len(with_rows) > 1
        for text in with_rows:
            assert "Nr. Zeichen Empfänger Seiten" in text

    @pytest.mark.parametrize(("landscape", "width"), [(False, 165), (True, 257)])
    def test_is_as_wide_as_the_page(self, landscape: bool, width: float) -> None:
        pdf = render_list(replace(LIST, landscape=landscape, total=()))
        with opened(pdf) as document:
            paths = [o.get_bounds() for o in document[0].get_objects() if o.type == 2]
        assert max(right - left for left, _, right, _ in paths) / 72 * 25.4 == pytest.approx(
            width, abs=1
        )

    def test_without_rows_says_so(self) -> None:
        pdf = render_list(replace(LIST, rows=[]))
        assert "Keine Einträge." in words(pdf)
        assert "Nr." not in words(pdf)


@pytest.mark.parametrize(
    ("render", "part"),
    [
        (lambda: render_notice(replace(NOTICE, recipient="", recipient_lines=[])), "recipient"),
        (lambda: render_notice(replace(NOTICE, title=" ")), "title"),
        (lambda: render_permit(replace(PERMIT, number="")), "number"),
        (lambda: render_permit(replace(PERMIT, title="")), "title"),
        (lambda: render_receipt(replace(RECEIPT, reference="")), "reference"),
        (lambda: render_list(replace(LIST, title="")), "title"),
    ],
)
def test_a_part_that_is_missing_is_refused_by_name(render: Callable[[], bytes], part: str) -> None:
    with pytest.raises(PartMissing) as refusal:
        render()
    assert refusal.value.facts == {"part": part}
