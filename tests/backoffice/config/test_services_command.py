"""``manage.py services``: what it says, what it changes, and what it exits with."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories import city, machine
from workflows.catalogue.loading import SHIPPED, parse
from workflows.definitions import drafts
from workflows.models import DefinitionDraft, ServiceVersion
from workflows.offers import current_offer

pytestmark = pytest.mark.django_db

PERMIT = "resident-parking"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("services", *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def permit(tmp_path: Path) -> Path:
    file = tmp_path / f"{PERMIT}.yaml"
    file.write_text((SHIPPED / file.name).read_text("utf-8"), encoding="utf-8")
    return file


@pytest.fixture
def bad(permit: Path) -> Path:
    text = permit.read_text("utf-8").replace("working_days: 10", "working_days: bald", 1)
    permit.write_text(text, encoding="utf-8")
    return permit


class TestCheck:
    def test_passes_what_is_sound(self, permit: Path) -> None:
        assert run("check", str(permit.parent)) == "1 checked, 0 faults\n"

    def test_names_file_line_pointer_and_rule_and_exits_with_1(self, bad: Path) -> None:
        with pytest.raises(SystemExit) as exit_:
            run("check", str(bad))
        assert exit_.value.code == 1
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("services", "check", "--json", str(bad), stdout=out)
        [fault] = json.loads(out.getvalue())["faults"]
        line = bad.read_text("utf-8").splitlines()[fault["line"] - 1]
        assert (fault["file"], fault["pointer"], fault["rule"], line.strip()) == (
            str(bad),
            "/deadlines/0/working_days",
            "type",
            "working_days: bald",
        )

    def test_for_a_city_also_looks_at_its_places(self, permit: Path) -> None:
        text = permit.read_text("utf-8").replace("unit: ", "unit: x-", 1)
        permit.write_text(text, encoding="utf-8")
        run("check", str(permit))
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("services", "check", "--tenant", "musterstadt", str(permit), stderr=out)
        assert f"{permit}:1: /unit: This city has no unit x-" in out.getvalue()


class TestExportAndImport:
    def test_come_back_to_the_same_digest(self, tmp_path: Path) -> None:
        run("export", PERMIT, "--to", str(tmp_path))
        file = tmp_path / f"{PERMIT}.yaml"
        offered = current_offer(city().pk, PERMIT).definition
        assert parse(file.read_text("utf-8"), source="").sha256 == offered.sha256
        assert run("import", str(file)) == f"{PERMIT}: draft, revision 1\n"
        assert run("import", "--replace", str(file)) == f"{PERMIT}: draft, revision 2\n"
        with pytest.raises(CommandError, match="draft_exists"):
            run("import", str(file))

    def test_of_what_is_bad_changes_nothing(self, bad: Path) -> None:
        with pytest.raises(CommandError, match=rf"{PERMIT}.yaml:\d+: /deadlines/0/working_days"):
            run("import", str(bad))
        assert not DefinitionDraft.objects.exists()

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("export", "nothing"), "nothing: there is no such service"),
            (("import", "missing.yaml"), "missing.yaml: no such file"),
            (("export", "--tenant", "anderswo"), "there are: musterstadt"),
        ],
    )
    def test_of_what_is_not_there_says_so(self, arguments: tuple[str, ...], said: str) -> None:
        with pytest.raises(CommandError, match=said):
            run(*arguments)


class TestPublish:
    def test_puts_a_file_in_force_or_a_draft_from_a_day_on(self, permit: Path) -> None:
        assert "version 1" in run("publish", str(permit))
        text = permit.read_text("utf-8").replace("years: 3", "years: 4")
        permit.write_text(text, encoding="utf-8")
        run("import", str(permit))
        assert run("publish", PERMIT, "--from", "2999-01-01") == (
            f"{PERMIT}: version 2 from 2999-01-01\n"
        )
        assert drafts.find_draft(PERMIT, by=machine()) is None
        assert current_offer(city().pk, PERMIT).version.number == 1

    def test_of_what_is_bad_publishes_nothing(self, bad: Path) -> None:
        before = ServiceVersion.objects.count()
        with pytest.raises(CommandError, match="working_days"):
            run("publish", str(bad))
        assert ServiceVersion.objects.count() == before
