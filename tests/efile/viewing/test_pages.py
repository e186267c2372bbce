"""Tests of efile.viewing.pages: pages as pictures and as text, and files that mean harm."""

import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from efile.viewing import pages
from efile.viewing.cache import Cache
from efile.viewing.pages import (
    outline,
    page_count,
    page_image,
    page_texts,
    text_of,
)
from efile.viewing.pool import Unviewable, pool
from tests.efile.viewing.files import (
    deep,
    drawing,
    enormous_picture,
    fax,
    letter,
    locked,
    photograph,
    picture,
    scripted,
    sized,
    turned,
)


def refused(source: bytes) -> str:
    with pytest.raises(Unviewable) as caught:
        page_image(source, 1, 400)
    return caught.value.reason


def seen(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


class TestAPdf:
    def test_has_pages_of_a_size(self) -> None:
        assert outline(letter(3)).sizes == ((595.0, 842.0),) * 3
        assert page_count(letter(3)) == 3

    def test_is_the_same_as_bytes_and_as_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "Brief.pdf"
        path.write_bytes(letter(2))

        assert page_image(path, 2, 400) == page_image(letter(2), 2, 400)

    @pytest.mark.parametrize("width", [*pages.WIDTHS, pages.THUMBNAIL])
    def test_is_drawn_as_wide_as_asked_in_sixteen_greys(self, width: int) -> None:
        drawn = seen(page_image(letter(), 1, width))

        assert (drawn.format, drawn.width) == ("PNG", width)
        assert drawn.height == pytest.approx(width * 842 / 595, abs=1)
        assert len(drawn.getcolors() or ()) <= 16

    @pytest.mark.parametrize("turn", [90, 270])
    def test_is_turned_when_asked(self, turn: int) -> None:
        drawn = seen(page_image(letter(), 1, 800, turn=turn))

        assert drawn.width == 800
        assert drawn.height < 600

    def test_is_drawn_in_no_other_way(self) -> None:
        with pytest.raises(ValueError, match="5000"):
            page_image(letter(), 1, 5000)
        with pytest.raises(ValueError, match="45"):
            page_image(letter(), 1, 800, turn=45)

    def test_says_each_word_and_where_it_stands(self) -> None:
        words = page_texts(letter(), 1)
        first = words[0]

        assert " ".join(word.text for word in words) == ("Amtliches Kennzeichen MS-AB 123, Seite 1")
        assert first.x == pytest.approx(100 / 595, abs=0.01)
        assert first.y < 1 - 742 / 842 < first.y + first.height
        assert first.x + first.width < words[1].x

    @pytest.mark.parametrize(
        ("degrees", "place"), [(90, (0.88, 0.17)), (180, (0.83, 0.88)), (270, (0.12, 0.83))]
    )
    def test_has_its_words_where_a_turned_page_shows_them(
        self, degrees: int, place: tuple[float, float]
    ) -> None:
        word = page_texts(turned(degrees), 1)[0]
        inside = (
            word.x - 0.01 <= place[0] <= word.x + word.width + 0.01,
            word.y - 0.01 <= place[1] <= word.y + word.height + 0.01,
        )

        assert inside == (True, True), word

    def test_is_read_page_by_page(self) -> None:
        texts = text_of(letter(45))

        assert len(texts) == 45
        assert texts[44] == "Amtliches Kennzeichen MS-AB 123, Seite 45"

    def test_is_read_once(self) -> None:
        content = letter()

        assert pages.known_text(content) is None
        text = text_of(content)
        assert pages.known_text(content) == text

    def test_that_is_thick_shows_its_first_pages(self) -> None:
        content = letter(5000, text="Wort")

        assert page_count(content) == 5000
        assert len(outline(content).sizes) == len(text_of(content)) == pages.PAGES_SHOWN
        assert seen(page_image(content, pages.PAGES_SHOWN, 120)).width == 120
        with pytest.raises(Unviewable, match="too_many_pages"):
            page_image(content, pages.PAGES_SHOWN + 1, 120)

    def test_that_is_truncated_is_mended(self) -> None:
        whole = letter(3)

        assert page_count(whole[: len(whole) * 3 // 4]) == 3

    def test_with_an_empty_password_opens(self) -> None:
        assert page_count(locked("")) == 1

    def test_runs_no_script(self) -> None:
        assert seen(page_image(scripted(), 1, 120)).width == 120


class TestAPicture:
    @pytest.mark.parametrize("format_", ["PNG", "JPEG", "GIF", "TIFF", "WEBP"])
    def test_is_a_page_without_text(self, format_: str) -> None:
        content = picture(format_, (900, 600))

        assert page_count(content) == 1
        assert seen(page_image(content, 1, 400)).size == (400, 267)
        assert page_texts(content, 1) == []
        assert text_of(content) == ("",)

    def test_is_never_made_larger(self) -> None:
        assert seen(page_image(picture("PNG", (300, 200)), 1, 1600)).size == (300, 200)

    def test_of_many_colours_stays_a_photograph(self) -> None:
        assert seen(page_image(photograph((1000, 700)), 1, 800)).format == "JPEG"

    def test_in_colour_keeps_it(self) -> None:
        red = seen(page_image(picture("PNG", (300, 200)), 1, 400)).convert("RGB")

        assert red.getpixel((10, 10)) == (255, 0, 0)

    def test_that_is_transparent_lies_on_white(self) -> None:
        clear = picture("PNG", (300, 200), mode="RGBA", colour="#00000000")

        assert seen(page_image(clear, 1, 400)).convert("RGB").getpixel((9, 9)) == (255, 255, 255)

    def test_of_several_sheets_has_several_pages(self) -> None:
        content = fax(3)

        assert page_count(content) == 3
        assert outline(content).sizes[2] == pytest.approx((595.2, 841.9), abs=0.1)
        assert seen(page_image(content, 3, 400)).width == 400


class TestAFileThatMeansHarm:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "not_a_document"),
            (b"Nur Text", "not_a_document"),
            (b"<html><script>alert(1)</script>\n" + letter(), "not_a_document"),
            (b"%PDF-1.7\n% nichts\n%%EOF", "damaged"),
            (b"\x89PNG\r\n\x1a\n" + b"\x00" * 200, "damaged"),
            (b"\xff\xd8\xff" + b"\x00" * 200, "damaged"),
        ],
        ids=["empty", "text", "html first", "no pages", "no png", "no jpeg"],
    )
    def test_is_not_shown(self, content: bytes, reason: str) -> None:
        assert refused(content) == reason

    def test_that_is_locked_says_so(self) -> None:
        assert refused(locked("geheim")) == "encrypted"

    def test_that_is_a_pdf_with_a_page_of_html_behind_is_a_pdf(self) -> None:
        assert page_count(letter() + b"<html><script>alert(1)</script>") == 1

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(lambda: drawing(b"0 0 m 9 9 l S\n" * 75_000, 100), id="100 MB of drawing"),
            pytest.param(lambda: deep(200_000), id="deep nesting"),
            pytest.param(lambda: enormous_picture(40_000), id="1.6 billion pixels"),
            pytest.param(lambda: sized(1, 1_000_000), id="a page like a thread"),
        ],
    )
    def test_takes_nobody_down(self, content: object) -> None:
        assert callable(content)

        assert refused(content()) in {"damaged", "too_large", "timeout"}
        assert page_count(letter()) == 1

    def test_is_tried_once(self) -> None:
        harm = deep(100_000)
        first = refused(harm)
        with pool().child() as child:
            before = child.pid

        assert refused(harm) == first
        with pool().child() as child:
            assert child.pid == before

    @pytest.mark.parametrize("size", [(14_400, 14_400), (1_000_000, 1), (0, 0)])
    def test_with_an_odd_page_is_shown_within_bounds(self, size: tuple[int, int]) -> None:
        drawn = seen(page_image(sized(*size), 1, 400))

        assert drawn.width == 400
        assert drawn.height < 1000


