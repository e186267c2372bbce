"""The sheet on which an application is taken down: what was posted, read by the service's form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from backoffice.pages.presenters.party_forms import parties_schema
from backoffice.pages.schema_reading import Posted, read, written
from efile.kernel.errors import FieldError, Invalid
from workflows.catalogue.definition import Definition
from workflows.catalogue.pointers import join, split
from workflows.counter import Channel, Scan, Statement

FORM: Final = "/form"
# Files that answer no proof of the service.
OTHER: Final = "-"
# What is asked beside the form, each a single value.
ASKED: Final = ("channel", "received_on", "language", "sight")
_LONGEST: Final = 100
_DATE: Final = {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """An application as far as it is taken down.

    ``asked`` holds ASKED as posted, ``form`` and ``parties`` (by role) are JSON; ``scans`` go with
    the key of their proof, OTHER for none.
    """

    definition: Definition
    key: str
    asked: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)
    parties: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    scans: Sequence[tuple[str, Scan]] = ()
    added: str = ""

    @property
    def posted(self) -> Posted:
        """The sheet as its page posts it, rows that were left blank taken out."""
        known = written(self.definition.form, self.form, FORM)
        for rule in self.definition.parties:
            said = list(self.parties.get(rule.role, ()))
            known |= written(parties_schema(rule), said, parties_pointer(rule.role))
        return known

    def statement(self, *, clarify: bool) -> Statement:
        """What the verb is told. Refuses: Invalid at /received_on for what is no day."""
        return Statement(
            service=self.definition.key,
            channel=self.asked.get("channel", ""),
            form=self.form,
            parties=[{"role": role, **party} for role, found in self._by_rule() for party in found],
            scans=[("" if proof == OTHER else proof, scan) for proof, scan in self.scans],
            language=self.asked.get("language") or "de",
            sight=self.asked.get("sight", ""),
            received_on=_day(self.asked.get("received_on", "")),
            clarify=clarify,
        )

    def place_of(self, error: FieldError) -> str:
        """Where on the page ``error`` belongs: a pointer of the page, of an upload, of ASKED."""
        match split(error.pointer):
            case ["parties"]:
                return parties_pointer(str(error.facts.get("role", "")))
            case ["parties", _, "identity", *_]:
                return "/sight"
            case ["parties", number, *rest] if number.isdecimal():
                return self._party_pointer(int(number), rest)
            case ["attachments"]:
                return proof_pointer(str(error.facts.get("proof", OTHER)))
            case ["attachments", number, *_] if number.isdecimal():
                proof, scan = self.scans[int(number)]
                return join(proof_pointer(proof), str(scan.id))
            case _:
                return error.pointer

    def _by_rule(self) -> list[tuple[str, Sequence[Mapping[str, Any]]]]:
        return [(one.role, self.parties.get(one.role, ())) for one in self.definition.parties]

    def _party_pointer(self, number: int, rest: Sequence[str]) -> str:
        """Parties are one list in the envelope and one list per role on the page."""
        for role, found in self._by_rule():
            if number < len(found):
                return join(parties_pointer(role), number, *rest)
            number -= len(found)
        return "/parties"


def new_sheet(
    definition: Definition,
    key: str,
    applicant: Mapping[str, Any] | None,
    form: Mapping[str, Any] | None = None,
) -> Sheet:
    """An empty sheet, with the applicant and what of the ``form`` is known already."""
    known = {"applicant": [applicant]} if applicant else {}
    asked = {"channel": Channel.COUNTER}
    return Sheet(definition, key, asked=asked, form=form or {}, parties=known)


def read_sheet(definition: Definition, posted: Posted, scans: Sequence[tuple[str, Scan]]) -> Sheet:
    """The sheet that ``posted`` says, whatever is wrong with it."""
    form = read(definition.form, posted, FORM, needed=True)
    return Sheet(
        definition=definition,
        key=_one(posted, "key"),
        asked={name: _one(posted, name) for name in ASKED}
        | {"received_on": read(_DATE, posted, "received_on") or ""},
        form=form,
        parties={rule.role: _parties(rule, posted) for rule in definition.parties},
        scans=scans,
        added=_one(posted, "add"),
    )


def without(posted: Posted, pointer: str) -> dict[str, Sequence[str]]:
    """``posted`` without a row, a party or a file: its values are blank, so it is not there."""
    kept = {
        name: values
        for name, values in posted.items()
        if name != pointer and not name.startswith(f"{pointer}/")
    }
    above, _, last = pointer.rpartition("/")
    name = join(above, "kept")
    return kept | {name: [value for value in posted.get(name, ()) if value != last]}


def kept_ids(definition: Definition, posted: Posted) -> list[tuple[str, UUID]]:
    """The files that came along from an earlier sending, with the key of their proof."""
    return [
        (proof, UUID(value))
        for proof in proofs_of(definition)
        for value in posted.get(join(proof_pointer(proof), "kept"), ())
        if _is_id(value)
    ]


def proofs_of(definition: Definition) -> list[str]:
    """The keys of all that can be enclosed."""
    return [*(proof.key for proof in definition.proofs), OTHER]


def parties_pointer(role: str) -> str:
    return join("/parties", role)


def proof_pointer(proof: str) -> str:
    return join("/attachments", proof)


def _parties(rule: Any, posted: Posted) -> list[dict[str, Any]]:
    """The parties of a role; one that is needed is there even where nothing was said of it."""
    schema = parties_schema(rule)
    found = read(schema, posted, parties_pointer(rule.role), needed=True)
    if not found and rule.required:
        found = [{}]
    return [{"kind": rule.kinds[0], **party} for party in found]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid([FieldError("/received_on", "date")]) from None


def _one(posted: Posted, name: str) -> str:
    values = posted.get(name, ())
    return values[-1].strip()[:_LONGEST] if values else ""


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
