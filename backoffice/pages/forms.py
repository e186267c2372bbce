"""The shape of what people post; what it means is for the verbs to judge."""

from typing import Any

from django import forms

from backoffice.pages.presenters.desk import LONGEST_TEXT


class Choices(forms.MultipleChoiceField):
    """Several values; which of them are known is the verb's question."""

    def valid_value(self, value: Any) -> bool:
        return isinstance(value, str)


class VersionedForm(forms.Form):
    """A step on a case, taken from a page that showed it at ``version``."""

    version = forms.IntegerField(required=False)


class RequestForm(VersionedForm):
    """What the applicant is asked for."""

    proofs = Choices(required=False)
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)
    days = forms.IntegerField()


class DecisionForm(VersionedForm):
    """The words of a decision."""

    reasons = forms.CharField(required=False, max_length=LONGEST_TEXT)
    clauses = forms.CharField(required=False, max_length=LONGEST_TEXT)


class PostedForm(VersionedForm):
    """The day on which a letter was posted."""

    posted_on = forms.DateField(input_formats=["%Y-%m-%d", "%d.%m.%Y"])


class ForwardForm(VersionedForm):
    """Who is competent instead."""

    to = forms.CharField(required=False, max_length=300)


class ReasonForm(VersionedForm):
    """Why something is done."""

    reason = forms.CharField(required=False, max_length=LONGEST_TEXT)


class AssigneeForm(VersionedForm):
    """Who is to be responsible; empty for nobody."""

    assignee = forms.IntegerField(required=False)


class TextForm(forms.Form):
    """Something written."""

    text = forms.CharField(max_length=LONGEST_TEXT)


class ServiceForm(forms.Form):
    """Which service something belongs to."""

    service = forms.CharField(max_length=60)


class DayForm(forms.Form):
    """Which list of which day; both may be left open."""

    service = forms.CharField(required=False, max_length=60)
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d", "%d.%m.%Y"])
