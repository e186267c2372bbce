"""The feed: one order, nothing skipped, nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from tests.api.calling import Portal


def read(portal: Portal, after: str = "", limit: int = 100) -> tuple[list[dict[str, Any]], str]:
    query = {"limit": str(limit)} | ({"after": after} if after else {})
    page = portal.get("events", query=query).json
    return page["events"], page["next"]


@pytest.mark.django_db
class TestTheFeed:
    def test_is_empty_at_first(self, portal: Portal) -> None:
        assert read(portal) == ([], "0")
        assert read(portal, "0") == ([], "0")

    def test_tells_what_happened_in_order(self, portal: Portal) -> None:
        receipt = portal.submitted()
        portal.post(f"submissions/{receipt['id']}/withdrawal", {})
        events, _ = read(portal)
        assert [event["type"] for event in events] == ["received", "withdrawn"]
        assert {event["submission"] for event in events} == {receipt["id"]}
        assert events[0]["case_reference"] == receipt["case_reference"]

    def test_goes_on_where_it_ended(self, portal: Portal) -> None:
        sent = [portal.submitted()["id"] for _ in range(5)]
        seen, cursor = [], ""
        for _ in range(4):
            events, cursor = read(portal, cursor, limit=2)
            seen += [event["submission"] for event in events]
        assert seen == sent
        assert read(portal, cursor) == ([], cursor)

    def test_gives_the_same_for_the_same_cursor(self, portal: Portal) -> None:
        portal.submitted()
        first, _ = read(portal)
        portal.submitted()
        assert read(portal)[0][:1] == first

    @pytest.mark.parametrize(
        ("query", "rule"),
        [
            ({"after": "x"}, "cursor"),
            ({"after": "-1"}, "cursor"),
            ({"after": ""}, "cursor"),
            ({"after": "٣"}, "cursor"),
            ({"after": "9" * 19}, "cursor"),
            ({"after": "9" * 5000}, "cursor"),
            ({"limit": "0"}, "limit"),
            ({"limit": "501"}, "limit"),
            ({"limit": "1.5"}, "limit"),
        ],
    )
    def test_takes_its_own_cursors_only(
        self, portal: Portal, query: dict[str, str], rule: str
    ) -> None:
        answer = portal.get("events", query=query)
        [fault] = answer.json["errors"]
        assert (answer.status, fault["rule"]) == (400, rule)
        assert fault["parameter"] in query


@pytest.mark.django_db(transaction=True)
def test_a_reader_misses_nothing_that_eight_writers_write_meanwhile() -> None:
    portal = Portal()
    bodies = [portal.application() for _ in range(40)]

    def write(body: dict[str, Any]) -> str:
        try:
            return str(Portal(client_id=portal.client_id).submit(body).json["id"])
        finally:
            connection.close()

    seen, cursor = [], ""
    with ThreadPoolExecutor(8) as writers:
        writing = [writers.submit(write, body) for body in bodies]
        while not all(one.done() for one in writing):
            events, cursor = read(portal, cursor, limit=3)
            seen += [event["submission"] for event in events]
    while page := read(portal, cursor, limit=3)[0]:
        cursor = read(portal, cursor, limit=3)[1]
        seen += [event["submission"] for event in page]
    assert sorted(seen) == sorted(one.result() for one in writing)
    assert len(set(seen)) == len(seen)
