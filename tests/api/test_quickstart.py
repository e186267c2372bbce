"""The quickstart of docs/portal-developers.md does what it says, line by line."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from api.clients import create_client
from tests import factories
from workflows.models import Process, State

GUIDE = Path(__file__).parents[2] / "docs" / "portal-developers.md"
BASH, CURL = shutil.which("bash"), shutil.which("curl")


@pytest.mark.skipif(not (BASH and CURL), reason="no bash or no curl on the path")
def test_the_quickstart_works_as_it_stands(live_server: LiveServer, tmp_path: Path) -> None:
    client_id, secret = create_client(factories.city(), "Quickstart")
    told = {
        "base_url": live_server.url,
        "portal": {"client_id": client_id, "client_secret": secret},
    }
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo.json").write_text(json.dumps(told))
    lines = "\n".join(re.findall(r"```sh\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL))

    done = subprocess.run(
        [str(BASH), "-euo", "pipefail"],
        input=lines,
        cwd=tmp_path,
        # Where `make` puts the client's command.
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    mine = json.loads((tmp_path / "mine-receipt.json").read_text())
    assert Process.objects.get(submission=mine["id"]).service_key == "resident-parking"
    receipt = json.loads((tmp_path / "receipt.json").read_text())
    assert receipt["case_reference"] in done.stdout
    assert "%PDF-1.7" in done.stdout
    assert "Wann ist der Ausweis fertig?" in done.stdout
    assert Process.objects.get(submission=receipt["id"]).state == State.WITHDRAWN
