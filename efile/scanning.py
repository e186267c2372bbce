"""Scanning for malware: a client of ClamAV's daemon, and who may open what it has not cleared."""

import io
import socket
import struct
from enum import StrEnum
from time import monotonic
from typing import BinaryIO, Final, Literal
from urllib.parse import urlsplit

from django.conf import settings

from efile.kernel.errors import Conflict
from efile.models import ScanState

# Why there is no verdict. ``away`` passes, ``too_large`` is for the operator to change.
Why = Literal["away", "too_large", "timeout", "failed"]
_CHUNK: Final = 256 * 1024
_LONGEST_ANSWER: Final = 4096
# What the daemon says of a file it has not looked through to the end (AlertExceedsMax).
_LIMITS: Final = "Heuristics.Limits.Exceeded"


class NotScanned(Exception):
    """The scanner gave no verdict; what was not scanned is not clean."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


class NotYetScanned(Conflict):
    """Nobody opens what came from outside before it has been scanned."""

    code = "not_yet_scanned"


class Infected(Conflict):
    """It contains malware: nobody opens it, ever."""

    code = "infected"


class Hold(StrEnum):
    """Why a document may not be opened."""

    PENDING = "pending"
    INFECTED = "infected"


def is_configured() -> bool:
    """Whether this installation has a scanner (setting ``CLAMD_URL``)."""
    return bool(settings.CLAMD_URL)


def hold_on(scan: str, direction: str = "in") -> Hold | None:
    """Why nobody may open bytes in this state of ``Content.scan``; None: they may.

    The one rule for whoever shows, draws or hands out a file. What the office made itself
    (``direction`` "out") waits for no scanner, and without one nothing waits.
    """
    if scan == ScanState.INFECTED:
        return Hold.INFECTED
    if scan == ScanState.NOT_SCANNED and direction == "in" and is_configured():
        return Hold.PENDING
    return None


def require_cleared(scan: str, direction: str = "in") -> None:
    """Refuses: NotYetScanned, Infected, where ``hold_on`` names a reason."""
    match hold_on(scan, direction):
        case Hold.INFECTED:
            raise Infected
        case Hold.PENDING:
            raise NotYetScanned


def scan(file: BinaryIO, *, seconds: float) -> ScanState:
    """What the scanner says of ``file``, read from where it stands: CLEAN or INFECTED.

    Raises NotScanned, also when it takes longer than ``seconds``. The daemon's INSTREAM command
    (clamd(8)): pieces, each behind its length in four bytes, and a piece of no length at the end.
    """
    end = monotonic() + seconds
    try:
        with _connected(min(seconds, settings.CLAMD_TIMEOUT)) as channel:
            return _verdict(_answer(channel, file, end))
    except TimeoutError:
        raise NotScanned("timeout") from None
    except OSError:
        raise NotScanned("away") from None


def _connected(seconds: float) -> socket.socket:
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "unix":
        channel = socket.socket(socket.AF_UNIX)
        channel.settimeout(seconds)
        try:
            channel.connect(address.path)
        except OSError:
            channel.close()
            raise
        return channel
    return socket.create_connection((address.hostname or "", address.port or 0), seconds)


def _answer(channel: socket.socket, file: BinaryIO, end: float) -> str:
    try:
        _send(channel, b"zINSTREAM\0", end)
        while piece := file.read(_CHUNK):
            _send(channel, struct.pack(">I", len(piece)) + piece, end)
        _send(channel, struct.pack(">I", 0), end)
    except ConnectionError:
        # It hung up in the middle: mostly it says why, and that its limit was reached.
        return _heard(channel, end)
    return _heard(channel, end)


def _send(channel: socket.socket, content: bytes, end: float) -> None:
    channel.settimeout(_left(end))
    channel.sendall(content)


def _heard(channel: socket.socket, end: float) -> str:
    heard = io.BytesIO()
    while heard.tell() < _LONGEST_ANSWER:
        channel.settimeout(_left(end))
        piece = channel.recv(_LONGEST_ANSWER)
        heard.write(piece)
        if not piece or piece.endswith(b"\0"):
            break
    return heard.getvalue().rstrip(b"\0\n").decode("ascii", "replace")


def _left(end: float) -> float:
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _verdict(answer: str) -> ScanState:
    """``stream: OK``, ``stream: <name> FOUND`` or ``<reason> ERROR``; silence is no verdict."""
    if answer == "stream: OK":
        return ScanState.CLEAN
    if answer.endswith(" FOUND"):
        if answer.removeprefix("stream: ").startswith(_LIMITS):
            raise NotScanned("too_large")
        return ScanState.INFECTED
    raise NotScanned("too_large" if "size limit exceeded" in answer else "failed")
