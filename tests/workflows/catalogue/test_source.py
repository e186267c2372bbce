"""YAML is read strictly: what is written is what is meant, or it is refused and named."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.catalogue.source import MAX_CHARACTERS, read


def refused(text: str) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.rule) for problem in read(text).problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1", 1),
        ("-0.5", -0.5),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        # What other readers of YAML 1.1 would turn into something else:
        ("yes", "yes"),
        ("NO", "NO"),
        ("07:00", "07:00"),
        ("2026-01-01", "2026-01-01"),
        ("0123", "0123"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("'1'", "1"),
        ('"true"', "true"),
    ],
)
def test_a_scalar_means_what_json_would_mean(written: str, meant: object) -> None:
    assert read(f"a: {written}").document == {"a": meant}


def test_keys_are_the_words_as_written() -> None:
    assert read("{on: 1, 1: 2, no: 3}").document == {"on": 1, "1": 2, "no": 3}


@pytest.mark.parametrize(
    ("text", "pointer", "rule"),
    [
        ("a: 1\nb: 2\na: 3", "/a", "yaml_duplicate_key"),
        ("a:\n  - b: 1\n    b: 1", "/a/0/b", "yaml_duplicate_key"),
        ("a: &x [1]\nb: *x", "/b", "yaml_alias"),
        ("a: !!python/object:os.system x", "/a", "yaml_tag"),
        ("a: !secret x", "/a", "yaml_tag"),
        ("<<: {a: 1}", "", "yaml_key"),
        ("? [1, 2]\n: 3", "", "yaml_key"),
        ("a: 9007199254740993", "/a", "yaml_number"),
        ("a: [1", "", "yaml_syntax"),
        ("a: 1\n---\nb: 2", "", "yaml_syntax"),
        ("a: \x07", "", "yaml_syntax"),
        ("[" * 20_000, "", "too_deep"),
        (" " * (MAX_CHARACTERS + 1), "", "yaml_too_large"),
    ],
)
def test_what_surprises_is_refused_where_it_stands(text: str, pointer: str, rule: str) -> None:
    assert refused(text) == [(pointer, rule)]


def test_aliases_cannot_multiply() -> None:
    bomb = "a: &a [x]\n" + "".join(
        f"{c}: &{c} [*{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    source = read(bomb)
    assert {problem.rule for problem in source.problems} == {"yaml_alias"}
    assert len(json.dumps(source.document)) < len(bomb) * 2


def test_every_part_knows_its_line() -> None:
    source = read("a: 1\nb:\n  - c: 2\n  - d: 3\n")
    assert source.line_of("/b/1/d") == 4
    assert source.line_of("/b/1/missing") == 4
    assert source.line_of("/nothing") == 1


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(json_values)
def test_json_is_read_as_itself(value: object) -> None:
    text = json.dumps({"value": value}, ensure_ascii=False)
    assert read(text).document == {"value": value}
