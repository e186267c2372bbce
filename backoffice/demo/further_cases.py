"""What residents write for now and then: every service beside parking and bulky waste.

A form is the example of the service's own definition with a few things put in its place; which
proofs it needs, and what they are called, the definition says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final

from backoffice.demo import family_forms, office_forms, town_forms
from backoffice.demo.envelopes import (
    Application,
    Draw,
    ProofFile,
    application,
    organisation,
    pdf,
    person,
)
from backoffice.demo.everyday_cases import registered
from backoffice.demo.people import BUSINESSES, Organisation, Resident
from backoffice.demo.proofs import certificate
from workflows.catalogue.definition import Definition
from workflows.catalogue.loading import SHIPPED
from workflows.catalogue.source import read

# What somebody made of the form that the door cannot take.
_BROKEN: Final = {"declaration": {"complete_and_true": False}}


@dataclass(frozen=True, slots=True)
class FurtherKind:
    """A service: its share, its traits, the years its applicants may be old, and its form.

    ``firms``: the trade of the businesses that apply; people do where it is empty. Traits that
    end in "elsewhere" are of people the register does not confirm.
    """

    service: str
    share: int
    traits: Mapping[str, int]
    form: Callable[[Draw, Organisation | None], dict[str, Any]]
    ages: range = range(18, 100)
    firms: str = ""

    def suits(self, trait: str, one: Resident) -> bool:
        """Whether ``one`` can make an application with this trait."""
        # Everybody is told by the year of the demo's calendar: nobody is near the edges.
        old_enough = 2026 - one.birth_date.year in self.ages
        return old_enough and registered(one) != trait.endswith("elsewhere")

    def make(self, draw: Draw) -> Application:
        """The application that ``draw`` makes."""
        definition = shipped(self.service)
        firm = draw.rng.choice(BUSINESSES[self.firms]) if self.firms else None
        form = {**definition.example["form"], **self.form(draw, firm)}
        form = {name: value for name, value in form.items() if value is not None}
        lacking = draw.trait.removesuffix("_clarify")
        needed = definition.required_proofs(form)
        files = tuple(_proof(definition, key, draw) for key in needed)
        if lacking == "form_invalid":
            form |= _BROKEN if "declaration" in form else {"description": ""}
        return application(
            draw,
            body={"service": self.service, "form": form, "parties": self._parties(draw, firm)},
            enclosed=() if lacking == "proof_missing" else files,
            at_hand=(*files, *_at_hand(definition, needed, draw)),
        )

    def _parties(self, draw: Draw, firm: Organisation | None) -> list[dict[str, Any]]:
        if draw.trait == "anonymous":
            return []
        party = organisation(firm) if firm else person(draw)
        return [{"phone": f"02999 {draw.rng.randint(1000, 99999)}", **party}]


@cache
def shipped(service: str) -> Definition:
    """The shipped definition of ``service``; whoever ships it has made sure that it holds."""
    text = (SHIPPED / f"{service}.yaml").read_text("utf-8")
    return Definition.from_json(read(text).document)


def _proof(definition: Definition, key: str, draw: Draw) -> ProofFile:
    proof = definition.proof(key)
    assert proof is not None  # the definition itself named it
    title = proof.title.in_("de").partition(" (")[0]
    facts = {"Name": draw.one.full_name, "Vorgelegt für": definition.title.in_("de")}
    issuer = draw.rng.choice(_ISSUERS)
    render = partial(certificate, title, issuer, facts, on=draw.on)
    return pdf(key, f"{title[:60].replace('/', '-')}.pdf", render)


def _at_hand(definition: Definition, needed: list[str], draw: Draw) -> list[ProofFile]:
    """What could be asked for beyond what must be enclosed."""
    keys = [proof.key for proof in definition.proofs if proof.key not in needed]
    return [_proof(definition, key, draw) for key in keys]


_ISSUERS = (
    "Musterkasse Gesundheit",
    "Jobcenter Musterland",
    "Handwerkskammer Mustertal",
    "Musterbau GmbH & Co. KG",
    "Amtsgericht Musterstadt",
)


_PARENTS: Final = range(20, 46)
# In a hundred: what is not complete, sent by portals that ask back and by others.
_LACKING: Final = {"proof_missing": 5, "proof_missing_clarify": 5}
_FAULTY: Final = {"form_invalid": 3, "form_invalid_clarify": 3}

_ALL: Final = (
    FurtherKind(
        "civil-status-certificate",
        8,
        {"birth": 55, "marriage": 20, "ancestor": 12, "legal_interest": 8, **_FAULTY},
        office_forms.civil_status,
    ),
    FurtherKind(
        "registration-certificate",
        9,
        {"plain": 70, "extended": 15, "elsewhere": 9, **_FAULTY},
        office_forms.registration,
    ),
    FurtherKind(
        "commitment-declaration",
        1,
        {"plain": 80, "low_income": 15, **_LACKING},
        office_forms.commitment,
    ),
    FurtherKind(
        "social-pass",
        3,
        {"plain": 76, "low_income": 14, "elsewhere": 6, **_LACKING},
        office_forms.social_pass,
    ),
    FurtherKind(
        "trade-parking",
        2,
        {"plain": 80, "other_trade": 12, **_LACKING},
        town_forms.trade_parking,
        firms="craft",
    ),
    FurtherKind(
        "no-stopping",
        3,
        {"plain": 74, "container": 14, "late": 8, **_FAULTY},
        town_forms.no_stopping,
    ),
    FurtherKind(
        "dog-tax",
        6,
        {"plain": 58, "two_dogs": 14, "relief": 12, "dangerous": 6, "remark": 4, **_LACKING},
        town_forms.dog,
    ),
    FurtherKind(
        "accommodation-tax",
        1,
        {"plain": 90, **_FAULTY},
        town_forms.accommodation,
        firms="accommodation",
    ),
    FurtherKind(
        "defect-report",
        7,
        {"anonymous": 62, "named": 22, "danger": 10, **_FAULTY},
        town_forms.defect,
    ),
    FurtherKind(
        "advance-maintenance",
        2,
        {"plain": 70, "teenager": 14, "elsewhere": 6, **_LACKING},
        family_forms.maintenance,
        _PARENTS,
    ),
    FurtherKind(
        "parental-allowance",
        2,
        {"plain": 60, "plus": 25, "too_late": 5, **_LACKING},
        family_forms.parental,
        _PARENTS,
    ),
    FurtherKind(
        "childcare-place",
        4,
        {"plain": 70, "sibling": 14, "at_once": 10, **_FAULTY},
        family_forms.childcare,
        _PARENTS,
    ),
)
KINDS: Final[Mapping[str, FurtherKind]] = {kind.service: kind for kind in _ALL}
