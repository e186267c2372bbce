"""The words of the desk say what the codes and numbers mean, in both languages."""

from dataclasses import FrozenInstanceError

import pytest
from django.utils import translation

from backoffice.pages import words
from backoffice.pages.rows import Tag
from workflows.desk import COUNTED


class TestDueTag:
    @pytest.mark.parametrize(
        ("days", "text", "tone", "icon"),
        [
            (-3, "3 Arbeitstage überfällig", "danger", "danger"),
            (-1, "1 Arbeitstag überfällig", "danger", "danger"),
            (0, "heute", "danger", "danger"),
            (1, "in 1 AT", "warning", "warning"),
            (4, "in 4 AT", "warning", "warning"),
            (5, "in 5 AT", "neutral", ""),
            (None, "ohne Frist", "neutral", ""),
        ],
    )
    def test_names_the_distance(self, days: int | None, text: str, tone: str, icon: str) -> None:
        with translation.override("de"):
            tag = words.due_tag(days)
        assert (tag.text, tag.tone, tag.icon) == (text, tone, icon)

    def test_speaks_the_abbreviation_in_full(self) -> None:
        with translation.override("de"):
            assert words.due_tag(1).spoken == "in 1 Arbeitstag"
            assert words.due_tag(5).spoken == "in 5 Arbeitstagen"

    def test_says_that_a_suspended_deadline_does_not_run(self) -> None:
        with translation.override("de"):
            assert words.due_tag(-2, suspended=True) == Tag("Frist ruht", "info")

    def test_is_translated(self) -> None:
        with translation.override("en"):
            assert words.due_tag(-3).text == "3 working days overdue"


class TestStates:
    def test_have_a_word_in_the_reader_s_language(self) -> None:
        with translation.override("en"):
            assert words.state_text("waiting_for_applicant") == "Waiting for an answer"

    def test_without_a_word_are_an_error(self) -> None:
        with pytest.raises(KeyError):
            words.state_text("unheard_of")


class TestCheckTag:
    def test_tells_an_unanswered_register_from_a_failed_check(self) -> None:
        with translation.override("de"):
            assert words.check_tag("unavailable").text == "Nicht auswertbar"
            assert words.check_tag("failed").text == "Nicht erfüllt"


class TestCourse:
    def test_marks_what_is_done_and_where_the_case_stands(self) -> None:
        assert [step.status for step in words.course_of("waiting_for_applicant")] == [
            "done",
            "current",
            "ahead",
            "ahead",
            "ahead",
        ]

    def test_of_a_closed_case_is_done(self) -> None:
        assert {step.status for step in words.course_of("closed")} == {"done"}

    def test_ends_where_the_case_left_it(self) -> None:
        with translation.override("de"):
            assert words.course_of("withdrawn")[-1].label == "Zurückgezogen"


class TestWorklistColumns:
    def test_show_the_sorting_on_one_column_only(self) -> None:
        columns = words.worklist_columns("-due", {"due": "?sort=due"})
        assert {column.key: column.direction for column in columns if column.direction} == {
            "due": "descending"
        }
        assert [column.key for column in columns if column.url] == ["due"]


class TestHowMany:
    def test_are_there_is_exact_as_far_as_was_counted(self) -> None:
        with translation.override("de"):
            assert words.many(1000) == "1.000"
            assert words.many(COUNTED + 1) == "über 1.000"


class TestTheNavigation:
    def test_shows_where_one_is_and_leaves_out_what_one_does_not_need(self) -> None:
        groups = words.navigation("inbox", hidden=["dispatch", "overview"])
        items = [item for group in groups for item in group.items]

        assert [item.url for item in items] == [
            *("/", "/follow-ups", "/deadlines", "/inbox", "/appointments", "/post", "/payments"),
            *("/counter", "/enquiry", "/search", "/matters", "/file-plan", "/waiting"),
            *("/automation", "/offers", "/services", "/portals"),
        ]
        assert [item.url for item in items if item.current] == ["/inbox"]

    def test_has_a_key_of_its_own_for_every_place(self) -> None:
        keys = [item.key for group in words.navigation("") for item in group.items]

        assert len(set(keys)) == len(keys) == 19


class TestRows:
    def test_are_frozen(self) -> None:
        with pytest.raises(FrozenInstanceError):
            Tag("a").text = "b"  # type: ignore[misc]
