"""What an application is when the portal sends it: its envelope, its files, who applies."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from backoffice.demo.names import ORIGINS
from backoffice.demo.people import Organisation, Resident

BERLIN: Final = ZoneInfo("Europe/Berlin")

# What the door says to an application that lacks something, where the sender can still mend it.
_TURNED_DOWN: Final = ("form_invalid", "proof_missing")


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A file an applicant can enclose; ``render`` makes its bytes when they are needed."""

    proof: str
    filename: str
    media_type: str
    render: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Application:
    """One submission as the portal will send it.

    ``body`` is the submission without ``attachments``; those follow from ``enclosed`` once it is
    uploaded. ``at_hand`` can be sent later, when asked for. ``trait`` names what is special
    about it, ``expected`` the HTTP statuses with which the door may answer.
    """

    key: str
    sent_at: datetime
    body: dict[str, Any]
    enclosed: tuple[ProofFile, ...]
    at_hand: tuple[ProofFile, ...]
    trait: str
    expected: frozenset[int]


@dataclass(frozen=True, slots=True)
class Draw:
    """What one application is made from: chance, when, who, and what is special about it."""

    rng: Random
    sent_at: datetime
    trait: str
    one: Resident

    @property
    def on(self) -> date:
        """The local day on which it is sent."""
        return self.sent_at.astimezone(BERLIN).date()

    def given_name(self) -> str:
        """The given name of somebody else: a child, a guest, an ancestor."""
        return self.rng.choice(self.rng.choice(tuple(ORIGINS.values())).given)

    def family_name(self) -> str:
        """The family name of somebody else."""
        return self.rng.choice(self.rng.choice(tuple(ORIGINS.values())).family)


def application(
    draw: Draw,
    *,
    body: dict[str, Any],
    enclosed: tuple[ProofFile, ...] = (),
    at_hand: tuple[ProofFile, ...] = (),
) -> Application:
    """Put the envelope around ``body`` and say what the door must answer."""
    rng, trait = draw.rng, draw.trait
    clarify = trait.endswith("_clarify")
    if trait.startswith("service_unknown"):
        # as a portal writes that was not told of a new name
        body["service"] += "-2024"
    if clarify:
        expected = {202}
    elif trait in _TURNED_DOWN:
        expected = {422}
    else:
        # 409: the only day wished for is full or no collection day
        expected = {201, 409} if trait == "strict" else {201}
    return Application(
        key=str(UUID(bytes=rng.randbytes(16), version=4)),
        sent_at=draw.sent_at,
        body=body
        | {
            "language": "en" if rng.random() < 0.05 else "de",
            "consents": {"electronic_delivery": rng.random() < 0.9},
            "reply_channel": {"kind": "portal"},
            "on_invalid": "clarify" if clarify else "reject",
        },
        enclosed=enclosed,
        at_hand=at_hand,
        trait=trait,
        expected=frozenset(expected),
    )


def person(draw: Draw, *, login: bool = True) -> dict[str, Any]:
    """The applicant; who logged in is vouched for, who did not is only typed."""
    one = draw.one
    party: dict[str, Any] = {
        "role": "applicant",
        "kind": "person",
        "given_names": one.given_names,
        "family_name": one.family_name,
        "birth_date": one.birth_date.isoformat(),
        "address": asdict(one.address),
        "email": one.email,
    }
    if not one.given_names:
        del party["given_names"]
    if login:
        assurance = draw.rng.choice(("substantial", "substantial", "high"))
        party["identity"] = {"source": "bundid", "assurance": assurance, "bpk2": one.bpk2}
    return party


def organisation(firm: Organisation, *, login: bool = True) -> dict[str, Any]:
    """A firm as applicant, signed in with its account for organisations unless it only typed."""
    local = "".join(c for c in firm.name.lower() if c.isascii() and c.isalpha())[:24]
    party: dict[str, Any] = {
        "role": "applicant",
        "kind": "organisation",
        "organisation": firm.name,
        "address": asdict(firm.address),
        "email": f"{local}@musterpost.invalid",
        "phone": "02999 4711",
    }
    if login:
        party["identity"] = {"source": "mein-unternehmenskonto", "assurance": "substantial"}
    return party


def pdf(proof: str, filename: str, render: Callable[[], bytes]) -> ProofFile:
    """A PDF to enclose as ``proof``."""
    return ProofFile(proof, filename, "application/pdf", render)
