"""A portal as the tests have it: calls the API and holds every answer against its description."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import quote

import jsonschema_rs
from django.http import HttpResponse
from django.test import Client
from oauth2_provider.models import AccessToken

from api.clients import create_client
from api.models import PortalClient
from api.openapi import document
from efile.kernel.clock import real_now
from efile.kernel.ids import uuid7
from tests import factories

Json = dict[str, Any]
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


class Portal:
    """A client with a token for ``scopes``; ``client_id`` lets two of them be the same portal."""

    def __init__(
        self,
        scopes: str = "submit read answer",
        *,
        client_id: str = "",
        language: str = "",
        raises: bool = True,
    ) -> None:
        if not client_id:
            client_id, _ = create_client(factories.city(), "Ein Portal")
        self.client_id = client_id
        self.key = f"portal:{client_id}"
        headers = {"Authorization": f"Bearer {token_for(client_id, scopes)}"}
        if language:
            headers["Accept-Language"] = language
        self._client = Client(headers=headers, raise_request_exception=raises)

    def get(
        self,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, str] | None = None,
    ) -> "Answer":
        """GET below /api/v1/."""
        return self.call("GET", path, headers=headers, query=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> "Answer":
        """POST ``body`` as JSON, under an Idempotency-Key if ``key`` is given."""
        headers = {} if key is None else {"Idempotency-Key": key}
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        return self.call("POST", path, content, "application/json", headers=headers)

    def call(
        self,
        method: str,
        path: str,
        content: bytes = b"",
        media_type: str = "application/json",
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> "Answer":
        """Any call at all; the answer is held against the OpenAPI document."""
        response = self._client.generic(
            method,
            f"/api/v1/{path}",
            content,
            media_type,
            headers=dict(headers or {}),
            query_params=dict(query or {}),
        )
        answer = Answer(response)
        require_described(method, f"/api/v1/{path}", answer)
        return answer

    def submit(self, body: Json, key: str | None = None) -> "Answer":
        """Hand in ``body`` under ``key``, or under a new one."""
        return self.post("submissions", body, key=key or str(uuid7()))

    def upload(self, content: bytes = b"", name: str = "Nachweis.pdf") -> str:
        """The id of a PDF that was just sent."""
        sent = self.send_file(content or PDF + uuid7().bytes, "application/pdf", name)
        return str(sent.json["id"])

    def send_file(
        self, content: bytes, media_type: str, name: str = "", **headers: str
    ) -> "Answer":
        """POST uploads, with its digest unless ``headers`` have another."""
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        told = {"Content-Digest": f"sha-256=:{digest}:"}
        if name:
            told["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        told |= {header.replace("_", "-"): value for header, value in headers.items()}
        return self.call("POST", "uploads", content, media_type, headers=told)

    def application(self, service: str = "resident-parking", **changes: Any) -> Json:
        """The example of ``service`` as a portal sends it: with its attachments uploaded."""
        body: Json = self.get(f"services/{service}").json["example"] | changes
        for attachment in body["attachments"]:
            attachment["upload"] = self.upload()
        return body

    def submitted(self, service: str = "resident-parking", **changes: Any) -> Json:
        """The receipt of a fresh application."""
        return self.submit(self.application(service, **changes)).json


class Answer:
    """What came back."""

    def __init__(self, response: Any) -> None:
        self.response: HttpResponse = response
        self.status = response.status_code
        self.headers = response.headers
        self.bytes: bytes = (
            b"".join(response.streaming_content) if response.streaming else response.content
        )

    @property
    def json(self) -> Json:
        found: Json = json.loads(self.bytes)
        return found

    @property
    def code(self) -> str:
        """The code of the problem."""
        return str(self.json["code"])

    @property
    def faults(self) -> set[tuple[str, str]]:
        """Pointer and rule of each fault."""
        return {(fault["pointer"], fault["rule"]) for fault in self.json["errors"]}


def token_for(client_id: str, scopes: str = "submit read answer", *, seconds: int = 3600) -> str:
    """A token as the library would store it."""
    token = f"token-{uuid7().hex}"
    AccessToken.objects.create(
        application=PortalClient.objects.get(client_id=client_id),
        token="",
        token_checksum=hashlib.sha256(token.encode()).hexdigest(),
        expires=real_now() + timedelta(seconds=seconds),
        scope=scopes,
    )
    return token


def require_described(method: str, path: str, answer: Answer) -> None:
    """Hold ``answer`` against what the OpenAPI document says of this operation."""
    described = _operation(method, path)
    if described is None:
        assert answer.status in {404, 405}, (method, path, answer.status)
        return
    where, told = described
    response = told["responses"].get(str(answer.status))
    assert response, f"{method} {path}: {answer.status} is not described: {answer.bytes[:500]!r}"
    if not answer.bytes:
        return
    media_type = answer.headers["Content-Type"].split(";")[0]
    content = response["content"]
    assert media_type in content or "*/*" in content, (method, path, media_type)
    if media_type in content and media_type.endswith("json"):
        pointer = [*where, "responses", str(answer.status), "content", media_type, "schema"]
        faults = [error.message for error in _validator(tuple(pointer)).iter_errors(answer.json)]
        assert not faults, (method, path, answer.status, faults)
    if answer.status >= 400:
        assert f"`{answer.code}`" in response["description"], (method, path, answer.code)


def _operation(method: str, path: str) -> tuple[tuple[str, ...], Json] | None:
    for template, methods in document()["paths"].items():
        if _pattern(template).fullmatch(path.partition("?")[0]) and method.lower() in methods:
            return ("paths", template, method.lower()), methods[method.lower()]
    return None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)))


@cache
def _validator(pointer: tuple[str, ...]) -> jsonschema_rs.Draft202012Validator:
    steps = (quote(one.replace("~", "~0").replace("/", "~1")) for one in pointer)
    reference = "#/" + "/".join(steps)
    return jsonschema_rs.Draft202012Validator(
        {**document(), "$ref": reference}, validate_formats=True
    )
