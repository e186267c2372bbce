"""The benchmark's portal: prepares calls, so that the load only has to send them."""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from backoffice.config.bench.load import Call

PDF_BYTES = 100_000
SERVICE = "bench-permit"
FIELDS = 12


@dataclass(frozen=True, slots=True)
class BenchPortal:
    """A portal with a token, and the submission it sends over and over."""

    base_url: str
    token: str
    line: httpx.Client = field(default_factory=httpx.Client)

    @classmethod
    def sign_in(cls, base_url: str, client_id: str, client_secret: str) -> "BenchPortal":
        reply = httpx.post(
            f"{base_url}/api/v1/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(client_id, client_secret),
        )
        reply.raise_for_status()
        return cls(base_url, reply.json()["access_token"])

    def body(self, upload: str) -> dict[str, Any]:
        """One party, twelve form fields, one proof."""
        filled = {f"field_{number}": f"Angabe {number}" for number in range(FIELDS - 2)}
        return {
            "service": SERVICE,
            "language": "de",
            "form": {"plate": "MU-AB 123", "zone": "A1", **filled},
            "parties": [
                {
                    "role": "applicant",
                    "kind": "person",
                    "given_names": "Đorđe",
                    "family_name": "Yılmaz",
                    "birth_date": "1981-04-02",
                    "address": {
                        "street": "Lindenstraße",
                        "number": "1a",
                        "postcode": "40764",
                        "city": "Musterstadt",
                    },
                    "identity": {"source": "bundid", "assurance": "substantial"},
                }
            ],
            "attachments": [{"upload": upload, "proof": "registration-certificate"}],
            "consents": {"electronic_delivery": True},
        }

    def upload_call(self) -> Call:
        content = b"%PDF-1.7\n" + os.urandom(PDF_BYTES)
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        return Call(
            "POST",
            "/api/v1/uploads",
            {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/pdf",
                "Content-Disposition": "attachment; filename*=UTF-8''Zulassung.pdf",
                "Content-Digest": f"sha-256=:{digest}:",
            },
            content,
        )

    def upload(self) -> str:
        call = self.upload_call()
        reply = self.line.request(
            call.method, self.base_url + call.path, headers=dict(call.headers), content=call.body
        )
        reply.raise_for_status()
        return str(reply.json()["id"])

    def submission_call(self, upload: str) -> Call:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": os.urandom(16).hex(),
        }
        return Call("POST", "/api/v1/submissions", headers, json.dumps(self.body(upload)).encode())

    def intakes(self, count: int) -> Iterator[list[Call]]:
        """Submissions whose uploads lie ready."""
        for _ in range(count):
            yield [self.submission_call(self.upload())]

    def uploads(self, count: int) -> Iterator[list[Call]]:
        """Uploads alone; with an intake each they make the whole of what a portal does."""
        for _ in range(count):
            yield [self.upload_call()]

    def floors(self, count: int) -> Iterator[list[Call]]:
        """The same body for the bare view."""
        body = json.dumps(self.body("0" * 32)).encode()
        for _ in range(count):
            yield [Call("POST", "/bench/floor", {"Content-Type": "application/json"}, body)]
