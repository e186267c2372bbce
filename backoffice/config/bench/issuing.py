"""What the worker makes of decisions: letters written, filed, indexed and prepared for the eye.

Run as ``python -m backoffice.config.bench.issuing CASES USERNAME`` in the environment of the
measured city, whose applications ask for a permit: each grant owes two letters. Prints JSON.
"""

import json
import sys
import time

import django


def measure(cases: int, username: str) -> dict[str, float]:
    """Grant ``cases`` applications, then let one worker do all that is owed for them."""
    from backoffice.config.bench.letters import resident_mb
    from efile.kernel import outbox
    from efile.kernel.clock import real_now
    from efile.kernel.models import User
    from efile.policy import person
    from workflows.decisions import decide
    from workflows.machine import Step
    from workflows.models import Letter, Process

    while outbox.drain():
        pass
    by, at = person(User.objects.get(username=username)), real_now()
    waiting = Process.objects.filter(state="received", source__startswith="portal:")
    for case_id in waiting.values_list("case_id", flat=True)[:cases]:
        decide(case_id, Step.GRANT, by=by, at=at)
    before = Letter.objects.filter(document__isnull=False).count()
    memory, began, spent = resident_mb(), time.monotonic(), time.process_time()
    while outbox.drain():
        pass
    seconds, processor = time.monotonic() - began, time.process_time() - spent
    letters = Letter.objects.filter(document__isnull=False).count() - before
    return {
        "letters": letters,
        "per second": letters / seconds,
        "cpu ms each": processor * 1000 / letters,
        "memory before, MB": memory,
        "memory after, MB": resident_mb(),
    }


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]), sys.argv[2])))
