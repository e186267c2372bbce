"""Tests of the deadline rules as data: what they refuse, and ``manage.py deadlines check``."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from efile.kernel.errors import Invalid
from workflows.deadlines import RULES, compute

VECTORS_FILE = Path(__file__).parents[1] / "data" / "deadlines" / "deadline_test_vectors.json"
VECTORS: list[dict[str, Any]] = json.loads(VECTORS_FILE.read_text())["vectors"]

OF_AGE = {"id": "A", "rule": "age", "input": {"born": "2008-03-01", "years": 18}}
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
PLAIN = st.recursive(SCALARS, lambda each: st.lists(each) | st.dictionaries(st.text(), each))


def refused(rule: str, given: dict[str, Any]) -> list[tuple[str, str]]:
    """Pointer and broken rule of every fault."""
    with pytest.raises(Invalid) as caught:
        RULES[rule](given)
    return [(error.pointer, error.rule) for error in caught.value.errors]


class TestARule:
    @pytest.mark.parametrize("rule", RULES)
    def test_refuses_every_missing_field(self, rule: str) -> None:
        fields = [(f"/{name}", "required") for name in RULES[rule].fields]
        assert refused(rule, {}) == fields

    @pytest.mark.parametrize(
        ("day", "fault"),
        [
            ("2026-02-29", "format"),
            ("20260228", "format"),
            ("2026-W09-6", "format"),
            ("2026-02-28T00:00:00Z", "format"),
            ("٢٠٢٦-٠٢-٢٨", "format"),
            ("", "format"),
            ("1899-12-31", "minimum"),
            ("2101-01-01", "maximum"),
            (20260228, "type"),
            (None, "type"),
        ],
    )
    def test_refuses_what_is_no_iso_day(self, day: object, fault: str) -> None:
        assert refused("uvg_retroactive", {"received": day}) == [("/received", fault)]

    @pytest.mark.parametrize("regime", ["vwvfg", "SGB X", "", None, ["AO"]])
    def test_refuses_an_unknown_regime(self, regime: object) -> None:
        given = {"fixed_day": "2026-05-02", "regime": regime}
        assert refused("fixed_day_with_notice", given) == [("/regime", "enum")]

    @pytest.mark.parametrize(
        ("years", "fault"),
        [(-1, "minimum"), (151, "maximum"), (True, "type"), (10.0, "type"), ("10", "type")],
    )
    def test_refuses_what_is_no_number_of_years(self, years: object, fault: str) -> None:
        given = {"closed": "2026-05-02", "years": years}
        assert refused("retention", given) == [("/years", fault)]

    def test_refuses_an_application_before_birth(self) -> None:
        given = {"born": "2026-05-02", "received": "2026-05-01"}
        assert refused("beeg_retroactive_3_life_months", given) == [("/received", "not_before")]

    @pytest.mark.parametrize("received", ["1990-11-01", "2100-12-01"])
    def test_refuses_deadlines_beyond_the_known_holidays(self, received: str) -> None:
        assert refused("gdpr_1_month", {"received": received}) == [("", "outside_holiday_calendar")]

    def test_needs_to_be_told_that_nothing_was_retrieved(self) -> None:
        given = {"notice_sent": "2026-05-05"}
        assert refused("retrieval_VwVfG_41_2a", given) == [("/retrieved", "required")]

    def test_never_repeats_what_it_was_given(self) -> None:
        with pytest.raises(Invalid) as caught:
            RULES["age"]({"born": "Erika", "years": "Mustermann"})
        assert "Erika" not in repr(caught.value.errors)
        assert "Mustermann" not in repr(caught.value.errors)


class TestAQuestion:
    @pytest.mark.parametrize("rule", ["no_such_rule", None, 5, ["age"]])
    def test_refuses_an_unknown_rule_and_names_the_known(self, rule: object) -> None:
        with pytest.raises(Invalid) as caught:
            compute({"rule": rule, "input": {}})
        (error,) = caught.value.errors
        assert (error.pointer, error.rule) == ("/rule", "enum")
        assert error.facts == {"allowed": sorted(RULES)}

    def test_points_into_its_input(self) -> None:
        with pytest.raises(Invalid) as caught:
            compute({"rule": "age", "input": {"born": "2008-03-01"}})
        assert [error.pointer for error in caught.value.errors] == ["/input/years"]

    def test_needs_an_object_for_input(self) -> None:
        with pytest.raises(Invalid) as caught:
            compute({"rule": "age", "input": None})
        assert [(error.pointer, error.rule) for error in caught.value.errors] == [
            ("/input", "type")
        ]

    @given(st.sampled_from(sorted(RULES)), PLAIN, PLAIN)
    def test_is_answered_or_refused_whatever_it_holds(
        self, rule: str, one: object, other: object
    ) -> None:
        given = dict(zip(RULES[rule].fields, (one, other), strict=False))
        with pytest.raises(Invalid):
            compute({"rule": rule, "input": given})


class TestTheCheck:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "vectors.json"

    def test_gives_one_line_of_json_for_each_vector(self) -> None:
        lines = run(VECTORS_FILE, "--json").splitlines()
        assert [json.loads(line)["id"] for line in lines] == [vector["id"] for vector in VECTORS]
        assert json.loads(lines[0]) == {
            "id": "N1",
            "computed": {"notified": "2025-03-07", "raw_end": "2025-04-07", "end": "2025-04-07"},
        }

    def test_shows_people_a_table(self) -> None:
        table = run(VECTORS_FILE).splitlines()
        assert len(table) == len(VECTORS)
        assert table[0].split() == [
            "ok",
            "N1",
            "delivery_fiction_post+objection_1_month",
            "notified=2025-03-07",
            "raw_end=2025-04-07",
            "end=2025-04-07",
        ]

    def test_compares_only_what_is_expected(self, file: Path) -> None:
        write(file, OF_AGE, OF_AGE | {"expected": {}})
        assert run(file, "--json").count("2026-03-01") == 2

    @pytest.mark.parametrize("expected", ["2026-02-28", None, ["2026-03-01"]])
    def test_fails_on_a_difference_and_shows_it(self, file: Path, expected: object) -> None:
        write(file, OF_AGE | {"expected": {"reached_on": expected}})
        output = fail(file, code=1, about="1 of 1 vectors are not as expected: A")
        assert "reached_on: expected" in output
        assert "computed 2026-03-01" in output

    def test_fails_on_an_expected_key_that_the_rule_does_not_compute(self, file: Path) -> None:
        write(file, OF_AGE | {"expected": {"end": None}})
        assert "end: expected none" in fail(file, code=1, about="not as expected")

    def test_reports_a_refusal_with_vector_rule_and_field_and_goes_on(self, file: Path) -> None:
        write(file, {"id": "B", "rule": "age", "input": {"born": "2008-03-01"}}, OF_AGE)
        first, second = fail(file, "--json", code=1, about="1 of 2").splitlines()
        assert json.loads(first) == {
            "id": "B",
            "error": {
                "code": "invalid",
                "deadline_rule": "age",
                "errors": [{"pointer": "/input/years", "rule": "required", "facts": {}}],
            },
        }
        assert json.loads(second)["computed"] == {"reached_on": "2026-03-01"}
        assert "/input/years: required" in fail(file, code=1, about="1 of 2")

    @pytest.mark.parametrize("mode", [(), ("--json",)], ids=["table", "json"])
    @pytest.mark.parametrize(
        "vector",
        [5, None, {}, {"id": "\ud800"}, OF_AGE | {"expected": 3}, {"id": [], "rule": {}}],
        ids=str,
    )
    def test_survives_any_vector(self, file: Path, vector: object, mode: tuple[str, ...]) -> None:
        write(file, vector)
        fail(file, *mode, code=1, about="1 of 1").encode()

    @pytest.mark.parametrize(
        ("content", "about"),
        [
            (b"{", "is not JSON"),
            (b"\xff\xfe", "is not JSON"),
            (b"[" * 100_000, "is not JSON"),
            (b"[]", 'holds no list "vectors"'),
            (b'{"vectors": {}}', 'holds no list "vectors"'),
        ],
    )
    def test_names_a_file_it_cannot_use(self, file: Path, content: bytes, about: str) -> None:
        file.write_bytes(content)
        assert fail(file, code=2, about=about) == ""

    def test_names_a_file_that_is_missing(self, file: Path) -> None:
        assert fail(file, code=2, about="No such file") == ""


def write(file: Path, *vectors: object) -> None:
    file.write_text(json.dumps({"vectors": vectors}))


def run(file: Path, *options: str) -> str:
    """What the check prints. Unmarked for the database, so a query would fail the test."""
    out = StringIO()
    call_command("deadlines", "check", str(file), *options, stdout=out)
    return out.getvalue()


def fail(file: Path, *options: str, code: int, about: str) -> str:
    """What the check prints before it ends with ``code``."""
    out = StringIO()
    with pytest.raises(CommandError, match=about) as caught:
        call_command("deadlines", "check", str(file), *options, stdout=out)
    assert caught.value.returncode == code
    return out.getvalue()
