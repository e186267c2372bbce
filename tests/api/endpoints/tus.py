"""The tus protocol as a test speaks it, by hand."""

import base64
from collections.abc import Mapping
from typing import Any

from tests.api.calling import Answer, Portal

PIECE = "application/offset+octet-stream"
TUS = {"Tus-Resumable": "1.0.0"}


def metadata(**told: str) -> str:
    """The header Upload-Metadata."""
    return ",".join(f"{name} {base64.b64encode(v.encode()).decode()}" for name, v in told.items())


def _of_wsgi(name: str) -> bool:
    return name.isupper() or "." in name


class Tus:
    """A portal's uploads."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def create(
        self,
        size: int,
        content: bytes = b"",
        *,
        headers: Mapping[str, str] | None = None,
        told: Mapping[str, str] | None = None,
    ) -> Answer:
        """Announce a file of ``size`` bytes, with its first ones if there is ``content``."""
        asked = {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata(**told or {})}
        return self.call("POST", "", content, PIECE if content else "", asked | dict(headers or {}))

    def begun(self, size: int, **told: str) -> str:
        """The id of a new upload."""
        answer = self.create(size, told=told)
        assert answer.status == 201, answer.bytes
        return str(answer.headers["Location"]).rpartition("/")[2]

    def patch(self, upload: str, content: bytes, offset: Any, **headers: str) -> Answer:
        """Send the next piece."""
        asked = {**TUS, "Upload-Offset": str(offset)}
        asked |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("PATCH", f"/{upload}", content, PIECE, asked)

    def piece(self, upload: str) -> Answer:
        """Send some piece."""
        return self.patch(upload, b"x", 0)

    def head(self, upload: str) -> Answer:
        """Ask how far it is."""
        return self.call("HEAD", f"/{upload}", headers=TUS)

    def offset(self, upload: str) -> int:
        """How far it is."""
        return int(self.head(upload).headers["Upload-Offset"])

    def delete(self, upload: str) -> Answer:
        """Give it up."""
        return self.call("DELETE", f"/{upload}", headers=TUS)

    def send(self, method: str, upload: str, **told: Any) -> Any:
        """A piece as the server hands it over: names in capitals and with dots are WSGI's."""
        headers = {name.replace("_", "-"): told[name] for name in told if not _of_wsgi(name)}
        return self.portal._client.generic(
            method,
            f"/api/v1/uploads/resumable/{upload}",
            headers=TUS | headers,
            CONTENT_TYPE=PIECE,
            **{name: told[name] for name in told if _of_wsgi(name)},
        )

    def call(
        self,
        method: str,
        path: str,
        content: bytes = b"",
        media_type: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Any call at all below uploads/resumable."""
        return self.portal.call(
            method, f"uploads/resumable{path}", content, media_type, headers=headers
        )
