"""A voice that says tones, for tests of jobs, and everything else that running a job takes."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray
from pydantic import SecretStr

from voxgate.adapters.sql.database import open_database
from voxgate.adapters.sql.speech_jobs import SqlJobStore
from voxgate.adapters.storage.folder import FolderAssets
from voxgate.errors import ExternalServiceError
from voxgate.serving.jobs.assets import UrlSigner
from voxgate.serving.jobs.desk import JobDesk
from voxgate.serving.jobs.files import remove_attempts
from voxgate.serving.jobs.ports import JobQueue, JobTools
from voxgate.serving.jobs.records import JobDraft, SpeechJob
from voxgate.serving.jobs.transitions import recall
from voxgate.serving.ports import Answer, Caller
from voxgate.serving.requests import Lane, SpeechRequest, SpokenSentence
from voxgate.settings import Settings

RATE_HZ = 16_000
SECRET = b"a secret of thirty-two bytes 012"
SIGNER = UrlSigner("/a", SECRET)


def make_draft(
    number: int = 1, *, lane: Lane = Lane.BATCH, text: str = "", **changes: Any
) -> JobDraft:
    caller = Caller(
        key_id=changes.pop("key_id", "anna"),
        lane=lane,
        rights=frozenset({"speak", "jobs"}),
        purpose="internal",
        request_id=f"request-{number}",
        trace_id="0" * 32,
    )
    request = SpeechRequest(text=text or f"Message {number}.", model="voice-test")
    values = {"route": "/v1/speech-jobs", "idempotency_key": f"key-{number}", "format": "wav"}
    return JobDraft(caller=caller, request=request, **{**values, **changes})


def tone(text: str) -> NDArray[np.int16]:
    """Return (T,) samples that belong to a text, as a voice that is deterministic."""
    pitch = 200 + sum(text.encode()) % 400
    return (8000 * np.sin(np.arange(1600) * (2 * np.pi * pitch / RATE_HZ))).astype(np.int16)


class ToneService:
    """Says each sentence as a tone; `before` may wait, raise or kill."""

    def __init__(
        self, before: Callable[[str], None] | None = None, *, pause_s: float = 0.0
    ) -> None:
        self.said: list[str] = []
        self.loudness_lufs: float | None = None
        self._before = before
        self._pause_s = pause_s

    async def say(self, request: SpeechRequest, *, caller: Caller) -> Answer:
        self.said.append(request.text)
        if self._before is not None:
            self._before(request.text)
        return Answer(
            model=request.model,
            version=7,
            voice_digest="v" * 64,
            profile=None,
            preset="plain@1",
            preset_digest="p" * 64,
            seed=0,
            cache="miss",
            sample_rate_hz=RATE_HZ,
            sentences=self._sentences(request.text),
            loudness_lufs=self.loudness_lufs,
        )

    async def _sentences(self, text: str) -> AsyncIterator[SpokenSentence]:
        for place, sentence in enumerate(part for part in text.split(".") if part):
            await asyncio.sleep(self._pause_s)
            yield SpokenSentence(
                place=place, pcm=tone(sentence), sample_rate_hz=RATE_HZ, stopped_by_limit=False
            )


def encode(pcm: NDArray[np.int16], *, sample_rate_hz: int, format: str) -> bytes:  # noqa: A002
    stream = io.BytesIO()
    soundfile.write(stream, pcm, sample_rate_hz, format=format, subtype="PCM_16")
    return stream.getvalue()


def make_tools(
    url: str, folder: Path, service: ToneService | None = None, *, lease_s: float = 60.0
) -> JobTools:
    database = open_database(Settings(ledger_url=SecretStr(url)), Path())
    return JobTools(
        store=SqlJobStore(database),
        assets=FolderAssets(folder / "speech", SIGNER),
        say=(service or ToneService()).say,
        encode=encode,
        secret=SECRET,
        lease_s=lease_s,
    )


class ListQueue:
    """Implements `JobQueue`: a list of what was sent, unless the broker is `away`."""

    def __init__(self) -> None:
        self.sent: list[tuple[Lane, list[str]]] = []
        self.away = False

    def send(self, ids: Sequence[str], *, lane: Lane) -> None:
        if self.away:
            raise ExternalServiceError("the broker is away")
        self.sent.append((lane, list(ids)))


def make_desk(tools: JobTools, queue: JobQueue, **changes: Any) -> JobDesk:
    """Return a desk over the store and the files of `make_tools`."""
    parts: dict[str, Any] = {"store": tools.store, "assets": tools.assets, "signer": SIGNER}
    return JobDesk(**{**parts, "queue": queue, **changes})


def recall_job(tools: JobTools, job_id: str) -> SpeechJob:
    """Take a result back, as whoever recalls does: the row first, then the file."""
    job = tools.store.change(job_id, partial(recall, reason="the consent was withdrawn"))
    remove_attempts(tools, job)
    return job


def stored_files(folder: Path) -> list[str]:
    """Return the names of all files of `make_tools`' store, without what is known of them."""
    files = (path for path in (folder / "speech").rglob("*") if path.is_file())
    return sorted(path.name for path in files if path.suffix != ".json")
