"""A case as a letter about it sees it: who it goes to, and what its texts may name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final, cast

from efile.kernel.clock import local_date
from efile.kernel.models import User
from efile.letters.parts import Translation
from efile.letters.text import day_in, filled, is_blank, paragraphs
from efile.models import Party
from workflows.application import Application, named
from workflows.catalogue.definition import Definition
from workflows.catalogue.forms import Field
from workflows.catalogue.parts import LetterText, Text, placeholders
from workflows.catalogue.submission import representative_of
from workflows.models import Assessment, Booking, Process, StandingMatter

# The law that a letter of each procedure cites (procedure law of the state, SGB I and X, AO).
LAW: Final[Mapping[str, Mapping[str, str]]] = {
    "VwVfG": {
        "cooperation_law": "§ 26 Abs. 2 VwVfG NRW",
        "hearing_law": "§ 28 Abs. 1 VwVfG NRW",
        "revocation_law": "§ 49 VwVfG NRW",
    },
    "SGB_X": {
        "cooperation_law": "§ 60 Abs. 1 SGB I, § 21 Abs. 2 SGB X",
        "hearing_law": "§ 24 Abs. 1 SGB X",
        "revocation_law": "§§ 46 bis 48 SGB X",
    },
    "AO": {
        "cooperation_law": "§ 90 Abs. 1 AO",
        "hearing_law": "§ 91 Abs. 1 AO",
        "revocation_law": "§ 131 AO",
    },
}
# The official language is German (§ 23 (1) VwVfG NRW): anything else binds nobody.
_UNBINDING: Final = (
    "This translation is provided for your information only. Only the German text of this letter "
    "is legally binding."
)


class Gaps(dict[str, str]):
    """Values of a letter that is only looked at: what is missing is named instead of refused."""

    def __init__(self, values: Mapping[str, str], labels: Mapping[str, str]) -> None:
        super().__init__(values)
        self._labels = labels

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ARG002 - never needed
        """The value of ``name``, or what says that there is none."""
        found = super().get(name, "")
        return f"[fehlt: {self._labels.get(name, name)}]" if is_blank(found) else found


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter is for, as running text and as the lines of the address field.

    ``represents``: the applicant's name, where they get it for somebody; the title says so.
    """

    name: str
    lines: tuple[str, ...]
    represents: str = ""


@dataclass(frozen=True, kw_only=True)
class Writing:
    """A case that a letter of day ``dated`` is written about.

    ``matter``, ``assessment`` and ``booking`` are what the letter may name; with ``draft`` missing
    values are shown as gaps. ``more`` are values that only this letter has, ``days`` those that
    each language writes in its own way.
    """

    process: Process
    sent: Application
    recipient: Recipient
    dated: date
    matter: StandingMatter | None = None
    assessment: Assessment | None = None
    booking: Booking | None = None
    draft: bool = False
    more: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)

    @property
    def definition(self) -> Definition:
        return self.sent.definition

    @property
    def letterhead(self) -> dict[str, str]:
        """The tenant's letterhead with the unit in charge."""
        unit = {"unit": self.process.case.lead_unit.name}
        return cast("dict[str, str]", self.process.tenant.letterhead) | unit

    @property
    def common(self) -> dict[str, Any]:
        """What every kind of letter is told alike."""
        return {
            "letterhead": self.letterhead,
            "city": self.process.tenant.name,
            "reference": self.process.case.reference,
            "dated": self.dated,
            "recipient": self.recipient.name,
            "recipient_lines": self.recipient.lines,
            "draft": self.draft,
        }

    @cached_property
    def values(self) -> Mapping[str, str]:
        """What the German text may name."""
        return self.values_in("de")

    def values_in(self, language: str) -> Mapping[str, str]:
        """What the text in ``language`` may name, by placeholder."""
        case, english = self.process.case, language.startswith("en")
        values = self.definition.shown(self.sent.form, language)
        values |= named(
            language,
            case_reference=case.reference,
            unit=case.lead_unit.name,
            appointment=_appointment(self.booking),
            matter=_matter(self.matter),
        )
        values |= LAW[self.definition.remedy.regime]
        values |= {
            "applicant": self.recipient.represents or self.recipient.name,
            "city": self.letterhead.get("authority") or self.process.tenant.name,
            "dated": day_in(self.dated, language),
            "received_on": day_in(local_date(case.received_at), language),
            "service": self.definition.title.in_(language),
            "district": self.booking.slot.district if self.booking and self.booking.slot else "",
        }
        if standing := self.definition.standing_matter:
            # What ends or changes a matter names it, also before anything is done to it.
            values.setdefault("matter_number", self.definition.matter_number_in(self.sent.form))
            values["matter_title"] = standing.title.in_(language)
        values |= self.more
        values |= {name: day_in(day, language) for name, day in self.days.items()}
        if english and values.get("fee") == "gebührenfrei":
            values["fee"] = "free of charge"
        return Gaps(values, self._labels()) if self.draft else values

    def fill(self, text: Text, language: str = "de") -> str:
        """``text`` with its placeholders filled. Refuses: PlaceholderMissing."""
        values = self.values if language == "de" else self.values_in(language)
        return filled(text.in_(language), values)

    def titled(self, text: Text) -> str:
        """A German title, not filled in yet; to a representative it says for whom it is."""
        return text.in_("de") + (" – für {applicant}" if self.recipient.represents else "")

    def fill_plain(self, template: str) -> str:
        """A template that is the same in every language. Refuses: PlaceholderMissing."""
        return filled(template, self.values)

    def paragraphs(self, texts: Sequence[Text], language: str = "de") -> Iterator[str]:
        """The paragraphs of ``texts``; one that is nothing but what was typed keeps its own.

        In another language than German what was typed is left out.
        """
        for text in texts:
            typed = _typed_in(text)
            if not typed:
                yield self.fill(text, language)
            elif language == "de":
                yield from self._typed(typed)

    def _typed(self, name: str) -> Iterator[str]:
        said = self.more.get(name, "")
        if not is_blank(said):
            yield from paragraphs(said)
        elif self.draft and name in self.more:
            yield f"[fehlt: {self._labels().get(name, name)}]"

    def _labels(self) -> dict[str, str]:
        """What a gap is called: the label of the form's field."""
        fields: Sequence[Field] = self.definition.validator.fields
        labels = {one.name: Text(one.schema["x-labels"]).in_("de") for one in fields}
        return labels | {
            "deadline": "Frist",
            "fee": "Gebühr",
            "matter_number": "Nummer",
            "slot_date": "Termin",
            "text": "Text",
            "to": "zuständige Stelle",
            "valid_from": "Beginn",
            "valid_until": "Ende",
        }

    @property
    def language(self) -> str:
        """The applicant's language where the service has a translation for it, else "de"."""
        tag = self.sent.language.lower()
        known = {one.lower(): one for one in self.definition.languages}
        found = known.get(tag) or known.get(tag.split("-")[0], "de")
        return "de" if found.startswith("de") else found

    def translation(self, letter: LetterText, *more: str) -> Translation | None:
        """What the templates of ``letter`` mean in the applicant's language, and ``more``."""
        language = self.language
        if language == "de":
            return None
        said = [
            self.fill(letter.summary, language),
            *self.paragraphs(letter.paragraphs, language),
            *([self.fill(letter.deadline, language)] if letter.deadline else []),
            *self.paragraphs(letter.further, language),
            *(text for text in more if text),
        ]
        return Translation(language, _UNBINDING, self.fill(letter.title, language), said)


