"""``laufmappe-portal``: a portal at the command line, for trying out and for scripts."""

import argparse
import json
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from api.client.calling import Refused, Unreachable
from api.client.dispatching import Dispatch
from api.client.feed import Bookmark
from api.client.files import Attachment
from api.client.listening import Listener
from api.client.portal import Portal
from api.client.proving import NotGenuine

# What a shell learns: taken; refused, with the problem on standard error; nobody answered.
TAKEN, REFUSED, UNREACHABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code as in ``TAKEN``, ``REFUSED``, ``UNREACHABLE``."""
    asked = _parser().parse_args(arguments)
    city = json.loads(asked.city.read_text(encoding="utf-8"))
    client = city["portal"]
    try:
        with Portal(
            city["base_url"],
            client["client_id"],
            client["client_secret"],
            token_url=client.get("token_url", ""),
            language=asked.language,
        ) as portal:
            run: Callable[[Portal, argparse.Namespace], None] = asked.run
            run(portal, asked)
    except Refused as refusal:
        _show(refusal.problem or {"status": refusal.status}, to=sys.stderr)
        return REFUSED
    except NotGenuine as doubt:
        sys.stderr.write(f"The receipt cannot be trusted: {doubt}\n")
        return REFUSED
    except Unreachable as reason:
        sys.stderr.write(f"Nobody answers ({reason}). Run the same command again later.\n")
        return UNREACHABLE
    return TAKEN


def _services(portal: Portal, asked: argparse.Namespace) -> None:
    if asked.key:
        _show(portal.service(asked.key))
        return
    for service in portal.services():
        sys.stdout.write(f"{service['key']:<28} {service['title']}\n")


def _example(portal: Portal, asked: argparse.Namespace) -> None:
    _show(portal.service(asked.key)["example"])


def _check(portal: Portal, asked: argparse.Namespace) -> None:
    found = portal.validate(_body(asked))
    _show(dict(found))
    if not found["valid"]:
        raise Refused(422, {"code": "invalid", "errors": list(found["errors"])})


def _submit(portal: Portal, asked: argparse.Namespace) -> None:
    dispatch = Dispatch(asked.state or asked.file.with_name(f"{asked.file.name}.sent"))
    _show(dict(dispatch.send(portal, _body(asked), asked.attach)))


def _status(portal: Portal, asked: argparse.Namespace) -> None:
    _show(dict(portal.submission(asked.submission)))


def _events(portal: Portal, asked: argparse.Namespace) -> None:
    pause = threading.Event()
    bookmark = Bookmark(asked.bookmark)
    while True:
        bookmark.read(portal, _line)
        if not asked.every or pause.wait(asked.every):
            return


def _receive(portal: Portal, asked: argparse.Namespace) -> None:
    known: set[str] = set()

    def take(callback: dict[str, Any]) -> None:
        for event in callback.get("events", ()):
            if event["id"] not in known:
                _line(event)
                known.add(event["id"])

    with Listener(take, host=asked.host, port=asked.port) as listener:
        if asked.secret:
            listener.secrets = [asked.secret]
        else:
            told = portal.push_to(asked.url or listener.url)
            listener.secrets = [told["secret"]] if "secret" in told else []
            sys.stderr.write(json.dumps(told) + "\n")
        threading.Event().wait(asked.seconds)


def _messages(portal: Portal, asked: argparse.Namespace) -> None:
    for message in portal.messages(asked.submission):
        _line(message)


def _write(portal: Portal, asked: argparse.Namespace) -> None:
    _show(portal.write(asked.submission, asked.text, asked.attach))


def _answer(portal: Portal, asked: argparse.Namespace) -> None:
    _show(portal.answer(asked.submission, asked.question, asked.text, asked.attach))


def _withdraw(portal: Portal, asked: argparse.Namespace) -> None:
    _show(portal.withdraw(asked.submission, asked.reason))


def _fetch(portal: Portal, asked: argparse.Namespace) -> None:
    asked.folder.mkdir(parents=True, exist_ok=True)
    for document in portal.submission(asked.submission)["documents"]:
        place = asked.folder / document["id"]
        portal.fetch(asked.submission, document, place)
        sys.stdout.write(f"{place}  {document['title']}\n")


def _body(asked: argparse.Namespace) -> dict[str, Any]:
    """The application; files at the command line stand in the place of those it names."""
    body: dict[str, Any] = json.loads(asked.file.read_text(encoding="utf-8"))
    if asked.attach:
        body.pop("attachments", None)
    return body


def _attached(text: str) -> Attachment:
    proof, _, path = text.rpartition("=")
    if not Path(path).is_file():
        raise argparse.ArgumentTypeError(f"no file {path}")
    return Attachment.of(Path(path), proof)


def _show(answer: Any, to: Any = None) -> None:
    (to or sys.stdout).write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")


def _line(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("laufmappe-portal", description=__doc__)
    parser.add_argument(
        "--city",
        type=Path,
        default=Path("var/demo.json"),
        help="JSON with base_url and portal {client_id, client_secret} (default: var/demo.json)",
    )
    parser.add_argument("--language", default="", help="of texts and problems, such as en")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, words: str, *needed: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words)
        made.set_defaults(run=run)
        for argument in needed:
            made.add_argument(argument, type=Path if argument == "file" else str)
        return made

    command("services", _services, "what is offered, or one service").add_argument("key", nargs="?")
    command("example", _example, "an application to begin with", "key")
    _enclosing(command("check", _check, "say what would be wrong with an application", "file"))
    submit = command("submit", _submit, "hand an application in, once, however often run", "file")
    submit.add_argument("--state", type=Path, help="where it is written down (FILE.sent)")
    _enclosing(submit)
    command("status", _status, "where a submission stands", "submission")
    events = command("events", _events, "what happened since, one JSON object a line")
    events.add_argument("--bookmark", type=Path, default=Path("laufmappe-portal.bookmark"))
    events.add_argument("--every", type=float, help="go on reading, with so many seconds between")
    _receiving(command("receive", _receive, "take callbacks and show their events"))
    command("messages", _messages, "messages to and fro", "submission")
    _enclosing(command("write", _write, "write to the office", "submission", "text"))
    answer = command("answer", _answer, "answer a question", "submission", "question", "text")
    _enclosing(answer)
    withdraw = command("withdraw", _withdraw, "take a submission back", "submission")
    withdraw.add_argument("--reason", default="")
    fetch = command("fetch", _fetch, "fetch the documents of a submission", "submission")
    fetch.add_argument("folder", type=Path, nargs="?", default=Path())
    return parser


def _enclosing(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--attach",
        type=_attached,
        action="append",
        default=[],
        metavar="[PROOF=]PATH",
        help="a file to go with it, as this proof",
    )


def _receiving(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int, default=0)
    command.add_argument("--url", help="the address under which the city reaches us")
    command.add_argument("--secret", help="do not register, check with this secret")
    command.add_argument("--seconds", type=float, help="end after so many (default: never)")
