"""The editor's parts for what goes on: standing matters, appointments, waiting lists, offers."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters import service_words as words
from backoffice.pages.presenters.service_money import Page
from backoffice.pages.presenters.service_parts import Part

_KEY: Final = Part(at="key", kind="line", label=_("Kennung"))
_MONTHS: Final = tuple((count, str(count)) for count in (1, 2, 3, 4, 6, 12, 24, 36))

MATTER: Final = Page(
    _(
        "Was eine Bewilligung hinterlässt: eine Erlaubnis, einen Pass, eine Anmeldung mit "
        "Nummer und Dauer."
    ),
    Part(
        at="standing_matter",
        kind="group",
        label=_("Was bleibt"),
        item=_("Eine Bewilligung hinterlässt etwas"),
        new={"kind": "permit", "data": {}},
        none=None,
        parts=(
            Part(at="kind", kind="choice", label=_("Art"), choices=words.MATTERS),
            Part(at="title", kind="words", label=_("Bezeichnung"), height=1),
            Part(
                at="number_prefix",
                kind="line",
                label=_("Nummern beginnen mit"),
                hint=_("Zwei bis sechs Großbuchstaben."),
            ),
            Part(
                at="data",
                kind="map",
                label=_("Was davon festgehalten wird"),
                hint=_("Name und Feld, etwa place und /form/place."),
            ),
            Part(
                at="valid_from",
                kind="choice",
                label=_("Gilt ab dem Tag aus"),
                hint=_("Ohne Auswahl ab der Entscheidung."),
                source="pointers:date",
            ),
            Part(
                at="months",
                kind="rule",
                label=_("Dauer in Monaten"),
                hint=_(
                    "Eine Zahl oder Rechnung, etwa form.duration_years * 12; leer: bis auf "
                    "Weiteres."
                ),
                returns="INT",
            ),
            Part(
                at="renewal_days",
                kind="integer",
                label=_("Verlängerung anbieten, Tage vorher"),
            ),
            Part(
                at="number",
                kind="choice",
                label=_("Feld mit der Nummer einer bestehenden Sache"),
                source="pointers:string",
            ),
            Part(
                at="effects",
                kind="rows",
                label=_("Wirkungen"),
                hint=_("Ohne Angabe beginnt mit jeder Bewilligung etwas Neues."),
                item=_("Wirkung"),
                new={"effect": "begin"},
                parts=(
                    Part(at="effect", kind="choice", label=_("Die Sache"), choices=words.EFFECTS),
                    Part(at="when", kind="rule", label=_("Wenn")),
                    Part(
                        at="ends_on",
                        kind="choice",
                        label=_("Letzter Tag aus"),
                        source="pointers:date",
                    ),
                ),
            ),
            Part(
                at="duties",
                kind="rows",
                label=_("Pflichten"),
                item=_("Pflicht"),
                keyed=True,
                new={"kind": "return", "every_months": 12, "due_days": 30},
                parts=(
                    Part(at="title", kind="words", label=_("Bezeichnung"), height=1),
                    Part(at="kind", kind="choice", label=_("Art"), choices=words.DUTIES),
                    Part(
                        at="every_months",
                        kind="choice",
                        label=_("Alle wie viele Monate"),
                        choices=_MONTHS,
                    ),
                    Part(at="due_days", kind="integer", label=_("Fällig Tage nach dem Zeitraum")),
                    Part(at="remind_days", kind="integer", label=_("Erinnern Tage vorher")),
                    Part(at="overdue_days", kind="integer", label=_("Mahnen Tage nachher")),
                    Part(at="legal_basis", kind="line", label=_("Rechtsgrundlage")),
                    _KEY,
                ),
            ),
            Part(
                at="permit",
                kind="group",
                label=_("Ausweis"),
                item=_("Einen Ausweis drucken"),
                new={"rows": [{}]},
                parts=(
                    Part(
                        at="rows",
                        kind="rows",
                        label=_("Zeilen"),
                        item=_("Zeile"),
                        folded=False,
                        new={},
                        parts=(
                            Part(at="label", kind="words", label=_("Beschriftung"), height=1),
                            Part(
                                at="value",
                                kind="line",
                                label=_("Wert"),
                                hint=_("Felder des Formulars oder {applicant} in Klammern."),
                            ),
                        ),
                    ),
                    Part(
                        at="notes",
                        kind="rows",
                        label=_("Hinweise auf dem Ausweis"),
                        item=_("Hinweis"),
                        folded=False,
                        new={},
                    ),
                ),
            ),
        ),
    ),
)
SLOTS: Final = Page(
    _("Wenn zu dem Antrag ein Termin gehört."),
    Part(
        at="slots",
        kind="group",
        label=_("Termine"),
        item=_("Es gibt Termine"),
        new={"place": "office", "kinds": [{}]},
        none=None,
        parts=(
            Part(at="calendar", kind="line", label=_("Kennung des Kalenders")),
            Part(at="provider", kind="choice", label=_("Kalender"), choices=words.PROVIDERS),
            Part(at="place", kind="choice", label=_("Ort"), choices=words.SLOT_PLACES),
            Part(
                at="kinds",
                kind="rows",
                label=_("Arten von Terminen"),
                item=_("Terminart"),
                keyed=True,
                folded=False,
                new={},
                parts=(Part(at="title", kind="words", label=_("Bezeichnung"), height=1), _KEY),
            ),
            Part(
                at="kind",
                kind="choice",
                label=_("Feld mit der Art"),
                hint=_("Nur bei mehreren Arten; die Auswahl des Feldes sind ihre Kennungen."),
                source="pointers",
            ),
            Part(
                at="slot",
                kind="choice",
                label=_("Feld mit dem vorher reservierten Termin"),
                source="pointers:string",
            ),
            Part(
                at="wish_date",
                kind="choice",
                label=_("Feld mit dem Wunschtag"),
                source="pointers:date",
            ),
            Part(
                at="strict",
                kind="choice",
                label=_("Feld „nur an diesem Tag“"),
                source="pointers:boolean",
            ),
            Part(at="hold_minutes", kind="integer", label=_("Reserviert für Minuten")),
            Part(at="move_until_days", kind="integer", label=_("Verlegbar bis Tage vorher")),
        ),
    ),
)
WAITING: Final = Page(
    _("Wenn es weniger Plätze gibt als Anträge: wer zuerst kommt, und warum."),
    Part(
        at="waiting_list",
        kind="group",
        label=_("Warteliste"),
        item=_("Es gibt eine Warteliste"),
        new={"offer_days": 14, "criteria": [{}]},
        none=None,
        parts=(
            Part(at="list", kind="line", label=_("Kennung der Liste")),
            Part(
                at="facilities",
                kind="choice",
                label=_("Feld mit den gewünschten Einrichtungen"),
                source="pointers:array",
            ),
            Part(
                at="wish_from",
                kind="choice",
                label=_("Feld mit „gewünscht ab“"),
                source="pointers:date",
            ),
            Part(
                at="group",
                kind="choice",
                label=_("Feld mit der Art des Platzes"),
                source="pointers:string",
            ),
            Part(
                at="criteria",
                kind="rows",
                label=_("Kriterien"),
                item=_("Kriterium"),
                keyed=True,
                new={},
                parts=(
                    Part(at="title", kind="words", label=_("Bezeichnung"), height=1),
                    Part(
                        at="points",
                        kind="rule",
                        label=_("Punkte"),
                        hint=_("Ergibt eine ganze Zahl, etwa form.siblings ? 10 : 0."),
                        returns="INT",
                    ),
                    Part(at="paragraph", kind="line", label=_("Vorschrift")),
                    Part(at="valid_from", kind="day", label=_("Gilt ab")),
                    Part(at="valid_until", kind="day", label=_("Gilt bis")),
                    _KEY,
                ),
            ),
            Part(at="offer_days", kind="integer", label=_("Ein Angebot gilt Tage")),
            Part(at="legal_basis", kind="line", label=_("Rechtsgrundlage")),
        ),
    ),
)
OFFERS: Final = Page(
    _(
        "Wann der Dienst sich von selbst anbietet, auf welcher Grundlage und was schon "
        "ausgefüllt ist."
    ),
    Part(
        at="proactive",
        kind="rows",
        none=[],
        label=_("Angebote"),
        item=_("Angebot"),
        keyed=True,
        new={"occasion": "moved_in", "needs_consent": True, "valid_days": 60, "legal_basis": None},
        parts=(
            Part(at="title", kind="words", label=_("Titel"), height=1),
            Part(at="text", kind="words", label=_("Text"), height=3),
            Part(at="occasion", kind="choice", label=_("Anlass"), choices=words.OCCASIONS),
            Part(
                at="legal_basis",
                kind="line",
                label=_("Rechtsgrundlage"),
                hint=_("Ohne sie geht es nur mit Einwilligung."),
                none=None,
            ),
            Part(at="needs_consent", kind="flag", label=_("Nur mit Einwilligung"), none=False),
            Part(at="valid_days", kind="integer", label=_("Gilt Tage")),
            Part(
                at="prefill",
                kind="map",
                label=_("Vorausgefüllt"),
                hint=_("Feld und Quelle: /occasion/…, /matter/…, /form/… oder =fester Wert."),
            ),
            _KEY,
        ),
    ),
)
OPEN311: Final = Page(
    _(
        "Ob Apps und Karten anderer Anbieter diesen Dienst über Open311 anbieten. Der Stand "
        "solcher Meldungen ist öffentlich: Art, Straße, Zeit und Ergebnis, nie die meldende Person."
    ),
    Part(
        at="open311",
        kind="group",
        label=_("Meldungen über Open311"),
        item=_("Meldungen kommen auch über Open311, und ihr Stand ist öffentlich"),
        new={},
        none=None,
        parts=(
            Part(
                at="category",
                kind="choice",
                label=_("Feld mit der Art der Meldung"),
                hint=_("Jede Auswahl dieses Feldes wird in Open311 ein eigener Dienst."),
                source="pointers:string",
            ),
            Part(
                at="description",
                kind="choice",
                label=_("Feld mit der Beschreibung"),
                source="pointers:string",
            ),
            Part(
                at="street", kind="choice", label=_("Feld mit der Straße"), source="pointers:string"
            ),
            Part(
                at="number",
                kind="choice",
                label=_("Feld mit der Hausnummer"),
                source="pointers:string",
            ),
            Part(
                at="detail",
                kind="choice",
                label=_("Feld mit der genaueren Lage"),
                source="pointers:string",
            ),
            Part(
                at="latitude",
                kind="choice",
                label=_("Feld mit der geografischen Breite"),
                source="pointers:number",
            ),
            Part(
                at="longitude",
                kind="choice",
                label=_("Feld mit der geografischen Länge"),
                source="pointers:number",
            ),
            Part(
                at="media_url",
                kind="choice",
                label=_("Feld mit der Adresse eines Bildes"),
                hint=_("Die Adresse wird nur aufbewahrt, das Bild nie abgerufen."),
                source="pointers:string",
            ),
            Part(
                at="publish_description",
                kind="flag",
                label=_("Alle dürfen lesen, was geschrieben wurde"),
                hint=_("Menschen schreiben über Menschen. Im Zweifel nein."),
            ),
        ),
    ),
)
