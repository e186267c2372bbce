"""Messages to the federal account's mailboxes, and its status monitor."""

import base64
import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from joserfc import jwe, jwt
from joserfc.jwk import RSAKey

from api.fit_connect.bundid import SERVICES, STATUSES
from api.fit_connect.polling import poll
from api.models import FitConnectSubmission
from api.schemas.submissions import STATES
from backoffice.demo.fit_connect_sender import hand_in
from backoffice.demo.fit_connect_service import DeliveryService
from efile.kernel.clock import now, real_now
from efile.kernel.ids import uuid7
from tests import factories
from tests.api.fit_connect.sending import parcel, the_keys
from workflows.correspondence import write_to_applicant
from workflows.models import Process

Json = dict[str, Any]

ACCOUNT = str(uuid7())
APPLICATION = "9ef6c096-131c-4e0e-895a-3503b80775ec"
MAILBOX = "e0e02494-eca2-4a6b-9320-fc527747878c"


def test_every_public_state_has_its_status() -> None:
    assert set(STATUSES) == set(STATES)
    known = {"INITIATED", "SUBMITTED", "RECEIVED", "PROCESSING", "ACTION_REQUIRED", "COMPLETED"}
    assert set(STATUSES.values()) <= known


@cache
def certified() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Musterstadt")])
    at = real_now()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return key, certificate


@pytest.fixture
def account(destination: DeliveryService, settings: Any, tmp_path: Path) -> DeliveryService:
    """The federal account's destination, whose key is the sender's of the other tests."""
    key, certificate = certified()
    settings.FITCONNECT_BUNDID_DESTINATION = ACCOUNT
    settings.FITCONNECT_BUNDID_KEY = str(tmp_path / "key.pem")
    settings.FITCONNECT_BUNDID_CERTIFICATE = str(tmp_path / "certificate.pem")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    Path(settings.FITCONNECT_BUNDID_KEY).write_bytes(pem)
    certificate_pem = certificate.public_bytes(Encoding.PEM)
    Path(settings.FITCONNECT_BUNDID_CERTIFICATE).write_bytes(certificate_pem)
    sender = the_keys()["sender"]
    public = {name: sender[name] for name in ("kty", "n", "e", "alg", "kid")}
    destination.others = {ACCOUNT: public | {"key_ops": ["wrapKey"]}}
    return destination


def arrived(account: DeliveryService, kind: str) -> list[Json]:
    """The signed contents that the account got, in order."""
    private = RSAKey.import_key({k: v for k, v in the_keys()["sender"].items() if k != "key_ops"})
    algorithms = ["RSA-OAEP-256", "A256GCM"]
    found = []
    for held in account.held.values():
        if held.to != ACCOUNT or held.service["identifier"] != SERVICES[kind]:
            continue
        sealed = held.sent["encryptedData"]
        plain = jwe.decrypt_compact(sealed, private, algorithms=algorithms).plaintext
        found.append(verified(json.loads(plain or b"")))
    return found


def verified(envelope: Json) -> Json:
    """The content of an envelope whose signature and token are right."""
    certificate = x509.load_pem_x509_certificate(envelope["authorCertificate"].encode())
    public = certificate.public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    signature = base64.b64decode(envelope["sha512sum"])
    public.verify(signature, envelope["content"].encode(), padding.PKCS1v15(), hashes.SHA512())
    key = RSAKey.import_key(public)
    token = jwt.decode(envelope["authorToken"], key, algorithms=["RS512"])
    assert (token.claims["signer"], token.claims["roles"]) == ("Musterstadt", ["THIRD_PARTY"])
    content: Json = json.loads(envelope["content"])
    return content


def chosen(metadata: Json) -> None:
    metadata["replyChannel"] = {"idBundDeMailbox": {"mailboxUuid": MAILBOX}}
    metadata["additionalReferenceInfo"] = {
        "idBundDeApplicationId": APPLICATION,
        "zustimmungZumDigitalenBescheid": True,
    }


@pytest.mark.django_db
def test_the_applicant_reads_there_how_things_stand(account: DeliveryService) -> None:
    hand_in(parcel(edit=chosen), account)
    at = real_now()
    poll(at=at)
    (status,) = arrived(account, "status")
    process = Process.objects.select_related("case").get()
    assert (status["applicationId"], status["status"]) == (APPLICATION, "RECEIVED")
    assert status["reference"] == process.case.reference
    assert arrived(account, "message") == []

    by = factories.colleague()
    write_to_applicant(process.case_id, "Bitte rufen Sie an.", by=by, at=now())
    poll(at=at + timedelta(minutes=2))
    poll(at=at + timedelta(minutes=4))
    (message,) = arrived(account, "message")
    assert (message["mailboxUuid"], message["applicationId"]) == (MAILBOX, APPLICATION)
    assert message["content"].startswith("Bitte rufen Sie an.")
    assert FitConnectSubmission.objects.get().reply_channel["kind"] == "idBundDeMailbox"
