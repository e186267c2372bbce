"""Large files in pieces: the protocol, call by call."""

import base64
import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings

from efile import pieces
from efile.kernel.clock import real_now
from efile.kernel.ids import uuid7
from efile.models import PartialUpload, Upload
from efile.storage import default_store
from tests.api.calling import PDF, Answer, Portal
from tests.api.endpoints.tus import PIECE, TUS, Tus, metadata

pytestmark = pytest.mark.django_db

CONTENT = PDF + b"%" * 1000
HALF = len(CONTENT) // 2


@pytest.fixture
def tus(portal: Portal) -> Tus:
    return Tus(portal)


def sha1(content: bytes) -> str:
    return "sha1 " + base64.b64encode(hashlib.sha1(content).digest()).decode()


class TestAnUpload:
    def test_goes_on_where_it_ended_and_is_used_like_any_other(
        self, portal: Portal, tus: Tus
    ) -> None:
        told = {"filename": "Führer/schein.pdf", "filetype": "application/pdf"}
        upload = tus.begun(len(CONTENT), **told, sha256=hashlib.sha256(CONTENT).hexdigest())
        assert tus.offset(upload) == 0
        assert tus.patch(upload, CONTENT[:HALF], 0).headers["Upload-Offset"] == str(HALF)
        assert not Upload.objects.exists()
        assert portal.get(f"uploads/{upload}").status == 404

        answer = tus.patch(upload, CONTENT[HALF:], HALF)

        assert (answer.status, answer.headers["Upload-Offset"]) == (204, str(len(CONTENT)))
        assert answer.headers["Cache-Control"] == "no-store"
        kept = portal.get(f"uploads/{upload}").json
        assert kept["sha256"] == hashlib.sha256(CONTENT).hexdigest()
        assert (kept["filename"], kept["size"]) == ("Führer-schein.pdf", len(CONTENT))
        with default_store().open(kept["sha256"]) as file:
            assert file.read() == CONTENT
        body = portal.application()
        body["attachments"][0]["upload"] = upload
        assert portal.submit(body).status == 201
        assert tus.offset(upload) == len(CONTENT)
        assert (tus.delete(upload).status, tus.delete(upload).code) == (409, "upload_is_used")

    def test_may_begin_with_the_announcement(self, tus: Tus) -> None:
        answer = tus.create(len(CONTENT), CONTENT[:HALF])
        assert answer.headers["Upload-Offset"] == str(HALF)
        whole = tus.create(len(CONTENT), CONTENT)
        assert whole.headers["Upload-Offset"] == str(len(CONTENT))
        assert Upload.objects.count() == 1

    def test_is_complete_even_if_nobody_heard_so(self, tus: Tus) -> None:
        upload = tus.begun(len(CONTENT))
        tus.patch(upload, CONTENT, 0)
        assert tus.offset(upload) == len(CONTENT)
        again = tus.send("PATCH", upload, Upload_Offset=str(len(CONTENT)))
        assert again.status_code == 204
        assert tus.patch(upload, b"more", len(CONTENT)).status == 413

    def test_can_be_given_up(self, tus: Tus) -> None:
        begun, complete = tus.begun(len(CONTENT)), tus.begun(len(CONTENT))
        tus.patch(begun, CONTENT[:HALF], 0)
        tus.patch(complete, CONTENT, 0)
        for upload in (begun, complete):
            assert tus.delete(upload).status == 204
            assert tus.head(upload).status == 404
        assert not PartialUpload.objects.exists()
        assert not Upload.objects.exists()
        assert not pieces.path_of(UUID(begun)).exists()

    def test_goes_on_for_a_while(self, tus: Tus, settings: LazySettings) -> None:
        upload = tus.begun(len(CONTENT))
        first = tus.head(upload).headers["Upload-Expires"]
        assert first.endswith("GMT")
        settings.UPLOAD_LIFETIME_HOURS = 48
        assert tus.patch(upload, CONTENT[:HALF], 0).headers["Upload-Expires"] != first
        PartialUpload.objects.update(expires_at=real_now() - timedelta(seconds=1))
        assert tus.head(upload).status == 404
        assert tus.patch(upload, CONTENT[HALF:], HALF).status == 404

    def test_counts_only_what_it_hashes_to(self, tus: Tus) -> None:
        upload = tus.begun(len(CONTENT))
        wrong = tus.patch(upload, CONTENT[:HALF], 0, Upload_Checksum=sha1(b"other"))
        assert (wrong.status, wrong.code) == (460, "checksum_mismatch")
        assert tus.offset(upload) == 0
        right = tus.patch(upload, CONTENT, 0, Upload_Checksum=sha1(CONTENT))
        assert right.status == 204

    def test_has_one_writer(self, tus: Tus) -> None:
        upload = tus.begun(len(CONTENT))
        with pieces.locked(PartialUpload.objects.get().id):
            answer = tus.patch(upload, CONTENT, 0)
            assert (answer.status, answer.code) == (423, "upload_locked")
            assert tus.head(upload).status == tus.delete(upload).status == 423
        assert tus.patch(upload, CONTENT, 0).status == 204

    def test_is_refused_at_the_end_for_what_it_is(self, tus: Tus) -> None:
        for content, told, rule in (
            (b"\x7fELF" + bytes(99), {}, "media_type"),
            (CONTENT, {"filetype": "image/png"}, "media_type_mismatch"),
            (CONTENT, {"sha256": "0" * 64}, "sha256"),
        ):
            upload = tus.begun(len(content), **told)
            answer = tus.patch(upload, content, 0)
            assert (answer.status, answer.faults) == (422, {("", rule)})
            assert tus.head(upload).status == 404
            assert not pieces.path_of(UUID(upload)).exists()
        assert not Upload.objects.exists()

    def test_is_nobody_elses(self, tus: Tus) -> None:
        upload, other = tus.begun(len(CONTENT)), Tus(Portal())
        for begun in (True, False):
            calls: list[Callable[[str], Answer]] = [other.head, other.delete, other.piece]
            for call in calls:
                foreign, absent = call(upload), call(str(uuid7()))
                assert foreign.status == absent.status == 404
                assert foreign.bytes == absent.bytes
            assert other.portal.get(f"uploads/{upload}").status == 404
            if begun:
                tus.patch(upload, CONTENT, 0)


