"""Reports that an app of somebody else hands in over Open311 (GeoReport v2)."""

import random
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import httpx

from backoffice.demo.streets import STREETS

SEED: Final = 311
_TIMEOUT: Final = 30.0
# Somewhere in Musterstadt.
_MIDDLE: Final = (51.1086, 6.9412)

# category, what people write, whether it is dangerous
_SEEN: Final = (
    ("pothole", "Schlagloch auf dem Radstreifen, etwa 30 cm breit.", False),
    ("street_light", "Die Laterne geht nach zehn Minuten aus und dann wieder an.", False),
    ("litter", "Vier Autoreifen und ein Sofa am Wegrand.", False),
    ("pavement", "Wurzeln heben die Platten, mit dem Rollstuhl kommt man nicht durch.", False),
    ("tree", "Ein Ast hängt nach dem Sturm lose über der Bushaltestelle.", True),
    ("drain", "Der Gully nimmt kein Wasser auf, die Straße steht unter Wasser.", False),
    ("playground", "An der Rutsche fehlt eine Schraube, das Blech steht ab.", True),
    ("graffiti", "Der Stromkasten ist beschmiert.", False),
)
# Most people give no name.
_PEOPLE: Final[tuple[dict[str, str], ...]] = (
    {},
    {},
    {"first_name": "Şükran", "last_name": "Öztürk", "email": "suekran.oeztuerk@example.org"},
    {"email": "radfahrer@example.org"},
)


def reports(count: int, *, seed: int = SEED) -> Iterator[dict[str, str]]:
    """So many reports in the arguments of GeoReport, the same ones for the same ``seed``."""
    rng = random.Random(seed)
    for number in range(count):
        category, seen, dangerous = _SEEN[number % len(_SEEN)]
        yield {
            "service_code": f"defect-report.{category}",
            "description": seen,
            "attribute[danger]": "true" if dangerous else "false",
            **_place(rng),
            **rng.choice(_PEOPLE),
        }


def send(base_url: str, api_key: str, sent: Iterable[Mapping[str, str]], *, city: str) -> list[str]:
    """Hand them in; returns their ids. Raises httpx.HTTPError where one is not taken."""
    with httpx.Client(base_url=f"{base_url}/open311/v2", timeout=_TIMEOUT) as app:
        return [_sent(app, {**one, "api_key": api_key, "jurisdiction_id": city}) for one in sent]


def _sent(app: httpx.Client, report: Mapping[str, str]) -> str:
    (made,) = app.post("/requests.json", data=dict(report)).raise_for_status().json()
    return str(made["service_request_id"])


def _place(rng: random.Random) -> dict[str, str]:
    """By address or by position, as apps do."""
    if rng.random() < 0.4:
        north, east = (degrees + rng.uniform(-0.02, 0.02) for degrees in _MIDDLE)
        return {"lat": f"{north:.6f}", "long": f"{east:.6f}"}
    stretch = rng.choice(STREETS)
    return {"address_string": f"{stretch.street} {rng.choice(stretch.numbers)}, Musterstadt"}
