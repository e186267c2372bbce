"""The programs that the outbox drill kills, and who kills them: ``python -m tests.drills.victims``.

Founds a city in ``DATABASE_URL``, sends one submission from many processes at once and then many
submissions one by one, while two workers do what is owed; kills -9 at random moments (seeded) and
starts again. Ends with a line of JSON when nothing is left to do. All of it is one program that
forks: an interpreter that first imports everything would live longer than the drill may last.
"""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from random import Random
from typing import Any

import django

Start = Callable[[], None]
FORK = get_context("fork")


def application(number: int) -> dict[str, Any]:
    """Application ``number``, the same whenever it is asked for: every fourth is a collection."""
    from tests.factories import body
    from tests.workflows.applicants import PEOPLE, applying

    if number % 4 == 0:
        return body("bulky-waste")
    return body(attachments=[], **applying(PEOPLE[number]))


def submit(number: int, key: str) -> str:
    """The receipt of application ``number``, whether it had been given before or not."""
    from tests.factories import AT, portal
    from workflows.envelope import Envelope
    from workflows.intake import accept

    sent = application(number)
    text = json.dumps(sent, ensure_ascii=False)
    receipt, _ = accept(Envelope(text, sent), key=key, by=portal(), at=AT)
    return receipt


def submit_one_by_one(count: int, log: Path) -> None:
    """Submit what has no receipt yet; a receipt is on file before the next submission goes out."""
    lines = log.read_text().splitlines() if log.exists() else []
    known = {json.loads(line)["number"] for line in lines}
    with log.open("ab", buffering=0) as file:
        for number in range(count):
            if number not in known:
                receipt = submit(number, f"drill-{number}")
                line = json.dumps({"number": number, "receipt": receipt}) + "\n"
                file.write(line.encode())


def work() -> None:
    """Carry out what is owed until told to stop."""
    from django.core.management import call_command

    call_command("worker")


def forked(start: Start) -> ForkProcess:
    """``start`` in a process of its own, which shares no session with this one."""
    django.db.connections.close_all()
    process = FORK.Process(target=start, daemon=True)
    process.start()
    return process


def drill_one_submission(senders: int, rng: Random) -> dict[str, Any]:
    """One submission from many processes at once; every third is killed in the first two rounds."""
    receipts: list[str] = []
    killed = 0
    for round_ in range(3):
        told = [FORK.Pipe(duplex=False) for _ in range(senders - len(receipts))]
        processes = [forked(lambda end=telling: _tell(end)) for _, telling in told]  # type: ignore[misc]
        for _, telling in told:
            telling.close()
        for process in rng.sample(processes, k=len(processes) // 3) if round_ < 2 else []:
            process.join(rng.uniform(0, 0.03))
            killed += _kill(process)
        for hearing, _ in told:
            with suppress(EOFError):  # killed before it could say anything
                receipts.append(hearing.recv())
        for process in processes:
            process.join()
    return {"receipts": receipts, "killed": killed}


def _tell(telling: Connection) -> None:
    telling.send(submit(0, "the same"))


def _kill(process: ForkProcess) -> bool:
    """Kill -9, if it is not too late for that."""
    if not process.is_alive():
        return False
    process.kill()
    process.join()
    return True


def drill_many_submissions(starts: dict[str, Start], kills: int, rng: Random) -> dict[str, Any]:
    """Let the programs of ``starts`` work, kill one after the other, let them finish."""
    running = {name: forked(start) for name, start in starts.items()}
    killed = dict.fromkeys(starts, 0)
    while sum(killed.values()) < kills:
        name = rng.choice(list(starts))
        running[name].join(rng.uniform(0.02, 0.7))
        killed[name] += _kill(running[name])
        _let_leases_run_out()
        running[name] = forked(starts[name])
    submitter, *workers = running.values()
    submitter.join()
    _let_leases_run_out()
    _wait_until_nothing_is_owed()
    for worker in workers:
        worker.terminate()
        worker.join()
    return {"killed": killed, "ended": [process.exitcode for process in running.values()]}


def _let_leases_run_out() -> None:
    """Whatever was begun is due again, also what another worker is still at."""
    from django.db.models.functions import Now

    from efile.kernel.models import Delivery

    Delivery.objects.update(due_at=Now())


def _wait_until_nothing_is_owed() -> None:
    from efile.kernel.models import Delivery
    from tests.eventually import eventually

    eventually(lambda: not Delivery.objects.exists(), patience=150)


def faults() -> list[dict[str, Any]]:
    """What ``verify_journal`` finds."""
    from efile.kernel.verify import verify
    from efile.verify import cases_without_chain, project_cases
    from workflows.verify import project_work

    found = verify([project_cases, project_work], cases_without_chain).faults
    return [asdict(fault) for fault in found]


def _prepare() -> None:
    """Import and compile what every child needs before it is born."""
    from backoffice.config.management.commands import worker  # noqa: F401
    from backoffice.config.wiring import reactions
    from efile.letters import sheet  # noqa: F401

    reactions()
    for number in range(2):
        application(number)


def main() -> None:
    """Found the city, hold both drills, and say how they went."""
    parser = ArgumentParser(prog="python -m tests.drills.victims")
    parser.add_argument("--senders", type=int, default=50)
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", default="drill")
    parser.add_argument("log", type=Path, help="a line of JSON for every receipt")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "backoffice.config.settings"
    from tests.founding import found

    found()
    _prepare()
    rng = Random(options.seed)
    starts: dict[str, Start] = {
        "submitter": lambda: submit_one_by_one(options.submissions, options.log),
        "worker": work,
        "second worker": work,
    }
    report = {
        "one": drill_one_submission(options.senders, rng),
        "many": drill_many_submissions(starts, options.kills, rng),
        "faults": faults(),
    }
    sys.stdout.write(json.dumps(report, default=str))


if __name__ == "__main__":
    main()
