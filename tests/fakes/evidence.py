"""Sound evidence of an invented voice, to be broken one piece at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.evaluation.plan import item_seed
from voxgate.gate.calibration import Calibration
from voxgate.gate.thresholds import Thresholds

SOUND = {
    "level_lufs": (-22.8, 0.4, -23.5, -22.0),
    "clipped_share": (0.0, 0.0, 0.0, 0.0002),
    "dc_offset": (0.0005, 0.0001, 0.0, 0.001),
    "head_s": (0.08, 0.02, 0.03, 0.12),
    "tail_s": (0.12, 0.03, 0.03, 0.15),
    "pause_s": (0.25, 0.06, 0.0, 0.4),
    "outside_db": (-43.0, 4.0, -80.0, -30.0),
    "background_db": (-38.0, 3.0, -58.0, -24.0),
    "clicks_per_s": (0.4, 0.1, 0.0, 0.9),
    "pace": (14.0, 0.6, 12.4, 16.8),
    "pitch_range_st": (9.5, 1.0, 7.0, 12.5),
    "bandwidth_hz": (7500.0, 200.0, 7200.0, 8000.0),
    "similarity_low": (0.78, 0.03, 0.7, 0.95),
    "quality": (3.0, 0.12, 2.6, 3.7),
    "quality_noise": (3.8, 0.1, 3.4, 4.2),
}
"""By measure: mean and spread of the invented voice, 1st and 99th percentile of recordings."""

STATED = ("level_lufs", "head_s", "tail_s")
"""What the gate bounds by numbers of its own."""

BENCHMARK_DIGEST = "b" * 64
WEIGHTS = {"transcriber": "f" * 64, "speaker_encoder": "e" * 64}
CLASSES = ("plain", "numbers", "names")
SEEDS = 3
ORIGIN = {
    "model_name": "voice-test",
    "checkpoint": "step-000600",
    "model_digest": "c" * 64,
    "centroid_digest": "9" * 64,
    "measured_at": "2026-11-28T12:00:00+00:00",
    "command": "voxgate calibrate",
    "takes_sha256": "6" * 64,
    "prompts": 60,
    "takes": 8,
}
"""What a calibration record says about where it comes from."""


def prompt_ids(prompts: int = 60) -> tuple[str, ...]:
    return tuple(f"p{number:03d}" for number in range(prompts))


def make_thresholds(**changes: Any) -> Thresholds:
    base = Thresholds(
        model_name="voice-test",
        wer_margin=0.01,
        similarity_margin=0.02,
        max_wer=0.25,
        max_catastrophe_rate=0.15,
        min_similarity=0.75,
        similarity_floor=0.767,
        max_share_below_floor=0.25,
        max_sound_outlier_rate=0.5,
        slice_max_wer=0.5,
        slice_max_catastrophe_rate=0.5,
        min_slice_prompts=5,
        min_prompts=40,
        max_prompts=200,
        max_looks=2,
        look=1,
        confidence=0.95,
        bootstrap_draws=2000,
        bootstrap_seed=7,
        catastrophe_alpha=0.05,
        benchmark_digest=BENCHMARK_DIGEST,
        prompts=prompt_ids(),
        seeds=SEEDS,
        weights=WEIGHTS,
    )
    return replace(base, **changes)


def make_row(prompt: int, seed_index: int, **changes: Any) -> ItemScore:
    prompt_id = f"p{prompt:03d}"
    base = ItemScore(
        prompt_id=prompt_id,
        prompt_class=CLASSES[prompt % len(CLASSES)],
        prompt_words=(5, 10, 18)[prompt % 3],
        seed_index=seed_index,
        seed=item_seed(prompt_id, seed_index),
        expected_duration_s=3.0,
        transcript="ten words that were heard just as they were meant",
        word_errors=0,
        ref_words=10,
        char_errors=0,
        ref_chars=50,
        whisper_word_errors=0,
        whisper_ref_words=10,
        critical_errors=0,
        critical_words=2,
        similarity=0.9,
        duration_s=3.0,
        duration_ratio=1.0,
        language="en",
        audio_sha256="a" * 64,
        sound={name: mean for name, (mean, *_) in SOUND.items()},
    )
    return replace(base, **changes)


def make_evidence(
    *,
    prompts: int = 60,
    row: Callable[[int, int], dict[str, Any]] = lambda _prompt, _seed: {},
    **changes: Any,
) -> Evidence:
    """Return evidence of `prompts` x 3 samples; `row(prompt, seed_index)` changes single rows."""
    rows = tuple(make_row(p, k, **row(p, k)) for p in range(prompts) for k in range(SEEDS))
    base = Evidence(
        model={"checkpoint": "step-000600", "digest": "c" * 64},
        data={"expectations_evaluated": 12, "expectations_successful": 12},
        consent_scope="evaluation",
        benchmark={"file": "prompts.en.jsonl", "language": "en", "digest": BENCHMARK_DIGEST},
        protocol={
            "scoring_version": 1,
            "transcriber": {"name": "base", "weights_sha256": WEIGHTS["transcriber"]},
            "speaker_encoder": {"name": "ge2e", "weights_sha256": WEIGHTS["speaker_encoder"]},
            "normaliser": {"name": "lower", "fingerprint": "8" * 64},
            "published_normaliser": {"name": "EnglishTextNormalizer", "fingerprint": "7" * 64},
            "rules": {
                "catastrophe_wer": 0.5, "min_duration_ratio": 0.5, "max_duration_ratio": 2.0,
                "wrong_language_probability": 0.5, "max_audio_ratio": 3.0,
                "max_tokens_per_second": 12.0,
            },
        },
        centroid={"clips": 12, "digest": "9" * 64},
        self_test={
            "passed": True,
            "checks": [
                {"code": "known_transcripts_wer", "measured": 0.03, "relation": "<=",
                 "bound": 0.15, "message": "", "passed": True},
                {"code": "wrong_transcripts_wer", "measured": 1.0, "relation": ">=",
                 "bound": 0.7, "message": "", "passed": True},
                {"code": "speaker_equal_error_rate", "measured": 0.02, "relation": "<=",
                 "bound": 0.05, "message": "", "passed": True},
                {"code": "speaker_separation", "measured": 0.3, "relation": ">=",
                 "bound": 0.1, "message": "", "passed": True},
            ],
        },
        ceiling={
            "wer": 0.02, "cer": 0.01, "similarity": 0.93, "similarities": [0.9, 0.95],
            "sound": {name: make_range(low, high) for name, (_, _, low, high) in SOUND.items()},
        },
        impostor_floor={"similarity": 0.55, "similarities": [0.5, 0.6]},
        selection={"rule": "the best", "chosen": "step-000600", "checkpoints": []},
        expected_items=prompts * SEEDS,
        rows=rows,
    )  # fmt: skip
    return replace(base, **changes)


def make_range(low: float, high: float) -> dict[str, float]:
    """Return percentiles of real recordings that lie evenly."""
    shares = (1, 5, 50, 95, 99)
    return {f"p{share}": low + (high - low) * (share - 1) / 98 for share in shares}


def make_calibration(
    evidence: Evidence | None = None,
    *,
    wer_standard_error: float = 0.002,
    similarity_standard_error: float = 0.003,
    **changes: Any,
) -> Calibration:
    """Return a record of 60 prompts; by default the sound is as noisy as `noisy_rows` makes it."""
    sound = {name: spread * (2 / 180) ** 0.5 for name, (_, spread, *_) in SOUND.items()}
    base = Calibration(
        protocol_digest=(evidence or make_evidence()).protocol_digest,
        benchmark_digest=BENCHMARK_DIGEST,
        seeds=SEEDS,
        prompts=60,
        runs=10,
        standard_errors={
            "wer": wer_standard_error,
            "similarity": similarity_standard_error,
            "critical": 0.01,
            **sound,
        },
        provenance=ORIGIN,
    )
    return replace(base, **changes)


def noisy_rows(
    seed: int,
    *,
    wer: float = 0.05,
    similarity: float = 0.9,
    prompt_seed: int = 99,
    together: float = 0.0,
    loud: float = 1.0,
) -> Callable[[int, int], dict[str, Any]]:
    """Return rows with word errors that cluster in hard prompts, as real ones do.

    `prompt_seed` fixes which prompts are hard and how they sound (the same for both arms), `seed`
    the samples. `together` is the correlation of all measures of the sound within a sample, `loud`
    how many times as far as usual they move, but for those whose range is stated.
    """
    hardness = np.random.default_rng(prompt_seed).gamma(0.5, 2 * wer, size=500)
    rng = np.random.default_rng(seed)
    errors = rng.binomial(10, np.minimum(hardness, 0.9)[:, np.newaxis], size=(500, SEEDS))
    cosines = np.clip(rng.normal(similarity, 0.03, size=(500, SEEDS)), -1, 1)

    changed = rng.binomial(2, np.minimum(hardness, 0.9)[:, np.newaxis], size=(500, SEEDS))
    sound = _noisy_sound(seed, prompt_seed, together, loud)

    def row(prompt: int, k: int) -> dict[str, Any]:
        wrong = int(errors[prompt, k])
        return {
            "word_errors": wrong,
            "char_errors": 3 * wrong,
            "similarity": round(float(cosines[prompt, k]), 6),
            "critical_errors": int(changed[prompt, k]),
            "sound": dict(zip(SOUND, sound[prompt, k].tolist(), strict=True)),
            "catastrophes": ("high_wer",) if wrong > 5 else (),
        }

    return row


def _noisy_sound(seed: int, prompt_seed: int, together: float, loud: float) -> NDArray[np.float64]:
    """Return (prompts, samples, measures): what a prompt brings, and the sample's own."""
    means, spreads = (np.array([entry[i] for entry in SOUND.values()]) for i in (0, 1))
    size = len(SOUND)
    of_prompts = np.random.default_rng([prompt_seed, 1]).normal(size=(500, 1, size))
    rng = np.random.default_rng([seed, 1])
    own = rng.normal(size=(500, SEEDS, size)) * (1 - together) ** 0.5
    shared = rng.normal(size=(500, SEEDS, 1)) * together**0.5
    factors = np.array([1.0 if name in STATED else loud for name in SOUND])
    values = means + factors * spreads * (of_prompts + own + shared)
    rounded: NDArray[np.float64] = np.round(values, 6)
    return rounded
