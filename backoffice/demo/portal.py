"""A simulated citizens' portal: pushes applications through the public API and follows them up."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any

from api.client import Attachment, Portal, Reply
from backoffice.demo.envelopes import Application, ProofFile


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
    enclosed = portal.attach(_rendered(application.enclosed))
    body = application.body | {"attachments": enclosed}
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
            portal.answer(submission, question["id"], "Anbei, wie gewünscht.", _rendered(files))
            answered += 1
        documents += sum(1 for _ in portal.documents(status))
    return FollowUp(cursor, count, answered, documents)


def _wanted(question: Mapping[str, Any], application: Application | None) -> list[ProofFile]:
    at_hand = application.at_hand if application else ()
    asked = {proof["key"] for proof in question["proofs"]}
    return [file for file in at_hand if file.proof in asked]


def _rendered(files: Iterable[ProofFile]) -> list[Attachment]:
    return [Attachment(one.render(), one.filename, one.media_type, one.proof) for one in files]
