"""manage.py open311_key: a key is shown once, and put out of use."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from api.models import Open311Key
from api.open311.keys import hashed

pytestmark = pytest.mark.django_db


def called(*arguments: str) -> str:
    out = StringIO()
    call_command("open311_key", *arguments, stdout=out)
    return out.getvalue()


def test_a_key_is_made_hashed_and_revoked() -> None:
    made = json.loads(called("create", "--tenant=musterstadt", "--name=Bürger-App Nord", "--json"))
    assert made["client"] == "burger-app-nord"
    assert made["api_key"] not in str(Open311Key.objects.values())
    assert "cannot be shown again" in called(
        "create", "--tenant=musterstadt", "--name=Bürger-App Nord"
    )
    revoke = ("revoke", "--tenant=musterstadt", f"--client={made['client']}")
    assert called(*revoke, "--keep-newest").startswith("1 ")
    assert not Open311Key.objects.get(key_sha256=hashed(made["api_key"])).is_active
    assert called(*revoke).startswith("1 ")
    assert not Open311Key.objects.filter(is_active=True).exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "--tenant=nowhere", "--name=x"),
        ("create", "--tenant=musterstadt", "--name=???"),
        ("revoke", "--tenant=musterstadt", "--client=nobody"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        called(*arguments)
