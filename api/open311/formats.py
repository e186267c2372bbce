"""GeoReport's two formats: XML, which it demands, and JSON. The suffix of the address decides."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

MEDIA_TYPES: Final[Mapping[str, str]] = {"xml": "text/xml", "json": "application/json"}

# What one item of a list is called in XML; JSON has no name for it.
_ITEMS: Final[Mapping[str, str]] = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
# What XML 1.0 (section 2.2) cannot hold, however it is escaped.
_UNSPEAKABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rendered(name: str, value: Any, suffix: str, *, status: int = 200) -> HttpResponse:
    """``value``, an object or a list of them, as the document called ``name``."""
    write = as_xml if suffix == "xml" else as_json
    return HttpResponse(
        write(name, value), content_type=f"{MEDIA_TYPES[suffix]}; charset=utf-8", status=status
    )


def as_json(_name: str, value: Any) -> bytes:
    """``value`` alone: in JSON a list has no name."""
    return json.dumps(value, ensure_ascii=False).encode()


def as_xml(name: str, value: Any) -> bytes:
    """An element ``name``, each member and each item an element in it; what is None is empty."""
    root = Element(name)
    _fill(root, value)
    document: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return document


def _fill(element: Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _fill(SubElement(element, name), inner)
    elif isinstance(value, list | tuple):
        for item in value:
            _fill(SubElement(element, _ITEMS[element.tag]), item)
    elif value is not None:
        element.text = _UNSPEAKABLE.sub("", _text(value))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
