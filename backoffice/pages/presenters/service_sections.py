"""The parts of the editor, as data: what stands on each of its pages, in which order."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters import service_words as words
from backoffice.pages.presenters.service_continuing import (
    MATTER,
    OFFERS,
    OPEN311,
    SLOTS,
    WAITING,
)
from backoffice.pages.presenters.service_money import ASSESSMENT, FEE
from backoffice.pages.presenters.service_parts import Part, Section, line, said
from backoffice.pages.presenters.service_procedure import (
    AUTOMATION,
    CHECKS,
    DEADLINES,
    PROOFS,
    STEPS,
)
from backoffice.pages.presenters.service_texts import BLOCKS, GUIDANCE, PUBLIC

GENERAL: Final = Section(
    "general",
    _("Allgemeines"),
    _("Wie der Dienst heißt, worauf er beruht, wer zuständig ist und wer ihn sehen darf."),
    (
        *("/title", "/summary", "/legal_bases", "/leika_key", "/unit", "/languages", "/key"),
        *("/assurance_level", "/access_class", "/address"),
    ),
    (
        said("title", _("Titel"), height=1),
        said("summary", _("Kurzbeschreibung"), _("Ein oder zwei Sätze für das Portal.")),
        Part(
            at="legal_bases",
            kind="lines",
            label=_("Rechtsgrundlagen"),
            hint=_("Eine je Zeile, die wichtigste zuerst."),
            height=3,
        ),
        Part(at="unit", kind="choice", label=_("Zuständige Einheit"), source="units"),
        Part(
            at="languages",
            kind="ticks",
            label=_("Sprachen"),
            hint=_("In jeder angehakten Sprache braucht dieser Dienst alle Texte."),
            source="languages",
        ),
        Part(
            at="assurance_level",
            kind="choice",
            label=_("Anmeldung, mindestens"),
            hint=_("Wie sicher feststehen muss, wer den Antrag stellt."),
            choices=words.ASSURANCE,
        ),
        Part(
            at="access_class",
            kind="choice",
            label=_("Zugriffsklasse"),
            hint=_("Wer in der Stadt solche Vorgänge überhaupt sehen darf."),
            choices=words.ACCESS,
        ),
        Part(
            at="address",
            kind="choice",
            label=_("Anschrift, um die es geht"),
            hint=_("Wird im Straßenverzeichnis nachgeschlagen. Ohne Auswahl geht es um keine."),
            source="pointers:object",
            none=None,
        ),
        Part(
            at="leika_key",
            kind="line",
            label=_("LeiKa-Schlüssel"),
            hint=_("14 Ziffern, die mit 99 beginnen. Leer lassen, wenn keiner bekannt ist."),
            none=None,
        ),
    ),
)
FILING: Final = Section(
    "filing",
    _("Ablage und Aufbewahrung"),
    _("Wo die Vorgänge im Aktenplan liegen, wie die Akte heißt und was am Ende mit ihr geschieht."),
    ("/file", "/retention"),
    (
        Part(
            at="file",
            kind="group",
            label=_("Ablage"),
            parts=(
                Part(
                    at="position", kind="choice", label=_("Aktenplanposition"), source="positions"
                ),
                Part(at="grouping", kind="choice", label=_("Akten"), choices=words.GROUPING),
                Part(
                    at="object",
                    kind="choice",
                    label=_("Gegenstand"),
                    hint=_("Nur bei einer Akte je Gegenstand."),
                    source="pointers",
                ),
                line(
                    "subject",
                    _("Betreff des Vorgangs"),
                    _("Auf Deutsch. Felder des Formulars in geschweiften Klammern."),
                ),
            ),
        ),
        Part(
            at="retention",
            kind="group",
            label=_("Aufbewahrung"),
            parts=(
                Part(
                    at="years",
                    kind="integer",
                    label=_("Jahre nach dem Abschluss"),
                ),
                Part(at="disposal_code", kind="choice", label=_("Danach"), choices=words.DISPOSAL),
            ),
        ),
    ),
    "subject",
)
PARTIES: Final = Section(
    "parties",
    _("Beteiligte"),
    _(
        "Wer den Antrag stellt, wer für jemand anderen handeln darf und was wir von ihnen "
        "wissen müssen."
    ),
    ("/parties",),
    (
        Part(
            at="parties",
            kind="rows",
            none=[],
            label=_("Beteiligte"),
            item=_("Beteiligte Person"),
            folded=False,
            new={"required": False, "kinds": ["person"], "fields": ["family_name", "address"]},
            parts=(
                Part(at="role", kind="choice", label=_("Rolle"), choices=words.PARTY_ROLES),
                Part(at="required", kind="flag", label=_("Muss angegeben werden"), none=False),
                Part(at="kinds", kind="ticks", label=_("Wer?"), choices=words.PARTY_KINDS),
                Part(
                    at="fields",
                    kind="ticks",
                    label=_("Pflichtangaben"),
                    hint=_(
                        "Der Name der Firma nur bei Firmen, Namen und Geburtsdatum nur bei "
                        "Personen."
                    ),
                    choices=words.PARTY_FIELDS,
                ),
                Part(
                    at="most",
                    kind="integer",
                    label=_("Höchstens so viele"),
                    hint=_("Ohne Angabe: eine."),
                ),
                Part(
                    at="proof",
                    kind="choice",
                    label=_("Nachweis der Vollmacht"),
                    source="proofs",
                ),
            ),
        ),
    ),
)
REMEDY: Final = Section(
    "remedy",
    _("Rechtsbehelf"),
    _("Was die Person gegen den Bescheid tun kann; steht unter jedem Bescheid."),
    ("/remedy",),
    (
        Part(
            at="remedy",
            kind="group",
            label=_("Rechtsbehelf"),
            parts=(
                Part(at="kind", kind="choice", label=_("Art"), choices=words.REMEDY),
                Part(at="regime", kind="choice", label=_("Verfahrensrecht"), choices=words.REGIMES),
                line("body", _("Gericht oder Stelle")),
                line("address", _("Sitz"), _("Straße, Postleitzahl, Ort")),
                Part(at="period_months", kind="integer", label=_("Frist in Monaten")),
                said(
                    "instruction",
                    _("Belehrung"),
                    _("{body} und {address} werden eingesetzt."),
                    height=4,
                ),
            ),
        ),
    ),
    "remedy",
)
FORM: Final = Section(
    "form",
    _("Formular"),
    _(
        "Die Fragen, die das Portal stellt. Rechts sehen Sie das Formular so, wie es die "
        "Person sieht."
    ),
    ("/form",),
)
LETTERS: Final = Section(
    "letters",
    _("Entscheidung und Briefe"),
    _(
        "Die Worte der Bescheide und Schreiben. Gründe, Gebühr, Rechtsbehelf und "
        "Unterschrift haben ihren festen Platz."
    ),
    ("/decisions", "/letters"),
)
EXAMPLE: Final = Section(
    "example",
    _("Beispielantrag"),
    _(
        "Ein Antrag, den die Stadt so annähme. Mit ihm werden Regeln, Gebühr und Briefe "
        "ausprobiert."
    ),
    ("/example",),
)

SECTIONS: Final[Mapping[str, Section]] = {
    one.key: one
    for one in (
        *(GENERAL, FORM, PROOFS, PARTIES, CHECKS, STEPS, DEADLINES),
        Section("fee", _("Gebühr"), FEE.lead, ("/fee",), (FEE.part,)),
        Section("assessment", _("Steuer, Beitrag, Leistung"), ASSESSMENT.lead, ("/assessment",),
                (ASSESSMENT.part,)),
        *(LETTERS, BLOCKS, REMEDY, PUBLIC, FILING, AUTOMATION),
        Section("matter", _("Dauerhaftes"), MATTER.lead, ("/standing_matter",), (MATTER.part,),
                "permit"),
        Section("slots", _("Termine"), SLOTS.lead, ("/slots",), (SLOTS.part,)),
        Section("waiting", _("Warteliste"), WAITING.lead, ("/waiting_list",), (WAITING.part,)),
        Section("offers", _("Angebote"), OFFERS.lead, ("/proactive",), (OFFERS.part,)),
        Section("open311", _("Open311"), OPEN311.lead, ("/open311",), (OPEN311.part,)),
        *(GUIDANCE, EXAMPLE),
    )
}  # fmt: skip


def section_of(pointer: str) -> str:
    """The key of the page on which what ``pointer`` names is edited; the first for the whole."""
    top = "/" + pointer.strip("/").split("/")[0]
    return next((one.key for one in SECTIONS.values() if top in one.holds), GENERAL.key)
