"""What was handed in: to the letter, and what makes it the same call."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from efile import lifecycle
from workflows.repeat import fingerprint


@dataclass(frozen=True, slots=True)
class Envelope:
    """What was sent: ``text`` to the letter, ``data`` the same as an object of sound shape.

    ``channel`` is the way it came. ``stamped_at`` is its moment of receipt where that is another
    one than that of filing: paper carries an entrance stamp. ``scans`` maps uploads to their
    SHA-256 where a sender may hand in the same bytes again with the same call. ``same`` is what
    makes it the same call where that is something else than its content. ``sha256`` is that of
    the RFC 8785 form of what was sent, where ``data`` is not that any more.
    """

    text: str
    data: Mapping[str, Any]
    channel: str = "portal"
    stamped_at: datetime | None = None
    scans: Mapping[str, str] = field(default_factory=dict)
    same: str = ""
    sha256: str = ""

    @property
    def service(self) -> str:
        return str(self.data["service"])

    @property
    def clarify(self) -> bool:
        """The sender cannot correct it any more: keep it rather than refuse it."""
        return bool(self.data.get("on_invalid", "reject") == "clarify")

    @property
    def digest(self) -> str:
        """What makes it the same call; a scan counts by its bytes, whatever it was called."""
        if self.same:
            return self.same
        if self.channel == "portal":
            return fingerprint("submission", dict(self.data))
        attachments = [
            {**one, "upload": self.scans.get(one["upload"], one["upload"])}
            for one in self.data.get("attachments") or []
        ]
        stamp = self.stamped_at.isoformat() if self.stamped_at else ""
        same = {**self.data, "attachments": attachments, "stamped_at": stamp}
        return fingerprint(f"submission:{self.channel}", same)


def as_kept(envelope: Envelope, tenant_id: int) -> Envelope:
    """The envelope as it is stored: to the letter, unless it names a bPK2.

    The pseudonym tells who somebody is across authorities, so it is never stored: its keyed hash
    (``holder``) takes its place, and the text is written anew with everything else unchanged.
    """
    sent = list(envelope.data.get("parties") or [])
    parties = [_without_pseudonym(party, tenant_id) for party in sent]
    if parties == sent:
        return envelope
    data = {**envelope.data, "parties": parties}
    return replace(envelope, text=json.dumps(data, ensure_ascii=False), data=data)


def _without_pseudonym(party: Mapping[str, Any], tenant_id: int) -> Mapping[str, Any]:
    identity = dict(party.get("identity") or {})
    if "bpk2" not in identity:
        return party
    holder = lifecycle.holder_of(tenant_id, identity.pop("bpk2"))
    return {**party, "identity": {**identity, "holder": holder}}
