"""The sheet: DIN 5008 form B, and a file that is the same for the same letter."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pikepdf
import pytest

from efile.letters.decision import render
from efile.letters.forms import Head, LetterForm
from efile.letters.sheet import Sheet
from efile.letters.tagging import TaggedCanvas
from tests.efile.letters.examples import FULL, GRANTED, LONG, REFUSED
from tests.efile.letters.reading import opened, place, rules

ROOT = Path(__file__).parents[3]


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


class TestTheFile:
    def test_is_the_same_for_the_same_facts(self) -> None:
        marked = replace(GRANTED, recipient_lines=["C̆edomir K͟hān", "Ụ̈lm"])
        first = [render(facts) for facts in (GRANTED, marked, LONG)]
        again = [render(facts) for facts in (LONG, marked, GRANTED)]
        assert first == again[::-1]

    def test_is_the_same_from_another_process_and_hash_seed(self) -> None:
        program = (
            "import hashlib, sys; from efile.letters.decision import render;"
            "from tests.efile.letters.examples import LONG;"
            "sys.stdout.write(hashlib.sha256(render(LONG)).hexdigest())"
        )
        digests = {
            subprocess.run(
                [sys.executable, "-c", program],
                cwd=ROOT,
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

    def test_is_built_alone_because_reportlab_shares_one_reading_position_per_font(self) -> None:
        head = Head("", date(2026, 2, 3), "Stadt")
        both, met = Barrier(2), []

        class Meeting(TaggedCanvas):
            def save(self) -> None:
                with suppress(BrokenBarrierError):
                    met.append(both.wait(timeout=0.3))
                super().save()

        class Met(Sheet):
            canvas = Meeting

        with ThreadPoolExecutor(2) as threads:
            built = list(threads.map(lambda head: Met(LetterForm(head)).pdf(), [head, head]))
        assert built[0] == built[1]
        assert met == []

    def test_is_called_by_the_reference_and_names_nobody(self) -> None:
        with opened(render(REFUSED)) as document:
            metadata = document.get_metadata_dict(skip_empty=True)
        assert metadata["Title"] == "Bescheid 32.2-2026-000123"
        assert metadata["Author"] == "Stadt Musterstadt"
        assert metadata["CreationDate"] == "D:20260203000000Z"
        said = " ".join(metadata.values())
        assert not any(part in said for part in ("Yılmaz", "Đorđe", "Wiśniewska", "Linden"))

    def test_says_that_it_is_german_and_shows_its_title(self) -> None:
        with pikepdf.open(BytesIO(render(GRANTED))) as document:
            assert document.Root.Lang == "de"
            assert document.Root.ViewerPreferences.DisplayDocTitle

    def test_brings_its_fonts_along(self) -> None:
        with pikepdf.open(BytesIO(render(FULL))) as document:
            fonts = [font for page in document.pages for font in page.Resources.Font.values()]
            assert {str(font.BaseFont).partition("+")[2] for font in fonts} == {
                "NotoSansLetter-Regular",
                "NotoSansLetter-Bold",
            }
            assert all("/FontFile2" in font.FontDescriptor for font in fonts)

    @pytest.mark.parametrize(
        "kind", ["decision", "notice", "permit", "receipt", "lists", "binding"]
    )
    def test_costs_a_process_that_renders_none_no_memory(self, kind: str) -> None:
        program = (
            f"import sys, efile.letters.{kind};"
            "sys.exit(bool({'reportlab', 'pikepdf', 'segno'} & {*sys.modules}))"
        )
        assert (
            subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
        )