class TestTheProtocol:
    def test_tells_what_it_can(self, tus: Tus, settings: LazySettings) -> None:
        answer = tus.call("OPTIONS", "")
        assert (answer.status, answer.headers["Tus-Version"]) == (204, "1.0.0")
        assert answer.headers["Tus-Max-Size"] == str(settings.RESUMABLE_MAX_BYTES)
        assert "creation" in answer.headers["Tus-Extension"].split(",")
        assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"

    @pytest.mark.parametrize(
        ("headers", "status", "code"),
        [
            ({"Tus-Resumable": "0.2.2"}, 412, "tus_version"),
            ({"Tus-Resumable": ""}, 412, "tus_version"),
            ({"Upload-Length": ""}, 400, "malformed"),
            ({"Upload-Length": "-1"}, 400, "malformed"),
            ({"Upload-Length": "1e3"}, 400, "malformed"),
            ({"Upload-Length": "0"}, 422, "invalid"),
            ({"Upload-Length": str(5 * 1024**3)}, 413, "too_large"),
            ({"Upload-Metadata": "filename ***"}, 400, "malformed"),
            ({"Upload-Metadata": "filename /w=="}, 400, "malformed"),
            ({"Upload-Metadata": metadata(filename="x" * 1001)}, 400, "malformed"),
            ({"Upload-Metadata": metadata(sha256="abc")}, 400, "malformed"),
            ({"Upload-Metadata": metadata(service="moon-landing")}, 422, "invalid"),
            (
                {"Upload-Metadata": metadata(service="resident-parking", proof="passport")},
                422,
                "invalid",
            ),
        ],
    )
    def test_refuses_an_announcement(
        self, tus: Tus, headers: dict[str, str], status: int, code: str
    ) -> None:
        answer = tus.create(1000, headers=headers)
        assert (answer.status, answer.code) == (status, code)
        assert answer.headers["Tus-Resumable"] == "1.0.0"
        assert (answer.headers.get("Tus-Version") == "1.0.0") is (status == 412)
        assert not PartialUpload.objects.exists()

    def test_refuses_what_is_too_large_for_its_proof(self, tus: Tus) -> None:
        purpose = {"service": "resident-parking", "proof": "registration-certificate"}
        [proof] = [
            one
            for one in tus.portal.get("services/resident-parking").json["proofs"]
            if one["key"] == purpose["proof"]
        ]
        answer = tus.create(proof["max_bytes"] + 1, told=purpose)
        assert (answer.status, answer.code) == (413, "too_large")
        assert str(proof["max_bytes"]) in answer.json["detail"]
        assert tus.create(proof["max_bytes"], told=purpose).status == 201

    @pytest.mark.parametrize(
        ("content", "headers", "status", "code"),
        [
            (b"x", {"Tus-Resumable": "2.0.0"}, 412, "tus_version"),
            (b"x", {"Upload-Offset": "5"}, 409, "wrong_offset"),
            (b"x", {"Upload-Offset": ""}, 400, "malformed"),
            (b"x", {"Upload-Offset": "-1"}, 400, "malformed"),
            (b"x", {"Upload-Checksum": "md5 xxxx"}, 400, "malformed"),
            (b"x", {"Upload-Checksum": "sha1 ?"}, 400, "malformed"),
            (b"x" * 11, {}, 413, "too_large"),
            (b"x", {"Transfer-Encoding": "chunked"}, 411, "length_required"),
        ],
    )
    def test_refuses_a_piece(
        self, tus: Tus, content: bytes, headers: dict[str, Any], status: int, code: str
    ) -> None:
        upload = tus.begun(10)
        asked = {**TUS, "Upload-Offset": "0"} | headers
        answer = tus.call("PATCH", f"/{upload}", content, PIECE, asked)
        assert (answer.status, answer.code) == (status, code)
        assert tus.offset(upload) == 0

    def test_keeps_what_arrived_before_the_line_broke(self, tus: Tus) -> None:
        upload = tus.begun(10)
        broken: dict[str, Any] = {"CONTENT_LENGTH": "5", "wsgi.input": io.BytesIO(b"abc")}
        answer = tus.send("PATCH", upload, Upload_Offset="0", **broken)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["rule"] == "content_length"
        assert tus.offset(upload) == 3

    def test_refuses_bytes_of_another_kind(self, tus: Tus) -> None:
        upload = tus.begun(10)
        headers = {**TUS, "Upload-Offset": "0", "Upload-Length": "10"}
        for method, path in (("PATCH", f"/{upload}"), ("POST", "")):
            answer = tus.call(method, path, b"x", "application/pdf", headers)
            assert (answer.status, answer.code) == (415, "not_a_piece")

    def test_knows_clients_without_patch(self, tus: Tus) -> None:
        upload = tus.begun(10)
        piece: dict[str, Any] = {"CONTENT_LENGTH": "1", "wsgi.input": io.BytesIO(b"x")}
        sent = tus.send("POST", upload, X_Http_Method_Override="PATCH", Upload_Offset="0", **piece)
        assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, "1")

    def test_needs_the_scope(self) -> None:
        answer = Tus(Portal("read")).create(10)
        assert (answer.status, answer.code) == (403, "scope_missing")
