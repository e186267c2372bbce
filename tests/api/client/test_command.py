"""``laufmappe-portal`` against the application itself, over HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from api.client import Attachment, Bookmark, Dispatch, Portal, Refused, Unreachable, files
from api.client.command import REFUSED, TAKEN, UNREACHABLE, main
from api.clients import create_client
from tests import factories
from tests.api.calling import PDF
from workflows.models import Process, Submission

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city(live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the city's address and credentials in it."""
    client_id, secret = create_client(factories.city(), "Ein Portal")
    told = {
        "base_url": live_server.url,
        "portal": {"client_id": client_id, "client_secret": secret},
    }
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo.json").write_text(json.dumps(told))
    (tmp_path / "certificate.pdf").write_bytes(PDF)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def portal(city: Path) -> Portal:
    told = json.loads((city / "var" / "demo.json").read_text())
    return Portal(told["base_url"], **told["portal"], attempts=2, pause=lambda _seconds: None)


def shown(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_from_the_example_to_the_withdrawal(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["services"]) == TAKEN
    assert "resident-parking" in capsys.readouterr().out
    assert main(["example", "resident-parking"]) == TAKEN
    application = city / "application.json"
    application.write_text(capsys.readouterr().out)
    enclosed = ["--attach", "registration-certificate=certificate.pdf"]

    assert main(["submit", "application.json", *enclosed]) == TAKEN
    receipt = shown(capsys)
    assert main(["submit", "application.json", *enclosed]) == TAKEN
    assert shown(capsys) == receipt
    assert Submission.objects.count() == 1

    assert main(["status", receipt["id"]]) == TAKEN
    assert shown(capsys)["state"] in {"received", "in_examination"}
    assert main(["fetch", receipt["id"], "documents"]) == TAKEN
    document = receipt["attachments"][0]["document"]
    assert (city / "documents" / document).read_bytes() == PDF
    capsys.readouterr()
    assert main(["write", receipt["id"], "Wann ist er fertig?"]) == TAKEN
    capsys.readouterr()
    assert main(["messages", receipt["id"]]) == TAKEN
    assert shown(capsys)["text"] == "Wann ist er fertig?"

    assert main(["events"]) == TAKEN
    assert "received" in capsys.readouterr().out
    assert main(["withdraw", receipt["id"], "--reason", "Umzug"]) == TAKEN
    capsys.readouterr()
    assert main(["events"]) == TAKEN
    assert shown(capsys)["type"] == "withdrawn"


def test_a_refusal_is_told_and_leaves_the_key_for_the_corrected_one(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with portal(city) as known:
        body = known.service("resident-parking")["example"]
    application = city / "application.json"
    application.write_text(json.dumps(body | {"form": {}}))
    enclosed = ["--attach", "registration-certificate=certificate.pdf"]

    assert main(["submit", "application.json", *enclosed]) == REFUSED
    assert {"pointer": "/form/plate", "rule": "required"}.items() <= (
        json.loads(capsys.readouterr().err)["errors"][0].items()
    )
    key = json.loads((city / "application.json.sent").read_text())["key"]

    application.write_text(json.dumps(body))
    assert main(["submit", "application.json", *enclosed]) == TAKEN
    assert json.loads((city / "application.json.sent").read_text())["key"] == key


def test_with_nobody_there_it_says_so(
    city: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise Unreachable("GET services: ConnectError")

    monkeypatch.setattr(Portal, "services", away)

    assert main(["services"]) == UNREACHABLE
    assert "Run the same command again later" in capsys.readouterr().err


class TestAnApplicationOnItsWay:
    def test_that_arrived_before_the_receipt_was_kept_counts(self, city: Path) -> None:
        state = city / "state.json"
        with portal(city) as known:
            body = {**known.service("resident-parking")["example"], "attachments": []}
            files = [Attachment.of(city / "certificate.pdf", "registration-certificate")]
            receipt = Dispatch(state).send(known, body, files)
            kept = json.loads(state.read_text())
            # As a crash leaves it: sent, taken by the city, and nothing written down of that.
            state.write_text(json.dumps({"key": kept["key"], "sent": kept["sent"]}))

            again = Dispatch(state).send(known, body | {"language": "en"}, files)

        assert again == receipt
        assert Process.objects.count() == 1

    def test_whose_uploads_were_lost_sends_them_anew(self, city: Path) -> None:
        state = city / "state.json"
        with portal(city) as known:
            body = {**known.service("resident-parking")["example"], "attachments": []}
            lost = {"upload": "01890000-0000-7000-8000-000000000001"}
            sent = body | {"attachments": [lost | {"proof": "registration-certificate"}]}
            state.write_text(json.dumps({"key": "k", "sent": sent}))
            files = [Attachment.of(city / "certificate.pdf", "registration-certificate")]

            receipt = Dispatch(state).send(known, body, files)

        assert receipt["state"] == "received"

    def test_that_is_refused_raises(self, city: Path) -> None:
        with portal(city) as known, pytest.raises(Refused) as refusal:
            Dispatch(city / "state.json").send(known, {"service": "dragon-licence", "form": {}})
        assert refusal.value.status == 422


def test_a_large_file_goes_in_pieces(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ONE_REQUEST", 1_000)
    monkeypatch.setattr(files, "PIECE", 40_000)
    (city / "notes.txt").write_text("Zeile\n" * 30_000)
    with portal(city) as known:
        upload = known.upload(Attachment.of(city / "notes.txt"))
    assert upload["size"] == 180_000
    assert upload["media_type"] == "text/plain"


def test_a_bookmark_moves_only_once_a_page_was_taken(city: Path) -> None:
    bookmark = Bookmark(city / "bookmark")
    with portal(city) as known:
        body = {**known.service("resident-parking")["example"], "attachments": []}
        files = [Attachment.of(city / "certificate.pdf", "registration-certificate")]
        Dispatch(city / "state.json").send(known, body, files)

        def stumble(_event: Any) -> None:
            raise RuntimeError

        with pytest.raises(RuntimeError):
            bookmark.read(known, stumble)
        assert bookmark.cursor is None
        seen: list[str] = []
        bookmark.read(known, lambda event: seen.append(event["type"]))
        assert "received" in seen
        assert bookmark.read(known, stumble) == 0
