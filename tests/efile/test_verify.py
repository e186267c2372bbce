"""Whether every stored byte is there and unaltered, and nothing lies there that nobody knows."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from efile.filing import file_documents, receive_upload
from efile.kernel.clock import real_now
from efile.models import Case
from efile.storage import default_store
from efile.verify import StorageFault, verify_storage
from tests.efile.cases import new_document, opened
from tests.efile.storing import alter, path_of
from tests.factories import AT, machine, portal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    """A store of its own for each test."""
    settings.STORAGE_ROOT = tmp_path / "storage"
    return tmp_path / "storage"


@pytest.fixture
def case() -> Case:
    """A case with two documents."""
    case = opened()
    documents = [new_document(b"Ein Nachweis"), new_document(b"Noch einer")]
    file_documents(case.id, documents, by=machine(), at=AT)
    return case


@pytest.fixture
def filed(root: Path, case: Case) -> Path:
    """Where the bytes of the first document lie."""
    return path_of(root, new_document(b"Ein Nachweis").sha256)


def stray() -> str:
    """Bytes in the store that no row knows of: those of a transaction that failed."""
    return default_store().write([b"verwaist"], max_bytes=100).sha256


class TestVerifyStorage:
    def test_finds_nothing_wrong_with_a_sound_store(self, case: Case) -> None:
        assert verify_storage() == (2, [])

    def test_finds_nothing_wrong_with_no_store_at_all(self) -> None:
        assert verify_storage() == (0, [])

    def test_names_missing_bytes_and_the_case_they_belong_to(self, case: Case, filed: Path) -> None:
        filed.unlink()
        fault = StorageFault(
            "missing", "musterstadt", case.reference, filed.name, "12 bytes, text/plain"
        )
        assert verify_storage() == (2, [fault])

    def test_names_altered_bytes_however_well_hidden(self, case: Case, filed: Path) -> None:
        alter(filed)
        _, (fault,) = verify_storage()
        assert (fault.kind, fault.case, fault.sha256) == ("altered", case.reference, filed.name)

    def test_names_bytes_that_were_cut_off(self, case: Case, filed: Path) -> None:
        filed.chmod(0o600)
        filed.write_bytes(filed.read_bytes()[:-1])
        _, (fault,) = verify_storage()
        assert fault.kind == "altered"

    def test_names_bytes_that_nobody_refers_to(self, case: Case) -> None:
        left = stray()
        assert verify_storage() == (2, [StorageFault("unreferenced", None, None, left, "8 bytes")])

    def test_checks_uploads_that_are_on_no_case_yet(self, root: Path) -> None:
        stored = default_store().write([b"Hochgeladen"], max_bytes=100)
        receive_upload(
            stored, media_type="text/plain", filename="Neu.txt", by=portal(), at=real_now()
        )
        path_of(root, stored.sha256).unlink()
        _, (fault,) = verify_storage()
        assert (fault.kind, fault.tenant, fault.case) == ("missing", "musterstadt", None)


class TestTheCommand:
    def run(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
        status = 0
        try:
            call_command("verify_storage", *arguments)
        except SystemExit as exit_:
            status = int(str(exit_.code))
        return status, capsys.readouterr().out

    def test_is_content_with_a_sound_store(
        self, case: Case, capsys: pytest.CaptureFixture[str]
    ) -> None:
        status, said = self.run(capsys, "--json")
        assert (status, json.loads(said)) == (0, {"checked": 2, "faults": []})

    @pytest.mark.parametrize("kind", ["missing", "altered"])
    def test_fails_when_something_is_wrong(
        self, case: Case, filed: Path, kind: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        if kind == "missing":
            filed.unlink()
        else:
            alter(filed)
        status, said = self.run(capsys, "--json")
        assert status == 1
        assert json.loads(said) == {
            "checked": 2,
            "faults": [
                {
                    "kind": kind,
                    "tenant": "musterstadt",
                    "case": case.reference,
                    "sha256": filed.name,
                    "detail": "12 bytes, text/plain",
                }
            ],
        }

    def test_does_not_fail_over_bytes_that_are_merely_left_over(
        self, case: Case, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A crash between writing and filing leaves some; upkeep clears them away."""
        left = stray()
        status, said = self.run(capsys, "--json")
        assert status == 0
        (fault,) = json.loads(said)["faults"]
        assert (fault["kind"], fault["case"], fault["sha256"]) == ("unreferenced", None, left)

    def test_tells_people_the_same_in_lines(
        self, case: Case, filed: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        filed.unlink()
        status, said = self.run(capsys)
        assert status == 1
        assert said.splitlines() == [
            f"missing  {case.reference}  {filed.name}  12 bytes, text/plain",
            "2 contents checked, 1 faults",
        ]
