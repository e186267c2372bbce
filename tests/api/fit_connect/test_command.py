"""manage.py fit_connect: keys, a round, how things stand."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from api.fit_connect.configuration import configured
from api.fit_connect.keys import load
from backoffice.demo.fit_connect_sender import hand_in
from backoffice.demo.fit_connect_service import DeliveryService
from tests.api.fit_connect.sending import parcel, the_keys

Json = dict[str, Any]


def said(*arguments: str) -> Json:
    out = StringIO()
    call_command("fit_connect", *arguments, stdout=out)
    found: Json = json.loads(out.getvalue())
    return found


class TestKeys:
    def test_are_added_before_the_others_and_shown_without_their_secrets(
        self, settings: Any, tmp_path: Path
    ) -> None:
        path = tmp_path / "keys.json"
        path.write_text(json.dumps({"keys": the_keys()["keys"][:2]}), encoding="utf-8")
        settings.FITCONNECT_KEYS = str(path)
        shown = said("keys", "--add")["keys"]
        assert [one["key_ops"] for one in shown] == [["wrapKey"], ["verify"]] * 2
        assert not any({"d", "p", "q"} & set(one) for one in shown)
        keys = load(path)
        assert set(keys.opening) == {shown[0]["kid"], shown[2]["kid"]}
        assert keys.signing_kid == shown[1]["kid"]
        assert path.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize(
        "written",
        [
            "{",
            '{"keys": []}',
            json.dumps({"keys": [{"kty": "RSA", "alg": "PS512", "kid": "x"}]}),
            json.dumps({"keys": the_keys()["keys"][:1]}),
        ],
    )
    def test_that_cannot_be_used_are_refused(self, tmp_path: Path, written: str) -> None:
        path = tmp_path / "keys.json"
        path.write_text(written, encoding="utf-8")
        with pytest.raises(ImproperlyConfigured):
            load(path)


@pytest.mark.django_db
class TestTheStatus:
    def test_says_what_waits_and_why(self, destination: DeliveryService) -> None:
        hand_in(parcel(), destination)
        assert said("poll") == {"tried": 1}
        assert said("status")["submissions"] == {"accepted": 1}
        hand_in(parcel(), destination)
        destination.upset = {"one": 500}
        said("poll")
        with pytest.raises(SystemExit):
            said("status")

    def test_is_none_where_it_is_off(self, db: None) -> None:
        with pytest.raises(CommandError):
            said("status")

    def test_needs_every_setting(self, destination: DeliveryService, settings: Any) -> None:
        settings.FITCONNECT_CLIENT_SECRET = ""
        with pytest.raises(ImproperlyConfigured):
            configured()
