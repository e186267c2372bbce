"""Whether the journal still proves what happened: every fault is found and named."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from itertools import islice
from typing import Any, Literal
from uuid import UUID

from efile.kernel.erasure import ValuesErased
from efile.kernel.journal import (
    NO_PREVIOUS,
    canonical,
    entry_mac,
    head_proof,
    seal_root,
    tenant_chain,
    values_digest,
)
from efile.kernel.models import (
    JournalChain,
    JournalEntry,
    JournalSeal,
    JournalSealMember,
    JournalValues,
    Tenant,
)

Kind = Literal[
    "altered_entry",  # who, what or when was changed after the fact
    "recomputed_chain",  # consistent in itself, but made without the key
    "altered_values",  # the values are not those that were recorded
    "missing_values",  # values gone, and no lawful erasure says so
    "broken_link",  # the entry does not follow the one before it
    "missing_entry",  # a number of the chain is not there
    "cut_tail",  # the chain once was longer
    "altered_head",  # the head was not written by the application
    "missing_chain",  # a case, or a seal's memory of one, without any chain
    "missing_case",  # a chain whose case is gone
    "altered_row",  # the business row says something else than the journal
    "altered_seal",  # a seal does not follow from what it sealed
    "missing_seal",  # a number of the seals is not there
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; ``detail`` names columns and numbers, never values."""

    kind: Kind
    tenant: int
    chain: UUID | None
    seq: int | None
    detail: str


@dataclass(slots=True)
class Report:
    """``checked`` entries were read."""

    checked: int = 0
    faults: list[Fault] = field(default_factory=list)


# What a case's rows say now: chain → {watched field: value}; chains without a case are left out.
Projection = Callable[[Sequence[UUID]], Mapping[UUID, Mapping[str, Any]]]

CHUNK = 500


def verify(
    projections: Sequence[Projection],
    unchained: Callable[[Any], Iterable[tuple[int, UUID]]],
    *,
    only: UUID | None = None,
) -> Report:
    """Read every chain (or ``only`` one), its values and seals, and the rows it speaks of.

    ``unchained`` gives tenant and id of the cases without any of the chains it is handed.
    """
    report = Report()
    known = JournalChain.objects.order_by("id")
    for chains in _chunks(known.filter(id=only) if only else known):
        _Chunk(chains, report, projections).check()
    if only is None:
        for tenant_id in Tenant.objects.order_by("id").values_list("id", flat=True):
            _check_seals(tenant_id, report)
        report.faults.extend(
            Fault("missing_chain", tenant_id, case, None, "the case has no journal")
            for tenant_id, case in unchained(JournalChain.objects.values("id"))
        )
    return report


def _chunks(chains: Any) -> Iterator[list[JournalChain]]:
    stream = chains.iterator(chunk_size=CHUNK)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


