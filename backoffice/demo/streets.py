"""Musterstadt's street directory: which stretch lies in which parking zone and waste district."""

from dataclasses import dataclass
from typing import Literal

Parity = Literal["odd", "even", "all"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """House numbers ``first`` to ``last`` (both included) of one side, or both, of a street.

    ``zone`` is the resident parking zone ("A1" to "D4") or None; ``district`` the waste
    district, 1 to 6. No house number lies in two stretches of the same street.
    """

    street: str
    first: int
    last: int
    parity: Parity
    zone: str | None
    district: int

    @property
    def numbers(self) -> range:
        """The house numbers of this stretch, without letters."""
        if self.parity == "all":
            return range(self.first, self.last + 1)
        start = self.first + (self.first % 2 != (self.parity == "odd"))
        return range(start, self.last + 1, 2)


# Every street is invented; the four inner districts have parking zones, the outer two none.
STREETS: tuple[Stretch, ...] = (
    Stretch("Marktplatz", 1, 24, "all", "A1", 1),
    Stretch("Kirchgasse", 1, 38, "all", "A1", 1),
    Stretch("Rathausstraße", 1, 45, "odd", "A1", 1),
    Stretch("Rathausstraße", 2, 46, "even", "A2", 1),
    Stretch("Salzgasse", 1, 29, "all", "A1", 1),
    Stretch("Kornmarkt", 1, 18, "all", "A1", 1),
    Stretch("Weberstraße", 1, 60, "all", "A2", 1),
    Stretch("Fischergasse", 1, 22, "all", "A2", 1),
    Stretch("Am Stadtgraben", 1, 71, "odd", "A2", 1),
    Stretch("Am Stadtgraben", 2, 72, "even", "A3", 1),
    Stretch("Mühlenstraße", 1, 54, "all", "A3", 1),
    Stretch("Hinter der Mauer", 1, 33, "odd", "A3", 1),
    Stretch("Töpfergasse", 1, 26, "all", "A3", 1),
    Stretch("Löhertor", 1, 14, "all", "A3", 1),
    Stretch("Stiftsplatz", 1, 12, "all", "A4", 1),
    Stretch("Klosterstraße", 1, 88, "all", "A4", 1),
    Stretch("An den drei Steinen", 1, 19, "all", "A4", 1),
    Stretch("Brückenstraße", 1, 40, "all", "A4", 1),
    Stretch("Uferpromenade", 1, 57, "odd", "A4", 1),
    Stretch("Alte Zollstraße", 1, 34, "all", "A4", 1),
    Stretch("Schlossallee", 1, 16, "all", None, 1),
    Stretch("Bahnhofstraße", 1, 99, "odd", "B1", 2),
    Stretch("Bahnhofstraße", 2, 100, "even", "B2", 2),
    Stretch("Europaplatz", 1, 9, "all", "B1", 2),
    Stretch("Güterstraße", 1, 66, "all", "B1", 2),
    Stretch("Postgasse", 1, 20, "all", "B1", 2),
    Stretch("Kaiser-Otto-Straße", 1, 74, "all", "B1", 2),
    Stretch("Lindenstraße", 1, 110, "all", "B2", 2),
    Stretch("Gartenstraße", 1, 52, "all", "B2", 2),
    Stretch("Nordring", 1, 89, "odd", "B2", 2),
    Stretch("Nordring", 2, 90, "even", "B3", 2),
    Stretch("Gutenbergstraße", 1, 47, "all", "B3", 2),
    Stretch("Schillerstraße", 1, 63, "all", "B3", 2),
    Stretch("Lessingstraße", 1, 35, "all", "B3", 2),
    Stretch("Goethestraße", 1, 80, "all", "B3", 2),
    Stretch("Droste-Hülshoff-Weg", 1, 28, "all", "B4", 2),
    Stretch("Heinrich-Heine-Straße", 1, 56, "all", "B4", 2),
    Stretch("Rosa-Luxemburg-Straße", 1, 44, "all", "B4", 2),
    Stretch("Clara-Schumann-Straße", 1, 39, "all", "B4", 2),
    Stretch("Hölderlinweg", 1, 17, "all", "B4", 2),
    Stretch("Volkspark", 1, 8, "all", None, 2),
    Stretch("Professor-Dr.-Wilhelmine-von-Rüdigsheim-Straße", 1, 25, "all", "B4", 2),
    Stretch("Südstraße", 1, 120, "all", "C1", 3),
    Stretch("Bergstraße", 1, 70, "all", "C1", 3),
    Stretch("Weinbergweg", 1, 31, "all", "C1", 3),
    Stretch("Feldstraße", 1, 86, "all", "C1", 3),
    Stretch("Sankt-Florian-Straße", 1, 42, "all", "C1", 3),
    Stretch("Kastanienallee", 1, 95, "odd", "C2", 3),
    Stretch("Kastanienallee", 2, 96, "even", "C2", 3),
    Stretch("Ahornweg", 1, 48, "all", "C2", 3),
    Stretch("Eschenweg", 1, 27, "all", "C2", 3),
    Stretch("Birkenstraße", 1, 64, "all", "C2", 3),
    Stretch("Ulmenstraße", 1, 37, "all", "C3", 3),
    Stretch("Platanenweg", 1, 21, "all", "C3", 3),
    Stretch("Handwerkergasse", 1, 30, "all", "C3", 3),
    Stretch("Schmiedestraße", 1, 58, "all", "C3", 3),
    Stretch("Seilerbahn", 1, 46, "all", "C3", 3),
    Stretch("Gerbergraben", 1, 24, "all", "C3", 3),
    Stretch("Turnerstraße", 1, 50, "all", "C4", 3),
    Stretch("Schulstraße", 1, 43, "all", "C4", 3),
    Stretch("Pestalozzistraße", 1, 36, "all", "C4", 3),
    Stretch("Fröbelweg", 1, 15, "all", "C4", 3),
    Stretch("Käthe-Kollwitz-Straße", 1, 68, "all", "C4", 3),
    Stretch("Hospitalstraße", 1, 33, "all", "C4", 3),
    Stretch("Westwall", 1, 77, "odd", "D1", 4),
    Stretch("Westwall", 2, 78, "even", "D1", 4),
    Stretch("Breite Straße", 1, 130, "all", "D1", 4),
    Stretch("Zechenstraße", 1, 92, "all", "D1", 4),
    Stretch("Glückaufweg", 1, 34, "all", "D1", 4),
    Stretch("Barbarastraße", 1, 55, "all", "D2", 4),
    Stretch("Steigerweg", 1, 23, "all", "D2", 4),
    Stretch("Hüttenstraße", 1, 84, "all", "D2", 4),
    Stretch("Hochofenstraße", 1, 61, "all", "D2", 4),
    Stretch("Siedlerstraße", 1, 72, "all", "D2", 4),
    Stretch("Am Förderturm", 1, 18, "all", "D3", 4),
    Stretch("Wiesenstraße", 1, 90, "all", "D3", 4),
    Stretch("Kleiststraße", 1, 41, "all", "D3", 4),
    Stretch("Eichendorffstraße", 1, 53, "all", "D3", 4),
    Stretch("Mörikeweg", 1, 19, "all", "D3", 4),
    Stretch("Friedrichstraße", 1, 104, "all", "D3", 4),
    Stretch("Luisenstraße", 1, 65, "all", "D4", 4),
    Stretch("Augustastraße", 1, 49, "all", "D4", 4),
    Stretch("Moltkeplatz", 1, 12, "all", "D4", 4),
    Stretch("Theaterstraße", 1, 32, "all", "D4", 4),
    Stretch("Kanalstraße", 1, 87, "odd", "D4", 4),
    Stretch("Kanalstraße", 2, 88, "even", None, 4),
    Stretch("Dorfstraße", 1, 98, "all", None, 5),
    Stretch("Im Winkel", 1, 22, "all", None, 5),
    Stretch("Oberdorfer Weg", 1, 63, "all", None, 5),
    Stretch("Am Anger", 1, 26, "all", None, 5),
    Stretch("Lerchenweg", 1, 40, "all", None, 5),
    Stretch("Meisenweg", 1, 38, "all", None, 5),
    Stretch("Amselstieg", 1, 16, "all", None, 5),
    Stretch("Finkenschlag", 1, 29, "all", None, 5),
    Stretch("Zur alten Ziegelei", 1, 45, "all", None, 5),
    Stretch("Hofstraße", 1, 51, "all", None, 5),
    Stretch("Kapellenweg", 1, 35, "all", None, 5),
    Stretch("Auf der Höhe", 1, 74, "all", None, 5),
    Stretch("Waldstraße", 1, 102, "all", None, 5),
    Stretch("Försterweg", 1, 20, "all", None, 5),
    Stretch("Buchenhain", 1, 33, "all", None, 5),
    Stretch("Tannenstraße", 1, 59, "all", None, 5),
    Stretch("Heckenrosenweg", 1, 24, "all", None, 5),
    Stretch("Brombeerweg", 1, 18, "all", None, 5),
    Stretch("Streuobstwiese", 1, 14, "all", None, 5),
    Stretch("Sonnenhang", 1, 47, "all", None, 5),
    Stretch("Musterbachtal", 1, 66, "all", None, 5),
    Stretch("Römerweg", 1, 81, "odd", None, 5),
    Stretch("Römerweg", 2, 82, "even", None, 6),
    Stretch("Industriestraße", 1, 140, "all", None, 6),
    Stretch("Gewerbering", 1, 75, "all", None, 6),
    Stretch("Max-Eyth-Straße", 1, 36, "all", None, 6),
    Stretch("Hafenstraße", 1, 112, "all", None, 6),
    Stretch("Speicherweg", 1, 28, "all", None, 6),
    Stretch("Schleusenweg", 1, 44, "all", None, 6),
    Stretch("Deichstraße", 1, 57, "all", None, 6),
    Stretch("In der Aue", 1, 69, "all", None, 6),
    Stretch("Weidenkamp", 1, 32, "all", None, 6),
    Stretch("Erlenbruch", 1, 21, "all", None, 6),
    Stretch("Kiebitzweg", 1, 25, "all", None, 6),
    Stretch("Storchennest", 1, 11, "all", None, 6),
    Stretch("Rübenkamp", 1, 39, "all", None, 6),
    Stretch("Krautgarten", 1, 17, "all", None, 6),
    Stretch("Nelly-Sachs-Straße", 1, 52, "all", None, 6),
    Stretch("Anne-Frank-Weg", 1, 30, "all", None, 6),
    Stretch("Bertha-von-Suttner-Ring", 1, 94, "all", None, 6),
    Stretch("Otto-Lilienthal-Straße", 1, 48, "all", None, 6),
    Stretch("Siebengebirgsblick", 1, 13, "all", None, 6),
    Stretch("Ostkamp", 1, 59, "odd", None, 6),
    Stretch("Ostkamp", 2, 60, "even", None, 6),
    Stretch("Friedensstraße", 1, 85, "all", None, 6),
)
