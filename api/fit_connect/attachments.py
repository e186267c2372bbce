"""Attachments: fetched, opened and hashed on their way into the store, whatever their size."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from joserfc.jwk import RSAKey

from api.fit_connect.client import DeliveryService, NotThere
from api.fit_connect.jwe import NotOpened, Sealed
from api.fit_connect.metadata import Listed
from api.fit_connect.problems import Faulty, Problem
from efile.kernel.errors import Invalid
from efile.storage import Stored, default_store


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lies in the store, and its SHA-512, which the metadata name."""

    stored: Stored
    sha512: str


def fetch_all(
    service: DeliveryService,
    what: str,
    key: UUID,
    attachments: Sequence[UUID],
    tags: Mapping[str, str],
    opening: Mapping[str, RSAKey],
) -> dict[UUID, Fetched]:
    """Every attachment of the submission or reply, opened. Refuses: Faulty naming each fault.

    The bytes are durable when this returns; what nobody refers to later is collected.
    """
    problems: list[Problem] = []
    found = {}
    for attachment in attachments:
        try:
            found[attachment] = _fetch(service, what, key, attachment, tags, opening)
        except Faulty as faulty:
            problems += faulty.problems
    if problems:
        raise Faulty(problems)
    return found


def _fetch(
    service: DeliveryService,
    what: str,
    key: UUID,
    attachment: UUID,
    tags: Mapping[str, str],
    opening: Mapping[str, RSAKey],
) -> Fetched:
    problem, digest = "", hashlib.sha512()

    def watched(plain: Iterator[bytes]) -> Iterator[bytes]:
        for piece in plain:
            digest.update(piece)
            yield piece

    try:
        with service.attachment(what, key, attachment) as pieces:
            sealed = Sealed(pieces, opening)
            stored = default_store().write(
                watched(sealed.opened(tag=tags.get(str(attachment), ""))),
                max_bytes=settings.FITCONNECT_ATTACHMENT_MAX_BYTES,
            )
        return Fetched(stored, digest.hexdigest())
    except NotThere:
        problem = "missing-attachment"
    except NotOpened as error:
        problem = error.problem
    except Invalid:  # too large for the store
        problem = "technical-error"
    raise Faulty([Problem(problem, f"attachment:{attachment}")])


def joined(listed: Listed, fetched: Mapping[UUID, Fetched]) -> Fetched:
    """The attachment as one file, also where it came in fragments."""
    if not listed.fragments:
        return fetched[listed.id]
    digest = hashlib.sha512()

    def pieces() -> Iterator[bytes]:
        for fragment in listed.fragments:
            part = fetched[fragment].stored
            for piece in default_store().read_range(part.sha256, 0, part.size):
                digest.update(piece)
                yield piece

    stored = default_store().write(pieces(), max_bytes=settings.FITCONNECT_ATTACHMENT_MAX_BYTES)
    return Fetched(stored, digest.hexdigest())
