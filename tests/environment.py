"""What the tests need from their surroundings, and the surroundings the application gets in them.

Read from the environment:

| Variable | Service | Unset means |
|---|---|---|
| `TEST_DATABASE_URL` | `postgres`: a server for databases | the embedded one (`var/test`) |
| `TEST_REDIS_URL` | `redis`: a broker to send jobs through | not there |
| `TEST_CHROMIUM` | `chromium`: path of the program | looked for on the path |
| `TEST_ELASTICSEARCH_URL` | `elasticsearch` | not there |
| `TEST_VERAPDF` | `verapdf`: path of its jar | not there |
| (none) | `gettext`: `msgfmt` | looked for on the path |
| `REQUIRE` | `all`: a test that misses a service fails instead of being skipped | skipped |

`DATABASE_URL` is not read: it may name a database that matters.
"""

import atexit
import os
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests import database

SERVICES: dict[str, Callable[[], str]] = {}


def prepare() -> None:
    """Give this process an environment of its own: keys, folders, a database to be made later."""
    var = tempfile.mkdtemp(prefix="laufmappe-test-")
    atexit.register(shutil.rmtree, var, ignore_errors=True)
    Path(var, "static").mkdir()
    os.environ |= {
        "BROKER_URL": "",
        "DATABASE_OWNER_URL": "",
        "DATABASE_POOL_SIZE": "0",
        "DATABASE_URL": database.url_for(database.NAME),
        "IDENTITY_KEY": "identity key of the tests",
        "JOURNAL_KEY": "journal key of the tests",
        "LAUFMAPPE_DEMO": "",
        "LOG_LEVEL": "WARNING",
        "PUBLIC_URL": "http://127.0.0.1:8000",
        # Whoever tests the minute's recall puts it back in force.
        "RECALL_SECONDS": "0",
        "REGISTERS_URL": "",
        "SECRET_KEY": "secret key of the tests, long enough for every check of its length",
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


def _gettext() -> str:
    return "" if shutil.which("msgfmt") else "no msgfmt on the path (package gettext)"


SERVICES |= {
    "postgres": _postgres,
    "redis": _redis,
    "chromium": _chromium,
    "elasticsearch": _elasticsearch,
    "verapdf": _verapdf,
    "gettext": _gettext,
}
