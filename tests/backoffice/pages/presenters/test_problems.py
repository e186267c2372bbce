"""Tests of backoffice.pages.presenters.problems: one sentence for each broken rule."""

from django import forms
from django.utils import translation

from backoffice.pages.presenters.problems import problem_of, shape_faults
from efile.kernel.errors import FieldError


class AForm(forms.Form):
    days = forms.IntegerField()
    text = forms.CharField(max_length=3)


class TestAProblem:
    def test_has_words_of_its_own_for_the_desk_s_forms(self) -> None:
        error = FieldError("/days", "out_of_range", {"minimum": 1, "maximum": 90})
        with translation.override("de"):
            problem = problem_of(error)

        assert problem.field == "days"
        assert problem.message == "Die Frist kann 1 bis 90 Tage betragen."

    def test_says_else_what_the_services_forms_say(self) -> None:
        with translation.override("en"):
            problem = problem_of(FieldError("/text", "max_length", {"limit": 3}))

        assert problem.message == "At most 3 characters allowed."


class TestTheFaultsOfAForm:
    def test_are_named_as_the_verbs_name_theirs(self) -> None:
        faults = shape_faults(AForm({"days": "bald", "text": "viel zu lang"}))

        assert [(fault.pointer, fault.rule) for fault in faults] == [
            ("/days", "invalid"),
            ("/text", "max_length"),
        ]

    def test_hold_limits_and_nothing_that_was_written(self) -> None:
        (fault,) = shape_faults(AForm({"days": "1", "text": "viel zu lang"}))

        assert fault.facts == {"limit": 3}
