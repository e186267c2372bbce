"""The words of a draft's letters: what is edited of each, what holds where nothing is said."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.service_editor import Bench, part_url
from backoffice.pages.presenters.service_parts import Part, listed, mapping
from backoffice.pages.presenters.service_words import LETTERS
from backoffice.pages.presenters.values import language
from backoffice.pages.rows.service_pages import PartLink
from workflows.catalogue.letters import OF_EFFECTS, shared_letters
from workflows.catalogue.pointers import within

# A letter with a decision is made of a title and a body; the rest has its fixed place.
DECISIONS: Final = ("granted", "granted_in_part", "refused", *OF_EFFECTS.values())
# More of the words that hold anyway is not needed to recognise them.
_LONGEST: Final = 160


def letter_kinds(document: Mapping[str, Any]) -> list[str]:
    """The letters that the draft can send, as far as it says."""
    steps = {mapping(one).get("key") for one in listed(document.get("steps"))}
    matter = mapping(document.get("standing_matter"))
    effects = {mapping(one).get("effect") for one in listed(matter.get("effects"))}
    never = {kind for effect, kind in OF_EFFECTS.items() if effect not in effects}
    never |= set() if matter else {"revocation"}
    never |= set() if "grant_in_part" in steps else {"granted_in_part"}
    never |= set() if "grant" in steps else {"granted"}
    never |= set() if "refuse" in steps else {"refused"}
    return [kind for kind, _label in LETTERS if kind not in never]


def letter_parts(kind: str) -> tuple[Part, ...]:
    """What is edited of one letter: the decision's own words, then what the letter adds."""
    own: tuple[Part, ...] = ()
    if kind in DECISIONS:
        words = (
            Part(at="title", kind="words", label=_("Überschrift"), height=2),
            Part(
                at="body",
                kind="words",
                label=_("Entscheidung"),
                hint=_("Der Satz, auf den es ankommt. Gründe und Gebühr folgen von selbst."),
                height=6,
            ),
        )
        inside = Part(at=kind, kind="group", label=_("Was entschieden ist"), parts=words)
        own = (Part(at="decisions", kind="group", label="", parts=(inside,), none={}),)
    more = Part(at=kind, kind="group", label=_("Was im Brief noch steht"), parts=_letter(kind))
    return (*own, Part(at="letters", kind="group", label="", parts=(more,), none={}))


def letter_tabs(bench: Bench, chosen: str) -> tuple[PartLink, ...]:
    """The letters to choose from, with what is wrong in each."""
    labels = dict(LETTERS)
    return tuple(
        PartLink(
            label=str(labels[kind]),
            url=letter_url(bench.draft.service, kind),
            current=kind == chosen,
            faults=sum(
                any(within(base, fault.pointer) for base in holds(kind)) for fault in bench.faults
            ),
        )
        for kind in letter_kinds(bench.document)
    )


def holds(kind: str) -> tuple[str, str]:
    """The pointers of what one letter says."""
    return f"/decisions/{kind}", f"/letters/{kind}"


def letter_url(service: str, kind: str, tag: str = "", focus: str = "") -> str:
    said = {"letter": kind} | ({"lang": tag} if tag else {}) | ({"open": focus} if focus else {})
    return f"{part_url(service, 'letters')}?{urlencode(said)}"


def _letter(kind: str) -> tuple[Part, ...]:
    summary = _words("summary", _("Zusammenfassung in einfachen Worten"), kind, 4)
    further = Part(
        at="paragraphs",
        kind="rows",
        label=_("Absätze"),
        hint=_anyway(kind, "paragraphs"),
        item=_("Absatz"),
        new={},
        folded=False,
        height=4,
    )
    if kind in DECISIONS:
        return (summary,)
    return (
        _words("title", _("Überschrift"), kind, 2),
        summary,
        further,
        _words("items", _("Satz vor der Liste der Unterlagen"), kind, 2),
        _words("deadline", _("Satz mit der Frist"), kind, 2),
        _words("closing", _("Schluss"), kind, 2),
    )


def _words(at: str, label: Any, kind: str, height: int) -> Part:
    return Part(at=at, kind="words", label=label, hint=_anyway(kind, at), height=height)


def _anyway(kind: str, at: str) -> str:
    """What the letter says where the service has no words of its own."""
    shared = shared_letters()[kind].get(at)
    first = shared[0] if isinstance(shared, list) and shared else shared
    text = mapping(first).get(language()) or mapping(first).get("de") or ""
    if not text:
        return ""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
    return gettext("Ohne eigene Worte: „%(text)s“") % {"text": short}
