"""How many statements a request costs, BEGIN and COMMIT counted. Prints JSON.

Run as ``python -m backoffice.config.bench.statements`` in the environment of the measured city.
"""

import json
import re
import sys

import django

# Session, user and memberships: what every page of a signed-in person costs.
_SIGNED_IN = re.compile(
    r'^\s*SELECT.*?FROM "?(django_session|kernel_user|kernel_membership)\b', re.DOTALL
)


def count(client_id: str, client_secret: str, username: str, password: str) -> dict[str, int]:
    """Statements per request of the doors that matter, after one request to warm each up."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from backoffice.config.bench.portal import BenchPortal

    api = Client(SERVER_NAME="127.0.0.1")
    token = api.post(
        "/api/v1/oauth/token",
        {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
        },
    ).json()["access_token"]
    portal = BenchPortal("", token)
    counted: dict[str, int] = {}

    def post(name: str, call: object) -> dict[str, str]:
        from backoffice.config.bench.load import Call

        assert isinstance(call, Call)
        headers = {key: value for key, value in call.headers.items() if key != "Content-Type"}
        with CaptureQueriesContext(connection) as captured:
            reply = api.post(
                call.path, call.body, content_type=call.headers["Content-Type"], headers=headers
            )
        assert reply.status_code == 201, (name, reply.status_code)
        counted[name] = len(captured)
        told: dict[str, str] = reply.json()
        return told

    def intake() -> dict[str, str]:
        upload = post("upload", portal.upload_call())["id"]
        return post("intake", portal.submission_call(upload))

    intake()  # warms up; the second one counts
    receipt = intake()
    bearer = {"Authorization": f"Bearer {token}"}
    with CaptureQueriesContext(connection) as captured:
        api.get(f"/api/v1/submissions/{receipt['id']}", headers=bearer)
    counted["status"] = len(captured)
    return counted | pages(username, password, receipt["case_reference"])


def pages(username: str, password: str, reference: str) -> dict[str, int]:
    """Statements of the pages beyond session, user and memberships."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from efile.models import Case

    client = Client(SERVER_NAME="127.0.0.1")
    assert client.login(username=username, password=password)
    counted = {}
    case_id = Case.objects.values_list("id", flat=True).get(reference=reference)
    for name, address in (("work list", reverse("worklist")), ("case page", _case(case_id))):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counted[name] = sum(
            not _SIGNED_IN.search(query["sql"]) for query in captured.captured_queries
        )
    return counted


def _case(case_id: object) -> str:
    from django.urls import reverse

    return reverse("case", args=[case_id])


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(count(*sys.argv[1:])))
