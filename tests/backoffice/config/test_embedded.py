"""The embedded PostgreSQL, with real servers and owners that are really killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest

from backoffice.config.embedded import (
    AlreadyRunning,
    EmbeddedPostgres,
    EmbeddedPostgresError,
    answers,
    socket_folder,
    url_for,
)
from backoffice.config.tether import tethered
from tests.eventually import eventually

OWN = """
import signal, sys
from pathlib import Path
from backoffice.config.embedded import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as server:
    print(server.url, flush=True)
    signal.pause()
"""

Owner = subprocess.Popen[str]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "postgres"


@pytest.fixture
def owned(data: Path) -> Iterator[Callable[[], Owner]]:
    """Starts a server owned by a process of its own; returns that process once it is up."""
    owners: list[Owner] = []

    def start() -> Owner:
        owner = subprocess.Popen(
            [sys.executable, "-c", OWN, str(data)], stdout=subprocess.PIPE, text=True
        )
        owners.append(owner)
        assert owner.stdout
        assert owner.stdout.readline() == url_for(data, "laufmappe") + "\n"
        return owner

    yield start
    for owner in owners:
        owner.kill()
        owner.communicate()
    eventually(lambda: not answers(data))


def postmaster(data: Path) -> int:
    return int((data / "postmaster.pid").read_text().split()[0])


def value(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


class TestAnEmbeddedServer:
    def test_offers_an_utf8_database_at_its_address(self, data: Path) -> None:
        with EmbeddedPostgres(data, durable=False) as server:
            assert value(server.url, "SHOW server_encoding") == "UTF8"
            assert value(server.url, "SELECT current_database()") == "laufmappe"
            # What a query compares in lower case must not depend on the machine's locale.
            assert value(server.url, "SELECT lower('ÄÖÜ')") == "äöü"

        assert not answers(data)

    def test_is_durable_unless_told_otherwise(self, data: Path) -> None:
        with EmbeddedPostgres(data) as server:
            assert value(server.url, "SHOW fsync") == "on"
            assert value(server.url, "SHOW synchronous_commit") == "on"
            assert value(server.url, "SHOW full_page_writes") == "on"

    def test_keeps_what_was_written(self, data: Path) -> None:
        with EmbeddedPostgres(data, durable=False) as server:
            url = server.ensure_database("second")
            with psycopg.connect(url) as connection:
                connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")

        with EmbeddedPostgres(data, durable=False) as server:
            assert server.ensure_database("second") == url
            assert value(url, "SELECT seven FROM kept") == 7

    def test_listens_on_no_port_and_lets_nobody_else_in(self, data: Path) -> None:
        with EmbeddedPostgres(data, durable=False) as server:
            assert value(server.url, "SHOW listen_addresses") == ""
            folder = Path(unquote(server.url.partition("host=")[2]))
            assert folder.stat().st_mode & 0o077 == 0

    def test_works_where_the_path_is_too_long_for_a_socket(self, tmp_path: Path) -> None:
        deep = tmp_path / ("a" * 60) / ("b" * 60) / "postgres"
        with EmbeddedPostgres(deep, durable=False) as server:
            assert value(server.url, "SELECT 1") == 1
            assert not socket_folder(deep).is_relative_to(deep)

        assert not socket_folder(deep).exists()

    def test_refuses_a_socket_folder_that_somebody_else_prepared(self, tmp_path: Path) -> None:
        deep = tmp_path / ("a" * 60) / ("b" * 60) / "postgres"
        socket_folder(deep).mkdir(mode=0o777)
        try:
            with pytest.raises(EmbeddedPostgresError, match="is not ours"):
                EmbeddedPostgres(deep, durable=False).start()
        finally:
            socket_folder(deep).rmdir()

    def test_does_not_take_an_interrupted_initdb_for_a_cluster(self, data: Path) -> None:
        unfinished = data.with_name("postgres.unfinished")
        unfinished.mkdir()
        (unfinished / "PG_VERSION").write_text("18\n")

        with EmbeddedPostgres(data, durable=False) as server:
            assert value(server.url, "SELECT 1") == 1
        assert not unfinished.exists()

    def test_refuses_a_folder_with_something_else_in_it(self, data: Path) -> None:
        data.mkdir()
        (data / "letters.txt").touch()

        with pytest.raises(EmbeddedPostgresError, match="something else than a database"):
            EmbeddedPostgres(data).start()

    def test_refuses_the_data_of_another_release(self, data: Path) -> None:
        data.mkdir()
        (data / "PG_VERSION").write_text("15\n")

        with pytest.raises(EmbeddedPostgresError, match="made by PostgreSQL 15"):
            EmbeddedPostgres(data).start()

    def test_says_where_to_look_when_the_server_does_not_start(self, data: Path) -> None:
        with EmbeddedPostgres(data, durable=False):
            pass
        (data / "postgresql.conf").write_text("no_such_setting = 1\n")

        server = EmbeddedPostgres(data, durable=False)
        with pytest.raises(EmbeddedPostgresError, match=r"postgres\.log tells why"):
            server.start()
        assert "no_such_setting" in server.log.read_text()


class TestOwnership:
    def test_is_refused_while_another_process_owns_the_server(
        self, data: Path, owned: Callable[[], Owner]
    ) -> None:
        owner = owned()

        with pytest.raises(AlreadyRunning, match=rf"already running \(process {owner.pid}\)"):
            EmbeddedPostgres(data).start()
        assert answers(data)

    def test_ends_cleanly_with_sigterm(self, data: Path, owned: Callable[[], Owner]) -> None:
        owner = owned()
        owner.terminate()

        assert owner.wait(60) == 128 + signal.SIGTERM
        assert not answers(data)
        assert not (data / "postmaster.pid").exists()

    def test_ends_with_a_killed_owner(self, data: Path, owned: Callable[[], Owner]) -> None:
        owned().kill()

        eventually(lambda: not (data / "postmaster.pid").exists())

    def test_passes_on_at_once_after_the_owner_was_killed(
        self, data: Path, owned: Callable[[], Owner]
    ) -> None:
        owner = owned()
        owner.kill()
        owner.wait()

        with EmbeddedPostgres(data, durable=False) as server:
            assert value(server.url, "SELECT 1") == 1

    def test_passes_on_after_owner_and_server_were_killed(
        self, data: Path, owned: Callable[[], Owner]
    ) -> None:
        owner = owned()
        os.kill(postmaster(data), signal.SIGKILL)
        owner.kill()
        owner.wait()

        with EmbeddedPostgres(data, durable=False) as server:
            assert value(server.url, "SELECT 1") == 1

    def test_leaves_a_stranger_alone_whose_number_stands_in_a_stale_pid_file(
        self, data: Path
    ) -> None:
        with EmbeddedPostgres(data, durable=False):
            stale = (data / "postmaster.pid").read_text()
            account = data.owner() if os.geteuid() == 0 else ""
        sleep = tethered(["sleep", "600"], at_parents_end=signal.SIGKILL, account=account)
        with subprocess.Popen(sleep) as stranger:
            try:
                own_number, rest = stale.split("\n", 1)
                (data / "postmaster.pid").write_text(f"{stranger.pid}\n{rest}")
                with EmbeddedPostgres(data, durable=False) as server:
                    assert value(server.url, "SELECT 1") == 1
                    assert postmaster(data) not in (stranger.pid, int(own_number))
                assert stranger.poll() is None
            finally:
                stranger.kill()
