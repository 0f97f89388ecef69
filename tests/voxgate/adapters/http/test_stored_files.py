"""Stored files over a small app: parts, conditions, and files that break off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from tests.fakes.live_server import exchanged, live_server
from voxgate.adapters.http.envelope import Envelope
from voxgate.adapters.http.problems import respond
from voxgate.adapters.http.stored_files import send_file
from voxgate.adapters.http.threads import Threads
from voxgate.errors import StorageError, VoxgateError
from voxgate.files import digest_bytes
from voxgate.serving.jobs.assets import PRIVATE_CACHING, SHARED_CACHING, ByteRange, StoredAsset

CONTENT = bytes(range(256)) * 1_000
BLOCK = 65_536
STORED = StoredAsset(
    asset_id="a" * 40,
    media_type="audio/mpeg",
    bytes=len(CONTENT),
    sha256=digest_bytes(CONTENT),
)
TAG = f'"{STORED.sha256}"'


class Shelf:
    """Reads `CONTENT` in blocks; from `broken_at` on it fails. `open_now` counts open files."""

    def __init__(self) -> None:
        self.broken_at = len(CONTENT) + 1
        self.stored = STORED
        self.reads = self.open_now = 0

    def read(self, _asset_id: str, part: ByteRange | None) -> Iterator[bytes]:
        whole = part or ByteRange(start=0, stop=len(CONTENT))
        self.reads += 1
        self.open_now += 1
        try:
            for start in range(whole.start, whole.stop, BLOCK):
                if start >= self.broken_at:
                    raise StorageError("/the/disk is gone")
                yield CONTENT[start : min(start + BLOCK, whole.stop)]
        finally:
            self.open_now -= 1


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def app(shelf: Shelf) -> FastAPI:
    app = FastAPI()
    app.add_middleware(Envelope)
    threads = Threads(2, name="files")

    async def explain(request: Request, error: Exception) -> Response:
        return respond(request, error)

    async def answer(request: Request) -> Response:
        return await send_file(
            request, shelf.stored, name="job_1", read=shelf.read, threads=threads
        )

    app.add_exception_handler(VoxgateError, explain)
    app.add_api_route("/file", answer, methods=["GET"])
    app.add_api_route("/file", answer, methods=["HEAD"])
    return app


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("asked", "status"), [({}, 200), ({"Range": "bytes=1-2"}, 206), ({"If-None-Match": TAG}, 304)]
)
def test_caches_are_told_how_long_and_by_which_tags(
    app: FastAPI, shelf: Shelf, method: str, asked: dict[str, str], status: int
) -> None:
    shelf.stored = replace(STORED, tags=("campaign-spring", "b"), cache_control=SHARED_CACHING)
    answer = TestClient(app).request(method, "/file", headers=asked)
    assert answer.status_code == status
    assert answer.headers["cache-tag"] == "campaign-spring,b"
    assert answer.headers["cache-control"] == SHARED_CACHING
    shelf.stored = STORED
    private = TestClient(app).request(method, "/file", headers=asked).headers
    assert ("cache-tag" in private, private["cache-control"]) == (False, PRIVATE_CACHING)


@pytest.mark.parametrize(
    ("media_type", "name"),
    [("audio/wav", "wav"), ("audio/mpeg", "mp3"), ("audio/ogg", "opus"), ("audio/flac", "flac")],
)
def test_a_file_is_saved_under_the_name_of_its_kind(
    client: TestClient, shelf: Shelf, media_type: str, name: str
) -> None:
    shelf.stored = replace(STORED, media_type=media_type)
    said = client.get("/file").headers["content-disposition"]
    assert said == f'attachment; filename="job_1.{name}"'


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app)


def test_a_file_comes_whole_with_what_is_known_of_it(client: TestClient, shelf: Shelf) -> None:
    answer = client.get("/file")
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["etag"] == TAG
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-disposition"] == 'attachment; filename="job_1.mp3"'
    assert shelf.open_now == 0


def test_head_says_the_same_and_reads_nothing(client: TestClient, shelf: Shelf) -> None:
    whole, head = client.get("/file").headers, client.head("/file")
    names = (
        "content-length", "content-type", "etag", "accept-ranges", "content-disposition",
        "cache-control",
    )  # fmt: skip
    assert [head.headers[name] for name in names] == [whole[name] for name in names]
    assert (head.content, shelf.reads) == (b"", 1)


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-", 5, len(CONTENT)),
        ("bytes=-7", len(CONTENT) - 7, len(CONTENT)),
        ("bytes=-999999999", 0, len(CONTENT)),
        (f"bytes=65000-{BLOCK * 2}", 65_000, BLOCK * 2 + 1),
        ("bytes=255990-999999", 255_990, len(CONTENT)),
        (" bytes=1-2 ", 1, 3),
    ],
)
def test_a_part_is_a_part(client: TestClient, asked: str, start: int, stop: int) -> None:
    answer = client.get("/file", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, CONTENT[start:stop])
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(CONTENT)}"
    assert answer.headers["content-length"] == str(stop - start)
    head = client.head("/file", headers={"Range": asked})
    assert (head.status_code, head.headers["content-length"]) == (206, str(stop - start))


@pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=999999-1000000", "bytes=-0"])
def test_where_nothing_lies_nothing_is_sent(client: TestClient, shelf: Shelf, asked: str) -> None:
    answer = client.get("/file", headers={"Range": asked})
    assert (answer.status_code, answer.json()["error"]["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"
    assert shelf.reads == 0


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=9-1", "bytes=0-1,5-6", "lines=0-1", "bytes=", "bytes=-", "bytes=a-b", "0-1", "",
        "bytes=1-2-3", "bytes=" + "9" * 40 + "-", "bytes= 1 - 2", "bytes=١-٢".encode(),
    ],
    ids=range(12),
)  # fmt: skip
def test_what_is_no_part_is_all_of_it(client: TestClient, asked: str | bytes) -> None:
    answer = client.get("/file", headers=[("Range", asked)])
    assert (answer.status_code, len(answer.content)) == (200, len(CONTENT))


def test_two_ranges_in_two_headers_are_all_of_it(client: TestClient) -> None:
    headers = [("Range", "bytes=0-1"), ("Range", "bytes=4-5")]
    assert client.get("/file", headers=headers).status_code == 200


@pytest.mark.parametrize(("tag", "status"), [(TAG, 206), ('"another"', 200), (f"W/{TAG}", 200)])
def test_a_download_goes_on_only_in_the_same_file(
    client: TestClient, tag: str, status: int
) -> None:
    answer = client.get("/file", headers={"Range": "bytes=5-", "If-Range": tag})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("tag", "status"), [(TAG, 304), (f'"x", W/{TAG}', 304), ("*", 304), ('"x"', 200)]
)
def test_a_file_that_is_known_is_not_sent_again(
    client: TestClient, shelf: Shelf, tag: str, status: int
) -> None:
    answer = client.get("/file", headers={"If-None-Match": tag})
    assert answer.status_code == status
    assert (shelf.reads, answer.headers["etag"]) == (int(status == 200), TAG)


def test_a_file_that_cannot_be_opened_is_a_problem(client: TestClient, shelf: Shelf) -> None:
    shelf.broken_at = 0
    answer = client.get("/file")
    assert (answer.status_code, "disk" in answer.text) == (503, False)


def test_a_file_that_breaks_off_is_not_taken_for_all_of_it(app: FastAPI, shelf: Shelf) -> None:
    shelf.broken_at = 2 * BLOCK
    with live_server(app) as port:
        found = exchanged(port, b"GET /file HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    head, _, body = found.partition(b"\r\n\r\n")
    assert f"content-length: {len(CONTENT)}".encode() in head.lower()
    assert body == CONTENT[: 2 * BLOCK], "and then the connection was cut"
    assert shelf.open_now == 0
