"""How often one address may look at a public page, counted in this process alone."""

import time
from collections import OrderedDict
from math import ceil
from threading import Lock

# So many addresses are remembered; whoever came longest ago is forgotten first.
_REMEMBERED = 10_000


class Throttle:
    """Lets an address in ``times`` per window of ``seconds``; each process counts for itself.

    It keeps one machine from occupying the database. It protects no secret: keys of 128 bits
    need no help.
    """

    def __init__(self, *, times: int, seconds: int) -> None:
        self._times, self._seconds = times, seconds
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = Lock()

    def wait(self, address: str) -> int:
        """0 lets ``address`` in; anything else says for how many seconds it has to wait."""
        moment = time.monotonic()
        with self._lock:
            began, count = self._seen.pop(address, (moment, 0))
            if moment - began >= self._seconds:
                began, count = moment, 0
            self._seen[address] = (began, count + 1)
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return ceil(began + self._seconds - moment) if count >= self._times else 0
