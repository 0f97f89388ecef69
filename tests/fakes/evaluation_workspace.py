"""A checkout in which everything before `evaluate` has run, at toy size."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import soundfile

from tasks.stages.evaluate import evaluate
from tests.fakes.clips import featurised_clip
from tests.fakes.normaliser import LOWER
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.speaker_encoder import FakeSpeakerEncoder
from tests.fakes.voice import ToneVoice
from voxgate.audio.shards import ShardWriter, from_pcm16, to_pcm16
from voxgate.evaluation.plan import item_seed
from voxgate.features.featurised_clips import write_featurised
from voxgate.files import digest_bytes, digest_file, write_json
from voxgate.params import Params, load_params
from voxgate.stage import Outcome, Workspace
from voxgate.types import Wave

SPEAKER = "the speaker"
PROMPTS = {
    "select": ["The first line is open", "Please hold for a moment"],
    "gate": [
        "Your call is very important",
        "The weather is warm today",
        "Nobody answered the door bell",
    ],
}

CHINESE = {
    "select": ["他不去银行", "她买三百元"],
    "gate": ["他去银行", "不买五百元", "他去 coffee shop"],
}
"""Of the syllables that `tests/fakes/units.py` knows."""


def noise(seed: int, seconds: float = 2.5) -> Wave:
    """Return a wave that no other seed returns, as it is after a trip through 16 bits."""
    wave = np.random.default_rng(seed).uniform(-0.3, 0.3, int(seconds * 16_000))
    return from_pcm16(to_pcm16(wave.astype(np.float32)))


@dataclass
class EvaluationWorkspace:
    """The files, and instruments that hear and know exactly what is in them."""

    root: Path
    transcriber: FakeRecogniser = field(default_factory=FakeRecogniser)
    encoder: FakeSpeakerEncoder = field(default_factory=FakeSpeakerEncoder)
    checkpoints: tuple[str, ...] = ("step-000100", "step-000200")
    last_bit: bool = False
    """Whether real clips were prepared on another processor: one bit higher here and there."""

    first_clip: int = 0
    """Number of the first real clip; others are other recordings."""

    splits: Mapping[str, int] = field(
        default_factory=lambda: {"centroid": 6, "validation": 3, "train": 10}
    )
    clip_s: float = 2.5
    language: str = "en"
    prompts: Mapping[str, list[str]] = field(default_factory=lambda: PROMPTS)

    def __post_init__(self) -> None:
        self.workspace = Workspace(self.root)
        self._write_benchmark()
        self._write_known_clips()
        self._write_features()
        self._write_packages()
        for stage in ("ingest", "validate", "featurize", "train"):
            self.workspace.stage_dir(stage).mkdir(parents=True, exist_ok=True)
            Outcome(stage=stage, accepted=True).write(self.workspace.stage_dir(stage))
        statistics = {"statistics": {"evaluated_expectations": 9, "successful_expectations": 9}}
        write_json(self.workspace.stage_dir("validate") / "expectations.json", [statistics])

    @property
    def params(self) -> Params:
        params = load_params(Path("params.yaml"))
        evaluate = params.evaluate.model_copy(update={"prompts": f"prompts.{self.language}.jsonl"})
        return params.model_copy(update={"evaluate": evaluate})

    def understand(self, voice: ToneVoice, *, seeds: int = 3, day: date | None = None) -> None:
        """Let the instruments hear the right words and the right speaker in what `voice` says."""
        for texts in self.prompts.values():
            for text in texts:
                for k in range(seeds):
                    wave = voice.wave(text, item_seed(prompt_id(text), k, day=day))
                    judged = from_pcm16(to_pcm16(wave))
                    self.transcriber.hears(judged, text, language=self.language)
                    self.encoder.speaks(judged, SPEAKER)

    def evaluate(self, voice: ToneVoice) -> None:
        """Run the stage on `voice`, whom the instruments understand."""
        self.understand(voice)
        evaluate(
            self.workspace,
            self.params,
            transcriber=self.transcriber,
            encoder=self.encoder,
            normaliser=LOWER,
            quality=FakeQualityPredictor(),
            load_voice=lambda _: voice,
        )

    def _write_benchmark(self) -> None:
        rows = [
            {
                "id": prompt_id(text),
                "split": split,
                "class": "plain" if number % 2 else "long",
                "text": text,
                "normalised": text.lower(),
                "words": len(text.split()),
            }
            for split, texts in self.prompts.items()
            for number, text in enumerate(texts)
        ]
        write_lines(self.workspace.benchmark_dir / f"prompts.{self.language}.jsonl", rows)

    def _write_known_clips(self) -> None:
        folder = self.workspace.benchmark_dir / "speakers"
        folder.mkdir(parents=True)
        rows = []
        for voice in range(3):
            for clip in range(3):
                wave = noise(1000 + 10 * voice + clip)
                path = folder / f"voice{voice}-{clip}.flac"
                soundfile.write(path, to_pcm16(wave), 16_000, subtype="PCM_16")
                text = f"known words number {'abc'[voice]} {'xyz'[clip]}"
                text = " ".join(f"{word}{voice}{clip}" for word in text.split())
                self.transcriber.hears(wave, text)
                self.encoder.speaks(wave, f"voice {voice}")
                rows.append(
                    {
                        "voice": f"voice{voice}",
                        "file": path.name,
                        "text": text,
                        "sha256": digest_file(path),
                        "duration_s": 2.5,
                    }
                )
        write_lines(folder / "index.jsonl", rows)

    def _write_features(self) -> None:
        folder = self.workspace.stage_dir("featurize")
        splits = [split for split, count in self.splits.items() for _ in range(count)]
        clips = []
        with ShardWriter(folder / "audio") as shards:
            for number, split in enumerate(splits, start=self.first_clip):
                pcm = to_pcm16(noise(number, self.clip_s))
                pcm[::7] += self.last_bit
                wave = from_pcm16(pcm)
                place = shards.add(pcm)
                text = self._clip_text(number)
                self.transcriber.hears(wave, text, language=self.language)
                self.encoder.speaks(wave, SPEAKER)
                clip_id = digest_bytes(str(number).encode())[:16]
                clips.append(
                    featurised_clip(clip_id, place, split=split, text=text, language=self.language)
                )
        write_featurised(folder, clips)

    def _clip_text(self, number: int) -> str:
        if self.language == "en":
            return f"real clip of thirty letters {number}"
        return "".join("他去银行买卖三百五元"[(number + step * step) % 10] for step in range(10))

    def _write_packages(self) -> None:
        for name in self.checkpoints:
            card = {"schema": 1, "consent_scope": "evaluation", "name": name}
            write_json(
                self.workspace.stage_dir("train") / "checkpoints" / name / "voice.json", card
            )


def prompt_id(text: str) -> str:
    """Name a prompt by its words."""
    if text.isascii():
        return text.lower().replace(" ", "-")
    return digest_bytes(text.encode())[:8]


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    """Write JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def params_for(site: EvaluationWorkspace, **gate_changes: object) -> Params:
    """Pin the fake instruments and allow as few prompts as the toy benchmark has."""
    params = site.params
    pins = {"whisper-base": "f" * 64, "ge2e": "e" * 64}
    evaluators = {
        name: source.model_copy(update={"sha256": pins.get(name, source.sha256)})
        for name, source in params.evaluate.evaluators.items()
    }
    changes = {
        "min_prompts": 2,
        "max_catastrophe_rate": 0.65,
        "max_sound_outlier_rate": 0.65,
        **gate_changes,
    }
    return params.model_copy(
        update={
            "evaluate": params.evaluate.model_copy(update={"evaluators": evaluators}),
            "gate": params.gate.model_copy(update=changes),
        }
    )
