"""Musterstadt's simulated payment platform: XBezahldienste 1.0.0, without any money.

Run by ``python -m backoffice.demo.payment_platform --port 8012 [--allow-control]``.

``POST /paymenttransaction/{originatorId}/{endPointId}`` with requestId, requestTimestamp, currency,
grosAmount (sic), purpose, description, redirectUrl and items → 200
    ``{"paymentInformation": {transactionUrl, transactionRedirectUrl, transactionId, status, …},
    "paymentRequest": what was sent}``
``GET …/{transactionId}`` → 200, the same as it stands now: INITIAL, BOOKED, FAILED or CANCELED.

Errors are ``{"code", "message"}`` with the codes of the standard. ``POST /pay/{transactionId}
{"status": "BOOKED"}`` is what the page in the browser would lead to.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final

from backoffice.demo.exchange import Answer, Call, Double, missing, parser, serve
from efile.kernel.ids import uuid7

ORIGINATOR: Final = "musterstadt"
ENDPOINT: Final = "laufmappe"
STATUSES: Final = ("INITIAL", "BOOKED", "FAILED", "CANCELED")
_REQUIRED: Final = (
    "requestId",
    "requestTimestamp",
    "currency",
    "grosAmount",
    "purpose",
    "redirectUrl",
    "items",
)
_LONGEST: Final = {"requestId": 36, "purpose": 27, "description": 250, "redirectUrl": 2082}


class PaymentPlatform(Double):
    """Transactions by id; ``refusing`` is an error code that the next demand gets."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.transactions: dict[str, dict[str, Any]] = {}
        self.refusing = ""

    def answer(self, call: Call) -> Answer:
        match call.method, call.path:
            case "POST", ("paymenttransaction", originator, endpoint):
                return self._demand(originator, endpoint, call.body)
            case "GET", ("paymenttransaction", originator, endpoint, key):
                if (originator, endpoint) != (ORIGINATOR, ENDPOINT):
                    return _error(HTTPStatus.FORBIDDEN, "NO_VALID_ORIGINATOR_OR_ENDPOINT")
                found = self.transactions.get(key)
                if found is None:
                    return _error(HTTPStatus.NOT_FOUND, "UNSPECIFIED")
                return HTTPStatus.OK, found
            case "POST", ("pay", key) if key in self.transactions:
                self.pay(key, str(call.body.get("status", "BOOKED")))
                return HTTPStatus.OK, self.transactions[key]
        return _error(HTTPStatus.NOT_FOUND, "UNSPECIFIED")

    def pay(self, key: str, status: str = "BOOKED") -> None:
        """What somebody does on the platform's page."""
        assert status in STATUSES, status
        self.transactions[key]["paymentInformation"]["status"] = status

    def _demand(self, originator: str, endpoint: str, asked: Mapping[str, Any]) -> Answer:
        if (originator, endpoint) != (ORIGINATOR, ENDPOINT):
            return _error(HTTPStatus.FORBIDDEN, "NO_VALID_ORIGINATOR_OR_ENDPOINT")
        if refused := self.refusing:
            self.refusing = ""
            return _error(HTTPStatus.BAD_REQUEST, refused)
        if code := _fault(asked):
            return _error(HTTPStatus.BAD_REQUEST, code)
        known = (one["paymentRequest"]["requestId"] for one in self.transactions.values())
        if asked["requestId"] in known:
            return _error(HTTPStatus.CONFLICT, "PAYMENT_EXISTS")
        key = str(uuid7())
        self.transactions[key] = {
            "paymentInformation": {
                "transactionUrl": f"{self.url}/paymenttransaction/{originator}/{endpoint}/{key}",
                "transactionRedirectUrl": f"{self.url}/pay/{key}",
                "transactionId": key,
                "transactionReference": asked["purpose"],
                "transactionTimestamp": asked["requestTimestamp"],
                "status": "INITIAL",
            },
            "paymentRequest": dict(asked),
        }
        return HTTPStatus.OK, self.transactions[key]


def _fault(asked: Mapping[str, Any]) -> str:
    """The code of what is wrong with a demand; "" where nothing is."""
    if missing(asked, _REQUIRED) or asked["currency"] != "EUR":
        return "VALIDATION_ERROR"
    if any(len(str(asked.get(name) or "")) > most for name, most in _LONGEST.items()):
        return "VALIDATION_ERROR"
    items = asked["items"]
    if not isinstance(items, list) or not 1 <= len(items) <= 99:
        return "VALIDATION_ERROR"
    if any(missing(one, ["id", "reference", "description", "quantity"]) for one in items):
        return "BOOKING_DATA_MISSING"
    total = sum(
        Decimal(str(one[part])) for one in items for part in ("totalNetAmount", "totalTaxAmount")
    )
    return "" if total == Decimal(str(asked["grosAmount"])) else "CALCULATION_ERROR"


def _error(status: HTTPStatus, code: str) -> Answer:
    return status, {"code": code, "message": f"{code} (simulated)"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until told to stop."""
    said = parser("payment_platform").parse_args(arguments)
    platform = PaymentPlatform(port=said.port, allow_control=said.allow_control)
    serve(platform, parent_pid=said.parent_pid)


if __name__ == "__main__":
    main()
