"""The client of XBezahldienste 1.0.0, against a server that keeps to the standard."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from backoffice.demo.exchange import Fault
from backoffice.demo.payment_platform import ENDPOINT, ORIGINATOR, PaymentPlatform
from efile.kernel.ids import uuid7
from tests.factories import AT
from workflows.payments.platform import (
    EXISTS,
    Demand,
    DemandRefused,
    Item,
    PaymentsUnavailable,
    ask,
    demand,
)

WANTED = Demand(
    request=uuid7(),
    at=AT,
    cents=3050,
    reference="RF1032X20001232601",
    description="Bewohnerparkausweis",
    items=[Item("Ausweis", 1, 2550), Item("Zuschlag", 2, 250)],
)


@pytest.fixture
def platform(settings: Any) -> Iterator[PaymentPlatform]:
    with PaymentPlatform() as double:
        settings.PAYMENT_URL, settings.PAYMENT_TIMEOUT = double.url, 0.5
        settings.PAYMENT_ORIGINATOR, settings.PAYMENT_ENDPOINT = ORIGINATOR, ENDPOINT
        yield double


def fresh(**changes: Any) -> Demand:
    return replace(WANTED, request=uuid7(), **changes)


def test_a_demand_says_what_the_standard_asks_for(platform: PaymentPlatform) -> None:
    wanted = fresh()
    begun = demand(wanted)
    (call,) = platform.calls
    assert call.path == ("paymenttransaction", ORIGINATOR, ENDPOINT)
    said = dict(call.body)
    assert [one.pop("id") for one in said["items"]] == ["1", "2"]
    assert said["items"][1] == {
        "reference": "RF1032X20001232601",
        "description": "Zuschlag",
        "taxRate": 0,
        "quantity": 2,
        "totalNetAmount": 5.0,
        "totalTaxAmount": 0,
        "singleNetAmount": 2.5,
        "singleTaxAmount": 0,
    }
    assert (said["requestId"], said["grosAmount"], said["currency"]) == (
        str(wanted.request),
        30.5,
        "EUR",
    )
    assert said["requestTimestamp"] == "2026-03-10T11:00:00+00:00"
    assert (begun.status, begun.cents, begun.request) == ("INITIAL", 3050, str(wanted.request))
    assert begun.url.startswith(platform.url)


def test_texts_are_as_long_as_the_standard_allows(platform: PaymentPlatform) -> None:
    demand(fresh(reference="R" * 60, description="Ü" * 400, items=[Item("x" * 300, 1, 3050)]))
    (call,) = platform.calls
    assert (len(call.body["purpose"]), len(call.body["description"])) == (27, 250)
    assert (len(call.body["items"][0]["reference"]), len(call.body["items"][0]["description"])) == (
        36,
        250,
    )


def test_more_lines_than_allowed_become_one(platform: PaymentPlatform) -> None:
    demand(fresh(cents=10_000, items=[Item("Urkunde", 1, 100)] * 100))
    assert len(platform.calls[0].body["items"]) == 1


@pytest.mark.parametrize("status", ["INITIAL", "BOOKED", "FAILED", "CANCELED"])
def test_how_it_stands_is_asked_of_the_platform(platform: PaymentPlatform, status: str) -> None:
    begun = demand(fresh())
    platform.pay(begun.id, status)
    assert ask(begun.id) == replace(begun, status=status)


def test_the_same_demand_again_exists(platform: PaymentPlatform) -> None:
    demand(WANTED)
    with pytest.raises(DemandRefused) as refusal:
        demand(WANTED)
    assert refusal.value.code == EXISTS


@pytest.mark.parametrize("code", ["CALCULATION_ERROR", "BOOKING_DATA_MISSING", "VALIDATION_ERROR"])
def test_what_no_repetition_mends_is_refused(platform: PaymentPlatform, code: str) -> None:
    platform.refusing = code
    with pytest.raises(DemandRefused) as refusal:
        demand(fresh())
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "code", ["UNSPECIFIED", "FORBIDDEN", "NO_VALID_ORIGINATOR_OR_ENDPOINT", "?"]
)
def test_what_an_operator_may_mend_is_tried_again(platform: PaymentPlatform, code: str) -> None:
    platform.refusing = code
    with pytest.raises(PaymentsUnavailable) as refusal:
        demand(fresh())
    assert refusal.value.facts == {"failure": "400" if code == "?" else code}


def test_an_endpoint_that_is_not_ours_is_not_served(
    platform: PaymentPlatform, settings: Any
) -> None:
    settings.PAYMENT_ENDPOINT = "../other"
    with pytest.raises(PaymentsUnavailable) as refusal:
        demand(fresh())
    assert refusal.value.facts == {"failure": "NO_VALID_ORIGINATOR_OR_ENDPOINT"}


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (Fault("down"), "UNSPECIFIED"),
        (Fault("slow", delay_ms=900), "ReadTimeout"),
        (Fault("mute"), "RemoteProtocolError"),
        (Fault("garbled"), "JSONDecodeError"),
    ],
)
def test_a_platform_that_fails_is_unavailable(
    platform: PaymentPlatform, fault: Fault, failure: str
) -> None:
    platform.fault = fault
    with pytest.raises(PaymentsUnavailable) as refusal:
        demand(fresh())
    assert refusal.value.facts == {"failure": failure}


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "PAID"},
        {"transactionId": ""},
        {"transactionId": "x" * 65},
        {"transactionRedirectUrl": "javascript:alert(1)"},
    ],
)
def test_an_answer_that_breaks_the_standard_is_none(
    platform: PaymentPlatform, wrong: dict[str, str]
) -> None:
    begun = demand(fresh())
    platform.transactions[begun.id]["paymentInformation"] |= wrong
    with pytest.raises(PaymentsUnavailable):
        ask(begun.id)


def test_without_a_platform_nothing_is_asked(settings: Any) -> None:
    settings.PAYMENT_URL = ""
    with pytest.raises(PaymentsUnavailable):
        ask("x")
