"""The shape of what is posted about waiting lists; what it means is for the verbs to say."""

from django import forms

_DAY = ["%Y-%m-%d", "%d.%m.%Y"]


class CountForm(forms.Form):
    """How many places there are."""

    places = forms.IntegerField(max_value=1_000_000, min_value=-1_000_000)


class GroupForm(forms.Form):
    """Of which house, kind and time; it stands in the address."""

    facility = forms.CharField(max_length=60)
    group = forms.CharField(required=False, max_length=60)
    first = forms.DateField(input_formats=_DAY)
    last = forms.DateField(input_formats=_DAY)


class HouseForm(GroupForm):
    """A house with its places, not laid out so far."""

    facility = forms.SlugField(max_length=60)
    title = forms.CharField(max_length=200)
    places = forms.IntegerField(max_value=1_000_000, min_value=-1_000_000)


class DrawForm(forms.Form):
    """For the places from which day a round is drawn."""

    from_on = forms.DateField(input_formats=_DAY)


class CarryOutForm(forms.Form):
    """Which preview was looked at."""

    version = forms.CharField(required=False, max_length=64)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(required=False, max_length=1000)


class PreferForm(ReasonForm):
    """At which house somebody comes first, and why; "" for every wish."""

    facility = forms.CharField(required=False, max_length=60)


class AnswerForm(forms.Form):
    """What the applicant answered, and how the office knows."""

    answer = forms.ChoiceField(choices=[("accept", ""), ("decline", "")])
    note = forms.CharField(required=False, max_length=1000)
