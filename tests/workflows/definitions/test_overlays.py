"""Merge patches (RFC 7386), and where an inherited service may differ."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.definitions.overlays import (
    faults_of_overlay,
    merged,
    patch,
    pointers_of,
    speaks_of,
)

json_values = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)
objects = st.dictionaries(st.text(max_size=2), json_values)


@pytest.mark.parametrize(
    ("base", "overlay", "whole"),
    [  # RFC 7386, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_does_what_the_standard_says(base: Any, overlay: Any, whole: Any) -> None:
    assert merged(base, overlay) == whole


@settings(max_examples=50)
@given(objects, objects)
def test_a_patch_leads_from_one_to_the_other(base: Any, wanted: Any) -> None:
    assert merged(base, patch(base, wanted)) == wanted


@settings(max_examples=50)
@given(objects)
def test_nothing_to_change_is_an_empty_patch(base: Any) -> None:
    assert patch(base, base) == {}


def test_fees_competence_and_texts_may_differ() -> None:
    overlay = {
        "fee": {"periods": []},
        "unit": "amt",
        "remedy": {"body": "VG", "address": "Ort"},
        "title": {"de": "Neu"},
    }
    assert faults_of_overlay(overlay) == []


@pytest.mark.parametrize(
    ("overlay", "pointer"),
    [
        ({"form": {"properties": {}}}, "/form/properties"),
        ({"checks": []}, "/checks"),
        ({"remedy": {"kind": "none"}}, "/remedy/kind"),
        ({"remedy": None}, "/remedy"),
        ({"key": "other"}, "/key"),
    ],
)
def test_anything_else_is_named_and_refused(overlay: Any, pointer: str) -> None:
    [fault] = faults_of_overlay(overlay)
    assert (fault.pointer, fault.rule) == (pointer, "overlay_not_allowed")


def test_an_overlay_is_a_group() -> None:
    assert [fault.rule for fault in faults_of_overlay(["x"])] == ["type"]


def test_what_an_overlay_speaks_of_clashes_above_and_below() -> None:
    overlay = {"fee": {"legal_basis": "Satzung"}, "title": {"de": "Neu"}}
    assert list(pointers_of(overlay)) == ["/fee/legal_basis", "/title/de"]
    assert speaks_of(overlay, "/fee")
    assert speaks_of(overlay, "/fee/legal_basis")
    assert not speaks_of(overlay, "/fee/periods")
