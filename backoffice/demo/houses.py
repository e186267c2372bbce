"""The kindergartens of Musterstadt and their places in the coming year."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from workflows.waiting.places import House

SERVICE_OF_HOUSES: Final = "childcare-place"
LIST: Final = "childcare"
TITLE: Final = "Kita-Plätze"
# The hours a week for which there are places, and how many of each a house has.
_PLACES: Final = {
    "lindenhof": ("Städtische Kita Lindenhof", (4, 9, 6)),
    "marktplatz": ("Familienzentrum am Marktplatz", (3, 8, 8)),
    "sonnenhang": ("Kita Sonnenhang (AWO)", (2, 7, 5)),
    "muehlenteich": ("Evangelische Kita Mühlenteich", (4, 6, 3)),
    "waldkita": ("Waldkita Musterforst e. V.", (6, 4, 0)),
    "rheinufer": ("Städtische Kita Rheinufer", (2, 9, 9)),
    "day-care": ("Kindertagespflege (unter 3 Jahren)", (5, 5, 2)),
}
_HOURS: Final = ("25", "35", "45")


def houses(on: date) -> list[House]:
    """Every house with its places for the kindergarten year that begins after ``on``."""
    return [
        House(key, title, dict(_counted(on, counts))) for key, (title, counts) in _PLACES.items()
    ]


def _counted(on: date, counts: tuple[int, ...]) -> Iterator[tuple[tuple[str, date, date], int]]:
    year = on.year + (on >= date(on.year, 8, 1))
    for hours, count in zip(_HOURS, counts, strict=True):
        yield (hours, date(year, 8, 1), date(year + 1, 7, 31)), count