class TestAnAnswer:
    """A file may have taken over the process that read it."""

    @pytest.mark.parametrize(
        "answer",
        [
            b"no JSON",
            b"[]",
            b'{"count": 1, "sizes": []}',
            b'{"count": -1, "sizes": []}',
            b'{"count": 1, "sizes": [["a", 2]]}',
            b'{"count": 1e999, "sizes": [[1, 2]]}',
        ],
    )
    def test_that_is_nonsense_is_not_believed(self, drawn: Cache, answer: bytes) -> None:
        content = letter()
        drawn.put(pages.original_of(content).sha256, "outline", answer)

        with pytest.raises(Unviewable, match="damaged"):
            outline(content)

    def test_stays_on_the_page(self, drawn: Cache) -> None:
        content = letter()
        told = [{"text": "a\x00b\x1bc", "words": [[-5, float("nan"), 9, 9, "a\u0007b"]]}]
        drawn.put(pages.original_of(content).sha256, "words-0", json.dumps(told).encode())
        (word,) = page_texts(content, 1)

        assert 0 <= word.x <= word.x + word.width <= 1
        assert 0 <= word.y <= word.y + word.height <= 1
        assert word.text == "ab"


class TestManyAtOnce:
    def test_all_get_their_page(self) -> None:
        content = letter(8)
        with ThreadPoolExecutor(8) as readers:
            drawn = list(readers.map(lambda page: page_image(content, page, 400), range(1, 9)))

        assert len(set(drawn)) == 8
        assert {seen(each).width for each in drawn} == {400}


def test_nothing_foreign_is_opened_in_this_process() -> None:
    program = (
        "import sys, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings';"
        "import efile.viewing.pages;"
        "print(sorted({'pypdfium2', 'pikepdf', 'PIL'} & sys.modules.keys()))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "[]"
