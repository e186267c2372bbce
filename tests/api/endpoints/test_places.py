"""Places from a waiting list over HTTP."""

import pytest

from efile.kernel.clock import real_now
from efile.kernel.ids import uuid7
from tests.api.calling import Json, Portal
from tests.workflows.waiting_city import SERVICE, carried_out, founded

pytestmark = pytest.mark.django_db


def waiting(portal: Portal) -> Json:
    """The receipt of somebody who waits for the one place there is."""
    founded({"sonne": 1})
    return portal.submitted(SERVICE)


class TestAPlace:
    def test_is_answered_once_and_told_in_the_status(self, portal: Portal) -> None:
        receipt = waiting(portal)
        address = f"submissions/{receipt['id']}"
        assert "since" in portal.get(address).json["waiting_list"]
        early = portal.post(f"{address}/place-offer", {"answer": "accept"})
        assert (early.status, early.code) == (409, "place_not_offered")
        carried_out(at=real_now())
        status = portal.get(address).json
        assert status["place_offer"]["facility"]["title"] == "Kita Sonnenhügel"
        assert status["next_step"].startswith("Wir bieten Ihnen einen Platz an")
        first = portal.post(f"{address}/place-offer", {"answer": "accept"}, key="k")
        again = portal.post(f"{address}/place-offer", {"answer": "accept"}, key="k")
        assert (first.json["state"], again.bytes == first.bytes) == ("accepted", True)
        assert portal.post(f"{address}/place-offer", {"answer": "decline"}, key="k").status == 409
        assert portal.get(address).json["decision"] == "granted"

    def test_of_another_is_absent(self, portal: Portal) -> None:
        receipt = waiting(portal)
        carried_out(at=real_now())
        other = Portal()
        body = {"answer": "decline"}
        foreign = other.post(f"submissions/{receipt['id']}/place-offer", body)
        absent = other.post(f"submissions/{uuid7()}/place-offer", body)
        assert (foreign.status, foreign.bytes) == (404, absent.bytes)
        reader = Portal("read", client_id=portal.client_id)
        assert reader.post(f"submissions/{receipt['id']}/place-offer", body).status == 403

    @pytest.mark.parametrize("body", [{}, {"answer": "perhaps"}, {"answer": "accept", "x": 1}])
    def test_takes_no_other_answer(self, portal: Portal, body: Json) -> None:
        assert portal.post(f"submissions/{uuid7()}/place-offer", body).status == 400
