"""A load of HTTP requests over kept connections, with rate and percentiles."""

import http.client
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Call:
    """One request to be sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a load came to: requests per second, milliseconds, and answers that were errors."""

    calls: int
    rate: float
    p50: float
    p95: float
    p99: float
    errors: int


def run(base_url: str, jobs: Sequence[Sequence[Call]], *, concurrency: int) -> Outcome:
    """Work through ``jobs``, each a sequence of calls in order, by ``concurrency`` clients.

    A job counts as one; its time is that of all its calls. It ends when all are done.
    """
    queue = iter(list(jobs))
    lock = threading.Lock()
    times: list[float] = []
    errors = [0]

    def client() -> None:
        connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=60)
        while True:
            with lock:
                job = next(queue, None)
            if job is None:
                connection.close()
                return
            began = time.perf_counter()
            failed = sum(not _sent(connection, call) for call in job)
            elapsed = (time.perf_counter() - began) * 1000
            with lock:
                times.append(elapsed)
                errors[0] += failed

    began = time.perf_counter()
    _all(client, concurrency)
    seconds = time.perf_counter() - began
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return Outcome(len(times), len(times) / seconds, cuts[49], cuts[94], cuts[98], errors[0])


def _all(client: Callable[[], None], count: int) -> None:
    threads = [threading.Thread(target=client) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _sent(connection: http.client.HTTPConnection, call: Call) -> bool:
    connection.request(call.method, call.path, body=call.body, headers=dict(call.headers))
    response = connection.getresponse()
    response.read()
    return response.status < http.client.BAD_REQUEST
