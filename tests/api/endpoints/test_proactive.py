"""Occasions, offers and places over HTTP: who may, what is there, what is said to whom."""

from typing import Any

import pytest

from api.clients import create_client
from efile.kernel.clock import local_date, real_now
from efile.kernel.ids import uuid7
from tests.api.calling import Portal
from tests.factories import city
from tests.workflows.working import published
from workflows.models import ProactiveOffer

pytestmark = pytest.mark.django_db

PERSON = "AGYwTg8Xxk7ZPzZcJ8v1uA=="
IDENTITY = {"source": "bundid", "assurance": "substantial", "bpk2": PERSON}


def occasion(**more: Any) -> dict[str, Any]:
    return {
        "kind": "moved_in",
        "occurred_on": local_date(real_now()).isoformat(),
        "person": {"bpk2": PERSON},
        "data": {"zone": "A4", "plate": "D-LM 123"},
        "consents": {"proactive_offers": True},
    } | more


def on_moving_in(document: dict[str, Any]) -> None:
    document["proactive"] = [
        {
            "key": "newcomer",
            "occasion": "moved_in",
            "title": {"de": "Parken", "en": "Parking"},
            "text": {"de": "Parken Sie hier?", "en": "Do you park here?"},
            "legal_basis": None,
            "needs_consent": True,
            "valid_days": 14,
            "prefill": {"zone": "/occasion/zone", "plate": "/occasion/plate"},
        }
    ]


def client(scopes: str) -> Portal:
    """A client that may ask for ``scopes``, and did."""
    client_id, _ = create_client(city(), "Ein anderes Register", scopes.split())
    return Portal(scopes, client_id=client_id)


@pytest.fixture
def register() -> Portal:
    return client("occasions")


@pytest.fixture
def serving() -> Portal:
    return client("submit read offers")


def made(register: Portal) -> str:
    """The id of an offer of the permit to who moved in."""
    published("resident-parking", on_moving_in)
    offers = register.post("occasions", occasion(), key=str(uuid7())).json["offers"]
    return str(next(one["id"] for one in offers if one["service"] == "resident-parking"))


def acceptance(portal: Portal, **more: Any) -> dict[str, Any]:
    application = portal.application()
    return {
        "identity": IDENTITY,
        "parties": application["parties"],
        "attachments": application["attachments"],
    } | more


class TestReporting:
    def test_is_taken_once_and_needs_its_own_scope(self, portal: Portal, register: Portal) -> None:
        body = occasion()
        first = register.post("occasions", body, key="one")
        again = register.post("occasions", body, key="one")
        assert (first.status, again.bytes == first.bytes) == (201, True)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert register.post("occasions", occasion(kind="birth"), key="one").status == 409
        assert portal.post("occasions", body, key="one").code == "scope_missing"
        assert register.get("offers").code == "scope_missing"

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"kind": "eclipse"}, 400),
            ({"occurred_on": "yesterday"}, 400),
            ({"person": {}}, 400),
            ({"more": 1}, 400),
            ({"occurred_on": "2999-01-01"}, 422),
        ],
    )
    def test_is_refused_where_it_says_nothing_sound(
        self, register: Portal, change: dict[str, Any], status: int
    ) -> None:
        assert register.post("occasions", occasion(**change), key="k").status == status

    def test_is_refused_without_a_key(self, register: Portal) -> None:
        assert register.post("occasions", occasion()).code == "malformed"


class TestOffers:
    def test_are_there_for_who_may_and_look_absent_to_others(
        self, portal: Portal, register: Portal, serving: Portal
    ) -> None:
        offer = made(register)
        assert offer in {one["id"] for one in serving.get("offers").json["offers"]}
        assert portal.get("offers").json["offers"] == []
        found = serving.post("offers/search", {"bpk2": PERSON}).json["offers"]
        assert [one["title"] for one in found if one["id"] == offer] == ["Parken"]
        body = acceptance(portal)
        unseen = portal.post(f"offers/{offer}/acceptance", body, key="a")
        absent = portal.post(f"offers/{uuid7()}/acceptance", body, key="b")
        assert (unseen.status, unseen.bytes) == (404, absent.bytes)
        rejected = portal.post(f"offers/{offer}/rejection", {"identity": IDENTITY})
        assert (rejected.status, rejected.bytes) == (404, absent.bytes)

    @pytest.mark.parametrize(
        "query",
        [{"state": "gone"}, {"after": "x"}, {"limit": "0"}, {"submission": "x"}, {"limit": "501"}],
    )
    def test_are_not_listed_by_nonsense(self, portal: Portal, query: dict[str, str]) -> None:
        assert portal.get("offers", query=query).code == "malformed"

    def test_come_page_by_page(self, register: Portal, serving: Portal) -> None:
        made(register)
        everything = [one["id"] for one in serving.get("offers").json["offers"]]
        seen, after = [], ""
        while True:
            query = {"limit": "1"} | ({"after": after} if after else {})
            page = serving.get("offers", query=query).json
            seen += [one["id"] for one in page["offers"]]
            if not (after := page["next"]):
                break
        assert seen == everything

    def test_are_accepted_with_one_call_and_the_same_receipt(
        self, register: Portal, serving: Portal
    ) -> None:
        offer, body = made(register), acceptance(serving)
        first = serving.post(f"offers/{offer}/acceptance", body, key="one")
        again = serving.post(f"offers/{offer}/acceptance", body, key="one")
        assert (first.status, again.bytes == first.bytes) == (201, True)
        assert first.json["service"] == "resident-parking"
        status = serving.get(f"submissions/{first.json['id']}")
        assert status.json["state"] == "received"
        assert serving.post(f"offers/{offer}/acceptance", body, key="two").status in (409, 422)
        other = serving.post(f"offers/{offer}/rejection", {"identity": IDENTITY})
        assert other.code == "offer_is_settled"

    def test_are_accepted_by_their_holder_and_completely_alone(
        self, register: Portal, serving: Portal
    ) -> None:
        offer = made(register)
        stranger = acceptance(serving, identity=IDENTITY | {"bpk2": "somebody"})
        assert serving.post(f"offers/{offer}/acceptance", stranger, key="k").status == 403
        wrong = acceptance(serving, form={"plate": "falsch"})
        refused = serving.post(f"offers/{offer}/acceptance", wrong, key="k")
        assert ("/form/plate", "pattern") in refused.faults
        nobody = acceptance(serving, parties=[])
        assert serving.post(f"offers/{offer}/acceptance", nobody, key="k").status == 422
        assert ProactiveOffer.objects.get(id=offer).state == "open"

    def test_may_be_declined(self, register: Portal, serving: Portal) -> None:
        offer = made(register)
        declined = serving.post(f"offers/{offer}/rejection", {"identity": IDENTITY}, key="k")
        assert (declined.status, declined.json["state"]) == (200, "declined")
        body = acceptance(serving)
        late = serving.post(f"offers/{offer}/acceptance", body, key="z")
        assert (late.status, late.code) == (409, "offer_is_settled")
