"""An app of somebody else that speaks GeoReport: every answer is read in both of its formats."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from django.test import Client

from api.open311.keys import create_key
from efile.kernel.clock import real_now
from tests.factories import city

FORM = "application/x-www-form-urlencoded"
# Everything a reporter can say; no word of it is the city's own.
SAID = {
    "service_code": "defect-report.pothole",
    "lat": "51.1088334455",
    "long": "6.9412345678",
    "address_string": "Lindenstr. 5a, 40999 Musterstadt, hinter Zwanzigers Garage",
    "description": "Großes <Loch> & Öl vor Zwanzigers Haus, Kennzeichen MU-QX 987",
    "email": "quirina.zwanziger@example.org",
    "first_name": "Quirina",
    "last_name": "Zwanziger",
    "phone": "0211 9988776",
    "device_id": "device-4711-0815",
    "account_id": "account-zwanziger",
    "media_url": "http://127.0.0.1:9/zwanzigers-garage.jpg",
    "attribute[danger]": "true",
    "attribute[seen_on]": "2026-03-08T10:00:00+01:00",
}
# What must not be found anywhere: pieces of all of the above that nobody else would say.
SECRETS = (
    *("Zwanziger", "zwanziger", "Quirina", "quirina", "example.org", "9988776", "4711-0815"),
    *(
        "MU-QX",
        "<Loch>",
        "&lt;Loch",
        "Garage",
        "51.10883",
        "6.94123",
        "Lindenstr.",
        "40999",
        "2026-03-08",
    ),
)
_LISTS = {"services", "attributes", "values", "service_requests", "errors", "endpoints", "formats"}


class App:
    """A program with a key of its own."""

    def __init__(self, name: str = "Klarer Blick") -> None:
        self.client, self.key = create_key(city(), name, at=real_now())
        self.seen: list[str] = []
        self._web = Client(raise_request_exception=False)

    def get(self, path: str, **query: str) -> Any:
        """GET in JSON; the XML of the same says the same."""
        status, told = self.ask(path, **query)
        assert status == 200, told
        return told

    def ask(self, path: str, **query: str) -> tuple[int, Any]:
        """Status and content of GET in JSON, held against the XML of the same."""
        answers = {
            suffix: self._kept(self._web.get(address(path, suffix), query))
            for suffix in ("json", "xml")
        }
        assert answers["json"].status_code == answers["xml"].status_code
        told = json.loads(answers["json"].content)
        assert as_spoken(told) == as_read(answers["xml"].content)
        return answers["json"].status_code, told

    def report(self, said: Mapping[str, str] | None = None, **changes: str) -> str:
        """The id of a report that was taken."""
        response = self.post({**(SAID if said is None else said), **changes})
        assert response.status_code == 201, response.content
        (made,) = json.loads(response.content)
        return str(made["service_request_id"])

    def faults(self, without: str = "", **changes: str) -> tuple[int, list[str]]:
        """Status and sentences of a report that is refused, the same in both formats."""
        said = {name: text for name, text in {**SAID, **changes}.items() if name != without}
        answers = {suffix: self.post(said, suffix=suffix) for suffix in ("json", "xml")}
        told = json.loads(answers["json"].content)
        assert as_spoken(told) == as_read(answers["xml"].content)
        assert {one["code"] for one in told} == {answers["json"].status_code}
        return answers["json"].status_code, [one["description"] for one in told]

    def post(
        self,
        said: Mapping[str, str] | bytes,
        *,
        suffix: str = "json",
        key: str | None = None,
        media_type: str = FORM,
    ) -> Any:
        """POST of a report, with the key of this program unless ``said`` has another."""
        content = said if isinstance(said, bytes) else urlencode({"api_key": self.key, **said})
        headers = {} if key is None else {"Idempotency-Key": key}
        address_ = address("requests", suffix)
        return self._kept(
            self._web.post(address_, content, content_type=media_type, headers=headers)
        )

    def _kept(self, response: Any) -> Any:
        self.seen.append(f"{dict(response.headers)} {response.content.decode()}")
        return response


def address(path: str, suffix: str) -> str:
    """Where ``path`` is in that format."""
    return f"/open311/v2/{path}.{suffix}"


def as_spoken(value: Any) -> Any:
    """JSON with everything said as XML says it: texts, and nothing for null."""
    if isinstance(value, dict):
        return {name: as_spoken(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_spoken(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value in (None, "") else str(value)


def as_read(document: bytes) -> Any:
    """The content of an XML document."""
    assert document.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    return _read(ET.fromstring(document))


def _read(element: ET.Element) -> Any:
    if element.tag in _LISTS:
        return [_read(item) for item in element]
    if len(element):
        return {inner.tag: _read(inner) for inner in element}
    return element.text
