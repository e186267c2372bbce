"""A portal: one method for each operation of the API."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self, cast

import httpx

from api.client import files
from api.client.calling import Damaged, Json, Line, accepted, content
from api.client.files import Attachment
from api.client.proving import check_receipt
from api.client.shapes import Document, Event, Message, Receipt, Status, Upload, Validation

_PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for a submission: 201 or 202 with a receipt, or 4xx with a problem."""

    status: int
    body: Json
    replayed: bool

    @property
    def receipt(self) -> Receipt:
        """The receipt of what was taken."""
        assert self.status < httpx.codes.BAD_REQUEST, self.status
        return cast("Receipt", self.body)


class Portal:
    """A client of the public API with one identity; several threads may use it.

    ``base_url`` is the city's address without ``/api/v1``. Every call is repeated on faults of
    the way (see ``Line``), those with a key under the same key. 4xx raises Refused.
    """

    def __init__(self, base_url: str, client_id: str, client_secret: str, **line: Any) -> None:
        self._line = Line(base_url, client_id, client_secret, **line)
        self._address = base_url.rstrip("/")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()

    # What there is

    def services(self) -> list[Json]:
        """The published services, short."""
        return list(self._line.json("GET", "services")["services"])

    def service(self, key: str) -> Json:
        """One service with form schema, proofs, fee and an example."""
        return dict(self._line.json("GET", f"services/{key}"))

    def slots(
        self, service: str, first: date, last: date, district: int | None = None
    ) -> list[Json]:
        """Free slots from ``first`` to ``last``."""
        asked = {"from": first.isoformat(), "to": last.isoformat()}
        asked |= {} if district is None else {"district": str(district)}
        return list(self._line.json("GET", f"services/{service}/slots", params=asked)["slots"])

    # Handing in

    def upload(self, file: Attachment) -> Upload:
        """Send a file ahead of its submission; its ``id`` goes into ``attachments``."""
        return cast("Upload", files.send(self._line, file))

    def attach(self, enclosed: Iterable[Attachment]) -> list[Json]:
        """Upload files and say what they prove: the ``attachments`` of a submission."""
        return [
            {"upload": self.upload(file)["id"]} | ({"proof": file.proof} if file.proof else {})
            for file in enclosed
        ]

    def validate(self, body: Mapping[str, Any]) -> Validation:
        """What would be wrong with ``body``; nothing is filed."""
        return cast("Validation", self._line.json("POST", "validations", json=body))

    def submit(self, body: Mapping[str, Any], key: str) -> Reply:
        """Push a submission under its Idempotency-Key; a 4xx is a reply, too."""
        sent = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        response = self._line.call("POST", "submissions", content=sent, headers=headers)
        replayed = response.headers.get("Idempotent-Replayed") == "true"
        return Reply(response.status_code, content(response), replayed)

    def check(self, receipt: Receipt, body: Mapping[str, Any]) -> None:
        """Hold a receipt against what was sent and the city's published keys. NotGenuine."""
        keys = httpx.get(f"{self._address}/.well-known/jwks.json", timeout=30.0)
        check_receipt(receipt, body, accepted(keys).json())

    # Where it stands

    def submission(self, submission: str) -> Status:
        """State, decision, open questions, events and documents of a submission."""
        return cast("Status", self._line.json("GET", f"submissions/{submission}"))

    def events(self, after: str | None = None, limit: int = 100) -> tuple[list[Event], str | None]:
        """The next events of all our submissions and the cursor to go on from."""
        asked = {"limit": str(limit)} | ({"after": after} if after else {})
        page = self._line.json("GET", "events", params=asked)
        return page["events"], after if page["next"] is None else str(page["next"])

    def documents(self, status: Status) -> Iterator[tuple[Document, bytes]]:
        """Each document of a submission with its bytes; Damaged if they are not the ones listed."""
        for document in status["documents"]:
            path = f"submissions/{status['id']}/documents/{document['id']}"
            fetched = accepted(self._line.call("GET", path)).content
            if hashlib.sha256(fetched).hexdigest() != document["sha256"]:
                raise Damaged(document["id"])
            yield document, fetched

    def fetch(self, submission: str, document: Document, to: Path) -> None:
        """Fetch a document into the file ``to``, from where an earlier attempt stopped. Damaged."""
        path = f"submissions/{submission}/documents/{document['id']}"
        part = to.with_name(f"{to.name}.part")
        with part.open("ab") as file:
            while (begin := file.tell()) < document["size"]:
                end = min(begin + 32 * _PIECE, document["size"]) - 1
                headers = {"Range": f"bytes={begin}-{end}", "If-Range": f'"{document["sha256"]}"'}
                file.write(accepted(self._line.call("GET", path, headers=headers)).content)
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != document["sha256"]:
            part.unlink()
            raise Damaged(document["id"])
        part.replace(to)

    def cases_of(self, identity: Mapping[str, str], after: str | None = None) -> Json:
        """The own cases of the person who is signed in with ``identity``, a page of them."""
        body = {"identity": dict(identity)} | ({"cursor": after} if after else {})
        return dict(self._line.json("POST", "cases/query", json=body))

    # Saying something

    def answer(
        self, submission: str, question: str, text: str, enclosed: Sequence[Attachment] = ()
    ) -> Json:
        """Answer an open question, with files as far as it asks for any."""
        body = {"question": question, "text": text, "attachments": self.attach(enclosed)}
        return dict(self._line.json("POST", f"submissions/{submission}/answers", json=body))

    def write(self, submission: str, text: str, enclosed: Sequence[Attachment] = ()) -> Json:
        """Write to the office."""
        attached = [{"upload": self.upload(file)["id"]} for file in enclosed]
        body = {"text": text} | ({"attachments": attached} if attached else {})
        return dict(self._line.json("POST", f"submissions/{submission}/messages", json=body))

    def messages(self, submission: str) -> list[Message]:
        """Both sides' messages, oldest first."""
        found = self._line.json("GET", f"submissions/{submission}/messages")["messages"]
        return cast("list[Message]", found)

    def mark_read(self, submission: str, message: str) -> None:
        """The applicant has read a message of the office."""
        self._line.json("PUT", f"submissions/{submission}/messages/{message}/read")

    def withdraw(self, submission: str, reason: str = "") -> Json:
        """Take a submission back; Refused with 409 where that is no longer possible."""
        body = {"reason": reason} if reason else {}
        return dict(self._line.json("POST", f"submissions/{submission}/withdrawal", json=body))

    def move_appointment(self, submission: str, slot: str | None) -> Json:
        """Another appointment, or none."""
        path = f"submissions/{submission}/appointment"
        return dict(self._line.json("POST", path, json={"slot": slot}))

    def note_payment(self, submission: str) -> Json:
        """People came back from the payment page: let the city ask its platform."""
        return dict(self._line.json("POST", f"submissions/{submission}/payment"))

    def answer_place(self, submission: str, *, accept: bool) -> Json:
        """Take or decline an offered place."""
        body = {"answer": "accept" if accept else "decline"}
        return dict(self._line.json("POST", f"submissions/{submission}/place-offer", json=body))

    # Being told

    def callback(self) -> Json:
        """Where events are pushed to, and how that goes."""
        return dict(self._line.json("GET", "callback"))

    def push_to(self, url: str) -> Json:
        """Have events pushed to ``url``; the answer names the secret, this once."""
        return dict(self._line.json("PUT", "callback", json={"url": url}))

    def push_no_more(self) -> None:
        """Have nothing pushed; the feed goes on."""
        self._line.json("DELETE", "callback")
