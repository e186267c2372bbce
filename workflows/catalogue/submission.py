"""What a submission must contain under a service definition: form, parties and proofs."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, Final

from efile.kernel.errors import FieldError
from workflows.catalogue.definition import Definition
from workflows.catalogue.forms import FormValidator
from workflows.catalogue.parts import PartyRule
from workflows.catalogue.pointers import join

# eIDAS, rising
ASSURANCE: Final = ("none", "basic", "substantial", "high")

# What can be known of a party, and which of it only of a person or only of an organisation.
_TEXT: Final = {"type": "string", "pattern": r"\S", "maxLength": 300}
_ADDRESS: Final = {
    "type": "object",
    "required": ["street", "number", "postcode", "city"],
    "properties": dict.fromkeys(("street", "number", "postcode", "city"), _TEXT),
}
PARTY_FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "given_names": _TEXT,
    "family_name": _TEXT,
    "birth_name": _TEXT,
    "birth_date": {"type": "string", "format": "date"},
    "organisation": _TEXT,
    "address": _ADDRESS,
    "email": {"type": "string", "format": "idn-email", "maxLength": 254},
    "phone": {"type": "string", "pattern": r"\d", "maxLength": 60},
}
# What a representative is authorised to (§ 14 (1) VwVfG NRW, § 13 (1) SGB X).
_AUTHORITY: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["scope"],
    "properties": {
        "scope": {
            "type": "array",
            "items": {"enum": ["application", "receipt"]},
            "minItems": 1,
            "uniqueItems": True,
        },
        "until": {"type": "string", "format": "date"},
    },
}
_OF_PERSONS: Final = frozenset({"given_names", "family_name", "birth_name", "birth_date"})


def errors_in(definition: Definition, submission: Mapping[str, Any]) -> list[FieldError]:
    """Every fault of ``submission`` (an envelope of sound shape), ordered by pointer and part.

    Checks the form, the parties and their assurance level, and that required proofs are
    enclosed; pointers lead into the submission. What the uploads are is for intake to see.
    """
    form = submission.get("form")
    faults = definition.validator.errors(form)
    faults += _party_faults(definition, submission.get("parties", []))
    attachments = submission.get("attachments", [])
    faults += _unknown_proofs(definition, attachments)
    if any(fault.pointer.startswith("/form") for fault in faults):
        return faults  # which proofs are needed follows from the form
    enclosed = {attachment.get("proof") for attachment in attachments}
    taking_part = {party.get("role") for party in submission.get("parties", [])}
    needed = definition.required_proofs(form or {})
    # § 14 (1) VwVfG NRW: who acts for somebody else shows by what authority.
    needed += [r.proof for r in definition.parties if r.proof and r.role in taking_part]
    missing = [key for key in dict.fromkeys(needed) if key not in enclosed]
    return faults + [FieldError("/attachments", "proof_missing", {"proof": k}) for k in missing]


def applicant_of(submission: Mapping[str, Any]) -> Mapping[str, Any]:
    """The party that applies; empty where the service knows none."""
    parties = submission.get("parties", [])
    return next((party for party in parties if party.get("role") == "applicant"), {})


def representative_of(submission: Mapping[str, Any], scope: str, on: date) -> Mapping[str, Any]:
    """The party whose authority covers ``scope`` ``on`` that day; empty where none does."""
    for party in submission.get("parties", []):
        authority = party.get("authority") or {}
        lasts = on.isoformat() <= str(authority.get("until") or "9999")
        if party.get("role") == "representative" and scope in authority.get("scope", []) and lasts:
            found: Mapping[str, Any] = party
            return found
    return {}


def facts_of(applicant: Mapping[str, Any]) -> dict[str, Any]:
    """What rules may read of a party (``applicant.*``), as ``Rules.bind`` takes it."""
    stated = {**(applicant.get("address") or {}), **applicant}
    stated["assurance"] = (applicant.get("identity") or {}).get("assurance", ASSURANCE[0])
    return stated


def _unknown_proofs(
    definition: Definition, attachments: list[Mapping[str, Any]]
) -> Iterator[FieldError]:
    known = [proof.key for proof in definition.proofs]
    for index, attachment in enumerate(attachments):
        if attachment.get("proof") not in (None, *known):
            yield FieldError(f"/attachments/{index}/proof", "proof_unknown", {"allowed": known})


def _party_faults(definition: Definition, parties: list[Mapping[str, Any]]) -> Iterator[FieldError]:
    rules = {rule.role: rule for rule in definition.parties}
    count: dict[str, int] = dict.fromkeys(rules, 0)
    for index, party in enumerate(parties):
        here = join("/parties", index)
        rule = rules.get(party.get("role", ""))
        if rule is None:
            yield FieldError(join(here, "role"), "enum", {"allowed": list(rules)})
            continue
        count[rule.role] += 1
        if count[rule.role] > rule.most:
            yield FieldError(here, "party_surplus", {"role": rule.role, "limit": rule.most})
        if party.get("kind") not in rule.kinds:
            yield FieldError(join(here, "kind"), "enum", {"allowed": list(rule.kinds)})
            continue
        yield from _party_form(rule, party["kind"]).errors(dict(party), here)
        yield from _authority_faults(party, join(here, "authority"))
        if rule.role == "applicant":
            yield from _assurance_faults(definition.assurance_level, party, here)
    for role, rule in rules.items():
        if rule.required and not count[role]:
            yield FieldError("/parties", "party_missing", {"role": role})


def _authority_faults(party: Mapping[str, Any], here: str) -> Iterator[FieldError]:
    if "authority" not in party:
        return
    if party.get("role") != "representative":
        yield FieldError(here, "additional_properties")
        return
    yield from _authority_form().errors(party["authority"], here)


@cache
def _authority_form() -> FormValidator:
    return FormValidator(_AUTHORITY)


def _assurance_faults(minimum: str, party: Mapping[str, Any], here: str) -> Iterator[FieldError]:
    shown = (party.get("identity") or {}).get("assurance", "none")
    if shown not in ASSURANCE or ASSURANCE.index(shown) < ASSURANCE.index(minimum):
        pointer = join(here, "identity", "assurance")
        yield FieldError(pointer, "assurance_too_low", {"minimum": minimum})


@cache
def _party_form(rule: PartyRule, kind: str) -> FormValidator:
    alien = {"organisation"} if kind == "person" else _OF_PERSONS
    needed = [name for name in rule.fields if name not in alien]
    return FormValidator({"type": "object", "required": needed, "properties": dict(PARTY_FIELDS)})
