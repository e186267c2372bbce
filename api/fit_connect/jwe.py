"""What is encrypted (RFC 7516): opened piece by piece with flat memory, sealed in one go.

FIT-Connect prescribes one form: compact, ``RSA-OAEP-256``, ``A256GCM``, maybe deflated. The
library opens only what fits into memory several times over; attachments do not have to. What has
been opened counts only once the last piece was asked for: there the tag is checked.
"""

import base64
import binascii
import hmac
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import AEADDecryptionContext, Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM
from joserfc import jwe
from joserfc.jwk import RSAKey

from api.fit_connect.keys import OPENS

ENCRYPTION: Final = "A256GCM"
# Header, key and vector together; only the ciphertext is long.
_LONGEST_HEAD: Final = 16 * 1024
_LONGEST_TAG: Final = 64
_PIECE: Final = 256 * 1024
_OAEP: Final = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
_MEMBERS: Final = frozenset({"alg", "enc", "kid", "zip", "cty", "typ"})


class NotOpened(Exception):
    """It is no JWE of the prescribed form, for none of our keys, or was altered (``why``)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def problem(self) -> str:
        """What the standard calls it."""
        named = {"event": "incorrect-authentication-tag", "limit": "technical-error"}
        return named.get(self.why, "encryption-issue")


@dataclass(slots=True)
class Sealed:
    """A JWE on its way in, as ``source`` yields it."""

    source: Iterable[bytes]
    keys: Mapping[str, RSAKey]
    _tag: str = field(default="", init=False)

    def opened(self, *, tag: str) -> Iterator[bytes]:
        """The plaintext, piece by piece; ``tag`` is the one that its event names.

        Refuses: NotOpened, at the latest after the last piece.
        """
        pieces = iter(self.source)
        head, rest = _split_head(pieces)
        header = _header(head[0])
        cipher = _cipher(head, header, self.keys)
        cipher_pieces = self._ciphertext(rest, pieces)
        plain = (cipher.update(piece) for piece in _decoded(cipher_pieces))
        inflate = _Inflated() if header.get("zip") == "DEF" else None
        for piece in plain:
            yield from inflate.pieces(piece) if inflate else (piece,)
        if inflate:
            yield inflate.rest()
        if not hmac.compare_digest(self._tag.encode(), tag.encode()):
            raise NotOpened("event")
        try:
            cipher.finalize_with_tag(_b64(self._tag))
        except (InvalidTag, ValueError):
            raise NotOpened("tag") from None
        if inflate and not inflate.is_whole:
            raise NotOpened("zip")

    def _ciphertext(self, first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
        """Everything up to the last dot; what follows it is the tag."""
        for piece in _chain(first, rest):
            ciphertext, dot, tag = piece.partition(b".")
            yield ciphertext
            if not dot:
                continue
            for more in rest:
                tag += more
                if len(tag) > _LONGEST_TAG:
                    break
            self._tag = tag.strip().decode("ascii", "replace")
            return
        raise NotOpened("form")


def tag_of(compact: str) -> str:
    """The authentication tag of a JWE: its last segment."""
    return compact.strip().rpartition(".")[2]


def opened(compact: str, keys: Mapping[str, RSAKey], *, limit: int) -> bytes:
    """The plaintext of a JWE that fits into memory. Refuses: NotOpened, also beyond ``limit``."""
    found = bytearray()
    sealed = Sealed([compact.strip().encode("ascii", "replace")], keys)
    for piece in sealed.opened(tag=tag_of(compact)):
        found += piece
        if len(found) > limit:
            raise NotOpened("limit")
    return bytes(found)


def sealed(content: bytes, key: RSAKey, *, kid: str, media_type: str) -> str:
    """``content`` encrypted for whoever holds the private half of ``key``."""
    header = {"alg": OPENS, "enc": ENCRYPTION, "kid": kid, "cty": media_type}
    return jwe.encrypt_compact(header, content, key, algorithms=[OPENS, ENCRYPTION])


def _split_head(pieces: Iterator[bytes]) -> tuple[list[bytes], bytes]:
    """Header, encrypted key and vector, and the beginning of the ciphertext."""
    begun = b""
    for piece in pieces:
        begun += piece
        *head, rest = begun.split(b".", 3)
        if len(head) == 3:
            return head, rest
        if len(begun) > _LONGEST_HEAD:
            break
    raise NotOpened("form")


def _header(segment: bytes) -> Mapping[str, Any]:
    try:
        header = json.loads(_b64(segment))
    except ValueError:
        raise NotOpened("form") from None
    if not isinstance(header, dict) or set(header) - _MEMBERS:
        raise NotOpened("header")
    if (header.get("alg"), header.get("enc")) != (OPENS, ENCRYPTION):
        raise NotOpened("algorithm")
    if header.get("zip") not in (None, "DEF"):
        raise NotOpened("zip")
    return header


def _cipher(
    head: list[bytes], header: Mapping[str, Any], keys: Mapping[str, RSAKey]
) -> AEADDecryptionContext:
    protected, encrypted_key, vector = head
    key = keys.get(str(header.get("kid")))
    if key is None or key.private_key is None:
        raise NotOpened("kid")
    try:
        content_key = key.private_key.decrypt(_b64(encrypted_key), _OAEP)
        decryptor = Cipher(AES(content_key), GCM(_b64(vector))).decryptor()
    except ValueError:
        raise NotOpened("key") from None
    if len(content_key) != 32 or len(_b64(vector)) != 12:
        raise NotOpened("key")
    decryptor.authenticate_additional_data(protected)
    return decryptor


def _decoded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """base64url without padding, four characters at a time."""
    left = b""
    for piece in pieces:
        begun = left + piece
        cut = len(begun) - len(begun) % 4
        left = begun[cut:]
        for at in range(0, cut, _PIECE):
            yield _b64(begun[at : min(at + _PIECE, cut)])
    if left:
        yield _b64(left)


def _b64(text: bytes | str) -> bytes:
    """ValueError becomes NotOpened: strict, without what lenient decoders overlook."""
    raw = text.encode("ascii", "replace") if isinstance(text, str) else text
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotOpened("form") from None


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


class _Inflated:
    """Raw deflate (RFC 1951), never more than a piece at a time."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)

    @property
    def is_whole(self) -> bool:
        return self._inflate.eof and not self._inflate.unused_data

    def rest(self) -> bytes:
        """What was held back of the last piece."""
        return self._inflate.flush()

    def pieces(self, deflated: bytes) -> Iterator[bytes]:
        """What ``deflated`` becomes. Refuses: NotOpened."""
        while deflated:
            try:
                yield self._inflate.decompress(deflated, _PIECE)
            except zlib.error:
                raise NotOpened("zip") from None
            deflated = self._inflate.unconsumed_tail
