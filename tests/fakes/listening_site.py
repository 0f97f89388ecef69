"""A release site whose versions can be heard: a few prompts, and a tone for every sample."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from tasks.release.listen import ListeningRoom, open_room
from tests.fakes.evidence import SEEDS, make_evidence, make_row
from tests.fakes.release_site import ReleaseSite
from voxgate.adapters.mlflow.store import log_folder
from voxgate.evaluation.benchmark import Benchmark, load_benchmark
from voxgate.evaluation.records import audio_name
from voxgate.files import digest_bytes
from voxgate.params import load_params

PROMPTS = 6
MIN_VOTES = 5
SAMPLE_RATE_HZ = 16_000


def make_tone(
    frequency_hz: float, *, peak: float = 0.25, duration_s: float = 0.5
) -> NDArray[np.int16]:
    time_s = np.arange(int(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (peak * 32767 * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.int16)


def create_listening_site(root: Path, mlflow_uri: str, **gate: Any) -> ReleaseSite:
    """Make a checkout with a benchmark of `PROMPTS` gate prompts and an empty ledger."""
    site = ReleaseSite.create(
        root, mlflow_uri, **{"min_votes": MIN_VOTES, "preference_margin": 0.6, **gate}
    )
    rows = [_prompt("s000", "select"), *(_prompt(f"p{n:03d}", "gate") for n in range(PROMPTS))]
    path = root / "benchmark" / "prompts.en.jsonl"
    path.parent.mkdir()
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return site


def add_voice(site: ReleaseSite, number: int, *, peak: float = 0.25, **changes: Any) -> int:
    """Register a version that says every prompt as a tone of its own; returns its number.

    The first prompt could not be spoken with the first seed.
    """
    folder = site.root / f"voice-{number}" / "audio"
    folder.mkdir(parents=True)
    rows = []
    for prompt in range(PROMPTS):
        for seed in range(SEEDS):
            row = make_row(prompt, seed)
            pcm = make_tone(100.0 * number + 10 * prompt + seed, peak=peak)
            if (prompt, seed) == (0, 0):
                rows.append(replace(row, fault="voice crashed", audio_sha256=None))
                continue
            soundfile.write(folder / audio_name(*row.item), pcm, SAMPLE_RATE_HZ, subtype="PCM_16")
            digest = digest_bytes(pcm.tobytes())
            rows.append(replace(row, transcript=f"heard {number}", audio_sha256=digest))
    evidence = make_evidence(benchmark={"digest": _benchmark(site).digest}, rows=tuple(rows))
    path = folder.parent / "evidence.json"
    evidence.write(path)
    version = site.register(number, evidence_of=path, **changes)
    log_folder(site.desk.connect(), evaluation_run(site, version), folder, "audio")
    return version


def evaluation_run(site: ReleaseSite, version: int) -> str:
    """Return the nested run that keeps the audio of a version; makes it the first time."""
    desk = site.desk
    store = desk.connect()
    parent = desk.ledger.read(desk.model).require(version).parent_run_id
    query = f"tags.`mlflow.parentRunId` = '{parent}'"
    found = store.client.search_runs([store.experiment_id], query)
    if found:
        return str(found[0].info.run_id)
    run = store.client.create_run(
        store.experiment_id, run_name="evaluate", tags={"mlflow.parentRunId": parent}
    )
    return str(run.info.run_id)


def enter_room(
    site: ReleaseSite, version: int, *, listener: str = "anna", limit: int | None = None
) -> ListeningRoom:
    params = load_params(site.root / "params.yaml")
    return open_room(site.desk, params, version, listener=listener, limit=limit)


def _benchmark(site: ReleaseSite) -> Benchmark:
    return load_benchmark(site.root / "benchmark" / "prompts.en.jsonl")


def _prompt(name: str, split: str) -> dict[str, Any]:
    text = f"This is what {name} says."
    return {
        "id": name, "split": split, "class": "plain", "text": text, "normalised": text, "words": 5
    }  # fmt: skip
