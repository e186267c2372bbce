"""Two portals of one city, run by the client alone: one is dead for three days, none misses any."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from api.client import Attachment, Bookmark, Dispatch, Listener, Portal
from api.client.shapes import Event
from api.clients import create_client
from api.models import CallbackLane
from efile.kernel.clock import real_now
from tests import factories
from tests.api.callbacks.happening import calls, firsts
from tests.api.calling import PDF

pytestmark = pytest.mark.django_db(transaction=True)

APPLICATIONS = 3


def portal(city: LiveServer, name: str) -> Portal:
    client_id, secret = create_client(factories.city(), name)
    return Portal(city.url, client_id, secret)


def handed_in(sender: Portal, folder: Path) -> list[str]:
    """Some applications, of which the last is taken back; their submissions' ids."""
    folder.mkdir()
    body = {**sender.service("resident-parking")["example"], "attachments": []}
    ids = []
    for number in range(APPLICATIONS):
        proof = PDF + str(number).encode()
        file = Attachment(proof, "Zulassung.pdf", "application/pdf", "registration-certificate")
        ids.append(Dispatch(folder / f"{number}.sent").send(sender, body, [file])["id"])
    sender.withdraw(ids[-1])
    return ids


def read(reader: Portal, folder: Path) -> list[Event]:
    """What the feed has since the bookmark."""
    events: list[Event] = []
    Bookmark(folder / "bookmark").read(reader, events.append)
    return events


def test_a_portal_that_was_dead_for_three_days_misses_nothing(
    live_server: LiveServer, tmp_path: Path, settings: Settings
) -> None:
    settings.CALLBACK_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    pushed: list[dict[str, Any]] = []
    start = real_now()
    with portal(live_server, "Eins") as first, portal(live_server, "Zwei") as second:
        with Listener(pushed.append) as listener:
            address = listener.url
            told = second.push_to(address)
        # From here on nobody listens any more.
        ours = {
            name: handed_in(one, tmp_path / name) for name, one in (("1", first), ("2", second))
        }
        for hours in range(0, 72, 3):
            calls(start + timedelta(hours=hours))
        assert pushed == []

        alive = start + timedelta(hours=73)
        port = urlsplit(address).port
        with Listener(pushed.append, secrets=[told["secret"]], port=port or 0, now=lambda: alive):
            while CallbackLane.objects.exists():
                calls(alive)
                alive += timedelta(minutes=30)

        fed = {"1": read(first, tmp_path / "1"), "2": read(second, tmp_path / "2")}

    heard = [event for callback in pushed for event in callback["events"]]
    assert firsts(heard) == firsts([dict(event) for event in fed["2"]])
    assert {name: {event["submission"] for event in events} for name, events in fed.items()} == {
        name: set(ids) for name, ids in ours.items()
    }
    withdrawn = [event["submission"] for event in heard if event["type"] == "withdrawn"]
    assert withdrawn == ours["2"][-1:]
