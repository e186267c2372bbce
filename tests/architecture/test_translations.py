"""The compiled translations are committed: they must say what their sources say."""

import gettext
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, files

pytestmark = [pytest.mark.static, pytest.mark.requires("gettext")]

PAGES = Path("backoffice/pages")
SOURCES = [path for path in files() if path.suffix == ".po"]


def texts(compiled: bytes) -> dict[object, str]:
    """Original → translation; an original with plural forms has one entry for each."""
    catalogue: dict[object, str] = vars(gettext.GNUTranslations(BytesIO(compiled)))["_catalog"]
    return {original: text for original, text in catalogue.items() if original != ""}


def compiled(source: Path) -> bytes:
    command = ["msgfmt", "--check", "--output-file=-", str(source)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_there_is_something_to_compare() -> None:
    assert SOURCES


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_the_compiled_translation_is_fresh(source: Path) -> None:
    """If not: ``manage.py compilemessages``."""
    assert texts((ROOT / source).with_suffix(".mo").read_bytes()) == texts(compiled(ROOT / source))


def test_every_text_of_the_pages_is_translated_and_no_other(tmp_path: Path) -> None:
    """If not: ``manage.py makemessages --locale en``, translate, ``manage.py compilemessages``."""
    shutil.copytree(ROOT / PAGES, tmp_path / "pages", ignore=shutil.ignore_patterns("*.po", "*.mo"))
    extract = [sys.executable, "-m", "django", "makemessages", "--locale=en"]
    subprocess.run(extract, cwd=tmp_path / "pages", check=True, capture_output=True)
    extracted = tmp_path / "pages/locale/en/LC_MESSAGES/django.po"
    # Fills each translation with its original, for an empty one would be left out.
    subprocess.run(["msgen", "--output-file", extracted, extracted], check=True)

    translated = texts(compiled(ROOT / PAGES / "locale/en/LC_MESSAGES/django.po"))
    assert set(translated) == set(texts(compiled(extracted)))
