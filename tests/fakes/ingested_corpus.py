"""A corpus as ingest leaves it, made of synthetic speech, with instruments that know it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests.fakes.clips import ingested_clip
from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.speaker_encoder import FakeSpeakerEncoder
from voxgate.audio.shards import Place, ShardWriter, from_pcm16, to_pcm16
from voxgate.corpus.ingested_clips import Fault, IngestedClip, write_ingested
from voxgate.corpus.manifest import Recording
from voxgate.files import digest_bytes, write_json, write_text
from voxgate.params import Params, SizesParams, load_params
from voxgate.stage import Outcome, Workspace
from voxgate.text.languages import heard_as
from voxgate.types import Wave

RATE = 16_000
SPEAKER = "ada"
REPOSITORY = Path(__file__).parents[2]
PROMPT = "the narrow bridge sways a little whenever a heavy lorry crosses"


def make_speech(seed: int, duration_s: float = 2.0, *, edge_s: float = 0.15) -> Wave:
    """Return something with the measurable traits of clean speech, different for each seed.

    Harmonics under random formants, four syllables a second with pauses, bursts of hiss, silence
    at both ends, a noise floor at -75 dBFS.
    """
    return _speech(seed, duration_s, edge_s).copy()


@cache
def _speech(seed: int, duration_s: float, edge_s: float) -> Wave:
    rng = np.random.default_rng(seed)
    n = int(duration_s * RATE)
    time_s = np.arange(n) / RATE
    pitch_hz = 120 + 80 * rng.random() + 15 * np.sin(2 * np.pi * (0.5 + rng.random()) * time_s)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / RATE
    wave = np.zeros(n)
    cursor = int(edge_s * RATE)
    while cursor < n - int((edge_s + 0.2) * RATE):
        length = int(rng.uniform(0.12, 0.2) * RATE)
        shape = np.hanning(length)
        part = slice(cursor, cursor + length)
        gains = rng.random(24) / np.arange(1, 25) ** 0.5
        voiced = sum(g * np.sin((k + 1) * phase[part]) for k, g in enumerate(gains))
        hiss = rng.standard_normal(length) * (0.4 if rng.random() < 0.2 else 0.02)
        wave[part] += shape * (voiced + hiss)
        cursor += length + int(rng.uniform(0.02, 0.08) * RATE)
    wave *= 0.3 / np.abs(wave).max()
    wave += 10 ** (-75 / 20) * rng.standard_normal(n)
    return as_stored(wave.astype(np.float32))


def as_stored(wave: Wave) -> Wave:
    """Return a wave as it comes back from a shard."""
    return from_pcm16(to_pcm16(wave))


@dataclass
class IngestedCorpus:
    """Collects clips, then writes build/ingest and benchmark/; scripts both instruments."""

    root: Path
    recogniser: FakeRecogniser = field(default_factory=FakeRecogniser)
    encoder: FakeSpeakerEncoder = field(default_factory=FakeSpeakerEncoder)
    waves: list[Wave | None] = field(default_factory=list)
    clips: list[IngestedClip] = field(default_factory=list)
    consent: dict[str, str | None] = field(default_factory=lambda: {SPEAKER: "evaluation"})

    def add(
        self,
        recording_id: str,
        text: str,
        wave: Wave,
        *,
        heard: str | None = None,
        speaker: str = SPEAKER,
        voice: str | None = None,
        kept: slice = slice(None),
        language: str = "en",
        **changes: Any,
    ) -> None:
        """Add a clip that the recogniser hears as `heard` (default: its text) from `kept` on."""
        wave = as_stored(wave)
        self.waves.append(wave)
        pcm = to_pcm16(wave).tobytes()
        clip = ingested_clip(
            recording_id,
            place=Place(0, 0, len(wave)),
            text=text,
            speaker_id=speaker,
            sha256=digest_bytes(pcm),
            clip_id=digest_bytes(pcm + b"\0" + recording_id.encode())[:16],
            language=language,
            **changes,
        )
        self.clips.append(clip)
        said = text if heard is None else heard
        self.recogniser.hears(wave[kept], said, language=heard_as(language))
        self.encoder.speaks(wave[kept], voice or speaker)

    def add_fault(self, recording_id: str, code: str, *, speaker: str = SPEAKER) -> None:
        """Add a recording that ingest could not read."""
        path = f"audio/{speaker}/{recording_id}.wav"
        clip = IngestedClip(
            clip_id=digest_bytes(recording_id.encode())[:16],
            recording=Recording(recording_id, path, speaker, "en", "words"),
            source_sha256=None,
            audio=None,
            fault=Fault(code, "expected audio, got a letter; send the recording again"),
        )
        self.waves.append(None)
        self.clips.append(clip)

    def write(self, prompts: tuple[str, ...] = (PROMPT,)) -> Workspace:
        """Write what validate reads."""
        workspace = Workspace(self.root)
        folder = workspace.stage_dir("ingest")
        with ShardWriter(folder / "audio") as shards:
            clips = [
                clip
                if wave is None or clip.audio is None
                else replace(clip, audio=replace(clip.audio, place=shards.add(to_pcm16(wave))))
                for clip, wave in zip(self.clips, self.waves, strict=True)
            ]
        write_ingested(folder, sorted(clips, key=lambda clip: clip.recording.recording_id))
        speakers = {name: {"consent_scope": scope} for name, scope in self.consent.items()}
        write_json(folder / "summary.json", {"speakers": speakers})
        Outcome(stage="ingest", accepted=True).write(folder)
        lines = [
            json.dumps({"id": f"p{n}", "split": "gate", "class": "plain", "text": text})
            for n, text in enumerate(prompts)
        ]
        write_text(workspace.benchmark_dir / "prompts.en.jsonl", "\n".join(lines) + "\n")
        return workspace


def small_params(**changes: Any) -> Params:
    """Return the project's parameters with bounds for a set of a few clips."""
    params = load_params(REPOSITORY / "params.yaml")
    small = {"max_quarantined_fraction": 0.99}
    section = params.validate_.model_copy(update=small | changes)
    return params.model_copy(update={"validate_": section, "sizes": with_minute(from_clips=3)})


def with_minute(**row: Any) -> SizesParams:
    """Return the project's sizes with another first row; of one second, unless it says more."""
    sizes = load_params(REPOSITORY / "params.yaml").sizes
    changes = {"from_s": 1.0, "centroid_clips": 1, "centroid_s": 1.0, **row}
    return sizes.model_copy(update={"minute": sizes.minute.model_copy(update=changes)})
