"""Every letter for everybody and for long: PDF/UA-1 and PDF/A-2a, with and without a screen."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from efile.letters.decision import render
from efile.letters.permit import render_permit
from tests.efile.letters.examples import FULL, GRANTED, PERMIT, STRESS, specimens
from tests.efile.letters.reading import pages
from tests.efile.letters.structure import beginnings, marked, owned, parents_agree, tree, untagged
from tests.efile.letters.verapdf import Profile, complaints

KINDS = (
    "full", "granted", "refused", "long", "draft", "stress", "hostile", "names", "notice",
    "notice_draft", "permit", "permit_plain", "receipt", "receipt_bare", "list",
    "list_landscape", "list_empty",
)  # fmt: skip


class TestEveryLetter:
    @pytest.mark.requires("verapdf")
    @pytest.mark.parametrize("profile", ["ua1", "2a"])
    def test_passes_verapdf(self, profile: Profile, tmp_path: Path) -> None:
        assert complaints(specimens(), profile, tmp_path) == ""

    @pytest.mark.requires("verapdf")
    def test_would_not_pass_without_its_structure(self, tmp_path: Path) -> None:
        bare = BytesIO()
        with pikepdf.open(BytesIO(render(GRANTED))) as document:
            del document.Root.StructTreeRoot
            document.save(bare)
        assert "0 of 1 passed" in complaints({"bare": bare.getvalue()}, "ua1", tmp_path)

    def test_is_looked_at(self) -> None:
        assert {*KINDS, "pile", "pile_single_sided"} == set(specimens())

    @pytest.mark.parametrize("kind", [*KINDS, "pile"])
    def test_shows_nothing_that_is_neither_content_nor_decoration(self, kind: str) -> None:
        pdf = specimens()[kind]
        assert untagged(pdf) == []
        content = owned(pdf)
        assert len(content) == len(set(content))
        assert set(content) == marked(pdf)
        assert parents_agree(pdf)

    @pytest.mark.parametrize("kind", KINDS)
    def test_is_read_in_the_order_in_which_it_is_printed(self, kind: str) -> None:
        # A cell that goes on overleaf is read to its end before the next one begins.
        begun = beginnings(specimens()[kind])
        assert len(begun) > 5
        assert begun == sorted(begun)

    @pytest.mark.parametrize("kind", KINDS)
    def test_has_one_title_and_skips_no_level_of_headings(self, kind: str) -> None:
        levels = [int(node.kind[1]) for node in tree(specimens()[kind]).every("H1", "H2", "H3")]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(deeper - above <= 1 for above, deeper in pairwise(levels))

    @pytest.mark.parametrize("kind", KINDS)
    def test_has_tables_that_can_be_walked(self, kind: str) -> None:
        for table in tree(specimens()[kind]).every("Table"):
            rows = list(table.every("TR"))
            widths = {
                sum(int(cell.told.get("/ColSpan", 1)) for cell in row.every("TH", "TD"))
                for row in rows
            }
            assert len(widths) == 1
            for head in table.every("TH"):
                assert head.told["/Scope"] in {"/Row", "/Column"}
            assert any(row.every("TH") for row in rows)

    @pytest.mark.parametrize("kind", KINDS)
    def test_declares_both_standards_in_its_metadata(self, kind: str) -> None:
        with pikepdf.open(BytesIO(specimens()[kind])) as document:
            metadata = document.open_metadata()
            assert metadata["pdfaid:part"] + metadata["pdfaid:conformance"] == "2A"
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == str(document.docinfo.Title)
            assert document.pdf_version == "1.7"


class TestADecision:
    def test_is_read_in_the_order_of_its_parts(self) -> None:
        said = [(node.kind, node.text) for node in tree(render(FULL)).every("H1", "H2", "H3")]
        assert said == [
            ("H1", "Bewohnerparkausweis Zone A4"),
            ("H2", "Kurz gesagt"),
            ("H2", "Nebenbestimmungen"),
            ("H2", "Gebühr"),
            ("H2", "Zahlung"),
            ("H2", "Begründung"),
            ("H2", "Ermessen"),
            ("H2", "Rechtsbehelfsbelehrung"),
            ("H2", "Anlagen"),
            ("H2", "Übersetzung – nur zur Information, nicht verbindlich"),
            ("H3", "Resident parking permit, zone A4"),
        ]

    def test_begins_with_who_writes_and_ends_with_where_to_find_them(self) -> None:
        text = tree(render(FULL)).text
        assert text.startswith("Stadt Musterstadt Die Bürgermeisterin Stadt Musterstadt · Markt")
        assert text.endswith("Öffnungszeiten Mo–Fr 8–12 Uhr, Do auch 14–18 Uhr")
        assert "Seite 1" not in text

    def test_counts_its_clauses_as_a_list(self) -> None:
        clauses, *_ = tree(render(FULL)).every("L")
        assert clauses.told["/ListNumbering"] == "/Decimal"
        assert [item.text for item in clauses.every("LI")] == [
            "1. Gut sichtbar auslegen.",
            "2. Änderungen mitteilen.",
        ]
        assert [label.text for label in clauses.every("Lbl")] == ["1.", "2."]

    def test_names_the_columns_of_its_fee_once_though_every_page_shows_them(self) -> None:
        pdf = render(STRESS)
        shown = sum("Leistung Anzahl Einzelbetrag Betrag" in text for text in pages(pdf))
        fees = [t for t in tree(pdf).every("Table") if "Leistung" in t.text]
        assert shown > 2
        assert len(fees) == 1
        heads = [h.text for h in fees[0].every("TH") if h.told["/Scope"] == "/Column"]
        assert heads == ["Leistung", "Anzahl", "Einzelbetrag", "Betrag"]
        assert len(list(fees[0].every("TR"))) == len(STRESS.fee_lines) + 2

    def test_holds_a_paragraph_together_that_goes_on_overleaf(self) -> None:
        reasons = "Die Prüfung hat ergeben, dass etwas fehlt. " * 100
        pdf = render(replace(FULL, reasons=reasons))
        assert len(pages(pdf)) > 2
        (whole,) = (p for p in tree(pdf).every("P") if "Prüfung" in p.text)
        assert whole.text == reasons.strip()
        assert len(whole.kids) == 2

    def test_describes_the_code_that_pays(self) -> None:
        (code,) = tree(render(FULL)).every("Figure")
        assert code.alt == (
            "QR-Code für Banking-Apps: Überweisung von 1.234,50 € an Stadtkasse Musterstadt,"
            " Kassenzeichen 9000.1234.5678".replace(" €", "\N{NO-BREAK SPACE}€")
        )

    def test_says_in_which_language_its_translation_is(self) -> None:
        (section,) = tree(render(FULL)).every("Sect")
        assert section.lang == "en"
        assert section.text.startswith("For information only. Only the German text is binding.")
        assert "Übersetzung" not in section.text

    def test_reads_marks_with_their_letters(self) -> None:
        name = "C̆edomir K͟hān"
        text = tree(render(replace(GRANTED, recipient_lines=[name]))).text
        assert f" {name} Unser Zeichen" in text

    def test_does_not_read_its_draft_mark(self) -> None:
        assert "ENTWURF" not in tree(render(replace(FULL, draft=True))).text


class TestAPermit:
    def test_leads_to_the_page_that_checks_it(self) -> None:
        pdf = render_permit(PERMIT)
        (link,) = tree(pdf).every("Link")
        assert link.text == PERMIT.code_url
        with pikepdf.open(BytesIO(pdf)) as document:
            (annotation,) = document.pages[0].Annots
            assert PERMIT.code_url == annotation.A.URI
            assert annotation.Contents == PERMIT.code_url
            node = document.Root.StructTreeRoot.ParentTree.Nums[-1]
            assert node.S == "/Link"
            assert node.K[-1].Obj.objgen == annotation.objgen
            left, bottom, right, top = map(float, annotation.Rect)
        assert 60 < left < right < 400
        assert 5 < top - bottom < 20

    def test_leads_there_from_every_line_of_a_long_address(self) -> None:
        url = PERMIT.code_url + "/" + "abcdefgh" * 20
        with pikepdf.open(BytesIO(render_permit(replace(PERMIT, code_url=url)))) as document:
            annotations = list(document.pages[0].Annots)
        assert len(annotations) > 1
        assert {str(one.A.URI) for one in annotations} == {url}
