"""A pile of letters as one file: every letter whole, each on a sheet of its own."""

from pathlib import Path

import pypdfium2

from efile.letters.binding import bind
from efile.letters.decision import render
from efile.letters.notice import render_notice
from efile.letters.permit import render_permit
from tests.efile.letters.examples import LONG, NOTICE, PERMIT, REFUSED
from tests.efile.letters.reading import opened, pages
from tests.efile.letters.structure import tree_of_each

PILE = [render(LONG), render_notice(NOTICE), render(REFUSED), render_permit(PERMIT)]


class TestAPile:
    def test_begins_every_letter_on_a_new_sheet(self) -> None:
        read = pages(bind(PILE))
        begun = [at for at, text in enumerate(read) if "Seite 1 von" in text]
        assert begun == [0, 4, 6, 8]
        assert [at for at, text in enumerate(read) if not text] == [3, 5, 7]

    def test_leaves_no_page_blank_that_is_printed_on_one_side(self) -> None:
        read = pages(bind(PILE, duplex=False))
        assert read == [text for pdf in PILE for text in pages(pdf)]

    def test_keeps_the_structure_of_every_letter(self) -> None:
        alone = [node.text for pdf in PILE for node in tree_of_each(pdf)]
        assert [node.text for node in tree_of_each(bind(PILE))] == alone

    def test_is_the_same_for_the_same_letters(self, tmp_path: Path) -> None:
        Path(tmp_path, "letter.pdf").write_bytes(PILE[0])
        assert bind([tmp_path / "letter.pdf", *PILE[1:]]) == bind(PILE)

    def test_is_called_by_its_title_and_dated_like_its_last_letter(self) -> None:
        with opened(bind(PILE, title="Druckstapel 2026-0017")) as document:
            told = document.get_metadata_dict(skip_empty=True)
        assert told["Title"] == "Druckstapel 2026-0017"
        assert told["Author"] == "Stadt Musterstadt"
        assert told["CreationDate"] == "D:20260203000000Z"

    def test_may_be_larger_than_the_files_that_a_process_may_open(self, tmp_path: Path) -> None:
        paths = [tmp_path / f"{number}.pdf" for number in range(300)]
        for path in paths:
            path.write_bytes(PILE[3])
        document = pypdfium2.PdfDocument(bind(paths))
        assert len(document) == 599
        document.close()
