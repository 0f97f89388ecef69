"""A bundle and everything around it, of an invented voice whose recordings are real speech."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from tests.fakes.evidence import make_calibration, make_evidence, make_thresholds, noisy_rows
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.sound.catalogue import CATALOGUE
from voxgate.gate.bundle import Bundle
from voxgate.gate.verdict import Case
from voxgate.reporting.choice import choose_samples
from voxgate.reporting.document import (
    Changes,
    Clip,
    ClipKey,
    Decision,
    PromptText,
    Speaker,
    Surroundings,
    Training,
)

SPEAKERS = Path(__file__).resolve().parents[2] / "benchmark" / "speakers"
TEXT = "The meeting was moved to half past nine on Thursday."
HOSTILE = "<script>alert(1)</script> & \"quotes\" 'so' {{ 7 * 7 }}"
DIGEST = "d" * 64


def make_case(*, wer: float = 0.06, sound: bool = True, **thresholds: Any) -> Case:
    """Return a challenger beside a champion and gold, with noise as real voices have it."""
    challenger = _voice(1, wer, 0.90, sound, "step-000600", "c")
    champion = _voice(2, 0.05, 0.89, sound, "step-000400", "a")
    gold = _voice(3, 0.06, 0.86, sound, "base", "e")
    return Case(
        challenger=challenger,
        thresholds=make_thresholds(**thresholds),
        rivals={"champion": champion, "gold": gold},
        calibration=make_calibration(challenger, wer_standard_error=0.005),
    )


def make_bundle(**changes: Any) -> Bundle:
    return Bundle(case=make_case(**changes), digest=DIGEST)


def make_surroundings(bundle: Bundle, **changes: Any) -> Surroundings:
    """Return recordings of all chosen samples; the champion lacks the first of them."""
    choice = choose_samples(bundle.case.challenger, bundle.digest)
    speech = sorted(SPEAKERS.glob("*.flac"))
    clips: dict[ClipKey, Clip] = {}
    asked = tuple(TEXT.lower().rstrip(".").split())
    for number, row in enumerate((*choice.worst, *choice.random)):
        for offset, subject in enumerate(("challenger", "champion")):
            path = speech[(3 * number + offset) % len(speech)]
            words = (*asked[:3], "moot", "too", *asked[5:]) if number % 2 else asked[:-1]
            clips[subject, *row.item] = Clip(audio=path.read_bytes(), words=words)
        if number == 0:
            clips["champion", *row.item] = Clip(missing="the recording is not in the registry")
    base = Surroundings(
        prompts={
            row.prompt_id: PromptText(text=TEXT, words=asked) for row in bundle.case.challenger.rows
        },
        clips=clips,
        reference=Clip(audio=speech[-1].read_bytes()),
        changes=Changes(
            since="version 3, the champion",
            data=("12 recordings were added", "1 recording was removed"),
            params=(("train.s2.steps", "400", "600"), ("gate.max_wer", "0.3", "0.25")),
            code=("voxgate/training/fit/loop.py: changed",),
        ),
        decision=Decision(
            model="voice-en",
            version=4,
            state="pending",
            policy="a person decides",
            approvers="anybody but who trained the version (cron)",
            expires_at="2026-12-01 12:00 UTC",
            commands=(
                ("voxgate listen 4 --by YOU", "hear it blind beside what is live"),
                ("voxgate approve 4 --by YOU --reason WHY", "make it live"),
                ("voxgate reject 4 --by YOU --reason WHY", "decide against it"),
            ),
            history=("2026-11-24 12:00 UTC registered by cron", "2026-11-24 12:01 UTC judged"),
            looks=2,
        ),
        training=Training(
            speakers=(
                Speaker(
                    speaker_id="speaker-1", scope="evaluation", licence="CC BY 4.0",
                    attribution="the recording studio", source="studio takes",
                    recorded_on="2026-01-31",
                ),
            ),
            data_version="0123456789abcdef0123456789abcdef.dir",
            counts={"clips accepted": "412", "minutes accepted": "37.5"},
            trained_by="cron",
        ),
        origin=(("candidate", "0" * 64), ("run", "run-4")),
        missing=("a piece that could not be had",),
    )  # fmt: skip
    return replace(base, **changes)


def flac(seconds: float = 0.5) -> bytes:
    """Return a tone of a telephone's pitch."""
    wave = np.sin(2 * np.pi * 440 * np.arange(int(16_000 * seconds)) / 16_000) / 4
    stream = io.BytesIO()
    soundfile.write(stream, wave.astype(np.float32), 16_000, format="FLAC", subtype="PCM_16")
    return stream.getvalue()


def _voice(
    seed: int, wer: float, similarity: float, sound: bool, name: str, letter: str
) -> Evidence:
    noisy = noisy_rows(seed, wer=wer, similarity=similarity)
    rng = np.random.default_rng(seed)
    centres = {m.name: k + 1.0 for k, m in enumerate(CATALOGUE)}

    def row(prompt: int, k: int) -> dict[str, Any]:
        measured = {n: round(float(rng.normal(c, c / 8)), 4) for n, c in centres.items()}
        heard = {"transcript": "the meeting was moot too half past nine on thursday"}
        made = {"sound": measured, **noisy(prompt, k), **heard}
        return made if sound else {**made, "sound": {}}

    shares = {"p1": 0.7, "p5": 0.85, "p50": 1.0, "p95": 1.15, "p99": 1.3}
    real = {n: {p: round(c * s, 4) for p, s in shares.items()} for n, c in centres.items()}
    base = make_evidence(row=row, model={"checkpoint": name, "digest": letter * 64})
    checkpoints = [
        {"name": f"step-000{n}00", "step": n * 100, "digest": "c" * 64, "chosen": n == 6,
         "prompts": 24, "items": 48, "unmeasured": 0, "catastrophic_prompts": 1,
         "wer": 0.05 + n / 1000, "cer": 0.02, "similarity": 0.88 + n / 1000}
        for n in (2, 4, 6)
    ]  # fmt: skip
    ceiling = {
        "sound": real, **base.ceiling,
        "similarities": sorted(float(v) for v in rng.normal(0.92, 0.02, 60)),
    }  # fmt: skip
    selection = {"rule": "the fewest errors", "chosen": name, "checkpoints": checkpoints}
    return replace(base, ceiling=ceiling, selection=selection)
