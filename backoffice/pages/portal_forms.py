"""The shape of what is posted about portals; what it means is for the verbs to say."""

from django import forms

from backoffice.pages.forms import Choices

# A key set of ten long keys is some 20 KB.
_LARGEST = 100_000


class PortalForm(forms.Form):
    """A portal to be let in."""

    name = forms.CharField(max_length=200)
    scopes = Choices(required=False)


class ScopesForm(forms.Form):
    """What a portal may do."""

    scopes = Choices(required=False)


class LimitForm(forms.Form):
    """Calls per minute; empty: as many as any other."""

    limit = forms.IntegerField(required=False)


class RotationForm(forms.Form):
    """For how many days the present secret counts beside the new one."""

    days = forms.IntegerField(min_value=0, max_value=3650)


class KeysForm(forms.Form):
    """A JWK set as text, and whether a signature with it is the only way in."""

    keys = forms.CharField(required=False, max_length=_LARGEST)
    signed = forms.BooleanField(required=False)


class PressedForm(forms.Form):
    """Nothing but a button."""
