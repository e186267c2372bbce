"""A tus client as it is sends a large file over a line that breaks, and the file is whole."""

import hashlib
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import urlsplit

import pytest
from pytest_django.live_server_helper import LiveServer
from tusclient.client import TusClient

from api.clients import create_client
from efile import arriving
from efile.models import Upload
from tests import factories
from tests.api.calling import token_for

MB = 1024 * 1024
SIZE = 20 * MB
BREAKS = 10


class BreakingLine:
    """A TCP proxy that cuts the connection whenever another ``every`` bytes have gone up."""

    def __init__(self, target: tuple[str, int], *, every: int, breaks: int) -> None:
        self.broken = 0
        self._target, self._every, self._breaks = target, every, breaks
        self._sent, self._lock = 0, Lock()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]

    @contextmanager
    def open(self) -> Iterator[None]:
        """Take connections for a while."""
        Thread(target=self._accept, daemon=True).start()
        with closing(self._server):
            yield

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self._server.accept()
                theirs = socket.create_connection(self._target)
                Thread(target=self._up, args=(ours, theirs), daemon=True).start()
                Thread(target=self._down, args=(theirs, ours), daemon=True).start()

    def _up(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                if self._is_to_break(len(piece)):
                    break
                sink.sendall(piece)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _down(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)

    def _is_to_break(self, size: int) -> bool:
        with self._lock:
            before, self._sent = self._sent // self._every, self._sent + size
            if self.broken == self._breaks or self._sent // self._every == before:
                return False
            self.broken += 1
            return True


@pytest.mark.django_db(transaction=True)
def test_a_file_arrives_whole_over_a_line_that_breaks(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "CHECKPOINT", MB)
    file = tmp_path / "Bauplan.txt"
    file.write_bytes(b"".join(b"Zeile %09d\n" % number for number in range(SIZE // 16)))
    client_id, _ = create_client(factories.city(), "Ein Portal")
    address = urlsplit(live_server.url)
    line = BreakingLine(
        (str(address.hostname), int(address.port or 0)), every=SIZE // (BREAKS + 2), breaks=BREAKS
    )
    tus = TusClient(
        f"http://127.0.0.1:{line.port}/api/v1/uploads/resumable",
        headers={"Authorization": f"Bearer {token_for(client_id)}"},
    )

    with line.open():
        sender = tus.uploader(
            str(file), metadata={"filename": file.name}, retries=100, retry_delay=0
        )
        sender.upload()

    assert line.broken == BREAKS
    upload = Upload.objects.select_related("content").get(id=str(sender.url).rpartition("/")[2])
    assert upload.content.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert upload.filename == file.name
