"""The city's payment platform: a client of XBezahldienste 1.0.0.

``POST /paymenttransaction/{originatorId}/{endPointId}`` begins a transaction, ``GET`` of the same
with its id tells how it stands. What a browser brings back from the platform proves nothing: how a
payment stands is only ever asked here, from server to server.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import httpx
import structlog
from django.conf import settings

from efile.kernel.errors import Unavailable

log = structlog.get_logger()

STATUSES: Final = ("INITIAL", "BOOKED", "FAILED", "CANCELED")
# What the standard lets a platform refuse, and whether asking once more can help.
FINAL: Final = frozenset({"CALCULATION_ERROR", "BOOKING_DATA_MISSING", "VALIDATION_ERROR"})
EXISTS: Final = "PAYMENT_EXISTS"
ERRORS: Final = FINAL | {
    EXISTS,
    "NO_VALID_ORIGINATOR_OR_ENDPOINT",
    "FORBIDDEN",
    "UNSPECIFIED",
}
_LONGEST: Final[Mapping[str, int]] = {"purpose": 27, "description": 250, "reference": 36}
_MOST_ITEMS: Final = 99


class PaymentsUnavailable(Unavailable):
    """The payment platform does not answer, not as agreed upon, or not for now (``failure``)."""

    code = "payments_unavailable"


class DemandRefused(Exception):
    """The platform will not take this demand, however often it is asked; ``code`` is its own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the fee: ``quantity`` times ``cents_each``, without tax (§ 2b UStG)."""

    title: str
    quantity: int
    cents_each: int


@dataclass(frozen=True, slots=True)
class Demand:
    """What is to be paid: ``request`` is our id of the attempt, ``reference`` the Kassenzeichen."""

    request: UUID
    at: datetime
    cents: int
    reference: str
    description: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Transaction:
    """A payment over there; ``url`` is where people pay, ``status`` one of STATUSES."""

    id: str
    url: str
    status: str
    cents: int
    request: str


def demand(wanted: Demand) -> Transaction:
    """Begin the transaction. Refuses: DemandRefused (PAYMENT_EXISTS too), PaymentsUnavailable."""
    return _call("POST", "", _request(wanted))


def ask(transaction: str) -> Transaction:
    """How the transaction stands. Refuses: DemandRefused, PaymentsUnavailable."""
    return _call("GET", f"/{quote(transaction, safe='')}")


def _request(wanted: Demand) -> dict[str, Any]:
    items = wanted.items if len(wanted.items) <= _MOST_ITEMS else _as_one(wanted)
    return {
        "requestId": str(wanted.request),
        "requestTimestamp": wanted.at.isoformat(timespec="seconds"),
        "currency": "EUR",
        # sic: the standard spells it so.
        "grosAmount": _euros(wanted.cents),
        "purpose": wanted.reference[: _LONGEST["purpose"]],
        "description": wanted.description[: _LONGEST["description"]],
        "redirectUrl": settings.PAYMENT_RETURN_URL,
        "items": [_item(number, one, wanted) for number, one in enumerate(items, 1)],
    }


def _as_one(wanted: Demand) -> list[Item]:
    return [Item(wanted.description, 1, wanted.cents)]


def _item(number: int, one: Item, wanted: Demand) -> dict[str, Any]:
    return {
        "id": str(number),
        "reference": wanted.reference[: _LONGEST["reference"]],
        "description": one.title[: _LONGEST["description"]],
        "taxRate": 0,
        "quantity": one.quantity,
        "totalNetAmount": _euros(one.quantity * one.cents_each),
        "totalTaxAmount": 0,
        "singleNetAmount": _euros(one.cents_each),
        "singleTaxAmount": 0,
    }


def _euros(cents: int) -> float:
    return cents / 100


def _call(method: str, path: str, body: Mapping[str, Any] | None = None) -> Transaction:
    if not settings.PAYMENT_URL:
        raise PaymentsUnavailable(failure="not_configured")
    address = "/".join(
        (
            settings.PAYMENT_URL,
            "paymenttransaction",
            quote(settings.PAYMENT_ORIGINATOR, safe=""),
            quote(settings.PAYMENT_ENDPOINT, safe=""),
        )
    )
    token = settings.PAYMENT_TOKEN
    try:
        response = _client().request(
            method,
            address + path,
            json=body,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=settings.PAYMENT_TIMEOUT,
        )
        if response.is_error:
            raise _refusal(response)
        return _transaction(response.json())
    except (httpx.HTTPError, ValueError) as error:
        log.warning("payments_unavailable", call=method, failure=type(error).__name__)
        raise PaymentsUnavailable(failure=type(error).__name__) from None


@cache
def _client() -> httpx.Client:
    """One per process: reading the certificates again for each call costs more than calling."""
    return httpx.Client()


def _refusal(response: httpx.Response) -> Exception:
    """What an error means: for good, for this attempt, or for now."""
    try:
        said = response.json()
        code = str(said.get("code") or (said.get("error") or {}).get("code"))
    except (ValueError, AttributeError):
        code = ""
    log.warning("payment_refused", status=response.status_code, code=code if code in ERRORS else "")
    if code == EXISTS or code in FINAL:
        return DemandRefused(code)
    return PaymentsUnavailable(failure=code if code in ERRORS else str(response.status_code))


def _transaction(said: Any) -> Transaction:
    """``said`` as the standard has it; else ValueError."""
    try:
        told, asked = said["paymentInformation"], said["paymentRequest"]
        found = Transaction(
            id=str(told["transactionId"]),
            url=str(told.get("transactionRedirectUrl") or ""),
            status=told["status"],
            cents=int(Decimal(str(asked["grosAmount"])) * 100),
            request=str(asked["requestId"]),
        )
    except (KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise ValueError("transaction") from error
    # A link is shown to people: nothing but an address of the web may be in it.
    if found.status not in STATUSES or not found.url.startswith(("https://", "http://")):
        raise ValueError("transaction")
    if not found.id or len(found.id) > 64 or len(found.url) > 2082:
        raise ValueError("transaction")
    return found
