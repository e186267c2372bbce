"""What the tests need from their surroundings, and the surroundings the application gets in them.

Read from the environment:

| Variable | Service | Unset means |
|---|---|---|
| `TEST_DATABASE_URL` | `postgres`: a server for databases | the embedded one (`var/test`) |
| `TEST_REDIS_URL` | `redis`: a broker to send jobs through | not there |
| `TEST_CHROMIUM` | `chromium`: path of the program | looked for on the path |
| `TEST_ELASTICSEARCH_URL` | `elasticsearch` | not there |
| `TEST_VERAPDF` | `verapdf`: path of its jar | not there |
| `TEST_CLAMD_URL` | `clamd`: ClamAV's daemon, knowing the EICAR test file | not there |
| (none) | `gettext`: `msgfmt` | looked for on the path |
| `REQUIRE` | `all`: a test that misses a service fails instead of being skipped | skipped |

`DATABASE_URL` is not read: it may name a database that matters.
"""

import atexit
import json
import os
import shutil
import socket
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests import database

# Signs nothing but receipts of tests.
SIGNING_KEY = {
    "crv": "Ed25519",
    "x": "W9RlJLvBnHCkJxPNbNEj8T9ITluiwHKCr3rp5DMpIpQ",
    "d": "ECu-YLfQ6xLo6bNC1MnH8RSE8-mYjnwiUPE4HPv3nWc",
    "kty": "OKP",
    "kid": "gN2_L0XiG0fcBeYOaGO30FPvqRwjvm-f3gy1fSRXdUI",
    "alg": "EdDSA",
    "use": "sig",
    "signs_from": "2020-01-01T00:00:00+00:00",
}

SERVICES: dict[str, Callable[[], str]] = {}


def prepare() -> None:
    """Give this process an environment of its own: keys, folders, a database to be made later."""
    var = tempfile.mkdtemp(prefix="laufmappe-test-")
    atexit.register(shutil.rmtree, var, ignore_errors=True)
    Path(var, "static").mkdir()
    keys = Path(var, "signing-keys.json")
    keys.write_text(json.dumps({"keys": [SIGNING_KEY]}))
    os.environ |= {
        "BROKER_URL": "",
        "CLAMD_URL": "",
        "DATABASE_OWNER_URL": "",
        "DATABASE_POOL_SIZE": "0",
        "DATABASE_URL": database.url_for(database.NAME),
        # Whoever tests the figures writes them; tests are strangers more often than portals are.
        "FIGURES_SECONDS": "0",
        "STRANGER_LIMIT_PER_MINUTE": "100000",
        "IDENTITY_KEY": "identity key of the tests",
        "JOURNAL_KEY": "journal key of the tests",
        "LAUFMAPPE_DEMO": "",
        "LOG_LEVEL": "WARNING",
        "PUBLIC_URL": "http://127.0.0.1:8000",
        # Whoever tests the minute's recall puts it back in force.
        "RECALL_SECONDS": "0",
        "REGISTERS_URL": "",
        "SECRET_KEY": "secret key of the tests, long enough for every check of its length",
        "SIGNING_KEYS": str(keys),
        "STORAGE_ROOT": str(Path(var, "storage")),
        "VAR_ROOT": var,
    }


def missing(service: str) -> str:
    """Why ``service`` cannot be used here; empty when it can."""
    return SERVICES[service]()


def chromium() -> str:
    """Path of the Chromium to drive; empty when there is none."""
    named = os.environ.get("TEST_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("google-chrome") or ""


def _postgres() -> str:
    return database.missing()


def _redis() -> str:
    url = os.environ.get("TEST_REDIS_URL", "")
    if not url:
        return "TEST_REDIS_URL names no Redis"
    import redis

    try:
        redis.Redis.from_url(url).ping()
    except redis.ConnectionError as error:
        return f"TEST_REDIS_URL: {error}"
    return ""


def _chromium() -> str:
    program = chromium()
    if not program:
        return "no Chromium on the path; TEST_CHROMIUM names none"
    return "" if os.access(program, os.X_OK) else f"TEST_CHROMIUM: {program} is no program"


def _elasticsearch() -> str:
    url = os.environ.get("TEST_ELASTICSEARCH_URL", "")
    if not url:
        return "TEST_ELASTICSEARCH_URL names no Elasticsearch"
    try:
        urllib.request.urlopen(f"{url}/_cluster/health", timeout=10).close()
    except urllib.error.URLError as error:
        return f"TEST_ELASTICSEARCH_URL: {error.reason}"
    return ""


def _verapdf() -> str:
    jar = os.environ.get("TEST_VERAPDF", "")
    if not shutil.which("java"):
        return "no Java on the path"
    return "" if jar and Path(jar).is_file() else "TEST_VERAPDF names no veraPDF jar"


def clamd_url() -> str:
    """Address of the scanner, as CLAMD_URL has it; empty when there is none."""
    return os.environ.get("TEST_CLAMD_URL", "")


def _clamd() -> str:
    address = urllib.parse.urlsplit(clamd_url())
    if address.scheme != "tcp":
        return "TEST_CLAMD_URL names no clamd (tcp://host:port)"
    try:
        with socket.create_connection((address.hostname or "", address.port or 0), 5) as channel:
            channel.sendall(b"zPING\0")
            return "" if channel.recv(16) == b"PONG\0" else "TEST_CLAMD_URL: no clamd answers"
    except OSError as error:
        return f"TEST_CLAMD_URL: {error}"


def _gettext() -> str:
    return "" if shutil.which("msgfmt") else "no msgfmt on the path (package gettext)"


SERVICES |= {
    "postgres": _postgres,
    "redis": _redis,
    "chromium": _chromium,
    "elasticsearch": _elasticsearch,
    "verapdf": _verapdf,
    "clamd": _clamd,
    "gettext": _gettext,
}
