"""The pictures of docs/screens, taken from a running demo city: ``make screenshots``."""

import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.environment import chromium
from tests.journeys.running import ROOT, City, running_city

FOLDER: Final = ROOT / "docs" / "screens"
CASES: Final = 300
WIDE: Final = {"width": 1440, "height": 900}
SMALL: Final = {"width": 320, "height": 800}
Way = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Picture:
    """One file of docs/screens: who looks at what, through which window."""

    name: str
    address: str
    way: Way = lambda _page: None
    user: str = "a.lopes"
    window: dict[str, Any] = field(default_factory=lambda: {"viewport": WIDE})


def _dark() -> dict[str, Any]:
    return {"viewport": WIDE, "color_scheme": "dark"}


def _open_first(page: Page) -> None:
    page.click("a.lm-open >> nth=0")
    page.wait_for_load_state("networkidle")


def _decide(page: Page) -> None:
    """The refusal of a case somebody is at, with its letter beside it."""
    _open_first(page)
    page.goto(f"{page.url}/decide/refuse")


def _file(page: Page) -> None:
    _open_first(page)
    page.click(".lm-case-head a[href^='/files/']")


def _journal(page: Page) -> None:
    _open_first(page)
    page.goto(f"{page.url}/journal")


def _select_two(page: Page) -> None:
    for number in (1, 2):
        page.check(f"[data-row] input[type=checkbox] >> nth={number}")
    page.wait_for_load_state("networkidle")


def _search(page: Page) -> None:
    page.fill("#q", "Yılmaz")
    page.press("#q", "Enter")


PICTURES: Final = (
    Picture("today", "/?view=today"),
    Picture("worklist", "/"),
    Picture("worklist-dark", "/", window=_dark()),
    Picture("worklist-320", "/", window={"viewport": SMALL}),
    Picture("worklist-forced-colors", "/", window={"viewport": WIDE, "forced_colors": "active"}),
    Picture("worklist-selected", "/", _select_two),
    Picture("case", "/?view=waiting", _open_first),
    Picture("case-dark", "/?view=to_notify", _open_first, window=_dark()),
    Picture("case-320", "/?view=waiting", _open_first, window={"viewport": SMALL}),
    Picture("decide", "/?view=mine", _decide),
    Picture("inbox", "/inbox"),
    Picture("inbox-item", "/inbox", _open_first),
    Picture("follow-ups", "/follow-ups"),
    Picture("overview", "/overview", user="t.oyelaran"),
    Picture("post", "/post"),
    Picture("counter", "/counter/resident-parking"),
    Picture("search", "/search", _search),
    Picture("file-plan", "/file-plan"),
    Picture("case-file", "/?view=to_notify", _file),
    Picture("journal", "/?view=to_notify", _journal),
    Picture("dispatch", "/dispatch", user="j.kessler"),
)


def main() -> None:
    """Start a city, take every picture (or those named), stop the city."""
    wanted = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-background-networking"]
        )
        with running_city(Path(folder), cases=CASES) as city:
            for picture in PICTURES:
                if not wanted or picture.name in wanted:
                    _take(picture, browser, city)
                    sys.stdout.write(f"docs/screens/{picture.name}.png\n")
        browser.close()


def _take(picture: Picture, browser: Browser, city: City) -> None:
    with _signed_in(picture, browser, city) as page:
        page.goto(city.base_url + picture.address)
        picture.way(page)
        page.wait_for_load_state("networkidle")
        _save(page.screenshot(), picture.name)


@contextmanager
def _signed_in(picture: Picture, browser: Browser, city: City) -> Iterator[Page]:
    (user,) = (one for one in city.record["users"] if one["username"] == picture.user)
    with browser.new_context(locale="de-DE", **picture.window) as window:
        page = window.new_page()
        page.goto(f"{city.base_url}/login")
        page.fill("#username", user["username"])
        page.fill("#password", user["password"])
        page.keyboard.press("Enter")
        page.wait_for_url(f"{city.base_url}/")
        yield page


def _save(png: bytes, name: str) -> None:
    """With 128 colours: nobody sees the difference, and the repository stays small."""
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(128)
    picture.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
