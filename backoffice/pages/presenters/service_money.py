"""The editor's parts for amounts: dated tables of what a service costs, or fixes to be paid."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters import service_words as words
from backoffice.pages.presenters.service_parts import Part


@dataclass(frozen=True, slots=True)
class Page:
    """One thing on a page of its own, and the sentence above it."""

    lead: Promise
    part: Part


def _rule(at: str, label: Promise, hint: Promise | str = "", *, gives: str, scope: str) -> Part:
    return Part(
        at=at,
        kind="rule",
        label=label,
        hint=hint,
        returns="BOOL" if gives == "BOOL" else "INT",
        scope="amount" if scope == "amount" else "form",
    )


def _periods(scope: str) -> Part:
    return Part(
        at="periods",
        kind="rows",
        label=_("Tabellen"),
        hint=_("Jede gilt von einem Tag bis zu einem Tag, ohne Lücke zur nächsten."),
        item=_("Tabelle"),
        folded=False,
        new={"positions": []},
        parts=(
            Part(at="valid_from", kind="day", label=_("Gilt ab")),
            Part(
                at="valid_until",
                kind="day",
                label=_("Gilt bis einschließlich"),
                hint=_("Leer, solange kein Ende feststeht."),
            ),
            Part(
                at="positions",
                kind="rows",
                label=_("Positionen"),
                item=_("Position"),
                keyed=True,
                folded=False,
                new={},
                parts=(
                    Part(at="title", kind="words", label=_("Wofür"), height=1),
                    Part(at="cents", kind="cents", label=_("Betrag"), unit="€"),
                    _rule("when", _("Nur wenn"), gives="BOOL", scope=scope),
                    _rule(
                        "amount",
                        _("statt des Betrags: Rechnung"),
                        _("Ergibt ganze Cent, etwa form.days * 250."),
                        gives="INT",
                        scope=scope,
                    ),
                    Part(at="percent", kind="decimal", label=_("oder Anteil"), unit="%"),
                    _rule(
                        "of", _("Anteil wovon"), _("Ergibt ganze Cent."), gives="INT", scope=scope
                    ),
                    _rule(
                        "quantity",
                        _("Wie oft"),
                        _("Ergibt eine ganze Zahl; ohne Angabe einmal."),
                        gives="INT",
                        scope=scope,
                    ),
                    Part(at="key", kind="line", label=_("Kennung")),
                ),
            ),
        ),
    )


FEE: Final = Page(
    _("Was der Dienst kostet. Jeder Antrag zahlt nach der Tabelle, die an seinem Tag gilt."),
    Part(
        at="fee",
        kind="group",
        label=_("Gebühr"),
        item=_("Es wird eine Gebühr erhoben"),
        new={"currency": "EUR", "periods": [{"positions": [{}]}]},
        none=None,
        parts=(
            Part(
                at="legal_basis",
                kind="line",
                label=_("Rechtsgrundlage der Gebühr"),
                hint=_("Satzung oder Gesetz mit der Stelle."),
            ),
            _periods("form"),
            Part(at="on_refusal", kind="flag", label=_("Auch eine Ablehnung kostet")),
            Part(
                at="payment",
                kind="group",
                label=_("Bezahlung online"),
                item=_("Online bezahlen"),
                new={"blocks": "nothing"},
                hint=_("Ohne dies nennt der Brief das Konto der Stadt."),
                parts=(
                    Part(
                        at="blocks",
                        kind="choice",
                        label=_("Bis zur Zahlung hält sie auf"),
                        choices=words.BLOCKS,
                    ),
                    Part(
                        at="days",
                        kind="integer",
                        label=_("Zeit zum Bezahlen in Tagen"),
                        hint=_("Ohne Angabe 30."),
                    ),
                ),
            ),
        ),
    ),
)
ASSESSMENT: Final = Page(
    _("Was mit einer Bewilligung festgesetzt wird und wiederkehrt: Steuer, Beitrag oder Leistung."),
    Part(
        at="assessment",
        kind="group",
        label=_("Festsetzung"),
        item=_("Es wird etwas festgesetzt"),
        new={
            "kind": "tax",
            "currency": "EUR",
            "interval": "year",
            "periods": [{"positions": [{}]}],
        },
        none=None,
        parts=(
            Part(at="kind", kind="choice", label=_("Art"), choices=words.ASSESSMENTS),
            Part(at="title", kind="words", label=_("Bezeichnung"), height=1),
            Part(at="legal_basis", kind="line", label=_("Rechtsgrundlage")),
            Part(at="interval", kind="choice", label=_("Beträge gelten"), choices=words.INTERVALS),
            _periods("amount"),
            Part(
                at="from",
                kind="choice",
                label=_("Beginnt am Tag aus dem Formular"),
                source="pointers:date",
            ),
            Part(at="begins", kind="choice", label=_("Zählt ab"), choices=words.BEGINS),
            Part(
                at="instalments",
                kind="lines",
                label=_("Fälligkeiten im Jahr"),
                hint=_("Monat-Tag, je Zeile eine: 02-15"),
                height=4,
            ),
            Part(at="due_days", kind="integer", label=_("Sonst fällig nach Tagen")),
        ),
    ),
)