def _typed_in(text: Text) -> str:
    """What somebody typed that is all of ``text``; "" where it is a text of its own."""
    template = text.in_("de").strip()
    return next((name for name in placeholders(template) if template == f"{{{name}}}"), "")


def recipient_of(process: Process, sent: Application, *, on: date) -> Recipient:
    """Whom letters of the case are for ``on`` that day, at the address that counts.

    The applicant, unless somebody is authorised to receive for them: the authority then turns to
    that person (§ 14 (3) VwVfG NRW, § 13 (3) SGB X).
    """
    applicant: Mapping[str, Any] = sent.applicant or _party(process)
    instead = representative_of(sent.effective, "receipt", on)
    said = instead or applicant
    address = said.get("address") or {}
    name = _called(said)
    lines = (
        name,
        f"{address.get('street', '')} {address.get('number', '')}".strip(),
        f"{address.get('postcode', '')} {address.get('city', '')}".strip(),
    )
    filled_lines = tuple(line for line in lines if line)
    return Recipient(name, filled_lines, _called(applicant) if instead else "")


def _called(party: Mapping[str, Any]) -> str:
    return str(party.get("organisation") or "") or " ".join(
        str(party[part]) for part in ("given_names", "family_name") if party.get(part)
    )


def _party(process: Process) -> Mapping[str, Any]:
    """The applicant of a case that nothing was sent for."""
    known = ("organisation", "given_names", "family_name", "address")
    found = Party.objects.filter(case_id=process.case_id, role="applicant").order_by("position")
    return found.values(*known).first() or {}


def name_of(key: str) -> str:
    """The name under a letter; whatever is no person has none (§ 37 (5) VwVfG NRW)."""
    kind, _, number = key.partition(":")
    if kind != "user":
        return ""
    return User.objects.values_list("display_name", flat=True).get(id=int(number))


def _appointment(booking: Booking | None) -> dict[str, str] | None:
    if booking is None or booking.slot is None:  # another system has yet to say when
        return None
    slot = booking.slot
    return {
        "date": slot.day.isoformat(),
        "start": f"{slot.starts:%H:%M}",
        "end": f"{slot.ends:%H:%M}",
    }


def _matter(matter: StandingMatter | None) -> dict[str, str] | None:
    if matter is None:
        return None
    return {
        "number": matter.number,
        "valid_from": matter.valid_from.isoformat(),
        "valid_to": matter.valid_to.isoformat() if matter.valid_to else "",
    }
