"""What a browser would post from a page, and what the page says of its controls."""

from html.parser import HTMLParser
from typing import Any


class Controls(HTMLParser):
    """The successful controls of a form (HTML, 4.10.21.4): no buttons, no files."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.posted: dict[str, list[str]] = {}
        self.elements: dict[str, dict[str, str | None]] = {}
        self.ids: list[str] = []
        self._text: str | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if "id" in said:
            self.ids.append(said["id"] or "")
            self.elements[said["id"] or ""] = said
        match tag:
            case "input" if said.get("type") in ("checkbox", "radio"):
                if "checked" in said:
                    self._post(name, value)
            case "input" if said.get("type") != "file":
                self._post(name, _sanitized(said.get("type") or "text", value))
            case "textarea":
                self._text = name
                self.posted.setdefault(name, []).append("")
            case "select":
                self._select = (name, [])
            case "option" if self._select:
                self._select[1].append((value, "selected" in said))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self.posted[self._text][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            text = self.posted[self._text][-1]
            # the parser drops a line feed right after the tag; the browser posts CRLF
            text = text.removeprefix("\n").replace("\n", "\r\n")
            self.posted[self._text][-1] = text
            self._text = None
        elif tag == "select" and self._select:
            name, options = self._select
            chosen = [value for value, selected in options if selected] or [options[0][0]]
            self._post(name, chosen[-1])
            self._select = None

    def _post(self, name: str, value: str) -> None:
        if name:
            self.posted.setdefault(name, []).append(value)


def _sanitized(kind: str, value: str) -> str:
    """What an input makes of a value that it cannot show."""
    if kind in ("text", "email", "url"):
        return value.replace("\n", "").replace("\r", "")
    return value


def posted_by(html: str) -> dict[str, list[str]]:
    """All that would be posted, in the order of the page."""
    return Controls(html).posted


def torture() -> dict[str, Any]:
    """A form with everything that a definition may use, nested as deeply as anybody would."""

    def field(kind: str, label: str, **more: Any) -> dict[str, Any]:
        return {"type": kind, "x-labels": {"de": label, "en": label}, **more}

    def options(*values: Any) -> dict[str, Any]:
        named = {str(one): {"de": f"Wert {one}", "en": f"value {one}"} for one in values}
        return {"enum": [*values], "x-options": named}

    address = field(
        "object",
        "Ort",
        additionalProperties=False,
        required=["street", "kind"],
        properties={
            "street": field("string", "Straße", maxLength=100, minLength=1),
            "kind": field("string", "Art", **options("home", "work")),
            "rooms": field("integer", "Zimmer", minimum=0, maximum=99, default=3),
            "lift": field("boolean", "Aufzug"),
        },
    )
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "many", "agreed", "place", "people"],
        "properties": {
            "name": field("string", "Name", maxLength=80),
            "story": field("string", "Sachverhalt", maxLength=4000),
            "plate": field("string", "Kennzeichen", maxLength=12, pattern="^[A-Z]{1,3}-[1-9]$"),
            "mail": field("string", "E-Mail", format="email"),
            "day": field("string", "Tag", format="date"),
            "moment": field("string", "Zeitpunkt", format="date-time"),
            "site": field("string", "Adresse im Netz", format="uri"),
            "many": field("integer", "Anzahl", minimum=-5000, maximum=2_000_000),
            "size": field("number", "Größe", exclusiveMinimum=0, maximum=20),
            "share": field("number", "Anteil", multipleOf=0.5, minimum=0, maximum=3),
            "grade": field("integer", "Stufe", **options(1, 2, 3)),
            "tone": field("string", "Farbe", **options("a", "b", "c", "d", "e", "f")),
            "mood": field("string", "Stimmung", default="so", **options("so", "anders")),
            "agreed": field("boolean", "Stimmt", const=True),
            "version": field("string", "Fassung", const="2026-1"),
            "wanted": field("boolean", "Gewünscht", default=False),
            "usual": field("boolean", "Üblich", default=True),
            "unsaid": field("boolean", "Offen"),
            "told": field("boolean", "Gesagt"),
            "place": address,
            "second": address,
            "tags": field(
                "array",
                "Stichworte",
                minItems=1,
                maxItems=3,
                items={"type": "string", "maxLength": 20},
            ),
            "people": field(
                "array",
                "Personen",
                minItems=1,
                maxItems=4,
                items={
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["who"],
                    "properties": {
                        "who": field("string", "Wer", maxLength=60),
                        "age": field("integer", "Alter", minimum=0, maximum=150),
                        "ill": field("boolean", "Krank", default=False),
                        "pets": field(
                            "array",
                            "Tiere",
                            minItems=1,
                            maxItems=2,
                            items={"type": "string", "maxLength": 20, **options("dog", "cat")},
                        ),
                    },
                },
            ),
        },
        "allOf": [
            {
                "if": {"required": ["told"], "properties": {"told": {"const": True}}},
                "then": {"required": ["story"]},
            },
            {
                "if": {"required": ["mood"], "properties": {"mood": {"not": {"const": "so"}}}},
                "then": {"required": ["tone"]},
                "else": {"required": ["grade"]},
            },
        ],
    }
