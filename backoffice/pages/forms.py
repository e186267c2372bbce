"""The shape of what people post; what it means is for the verbs to judge."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms

from backoffice.pages.presenters.desk import LONGEST_TEXT
from workflows.follow_ups import LONGEST_TEXT as LONGEST_FOLLOW_UP

# What a column of whole numbers holds.
_LARGEST = 2**31 - 1


class Choices(forms.MultipleChoiceField):
    """Several values; which of them are known is the verb's question."""

    def valid_value(self, value: Any) -> bool:
        return isinstance(value, str)


class Keys(Choices, forms.TypedMultipleChoiceField):
    """Several rows by their keys."""


class VersionedForm(forms.Form):
    """A step on a case, taken from a page that showed it at ``version``."""

    version = forms.IntegerField(required=False)


class RequestForm(VersionedForm):
    """What the applicant is asked for."""

    kind = forms.CharField(required=False, max_length=20)
    proofs = Choices(required=False)
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)
    days = forms.IntegerField()


class DecisionForm(VersionedForm):
    """The words of a decision."""

    reasons = forms.CharField(required=False, max_length=LONGEST_TEXT)
    discretion = forms.CharField(required=False, max_length=LONGEST_TEXT)
    clauses = forms.CharField(required=False, max_length=LONGEST_TEXT)


class CorrectionForm(VersionedForm):
    """Where something is put right and why; the value is read as the field's schema says."""

    at = forms.CharField(max_length=300)
    reason = forms.CharField(required=False, max_length=LONGEST_TEXT)


class VerdictForm(VersionedForm):
    """What a person found of a check, looking at this ``run`` of it."""

    run = forms.IntegerField(required=False)
    outcome = forms.CharField(required=False, max_length=16)
    reason = forms.CharField(required=False, max_length=LONGEST_TEXT)


class PostedForm(VersionedForm):
    """The day on which a letter was posted."""

    posted_on = forms.DateField(input_formats=["%Y-%m-%d", "%d.%m.%Y"])


class BatchPostedForm(PostedForm):
    """The day on which a batch was posted, and what was taken out of it before."""

    taken_out = Keys(required=False, coerce=UUID)


class ReturnedForm(forms.Form):
    """When the post brought a letter back, and what it noted on it."""

    returned_on = forms.DateField(input_formats=["%Y-%m-%d", "%d.%m.%Y"])
    reason = forms.CharField(required=False, max_length=300)


class ExtendForm(VersionedForm):
    """Until when a deadline is put off, and why."""

    to = forms.DateField(input_formats=["%Y-%m-%d", "%d.%m.%Y"])
    reason = forms.CharField(required=False, max_length=LONGEST_TEXT)


class ArrivedForm(VersionedForm):
    """The day on which something came in, or a letter arrived; and why that is known only now."""

    received_on = forms.DateField(input_formats=["%Y-%m-%d", "%d.%m.%Y"])
    reason = forms.CharField(required=False, max_length=LONGEST_TEXT)


class UnitDayForm(forms.Form):
    """Which list of which unit and day; both may be left open."""

    unit = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST)
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d", "%d.%m.%Y"])


class SignForm(forms.Form):
    """The list a head signs, and what they note."""

    unit = forms.IntegerField(min_value=1, max_value=_LARGEST)
    day = forms.DateField(input_formats=["%Y-%m-%d", "%d.%m.%Y"])
    note = forms.CharField(required=False, max_length=300)


class SettleForm(VersionedForm):
    """How a report ended."""

    outcome = forms.CharField(required=False, max_length=64)
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)


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


class MessageForm(TextForm):
    """A message, with documents of the case and files that were handed in for it."""

    documents = Choices(required=False)
    uploads = Choices(required=False)


# The forms of what is written, by action.
SHAPES: Mapping[str, type[forms.Form]] = {
    "grant": DecisionForm,
    "grant_in_part": DecisionForm,
    "refuse": DecisionForm,
    "settle": SettleForm,
    "request_proof": RequestForm,
    "message": MessageForm,
    "forward": ForwardForm,
    "note": TextForm,
}


class PercentForm(forms.Form):
    """How many of a hundred."""

    percent = forms.IntegerField()


class DaysForm(forms.Form):
    """From which day to which; both may be left open."""

    first = forms.DateField(required=False, input_formats=["%Y-%m-%d", "%d.%m.%Y"])
    last = forms.DateField(required=False, input_formats=["%Y-%m-%d", "%d.%m.%Y"])


class ServiceForm(forms.Form):
    """Which service something belongs to."""

    service = forms.CharField(max_length=60)


class DayForm(forms.Form):
    """Which list of which day; both may be left open."""

    service = forms.CharField(required=False, max_length=60)
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d", "%d.%m.%Y"])


class PlanForm(forms.Form):
    """What of the file plan is looked for; nothing said shows the plan in force."""

    q = forms.CharField(required=False, max_length=100)
    version = forms.IntegerField(required=False, max_value=_LARGEST)
    unfold = forms.BooleanField(required=False)


class ShelfForm(forms.Form):
    """The file after which a page of a position begins."""

    before = forms.UUIDField(required=False)


class CaseFileForm(forms.Form):
    """The number of the case after which a page of a file begins."""

    before = forms.IntegerField(required=False, max_value=_LARGEST)


class JournalForm(forms.Form):
    """Which entries of a journal, in which order, from where on."""

    kind = forms.CharField(required=False, max_length=60)
    order = forms.CharField(required=False, max_length=10)
    after = forms.IntegerField(required=False, max_value=_LARGEST)


class EnquiryForm(forms.Form):
    """What a caller names."""

    reference = forms.CharField(required=False, max_length=70)
    family_name = forms.CharField(required=False, max_length=300)
    birth_date = forms.DateField(required=False, input_formats=["%Y-%m-%d", "%d.%m.%Y"])


class BulkAssignForm(forms.Form):
    """Who is to be responsible for a selection: a number, nobody, or as it is."""

    assignee = forms.RegexField(r"^(nobody|[0-9]{1,9})?$", required=False)


class FollowUpForm(forms.Form):
    """When a case is to be seen again, why, and by whom; empty for the team."""

    due_on = forms.DateField(input_formats=["%Y-%m-%d", "%d.%m.%Y"])
    text = forms.CharField(required=False, max_length=LONGEST_FOLLOW_UP)
    user = forms.IntegerField(required=False, max_value=_LARGEST)


class MoveForm(forms.Form):
    """To which day a follow-up moves, and why."""

    due_on = forms.DateField(input_formats=["%Y-%m-%d", "%d.%m.%Y"])
    reason = forms.CharField(required=False, max_length=LONGEST_TEXT)


class DoneForm(forms.Form):
    """Where somebody goes on after a follow-up."""

    next = forms.CharField(required=False, max_length=2000)
