"""The editor's parts for the way of a case: proofs, checks, steps, deadlines, automation."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters import service_words as words
from backoffice.pages.presenters.service_parts import KEY, Part, Section, line, said

PROOFS: Final = Section(
    "proofs",
    _("Nachweise"),
    _("Was die Person beilegen muss oder kann."),
    ("/proofs",),
    (
        Part(
            at="proofs",
            kind="rows",
            none=[],
            label=_("Nachweise"),
            item=_("Nachweis"),
            keyed=True,
            new={
                "required": False,
                "media_types": ["application/pdf", "image/jpeg", "image/png"],
                "max_bytes": 10485760,
            },
            parts=(
                said("title", _("Bezeichnung"), height=1),
                Part(
                    at="required",
                    kind="needed",
                    label=_("Wann nötig?"),
                    choices=words.NEEDED,
                ),
                Part(
                    at="media_types",
                    kind="ticks",
                    label=_("Erlaubte Dateien"),
                    choices=words.MEDIA_TYPES,
                ),
                Part(at="max_bytes", kind="megabytes", label=_("Größte Datei"), unit="MB"),
                KEY,
            ),
        ),
    ),
)
CHECKS: Final = Section(
    "checks",
    _("Prüfungen"),
    _(
        "Bedingungen, unter denen bewilligt wird. Die Software prüft sie, sobald ein Antrag "
        "da ist; "
        "entscheiden muss sie deshalb nichts."
    ),
    ("/checks",),
    (
        Part(
            at="checks",
            kind="rows",
            none=[],
            label=_("Prüfungen"),
            item=_("Prüfung"),
            keyed=True,
            new={"about": "form", "on_failure": "person"},
            parts=(
                said("title", _("Was geprüft wird"), height=1),
                Part(
                    at="about",
                    kind="choice",
                    label=_("Worauf die Antwort beruht"),
                    hint=_("Eine Prüfung zum Wohnsitz muss zum Beispiel das Melderegister fragen."),
                    choices=words.ABOUT,
                ),
                Part(
                    at="expression",
                    kind="rule",
                    label=_("Erfüllt, wenn alles davon zutrifft"),
                    scope="check",
                ),
                line("paragraph", _("Vorschrift"), _("Zum Beispiel: § 29 Abs. 2 StVO")),
                Part(
                    at="on_failure",
                    kind="choice",
                    label=_("Wenn nicht erfüllt"),
                    choices=words.ON_FAILURE,
                ),
                said(
                    "reason",
                    _("Begründung für den Bescheid"),
                    _("Sagt der Person, woran es liegt."),
                ),
                Part(
                    at="proof",
                    kind="choice",
                    label=_("Nachweis, der stattdessen hilft"),
                    source="proofs",
                ),
                Part(
                    at="registers",
                    kind="rows",
                    label=_("Registerabfragen"),
                    hint=_(
                        "Entstehen beim Speichern aus der Regel: jedes Register, das sie liest."
                    ),
                    parts=(
                        Part(
                            at="register",
                            kind="choice",
                            label=_("Register"),
                            choices=words.REGISTERS,
                        ),
                        line(
                            "purpose",
                            _("Zweck der Abfrage"),
                            _("Steht im Protokoll des Registers."),
                        ),
                        Part(
                            at="input",
                            kind="map",
                            label=_("Was abgefragt wird"),
                            hint=_("Name der Abfrage und woher der Wert kommt, etwa /form/plate."),
                        ),
                    ),
                ),
                KEY,
            ),
        ),
    ),
    "form",
)
STEPS: Final = Section(
    "steps",
    _("Schritte"),
    _(
        "Was in diesem Verfahren möglich ist und wer es tun darf. Ein Schritt, den niemand "
        "tun darf, kommt nicht vor."
    ),
    ("/steps", "/outcomes"),
    (
        Part(
            at="steps",
            kind="steps",
            label=_("Wer darf was?"),
            choices=words.ROLES,
            parts=(Part(at="key", kind="choice", label="", choices=words.STEPS),),
        ),
        Part(
            at="outcomes",
            kind="rows",
            label=_("Ergebnisse ohne Entscheidung"),
            hint=_(
                "Nur bei Meldungen: womit „Ohne Entscheidung beenden“ endet, etwa „Schaden "
                "behoben“."
            ),
            item=_("Ergebnis"),
            keyed=True,
            new={},
            parts=(
                said("title", _("Ergebnis"), height=1),
                said("text", _("Was gesagt wird")),
                KEY,
            ),
        ),
    ),
)
DEADLINES: Final = Section(
    "deadlines",
    _("Fristen"),
    _("Bis wann etwas geschehen soll oder muss. Das Ziel der Bearbeitung zeigt auch das Portal."),
    ("/deadlines",),
    (
        Part(
            at="deadlines",
            kind="rows",
            none=[],
            label=_("Fristen"),
            item=_("Frist"),
            keyed=True,
            new={"kind": "processing", "event": "received"},
            parts=(
                said("title", _("Bezeichnung"), height=1),
                Part(at="kind", kind="choice", label=_("Art"), choices=words.DEADLINE_KINDS),
                Part(at="event", kind="choice", label=_("Beginnt mit"), choices=words.EVENTS),
                Part(
                    at="working_days",
                    kind="integer",
                    label=_("Dauer in Arbeitstagen"),
                    hint=_("Füllen Sie genau eine der vier Dauern aus."),
                ),
                Part(at="calendar_days", kind="integer", label=_("oder in Kalendertagen")),
                Part(at="months", kind="integer", label=_("oder in Monaten")),
                Part(
                    at="rule",
                    kind="choice",
                    label=_("oder nach einer Regel des Gesetzes"),
                    choices=words.LAW_RULES,
                ),
                Part(
                    at="suspended_while_waiting",
                    kind="flag",
                    label=_("Ruht, solange wir auf die Person warten"),
                ),
                Part(at="warn_days", kind="integer", label=_("Vorher warnen, Tage")),
                Part(at="escalate_days", kind="integer", label=_("Nachher an die Leitung, Tage")),
                KEY,
            ),
        ),
    ),
)
AUTOMATION: Final = Section(
    "automation",
    _("Automatik"),
    _(
        "Ob die Software allein entscheiden darf. § 35a VwVfG NRW: nur wo eine Vorschrift es "
        "erlaubt, "
        "und nie, wo Ermessen besteht."
    ),
    ("/automation", "/discretion"),
    (
        Part(
            at="automation",
            kind="group",
            label=_("Entscheidung ohne Mensch"),
            parts=(
                Part(
                    at="level",
                    kind="choice",
                    label=_("Was die Software darf"),
                    choices=words.LEVELS,
                ),
                line("legal_basis", _("Rechtsgrundlage der Automatik"), none=None),
                said("note", _("Hinweis für Antragstellende")),
                Part(
                    at="sample_percent",
                    kind="integer",
                    label=_("Stichprobe, die ein Mensch ansieht"),
                    hint=_("Ohne Angabe 2 von 100."),
                    unit="%",
                ),
            ),
        ),
        Part(
            at="discretion",
            kind="group",
            label=_("Ermessen"),
            item=_("Es besteht Ermessen"),
            new={},
            none=None,
            hint=_("Das Gesetz sagt „kann“: Wer entscheidet, wägt ab und schreibt die Gründe auf."),
            parts=(
                line("legal_basis", _("Vorschrift, die Ermessen gibt")),
                said("considerations", _("Was abzuwägen ist"), height=4),
            ),
        ),
    ),
)
