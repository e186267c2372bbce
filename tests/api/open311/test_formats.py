"""XML holds whatever people write; what XML cannot hold is left out."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.open311.formats import as_json, as_xml


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<errors/> & ]]> \"'", "<errors/> & ]]> \"'"),
        ("&lt;&amp;&#0;", "&lt;&amp;&#0;"),
        ("a\x00b\x08c\x0b\x1f\ufffe\uffffd", "abcd"),
        ("zwei\nZeilen\tund 🕳 Đorđe", "zwei\nZeilen\tund 🕳 Đorđe"),
        ("half \ud800 a pair", "half  a pair"),
    ],
)
def test_a_text_comes_back_as_it_was_written(written: str, read: str) -> None:
    document = ET.fromstring(as_xml("service_requests", [{"status_notes": written}]))
    assert [one.findtext("status_notes") for one in document] == [read]


@given(st.text())
def test_any_text_is_well_formed(text: str) -> None:
    (only,) = ET.fromstring(as_xml("errors", [{"description": text}]))
    assert only.tag == "error"


def test_lists_have_named_items_and_nothing_is_empty() -> None:
    value = {"attributes": [{"variable": True, "order": 1, "values": [], "hint": None}]}
    assert as_xml("service_definition", value).endswith(
        b"<service_definition><attributes><attribute><variable>true</variable><order>1</order>"
        b"<values /><hint /></attribute></attributes></service_definition>"
    )
    assert as_json("service_definition", [None, True]) == b"[null, true]"
