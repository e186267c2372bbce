"""The federal account (BundID): messages to a mailbox and the status monitor, over FIT-Connect.

Both are submissions to the account's own destination whose data document is an envelope that we
sign with a certificate of the administration's PKI: ``content``, ``sha512sum`` (its signature),
``authorToken``, ``authorCertificate``. The services are ``message_v6`` and ``status_v6``.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from joserfc import jwt
from joserfc.jwk import RSAKey

from api.fit_connect.notices import Outgoing, Standing
from api.fit_connect.receiving import Reception
from api.models.fit_connect import FitConnectNotice
from efile.kernel.clock import real_now

SERVICES: Final = {
    "message": "urn:schema-fitko-de:fit-connect:id.bund.de:message_v6",
    "status": "urn:schema-fitko-de:fit-connect:id.bund.de:status_v6",
}
_SCHEMA: Final = (
    "https://schema.fitko.de/fit-connect/id.bund.de/message_v6/1.0.0/zbp-message.schema.json"
)
# Our public states in the six of the status monitor.
STATUSES: Final[Mapping[str, str]] = {
    "received": "RECEIVED",
    "in_examination": "PROCESSING",
    "forwarded": "PROCESSING",
    "waiting_for_you": "ACTION_REQUIRED",
    "decided": "COMPLETED",
    "closed": "COMPLETED",
    "withdrawn": "COMPLETED",
}
# Trust in the mailbox of those who read a decision there (STORK QAA, "substantial").
_LEVEL: Final = 3
_TOKEN_LASTS: Final = timedelta(minutes=30)


def is_configured() -> bool:
    """Whether the federal account's destination is known, and what signs for us."""
    return bool(settings.FITCONNECT_BUNDID_DESTINATION and settings.FITCONNECT_BUNDID_KEY)


def _told_in_message(standing: Standing) -> Sequence[str]:
    """What goes into the mailbox: what was written, asked and decided; not every small event."""
    return [name for name in standing.items if not name.startswith("event:")]


def _told_in_status(standing: Standing) -> Sequence[str]:
    """The status is told anew with everything that happened."""
    status, events = standing.status, standing.status["events"]
    return [f"{STATUSES[status['state']]}:{events[-1]['id'] if events else ''}"]


ITEMS: Final[Mapping[str, Callable[[Standing], Sequence[str]]]] = {
    "message": _told_in_message,
    "status": _told_in_status,
}


def outgoing(row: FitConnectNotice, standing: Standing, reception: Reception) -> Outgoing:
    """The notice as a submission to the federal account. Refuses: DeliveryServiceUnavailable."""
    to = UUID(settings.FITCONNECT_BUNDID_DESTINATION)
    key, kid = reception.service.encrypting_key(to)
    content = _CONTENT[row.kind](row, standing, reception)
    enclosed = standing.enclosed(row.items) if row.kind == "message" else []
    return Outgoing(
        what="submission",
        announcement={
            "destinationId": str(to),
            "publicService": {"name": content["name"], "identifier": SERVICES[row.kind]},
        },
        key=key,
        kid=kid,
        schema_uri=_SCHEMA,
        data=_envelope(content["content"], at=real_now()),
        enclosed=enclosed,
    )


def _message(row: FitConnectNotice, standing: Standing, reception: Reception) -> dict[str, Any]:
    status, sender = standing.status, reception.configuration.tenant.name
    texts = [
        one["text"] for kind in ("message", "question") for one in standing.picked(kind, row.items)
    ]
    monitor = row.submission.status_monitor
    content = {
        "stork_qaa_level": _LEVEL,
        "mailboxUuid": row.submission.reply_channel["mailbox"],
        "sender": sender[:255],
        "title": f"{status['case_reference'] or sender}"[:1024],
        "content": "\n\n".join([*texts, status["next_step"]]),
        "service": status["service"][:255],
        **({"applicationId": str(monitor)} if monitor else {}),
        **({"reference": status["case_reference"]} if status["case_reference"] else {}),
    }
    return {"name": status["service"], "content": content}


def _status(row: FitConnectNotice, standing: Standing, reception: Reception) -> dict[str, Any]:
    status = standing.status
    content = {
        "applicationId": str(row.submission.status_monitor),
        "status": row.items[0].partition(":")[0],
        "publicServiceName": {"de": status["service"][:100]},
        "senderName": reception.configuration.tenant.name[:100],
        "createdDate": row.made_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        **({"reference": status["case_reference"][:50]} if status["case_reference"] else {}),
    }
    return {"name": "Statusmonitor", "content": content}


_CONTENT: Final[Mapping[str, Callable[[FitConnectNotice, Standing, Reception], dict[str, Any]]]] = {
    "message": _message,
    "status": _status,
}


def _envelope(content: Mapping[str, Any], *, at: datetime) -> bytes:
    text = json.dumps(content, ensure_ascii=False)
    pem = Path(settings.FITCONNECT_BUNDID_KEY).read_bytes()
    certificate = Path(settings.FITCONNECT_BUNDID_CERTIFICATE).read_text(encoding="ascii")
    key = load_pem_private_key(pem, None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ImproperlyConfigured("FITCONNECT_BUNDID_KEY is no RSA key")
    subject = x509.load_pem_x509_certificate(certificate.encode()).subject
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    claims = {
        "iat": int(at.timestamp()),
        "exp": int((at + _TOKEN_LASTS).timestamp()),
        "signer": str(names[0].value) if names else "",
        "roles": ["THIRD_PARTY"],
    }
    header = {"alg": "RS512", "typ": "JWT"}
    token = jwt.encode(header, claims, RSAKey.import_key(pem), algorithms=["RS512"])
    signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA512())
    told = {
        "content": text,
        "sha512sum": base64.b64encode(signature).decode(),
        "authorToken": token,
        "authorCertificate": certificate,
    }
    return json.dumps(told, ensure_ascii=False).encode()
