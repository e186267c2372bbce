"""How a client proves who it is: secrets that overlap, and signatures that count once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from oauth2_provider.models import AccessToken

from api import clients
from api.assertions import TYPE, token_url
from api.client_keys import checked_keys
from api.jobs import clear_tokens
from api.models import PortalClient, UsedAssertion
from efile.kernel.clock import real_now
from efile.kernel.errors import Invalid
from tests.factories import city, machine

TOKEN = "/api/v1/oauth/token"
GRANT = {"grant_type": "client_credentials"}
SIGNING = OKPKey.generate_key("Ed25519", auto_kid=True)
OTHERS = OKPKey.generate_key("Ed25519", auto_kid=True)
CURVE = ECKey.generate_key("P-256", auto_kid=True)
RSA = RSAKey.generate_key(3072, auto_kid=True)


def public(*keys: Any) -> dict[str, Any]:
    return {"keys": [dict(key.as_dict(private=False)) for key in keys]}


def asked(**form: str) -> Any:
    return Client().post(TOKEN, GRANT | form)


@pytest.fixture
def portal(db: None) -> tuple[str, str]:
    return clients.create_client(city(), "Serviceportal", ["submit", "read"])


@pytest.fixture
def signing(portal: tuple[str, str]) -> str:
    """A client that proves itself by SIGNING, CURVE or RSA."""
    keys = public(SIGNING, CURVE, RSA)
    clients.register_keys(portal[0], keys, signed=True, by=machine(), at=real_now())
    return portal[0]


def claims(client_id: str, **changes: Any) -> dict[str, Any]:
    at = int(real_now().timestamp())
    usual = {"iss": client_id, "sub": client_id, "aud": token_url(), "iat": at, "exp": at + 240}
    return usual | {"jti": "one"} | changes


def signed(
    told: dict[str, Any], key: Any = SIGNING, algorithm: str = "EdDSA", **header: Any
) -> str:
    return jwt.encode({"alg": algorithm} | header, told, key, algorithms=[algorithm])


def shown(assertion: str, **form: str) -> Any:
    return asked(client_assertion_type=TYPE, client_assertion=assertion, **form)


class TestASecret:
    def test_counts_on_for_a_while_beside_the_new_one(self, portal: tuple[str, str]) -> None:
        client_id, old = portal
        new = clients.rotate_secret(client_id, by=machine(), at=real_now())
        for secret in (old, new):
            assert asked(client_id=client_id, client_secret=secret).status_code == 200
        row = PortalClient.objects.get(client_id=client_id)
        assert row.previous_expires_at is not None
        assert timedelta(days=6) < row.previous_expires_at - real_now() <= timedelta(days=7)
        assert {old, new}.isdisjoint({row.client_secret, row.previous_secret})

    def test_ends_when_its_time_is_over_or_by_hand(self, portal: tuple[str, str]) -> None:
        client_id, first = portal
        second = clients.rotate_secret(client_id, by=machine(), at=real_now() - timedelta(days=8))
        assert asked(client_id=client_id, client_secret=first).status_code == 401
        third = clients.rotate_secret(client_id, by=machine(), at=real_now())
        clients.end_previous_secret(client_id, by=machine(), at=real_now())
        assert asked(client_id=client_id, client_secret=second).status_code == 401
        assert asked(client_id=client_id, client_secret=third).status_code == 200

    def test_ends_at_once_when_it_became_known(self, portal: tuple[str, str]) -> None:
        client_id, old = portal
        clients.rotate_secret(client_id, by=machine(), at=real_now(), overlap=timedelta())
        assert asked(client_id=client_id, client_secret=old).status_code == 401


class TestAClientThatIsShutOut:
    def test_gets_nowhere_from_that_moment_on_and_may_come_back(
        self, portal: tuple[str, str]
    ) -> None:
        client_id, secret = portal
        token = asked(client_id=client_id, client_secret=secret).json()["access_token"]
        here = Client(headers={"Authorization": f"Bearer {token}"})
        assert here.get("/api/v1/services").status_code == 200
        clients.deactivate(client_id, by=machine(), at=real_now())
        assert here.get("/api/v1/services").status_code == 401
        assert asked(client_id=client_id, client_secret=secret).status_code == 401
        with pytest.raises(Invalid, match="portal_closed"):
            clients.rotate_secret(client_id, by=machine(), at=real_now())
        clients.reactivate(client_id, by=machine(), at=real_now())
        assert here.get("/api/v1/services").status_code == 200


class TestASignature:
    @pytest.mark.parametrize(
        ("key", "algorithm"),
        [(SIGNING, "EdDSA"), (SIGNING, "Ed25519"), (CURVE, "ES256"), (RSA, "PS256")],
    )
    def test_opens_the_api(self, signing: str, key: Any, algorithm: str) -> None:
        answer = shown(signed(claims(signing), key, algorithm), scope="read")
        assert (answer.status_code, answer.json().get("scope")) == (200, "read")

    def test_may_be_for_the_issuer_and_name_its_client_beside(self, signing: str) -> None:
        issuer = Client().get("/.well-known/oauth-authorization-server").json()["issuer"]
        assert shown(signed(claims(signing, aud=[issuer])), client_id=signing).status_code == 200

    @pytest.mark.parametrize(
        "changes",
        [
            {"aud": "https://elsewhere.example/token"},
            {"aud": None},
            {"iss": "somebody"},
            {"exp": 1},
            {"exp": 9_999_999_999},
            {"exp": "soon"},
            {"exp": 1e300},
            {"iat": None},
            {"iat": 9_999_999_999},
            {"nbf": 9_999_999_999},
            {"jti": None},
            {"jti": ""},
            {"jti": "x" * 256},
        ],
        ids=str,
    )
    def test_has_to_say_the_right_things(self, signing: str, changes: dict[str, Any]) -> None:
        answer = shown(signed(claims(signing, **changes)))
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert not AccessToken.objects.exists()

    def test_names_no_second_audience(self, signing: str) -> None:
        both = [token_url(), "https://elsewhere.example"]
        assert shown(signed(claims(signing, aud=both))).status_code == 401

    def test_counts_once(self, signing: str) -> None:
        assertion = signed(claims(signing))
        assert [shown(assertion).status_code for _ in range(2)] == [200, 401]
        assert shown(signed(claims(signing, jti="two"))).status_code == 200

    def test_is_forgotten_when_nobody_could_show_it_again(self, signing: str) -> None:
        client = PortalClient.objects.get(client_id=signing)
        for age, name in ((timedelta(hours=1), "old"), (timedelta(), "new")):
            UsedAssertion.objects.create(
                tenant=client.tenant,
                client=client,
                jti_sha256=name,
                expires_at=real_now() - age,
            )
        clear_tokens()
        assert [one.jti_sha256 for one in UsedAssertion.objects.all()] == ["new"]

    @pytest.mark.parametrize(
        "forged",
        [
            lambda who: signed(claims(who), OTHERS),
            lambda who: signed(claims(who), OTHERS, kid=SIGNING.kid),
            lambda who: signed(claims(who), RSA, "RS256"),
            lambda who: signed(claims(who), OctKey.import_key("secret" * 8), "HS256"),
            lambda who: jwt.encode({"alg": "none"}, claims(who), SIGNING, algorithms=["none"]),
            lambda who: signed(claims(who))[:-4] + "AAAA",
            lambda who: "a.b.c",
            lambda who: "nonsense",
            lambda who: "." * 9000,
        ],
        ids=["key", "kid", "rs256", "hs256", "none", "bytes", "parts", "text", "long"],
    )
    def test_is_made_with_a_key_of_the_client(
        self, signing: str, forged: Callable[[str], str]
    ) -> None:
        assert shown(forged(signing)).status_code == 401

    def test_is_no_use_with_the_key_of_another_client(self, signing: str) -> None:
        other, _ = clients.create_client(city(), "Ein anderes Portal")
        clients.register_keys(other, public(OTHERS), signed=True, by=machine(), at=real_now())
        assert shown(signed(claims(signing), OTHERS)).status_code == 401
        assert shown(signed(claims(other), OTHERS), client_id=signing).status_code == 401
        assert shown(signed(claims(other), OTHERS)).status_code == 200

    def test_is_the_one_way_in_where_it_is_asked_for(
        self, portal: tuple[str, str], signing: str
    ) -> None:
        assert asked(client_id=signing, client_secret=portal[1]).status_code == 401
        both = shown(signed(claims(signing)), client_id=signing, client_secret=portal[1])
        assert both.status_code == 401
        clients.register_keys(signing, None, signed=False, by=machine(), at=real_now())
        assert asked(client_id=signing, client_secret=portal[1]).status_code == 200
        assert shown(signed(claims(signing, jti="late"))).status_code == 401


class TestAKeySet:
    def test_is_kept_without_anything_that_is_not_checked(self) -> None:
        told = public(SIGNING)["keys"][0] | {"x5u": "https://elsewhere.example"}
        [kept] = checked_keys({"keys": [told]})["keys"]
        assert kept.keys() == {"kty", "crv", "x", "kid", "alg", "use"}

    @pytest.mark.parametrize(
        ("jwks", "rule"),
        [
            ([], "jwks"),
            ({"keys": {}}, "jwks"),
            ({"keys": [{}] * 11}, "jwks"),
            ({"keys": ["text"]}, "jwk"),
            ({"keys": [{"kty": "OKP", "crv": "X25519", "x": "AA"}]}, "jwk"),
            ({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]}, "jwk"),
            ({"keys": [{"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}]}, "jwk"),
            (public(RSAKey.generate_key(2048)), "jwk"),
            ({"keys": [public(RSA)["keys"][0] | {"alg": "RS256"}]}, "jwk"),
            ({"keys": [public(SIGNING)["keys"][0] | {"use": "enc"}]}, "jwk"),
            ({"keys": [dict(SIGNING.as_dict(private=True))]}, "jwk_private"),
            ({"keys": [{"kty": "oct", "k": "AA"}]}, "jwk_private"),
            (public(SIGNING, SIGNING), "jwk_twice"),
        ],
    )
    def test_is_refused_when_one_cannot_rely_on_it(self, jwks: Any, rule: str) -> None:
        with pytest.raises(Invalid) as refusal:
            checked_keys(jwks)
        assert [error.rule for error in refusal.value.errors] == [rule]

    @pytest.mark.django_db
    def test_is_needed_before_it_counts_alone(self, portal: tuple[str, str]) -> None:
        with pytest.raises(Invalid, match="no_keys"):
            clients.register_keys(portal[0], {"keys": []}, signed=True, by=machine(), at=real_now())
