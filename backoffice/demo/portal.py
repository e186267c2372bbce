"""A simulated citizens' portal: pushes applications through the public API and follows them up."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from http import HTTPStatus
from threading import Event, Lock
from typing import Any, Self
from urllib.parse import quote

import httpx

from backoffice.demo.envelopes import Application, ProofFile

Json = dict[str, Any]

# RFC 8187 attr-char: what may stand unencoded in an extended parameter value.
_ATTR_CHAR = "!#$&+-.^_`|~"
_LONGEST_PAUSE = 30.0
# To wait for it is to pause.
_NEVER = Event()


class Refused(Exception):
    """The API said no for good: ``status`` 4xx and the problem (RFC 9457) it gave."""

    def __init__(self, status: int, problem: Json) -> None:
        super().__init__(f"{status} {problem.get('code', '')}")
        self.status = status
        self.problem = problem


class Unreachable(Exception):
    """No usable answer after the last attempt."""


class Damaged(Exception):
    """A document's bytes are not those of its SHA-256."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for a submission: 201 or 202 with a receipt, or 4xx with a problem."""

    status: int
    body: Json
    replayed: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """An application and what the door said to it."""

    application: Application
    reply: Reply

    @property
    def as_expected(self) -> bool:
        """Whether the door answered as the application was made to be answered."""
        return self.reply.status in self.application.expected


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One pass over the event feed: where to go on, and what was done."""

    cursor: str | None
    events: int
    answered: int
    documents: int


@dataclass(slots=True)
class Tally:
    """How a run went; ``submissions`` maps accepted submission ids to their applications."""

    statuses: Counter[int] = field(default_factory=Counter)
    submissions: dict[str, Application] = field(default_factory=dict)
    surprises: list[Sent] = field(default_factory=list)

    def add(self, sent: Sent) -> None:
        """Count one more."""
        self.statuses[sent.reply.status] += 1
        if sent.reply.status < HTTPStatus.BAD_REQUEST:
            self.submissions[sent.reply.body["id"]] = sent.application
        if not sent.as_expected:
            self.surprises.append(sent)


class Portal:
    """A client of the public API with one identity; may be used by several threads.

    ``base_url`` is the installation's address without ``/api/v1``. Every call is repeated, a
    submission with the same key, on network errors, 5xx and 429 (``Retry-After`` in seconds),
    up to ``attempts`` times with pauses that double; then Unreachable. 4xx raises Refused.
    """

    def __init__(
        self,
        base_url: str,
        token_url: str,
        client_id: str,
        client_secret: str,
        *,
        attempts: int = 8,
        pause: Callable[[float], object] = _NEVER.wait,
        timeout: float = 30.0,
    ) -> None:
        self._http = httpx.Client(base_url=f"{base_url.rstrip('/')}/api/v1/", timeout=timeout)
        self._token_url = token_url
        self._credentials = httpx.BasicAuth(client_id, client_secret)
        self._attempts = attempts
        self._pause = pause
        self._token = ""
        self._renewal = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def services(self) -> list[Json]:
        """The published services, short."""
        return list(self._json("GET", "services")["services"])

    def service(self, key: str) -> Json:
        """One service with form schema, proofs, fee and an example."""
        return self._json("GET", f"services/{key}")

    def slots(self, service: str, first: date, last: date, district: int) -> list[Json]:
        """Collection days or appointments from ``first`` to ``last``."""
        asked = {"from": first.isoformat(), "to": last.isoformat(), "district": str(district)}
        return list(self._json("GET", f"services/{service}/slots", params=asked)["slots"])

    def upload(self, content: bytes, filename: str, media_type: str) -> Json:
        """Send a file ahead of its submission; its ``id`` goes into ``attachments``."""
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        name = quote(filename, safe=_ATTR_CHAR)
        return self._json(
            "POST",
            "uploads",
            content=content,
            headers={
                "Content-Type": media_type,
                "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
                "Content-Digest": f"sha-256=:{digest}:",
            },
        )

    def submit(self, body: Mapping[str, Any], key: str) -> Reply:
        """Push a submission under its Idempotency-Key; a 4xx is a reply, too."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        content = json.dumps(body, ensure_ascii=False).encode()
        response = self._call("POST", "submissions", content=content, headers=headers)
        replayed = response.headers.get("Idempotent-Replayed") == "true"
        return Reply(response.status_code, _content(response), replayed)

    def submission(self, submission: str) -> Json:
        """State, decision, open questions, events and documents of a submission."""
        return self._json("GET", f"submissions/{submission}")

    def documents(self, submission: Json) -> Iterator[tuple[Json, bytes]]:
        """Each document of a submission with its bytes; Damaged if they are not the ones listed."""
        for document in submission["documents"]:
            path = f"submissions/{submission['id']}/documents/{document['id']}"
            content = _accepted(self._call("GET", path)).content
            if hashlib.sha256(content).hexdigest() != document["sha256"]:
                raise Damaged(document["id"])
            yield document, content

    def answer(
        self, submission: str, question: str, text: str, files: Sequence[ProofFile] = ()
    ) -> Json:
        """Answer an open question, with files as far as it asks for any."""
        body = {"question": question, "text": text, "attachments": self.attach(files)}
        return self._json("POST", f"submissions/{submission}/answers", json=body)

    def withdraw(self, submission: str) -> Json:
        """Take a submission back; Refused with 409 where that is no longer possible."""
        return self._json("POST", f"submissions/{submission}/withdrawal", json={})

    def events(self, after: str | None = None, limit: int = 100) -> tuple[list[Json], str | None]:
        """The next events of all our submissions and the cursor to go on from."""
        asked = {"limit": str(limit)} | ({"after": after} if after else {})
        page = self._json("GET", "events", params=asked)
        return page["events"], after if page["next"] is None else str(page["next"])

    def attach(self, files: Iterable[ProofFile]) -> list[Json]:
        """Upload ``files`` and say what they prove."""
        return [
            {
                "upload": self.upload(file.render(), file.filename, file.media_type)["id"],
                "proof": file.proof,
            }
            for file in files
        ]

    def _json(self, method: str, path: str, **request: Any) -> Json:
        answer: Json = _accepted(self._call(method, path, **request)).json()
        return answer

    def _call(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **request: Any
    ) -> httpx.Response:
        """The first answer that is neither a fault nor a call for patience."""
        reason = ""
        for attempt in range(self._attempts):
            pause = min(0.25 * 2**attempt, _LONGEST_PAUSE)
            try:
                response = self._once(method, path, headers or {}, request)
            except httpx.TransportError as error:
                reason = type(error).__name__
            else:
                if not _is_passing(response):
                    return response
                reason = str(response.status_code)
                pause = _retry_after(response) or pause
            self._pause(pause)
        raise Unreachable(f"{method} {path}: {reason}")

    def _once(
        self, method: str, path: str, headers: Mapping[str, str], request: Mapping[str, Any]
    ) -> httpx.Response:
        """One request; with a new token where there was none or it was spent."""
        token = self._token
        if token:
            response = self._request(method, path, headers, request)
            if response.status_code != HTTPStatus.UNAUTHORIZED:
                return response
        refusal = self._renew(token)
        return self._request(method, path, headers, request) if refusal is None else refusal

    def _request(
        self, method: str, path: str, headers: Mapping[str, str], request: Mapping[str, Any]
    ) -> httpx.Response:
        authorized = {**headers, "Authorization": f"Bearer {self._token}"}
        return self._http.request(method, path, headers=authorized, **request)

    def _renew(self, spent: str) -> httpx.Response | None:
        """Fetch a token in place of ``spent``, once for all threads; gives back a refusal."""
        with self._renewal:
            if self._token != spent:
                return None
            response = self._http.post(
                self._token_url,
                auth=self._credentials,
                data={"grant_type": "client_credentials"},
            )
            if response.status_code != HTTPStatus.OK:
                return response
            self._token = response.json()["access_token"]
            return None


