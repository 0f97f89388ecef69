"""`voxgate serve` as it is started: real processes, a voice that truly speaks, real clients."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest

from scripts.load.machine import command, descendants
from tests.fakes.base_voice import write_base_voice
from tests.fakes.redis_server import redis_server
from tests.fakes.release_site import ROOT, ReleaseSite

pytestmark = pytest.mark.slow

TEXT = "Good morning. The table is ready at seven."
SPEAKERS = ROOT / "benchmark" / "speakers"
VOXGATE = (sys.executable, "-c", "from flows.cli.app import main; main()")
CONSENT = """
scope: internal
source: a benchmark of this project
licence: CC0-1.0
attribution: nobody
statement: may be used for tests
"""


@dataclass
class Served:
    """A site with a live voice, and the server that speaks it."""

    site: ReleaseSite
    process: subprocess.Popen[str]
    url: str

    @property
    def model(self) -> str:
        return self.site.desk.model

    def ask(self, text: str = TEXT, **fields: Any) -> httpx.Response:
        body = {
            "model": self.model, "voice": "default", "input": text, "response_format": "wav",
            **fields,
        }  # fmt: skip
        return httpx.post(f"{self.url}/v1/audio/speech", json=body, timeout=120)

    def until_ready(self) -> None:
        until(lambda: httpx.get(f"{self.url}/readyz", timeout=10).status_code == 200)

    def workers(self) -> list[int]:
        """Return the processes that speak: children of the children that keep them."""
        return [
            pid
            for pid in descendants(self.process.pid)
            if "voxgate.serving.pool.worker" in command(pid)
        ]


def until(condition: Any, *, within_s: float = 120.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)


def voxgate(site: ReleaseSite, *arguments: str) -> str:
    done = subprocess.run(
        [*VOXGATE, *arguments, "--root", str(site.root)],
        env=environment(site), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(site: ReleaseSite) -> dict[str, str]:
    return {**os.environ, "VOXGATE_MLFLOW_TRACKING_URI": site.mlflow_uri}


def pcm_of(answer: httpx.Response) -> bytes:
    assert answer.status_code == 200, answer.text
    with wave.open(io.BytesIO(answer.content)) as file:
        return file.readframes(-1)


def start(site: ReleaseSite, *options: str) -> Served:
    process = subprocess.Popen(
        [*VOXGATE, "serve", "--port", "0", "--anonymous",
         "--root", str(site.root), *options],
        env=environment(site), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    found = re.search(r"listening on (http://\S+)", process.stdout.readline())
    assert found is not None
    return Served(site, process, found[1])


def end(process: subprocess.Popen[str]) -> None:
    """End a server as a power cut does; one that has ended stays so."""
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def stop(served: Served) -> int:
    served.process.send_signal(signal.SIGTERM)
    return served.process.wait(60)


def new_site(root: Path, voice: Path) -> ReleaseSite:
    (root / ".voxgate" / "mlflow").mkdir(parents=True)
    (root / "base").symlink_to(ROOT / "base")
    site = ReleaseSite.create(root, f"sqlite:///{root}/.voxgate/mlflow/mlflow.db")
    site.release(1, voice)
    return site


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("voice") / "emma"
    write_base_voice(folder)
    return folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, voice: Path) -> Iterator[Served]:
    site = new_site(tmp_path_factory.mktemp("served"), voice)
    running = start(site, "--workers", "1")
    try:
        running.until_ready()
        yield running
        assert stop(running) == 128 + signal.SIGTERM
    finally:
        end(running.process)


def test_the_openai_client_hears_what_is_live_and_the_audit_knows_it(served: Served) -> None:
    openai = pytest.importorskip("openai")
    client = openai.OpenAI(base_url=f"{served.url}/v1", api_key="none")
    spoken = client.audio.speech.with_raw_response.create(
        model=served.model, voice="default", input="The kettle is warm.", response_format="pcm"
    )
    assert spoken.headers["x-voxgate-model"] == f"{served.model}@1"
    assert len(spoken.content) > 24_000  # half a second at 24 kHz
    name = spoken.headers["x-request-id"]
    until(lambda: name in voxgate(served.site, "audit", "speech", "--since", "2020-01-01"))
    record = voxgate(served.site, "audit", "speech", "--request", name)
    assert f"{served.model}@1" in record
    assert "kettle" not in record
    voxgate(served.site, "audit", "verify-speech")


def test_the_readme_speaks(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(from openai.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(  # what a new user copies
        snippet.replace("http://127.0.0.1:8080", served.url).replace("voice-en", served.model), {}
    )
    assert (tmp_path / "morning.mp3").stat().st_size > 5_000


def test_the_same_bytes_alone_among_others_and_after_a_worker_died(served: Served) -> None:
    texts = [f"Number {n} waits for the train. It is late by {n} minutes." for n in range(3, 11)]
    alone = {text: pcm_of(served.ask(text, seed=1)) for text in texts}
    with ThreadPoolExecutor(8) as pool:
        crowd = list(pool.map(lambda n: served.ask(texts[n % 8], seed=1), range(64)))
    assert all(pcm_of(each) == alone[texts[n % 8]] for n, each in enumerate(crowd))
    for pid in served.workers():
        os.kill(pid, signal.SIGKILL)
    anew = pcm_of(served.ask(texts[0], seed=2))  # not kept yet, so it is spoken
    assert anew != alone[texts[0]]
    assert pcm_of(served.ask(texts[0], seed=1)) == alone[texts[0]]
    served.until_ready()


def test_a_profile_is_spoken_with_until_it_is_revoked(served: Served, tmp_path: Path) -> None:
    consent = tmp_path / "consent.yaml"
    consent.write_text(CONSENT, encoding="utf-8")
    recording = SPEAKERS / "am_santa-2.flac"
    voxgate(
        served.site, "speakers", "enrol", "adam", str(recording),
        "--consent", str(consent), "--by", "jane",
    )  # fmt: skip
    refused = served.ask(voice="adam")
    assert refused.status_code in (403, 404), refused.text
    voxgate(served.site, "speakers", "activate", "adam", "--by", "jane", "--reason", "heard")
    until(lambda: served.ask(voice="adam").status_code == 200)
    mine = pcm_of(served.ask(voice="adam"))
    assert mine != pcm_of(served.ask())
    assert mine == pcm_of(served.ask(voice="adam@1"))
    names = [v["id"] for v in httpx.get(f"{served.url}/v1/audio/voices").json()["voices"]]
    assert names == ["adam"]
    voxgate(served.site, "speakers", "revoke", "adam", "--by", "jane", "--reason", "asked")
    until(lambda: served.ask(voice="adam").status_code == 403, within_s=10)


def test_promotion_rollback_and_quarantine_reach_the_service(
    served: Served, voice: Path, tmp_path: Path
) -> None:
    write_base_voice(tmp_path / "next", recording=SPEAKERS / "bm_lewis-1.flac")
    first = pcm_of(served.ask())
    version = served.site.release(2, tmp_path / "next")
    answers = []

    def taken_over() -> bool:
        answers.append(served.ask(f"{TEXT} {len(answers)}"))
        return answers[-1].headers["x-voxgate-model"] == f"{served.model}@{version}"

    until(taken_over)
    assert {answer.status_code for answer in answers} == {200}
    assert pcm_of(served.ask()) != first
    assert pcm_of(served.ask(model=f"{served.model}@1")) == first
    voxgate(served.site, "rollback", "--by", "jane", "--reason", "it hums")
    until(lambda: served.ask().headers["x-voxgate-model"].endswith("@1"), within_s=15)
    assert pcm_of(served.ask()) == first
    voxgate(served.site, "quarantine", str(version), "--by", "jane", "--reason", "it hums")
    until(lambda: served.ask(model=f"{served.model}@{version}").status_code == 410, within_s=15)


def test_a_wider_use_than_the_consent_is_refused(served: Served) -> None:
    made = json.loads(
        voxgate(served.site, "keys", "create", "shop", "--purpose", "publication", "--json")
    )
    answer = httpx.post(
        f"{served.url}/v1/audio/speech",
        headers={"Authorization": f"Bearer {made['token']}"},
        json={"model": served.model, "voice": "default", "input": TEXT},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "consent_refused")


def submit(served: Served, text: str, key: str) -> httpx.Response:
    return httpx.post(
        f"{served.url}/v1/speech-jobs",
        headers={"Idempotency-Key": key},
        json={
            "model": served.model, "voice": "default", "input": text, "response_format": "flac"
        },
        timeout=60,
    )  # fmt: skip


def job(served: Served, location: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{served.url}{location}", timeout=60).json()
    return found


def test_a_job_is_fetched_later_and_a_second_submission_is_the_same(served: Served) -> None:
    text = " ".join(f"Sentence number {n} of a long text." for n in range(3, 12))
    answer = submit(served, text, "k1")
    assert answer.status_code == 202, answer.text
    location = answer.headers["location"]
    assert submit(served, text, "k1").headers["location"] == location
    assert submit(served, f"{text} More.", "k1").status_code == 422
    until(lambda: job(served, location)["status"] == "succeeded")
    sound = httpx.get(f"{served.url}{location}/audio", timeout=60)
    assert sound.status_code == 200
    assert sound.content.startswith(b"fLaC")
    part = httpx.get(f"{served.url}{location}/audio", headers={"Range": "bytes=4-11"}, timeout=60)
    assert (part.status_code, part.content) == (206, sound.content[4:12])


def test_a_server_that_is_killed_leaves_every_job_one_result(
    tmp_path: Path, voice: Path, request: pytest.FixtureRequest
) -> None:
    """With many more kills it is scenario L9 of the load report."""
    site = new_site(tmp_path / "site", voice)
    texts = [f"Job {n} waits. It is spoken once, in {n} minutes." for n in range(3, 15)]

    def started() -> Served:
        running = start(site, "--workers", "1")
        request.addfinalizer(lambda: end(running.process))
        running.until_ready()
        return running

    running = started()
    alone = {text: job_digest(running, text, f"alone {text}") for text in texts[:3]}
    locations = []
    for n, text in enumerate(texts):
        locations.append(submit(running, text, f"job {n}").headers["location"])
    for pause_s in (0.0, 0.7):
        time.sleep(pause_s)
        end(running.process)
        running = started()
    until(lambda: all(job(running, each)["status"] == "succeeded" for each in locations))
    found = [job(running, each) for each in locations]
    for text, document in zip(texts, found, strict=True):
        if text in alone:
            assert document["output"]["pcm_sha256"] == alone[text]
    files = {urlsplit(document["output"]["url"]).path for document in found}
    assert len(files) == len(texts)
    kept = {
        f"/a/{path.name.partition('.')[0]}"
        for path in (site.root / ".voxgate/speech/assets").rglob("*")
        if path.is_file()
    }
    assert len(kept) == len(texts) + len(alone)
    assert kept >= files


def test_a_worker_behind_a_broker_speaks_what_the_server_took(
    tmp_path: Path, voice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = new_site(tmp_path / "site", voice)
    with redis_server() as broker:
        monkeypatch.setenv("VOXGATE_BROKER_URL", broker)
        monkeypatch.setenv("C_FORCE_ROOT", "1")
        running = start(site, "--workers", "1")
        worker: subprocess.Popen[str] | None = None
        try:
            running.until_ready()
            locations = [submit(running, TEXT, f"k{n}").headers["location"] for n in range(3)]
            assert {job(running, each)["status"] for each in locations} == {"queued"}
            worker = subprocess.Popen(
                [*VOXGATE, "speech-worker", "--root", str(site.root)],
                env=environment(site), text=True,
            )  # fmt: skip
            until(lambda: all(job(running, each)["status"] == "succeeded" for each in locations))
            digests = {job(running, each)["output"]["pcm_sha256"] for each in locations}
            assert len(digests) == 1
            assert httpx.get(f"{running.url}{locations[0]}/audio").content.startswith(b"fLaC")
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(60) == 0
        finally:
            for process in (running.process, worker):
                if process is not None:
                    end(process)


def job_digest(served: Served, text: str, key: str) -> str:
    location = submit(served, text, key).headers["location"]
    until(lambda: job(served, location)["status"] == "succeeded")
    digest: str = job(served, location)["output"]["pcm_sha256"]
    return digest
