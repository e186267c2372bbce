"""An application handed in once: what is sent is written down before, what came back after."""

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

from api.client.calling import Json, Refused
from api.client.files import Attachment
from api.client.portal import Portal
from api.client.shapes import Receipt


class Dispatch:
    """One application on its way, in a file beside it: key, body with its uploads, receipt.

    Whatever dies in between, running it again goes on where it stopped and ends with the one
    receipt: uploads lie ready under ids that are written down, the key never changes.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(
        self, portal: Portal, body: Mapping[str, Any], enclosed: Sequence[Attachment] = ()
    ) -> Receipt:
        """Hand ``body`` with ``enclosed`` in, unless that has happened; the receipt, proven.

        What may have arrived before a crash counts, even if ``body`` has changed since.
        Raises Refused (correct it and send it again: the key is not used up), NotGenuine.
        """
        known = self._read()
        if "receipt" in known:
            return cast("Receipt", known["receipt"])
        if "sent" in known:
            # It may have arrived: that is found out first, whatever ``body`` is now.
            reply = portal.submit(known["sent"], known["key"])
            if reply.status < HTTPStatus.BAD_REQUEST:
                return self._keep(portal, known, reply.receipt)
        attachments = [*body.get("attachments", ()), *portal.attach(enclosed)]
        known = {
            "key": known.get("key") or secrets.token_urlsafe(24),
            "sent": {**body, "attachments": attachments},
        }
        self._write(known)
        reply = portal.submit(known["sent"], known["key"])
        if reply.status >= HTTPStatus.BAD_REQUEST:
            self._write({"key": known["key"]})
            raise Refused(reply.status, reply.body)
        return self._keep(portal, known, reply.receipt)

    def _keep(self, portal: Portal, known: Json, receipt: Receipt) -> Receipt:
        portal.check(receipt, known["sent"])
        self._write({**known, "receipt": receipt})
        return receipt

    def _read(self) -> Json:
        try:
            known: Json = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return known

    def _write(self, known: Json) -> None:
        beside = self._path.with_name(f".{self._path.name}")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(known, file, ensure_ascii=False, indent=2)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
