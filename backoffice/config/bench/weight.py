"""What a page makes a browser load when it is opened for the first time."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

# What is sent for an address, and what it says.
Fetch = Callable[[str], tuple[int, bytes]]

_LOADED = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"')
_FONT = re.compile(r"@font-face\s*\{([^}]*)\}")
_URL = re.compile(r'url\("?([^")]+)"?\)')
# The names of our people have it; it tells the fonts that are needed from those that may be.
_LETTER = "ł"


def first_load(html: str, fetch: Fetch) -> Iterator[tuple[str, int]]:
    """Each style sheet, script and font of the page with its size in bytes as it is sent."""
    for address in _LOADED.findall(html):
        sent, content = fetch(address)
        yield address, sent
        if address.partition("?")[0].endswith(".css"):
            for font in _FONT.findall(content.decode()):
                if "unicode-range" not in font or _covers(font):
                    name = urljoin(address, _URL.findall(font)[0])
                    yield name, fetch(name)[0]


def _covers(font: str) -> bool:
    ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", font)
    return any(int(a, 16) <= ord(_LETTER) <= int(b or a, 16) for a, b in ranges)
