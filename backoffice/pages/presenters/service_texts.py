"""The editor's parts for words: text blocks, what citizens read, guidance for staff."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters import service_words as words
from backoffice.pages.presenters.service_parts import KEY, Part, Section, said

BLOCKS: Final = Section(
    "blocks",
    _("Textbausteine"),
    _("Fertige Sätze, die die Sachbearbeitung in Gründe, Nebenbestimmungen und Fragen einsetzt."),
    ("/text_blocks",),
    (
        Part(
            at="text_blocks",
            kind="rows",
            none=[],
            label=_("Textbausteine"),
            item=_("Textbaustein"),
            keyed=True,
            new={"uses": ["grant"]},
            parts=(
                said("title", _("Name des Bausteins"), height=1),
                Part(at="uses", kind="ticks", label=_("Wofür?"), choices=words.USES),
                said("text", _("Text"), height=4),
                KEY,
            ),
        ),
    ),
    "blocks",
)
PUBLIC: Final = Section(
    "public",
    _("Bürgertexte"),
    _(
        "Was die Person im Portal liest: je Stand, was als Nächstes kommt, je Ereignis, was "
        "geschehen ist."
    ),
    ("/public_texts",),
    (
        Part(
            at="public_texts",
            kind="group",
            label="",
            parts=(
                Part(
                    at="states",
                    kind="group",
                    label=_("Je Stand: was als Nächstes kommt"),
                    parts=tuple(said(key, label) for key, label in words.STATES),
                ),
                Part(
                    at="events",
                    kind="group",
                    label=_("Je Ereignis: was geschehen ist"),
                    hint=_("Was leer bleibt, wird nicht erzählt."),
                    parts=tuple(said(key, label) for key, label in words.PUBLIC_EVENTS),
                ),
            ),
        ),
    ),
    "public",
)
GUIDANCE: Final = Section(
    "guidance",
    _("Hinweise"),
    _("Was Telefon, Schalter und Sachbearbeitung wissen müssen."),
    ("/guidance",),
    (
        Part(
            at="guidance",
            kind="group",
            label="",
            parts=(
                said("conditions", _("Voraussetzungen"), height=3),
                said("typical_errors", _("Häufige Fehler"), height=3),
                Part(
                    at="steps",
                    kind="group",
                    label=_("Rat zu den Schritten"),
                    hint=_("Steht der Sachbearbeitung beim Schritt vor Augen. Freiwillig."),
                    parts=tuple(said(key, label) for key, label in words.STEPS),
                ),
            ),
        ),
    ),
)