class _Chunk:
    """Some chains with everything that is said about them, each read in one statement."""

    def __init__(
        self, chains: list[JournalChain], report: Report, projections: Sequence[Projection]
    ) -> None:
        ids = [chain.id for chain in chains]
        self.chains = chains
        self.report = report
        self.entries: dict[UUID, list[JournalEntry]] = defaultdict(list)
        for entry in JournalEntry.objects.filter(chain_id__in=ids).order_by("chain_id", "seq"):
            self.entries[entry.chain_id].append(entry)
        self.values = {
            (row.chain, row.seq): row for row in JournalValues.objects.filter(chain__in=ids)
        }
        self.sealed: dict[UUID, list[JournalSealMember]] = defaultdict(list)
        for member in JournalSealMember.objects.filter(chain__in=ids).order_by("seq"):
            self.sealed[member.chain].append(member)
        self.rows: dict[UUID, dict[str, Any]] = {}
        for project in projections:
            for chain, row in project(ids).items():
                self.rows.setdefault(chain, {}).update(row)

    def check(self) -> None:
        for chain in self.chains:
            entries = self.entries[chain.id]
            self.report.checked += len(entries)
            self.report.faults.extend(self._chain_faults(chain, entries))

    def _chain_faults(self, chain: JournalChain, entries: list[JournalEntry]) -> Iterator[Fault]:
        def fault(kind: Kind, seq: int | None, detail: str) -> Fault:
            return Fault(kind, chain.tenant_id, chain.id, seq, detail)

        forged = [entry.seq for entry in entries if not _mac_holds(entry)]
        if entries and len(forged) == len(entries) and not list(_link_faults(entries, fault)):
            yield fault("recomputed_chain", None, "every link was made without the key")
        else:
            for seq in forged:
                yield fault("altered_entry", seq, "kind, actor, at, values_digest or mac")
        yield from _link_faults(entries, fault)
        yield from self._head_faults(chain, entries, fault)
        yield from self._value_faults(chain, entries, fault)
        yield from self._row_faults(chain, entries, fault)

    def _head_faults(
        self, chain: JournalChain, entries: list[JournalEntry], fault: Callable[..., Fault]
    ) -> Iterator[Fault]:
        proof = head_proof(chain.id, chain.seq, bytes(chain.head))
        if not compare_digest(proof, bytes(chain.proof)):
            yield fault("altered_head", chain.seq, "proof")
        last = entries[-1] if entries else None
        length = last.seq if last else 0
        longest = max([chain.seq, *(member.seq for member in self.sealed[chain.id])])
        if length < longest:
            yield fault("cut_tail", length + 1, f"{longest} entries were recorded")
        elif last and bytes(last.mac) != bytes(chain.head):
            yield fault("altered_head", last.seq, "head")
        at = {entry.seq: bytes(entry.mac) for entry in entries}
        for member in self.sealed[chain.id]:
            if member.seq in at and at[member.seq] != bytes(member.head):
                yield fault("recomputed_chain", member.seq, f"seal {member.seal_id} differs")

    def _value_faults(
        self, chain: JournalChain, entries: list[JournalEntry], fault: Callable[..., Fault]
    ) -> Iterator[Fault]:
        erased_through = max(
            (
                self._read(entry)["facts"]["through"]
                for entry in entries
                if entry.kind == ValuesErased.name and (chain.id, entry.seq) in self.values
            ),
            default=0,
        )
        for entry in entries:
            values = self.values.get((chain.id, entry.seq))
            if values is None:
                if entry.seq > erased_through:
                    yield fault("missing_values", entry.seq, "no lawful erasure covers it")
            elif values_digest(bytes(values.salt), values.values) != bytes(entry.values_digest):
                yield fault("altered_values", entry.seq, "values or salt")

    def _row_faults(
        self, chain: JournalChain, entries: list[JournalEntry], fault: Callable[..., Fault]
    ) -> Iterator[Fault]:
        if chain.id == tenant_chain(chain.tenant_id):
            return
        row = self.rows.get(chain.id)
        if row is None:
            yield fault("missing_case", None, "no row carries this chain's id")
            return
        told = self._told(entries)
        for name, (seq, after) in told.items():
            if name not in row and after is not None:
                yield fault("altered_row", seq, f"{name}: the row is gone")
            elif json.loads(canonical(row.get(name))) != after:
                yield fault("altered_row", seq, name)
        if all((chain.id, entry.seq) in self.values for entry in entries):
            unheard = [name for name in sorted(row.keys() - told.keys()) if row[name]]
            yield from (fault("altered_row", None, f"{name}: never recorded") for name in unheard)

    def _told(self, entries: list[JournalEntry]) -> dict[str, tuple[int, Any]]:
        """The last value the journal tells of each watched field, with its entry's number."""
        return {
            name: (entry.seq, after)
            for entry in entries
            if (entry.chain_id, entry.seq) in self.values
            for name, (_, after) in self._read(entry)["changes"].items()
        }

    def _read(self, entry: JournalEntry) -> dict[str, Any]:
        try:
            values = json.loads(self.values[entry.chain_id, entry.seq].values)
            return {"changes": dict(values["changes"]), "facts": {"through": 0} | values["facts"]}
        except (ValueError, TypeError, KeyError):  # tampered with; altered_values names it
            return {"changes": {}, "facts": {"through": 0}}


def _mac_holds(entry: JournalEntry) -> bool:
    mac = entry_mac(
        entry.chain_id,
        entry.seq,
        entry.kind,
        entry.actor,
        entry.at,
        bytes(entry.values_digest),
        bytes(entry.previous),
    )
    return compare_digest(mac, bytes(entry.mac))


def _link_faults(entries: list[JournalEntry], fault: Callable[..., Fault]) -> Iterator[Fault]:
    expected, previous = 1, NO_PREVIOUS
    for entry in entries:
        if entry.seq != expected:
            yield fault("missing_entry", expected, f"up to {entry.seq - 1}")
        elif bytes(entry.previous) != previous:
            yield fault("broken_link", entry.seq, "previous")
        expected, previous = entry.seq + 1, bytes(entry.mac)


def _check_seals(tenant_id: int, report: Report) -> None:
    """The seals follow one another, say what they sealed, and every chain they saw is there."""
    expected, previous = 1, NO_PREVIOUS
    for seal in JournalSeal.objects.filter(tenant_id=tenant_id).order_by("number"):
        members = [
            (member.chain, member.seq, bytes(member.head))
            for member in JournalSealMember.objects.filter(seal_id=seal.id)
        ]
        root = seal_root(tenant_id, seal.number, seal.at, bytes(seal.previous), members)
        if seal.number != expected:
            report.faults.append(
                Fault("missing_seal", tenant_id, None, expected, f"up to {seal.number - 1}")
            )
        elif not compare_digest(root, bytes(seal.root)) or bytes(seal.previous) != previous:
            report.faults.append(
                Fault("altered_seal", tenant_id, None, seal.number, "root, previous or members")
            )
        expected, previous = seal.number + 1, bytes(seal.root)
    gone = (
        JournalSealMember.objects.filter(tenant_id=tenant_id)
        .exclude(chain__in=JournalChain.objects.filter(tenant_id=tenant_id).values("id"))
        .values_list("chain", flat=True)
        .distinct()
    )
    report.faults.extend(
        Fault("missing_chain", tenant_id, chain, None, "sealed once, gone now") for chain in gone
    )
