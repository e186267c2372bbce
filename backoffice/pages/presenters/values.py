"""Single values as people read them: days, money, yes and no, the options of a form."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext

from workflows.catalogue.parts import Text

NOTHING = "–"


def language() -> str:
    """The reader's language, "de" or "en"."""
    return (get_language() or "de").split("-")[0]


def day_text(day: date | str) -> str:
    """A day as dd.mm.yyyy, which both languages of the pages read; text that is no day stays."""
    try:
        on = date.fromisoformat(day) if isinstance(day, str) else day
    except ValueError:
        return str(day)
    return f"{on:%d.%m.%Y}"


def euros(cents: int) -> str:
    """An amount of money: 25,00 €."""
    amount = number_format(cents / 100, decimal_pos=2, use_l10n=True, force_grouping=True)
    return f"{amount} €"


def field_label(schema: Mapping[str, Any], name: str) -> str:
    """What a field of a form is called; its machine name where nobody named it."""
    labels = schema.get("x-labels")
    return Text(labels).in_(language()) if labels else name


def field_text(schema: Mapping[str, Any], value: Any) -> str:
    """The value of a field: the label of an option, a German day, yes or no.

    Whatever was sent comes out as text: after clarification a value need not fit its schema.
    """
    options = schema.get("x-options", {})
    if str(value) in options:
        return Text(options[str(value)]).in_(language())
    if schema.get("format") == "date" and isinstance(value, str):
        return day_text(value)
    return plain_text(value)


def plain_text(value: Any) -> str:
    """A value without a schema."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return gettext("ja") if value else gettext("nein")
        case float():
            return number_format(value)
        case list():
            return ", ".join(plain_text(item) for item in value) or NOTHING
        case dict():
            return "; ".join(f"{name}: {plain_text(inner)}" for name, inner in value.items())
        case _:
            return str(value)
