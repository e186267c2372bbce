"""The supervisor, with real processes."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from backoffice.config.supervisor import Child, Supervisor
from tests.eventually import eventually

FOREVER = "import signal, sys; print('up', flush=True); signal.pause()"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {FOREVER}"

# A supervisor in a process of its own. Its children hold a named pipe open, so the pipe's end of
# file is the proof that all of them are gone.
SUPERVISE = """
import sys
from pathlib import Path
from backoffice.config.supervisor import Child, Supervisor
hold = "import signal; pipe = open({!r}, 'w'); print('up', file=pipe, flush=True); signal.pause()"
command = [sys.executable, "-c", hold.format(sys.argv[2])]
children = [Child("web", command), Child("worker", command)]
with Supervisor(children, logs=Path(sys.argv[1])) as processes:
    processes.wait()
print("stopped", flush=True)
"""


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def log_line(log: Path, pattern: str) -> str:
    """What ``pattern`` finds in ``log``, as soon as it is there."""

    def look() -> re.Match[str] | None:
        return re.search(pattern, log.read_text(), re.MULTILINE) if log.exists() else None

    found = eventually(look)
    assert found
    return found[0]


def runs(pid: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def stop_when(log: Path, pattern: str) -> threading.Thread:
    """Ask this process to stop as soon as ``log`` shows ``pattern``."""

    def watch() -> None:
        log_line(log, pattern)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


class TestASupervisor:
    def test_writes_each_line_with_time_and_name(self, tmp_path: Path) -> None:
        with Supervisor([Child("web", python(FOREVER))], logs=tmp_path):
            line = log_line(tmp_path / "web.log", r"^.*up$")

        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00 web \| up", line)

    def test_hands_the_child_its_environment(self, tmp_path: Path) -> None:
        tell = "import os; print('PORT', os.environ['PORT']); " + FOREVER
        with Supervisor([Child("web", python(tell), {"PORT": "8123"})], logs=tmp_path):
            assert log_line(tmp_path / "web.log", "PORT 8123")

    def test_stops_the_children_last_started_first(self, tmp_path: Path) -> None:
        ended = tmp_path / "ended"
        program = (
            "import pathlib, signal, sys\n"
            "def end(*_):\n"
            f"    with open({str(ended)!r}, 'a') as file: file.write(sys.argv[1] + ' ')\n"
            "    sys.exit()\n"
            "signal.signal(signal.SIGTERM, end)\n"
            "print('up', flush=True)\n"
            "while True: signal.pause()\n"
        )
        names = ["registers", "worker", "web"]
        children = [Child(name, [*python(program), name]) for name in names]
        with Supervisor(children, logs=tmp_path):
            for name in names:
                log_line(tmp_path / f"{name}.log", "up")

        assert ended.read_text().split() == ["web", "worker", "registers"]

    def test_kills_a_child_that_does_not_end_within_the_grace(self, tmp_path: Path) -> None:
        with Supervisor([Child("deaf", python(DEAF))], logs=tmp_path, grace=0.2) as processes:
            log_line(tmp_path / "deaf.log", "up")
            pid = processes.pid("deaf")

        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

    def test_ends_what_a_child_left_behind(self, tmp_path: Path) -> None:
        leave = (
            "import os, subprocess, sys\n"
            f"child = subprocess.Popen([sys.executable, '-c', {DEAF!r}])\n"
            "print('grandchild', child.pid, flush=True)\n"
            "child.wait()\n"
        )
        with Supervisor([Child("web", python(leave))], logs=tmp_path, grace=0.2):
            grandchild = int(log_line(tmp_path / "web.log", r"grandchild \d+").split()[1])

        eventually(lambda: not runs(grandchild))

    def test_restarts_what_crashed(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        come_back = (
            "import pathlib, signal, sys\n"
            f"been = pathlib.Path({str(tmp_path / 'been')!r})\n"
            "if not been.exists(): been.touch(); sys.exit(3)\n"
            "print('back', flush=True)\n"
            "signal.pause()\n"
        )
        children = [Child("worker", python(come_back)), Child("witness", python(FOREVER))]
        with Supervisor(children, logs=tmp_path, first_delay=0.01) as processes:
            stop_when(tmp_path / "worker.log", "back")
            processes.wait()

        assert "worker ended (exit code 3) and starts again" in capsys.readouterr().err

    def test_waits_longer_before_each_restart(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        crash = "print('crashed', flush=True); raise SystemExit(3)"
        with Supervisor(
            [Child("worker", python(crash))], logs=tmp_path, first_delay=0.01
        ) as processes:
            stop_when(tmp_path / "worker.log", "(.*crashed\n){6}")
            processes.wait()

        delays = re.findall(r"in ([\d.]+) s", capsys.readouterr().err)
        assert delays[:5] == ["0.0", "0.0", "0.0", "0.1", "0.2"]


class TestTheSupervisorsEnd:
    @pytest.fixture
    def supervised(self, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], TextIO]]:
        """A supervisor whose two children are up, and the pipe that both hold open."""
        os.mkfifo(tmp_path / "pipe")
        command = [*python(SUPERVISE), str(tmp_path), str(tmp_path / "pipe")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            with (tmp_path / "pipe").open() as pipe:
                assert [pipe.readline(), pipe.readline()] == ["up\n", "up\n"]
                yield process, pipe
            process.kill()

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_is_clean_on_a_signal(
        self, supervised: tuple[subprocess.Popen[str], TextIO], number: signal.Signals
    ) -> None:
        process, pipe = supervised
        process.send_signal(number)

        assert process.communicate(timeout=60)[0] == "stopped\n"
        assert process.returncode == 0
        assert pipe.read() == ""

    def test_takes_the_children_along_even_when_killed(
        self, supervised: tuple[subprocess.Popen[str], TextIO]
    ) -> None:
        process, pipe = supervised
        process.kill()

        assert pipe.read() == ""