def run(
    portal: Portal,
    applications: Iterable[Application],
    *,
    workers: int = 4,
    progress: Callable[[Sent], None] | None = None,
) -> Tally:
    """Send every application, ``workers`` at a time; ``progress`` hears of each, in order."""
    tally = Tally()
    with ThreadPoolExecutor(workers, thread_name_prefix="portal") as pool:
        for sent in pool.map(partial(send, portal), applications):
            tally.add(sent)
            if progress is not None:
                progress(sent)
    return tally


def send(portal: Portal, application: Application) -> Sent:
    """Upload what is enclosed, then push the submission."""
    body = application.body | {"attachments": portal.attach(application.enclosed)}
    return Sent(application, portal.submit(body, application.key))


def follow_up(
    portal: Portal,
    submissions: Mapping[str, Application],
    after: str | None = None,
    *,
    answering: bool = True,
) -> FollowUp:
    """Read the feed to its end; answer the open questions, fetch and verify the documents.

    Without ``answering`` the applicants read what came and take their time with the questions.

    ``submissions`` is the Tally's; a question that names a proof gets that file, if at hand.
    """
    cursor, count, touched = after, 0, dict[str, None]()
    while True:
        events, following = portal.events(cursor)
        count += len(events)
        touched |= dict.fromkeys(event["submission"] for event in events)
        if not events or following == cursor:
            break
        cursor = following
    answered = documents = 0
    for submission in touched:
        status = portal.submission(submission)
        for question in status["open_questions"] if answering else []:
            files = _wanted(question, submissions.get(submission))
            portal.answer(submission, question["id"], "Anbei, wie gewünscht.", files)
            answered += 1
        documents += sum(1 for _ in portal.documents(status))
    return FollowUp(cursor, count, answered, documents)


def _wanted(question: Json, application: Application | None) -> list[ProofFile]:
    at_hand = application.at_hand if application else ()
    asked = {proof["key"] for proof in question["proofs"]}
    return [file for file in at_hand if file.proof in asked]


def _is_passing(response: httpx.Response) -> bool:
    """Whether the same request may succeed later."""
    return (
        response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
        or response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    )


def _retry_after(response: httpx.Response) -> float:
    """Seconds the server asks to wait, 0 where it says nothing or names a date."""
    told = response.headers.get("Retry-After", "")
    return min(float(told), _LONGEST_PAUSE) if told.isdecimal() else 0.0


def _accepted(response: httpx.Response) -> httpx.Response:
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        raise Refused(response.status_code, _content(response))
    return response


def _content(response: httpx.Response) -> Json:
    """The JSON of an answer; nothing where a proxy answered in its own words."""
    is_json = "json" in response.headers.get("Content-Type", "")
    return dict(response.json()) if is_json else {}
