"""Sound evidence of an invented voice, to be broken one piece at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.evaluation.plan import item_seed
from voxgate.gate.calibration import Calibration
from voxgate.gate.thresholds import Thresholds

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
        similarity=0.9,
        duration_s=3.0,
        duration_ratio=1.0,
        language="en",
        audio_sha256="a" * 64,
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
        ceiling={"wer": 0.02, "cer": 0.01, "similarity": 0.93, "similarities": [0.9, 0.95]},
        impostor_floor={"similarity": 0.55, "similarities": [0.5, 0.6]},
        selection={"rule": "the best", "chosen": "step-000600", "checkpoints": []},
        expected_items=prompts * SEEDS,
        rows=rows,
    )  # fmt: skip
    return replace(base, **changes)


def make_calibration(evidence: Evidence | None = None, **changes: Any) -> Calibration:
    base = Calibration(
        protocol_digest=(evidence or make_evidence()).protocol_digest,
        benchmark_digest=BENCHMARK_DIGEST,
        seeds=SEEDS,
        runs=10,
        wer_standard_error=0.002,
        similarity_standard_error=0.003,
        provenance=ORIGIN,
    )
    return replace(base, **changes)


def noisy_rows(
    seed: int, *, wer: float = 0.05, similarity: float = 0.9, prompt_seed: int = 99
) -> Callable[[int, int], dict[str, Any]]:
    """Return rows with word errors that cluster in hard prompts, as real ones do.

    `prompt_seed` fixes which prompts are hard (the same for both arms), `seed` the samples.
    """
    hardness = np.random.default_rng(prompt_seed).gamma(0.5, 2 * wer, size=500)
    rng = np.random.default_rng(seed)
    errors = rng.binomial(10, np.minimum(hardness, 0.9)[:, np.newaxis], size=(500, SEEDS))
    cosines = np.clip(rng.normal(similarity, 0.03, size=(500, SEEDS)), -1, 1)

    def row(prompt: int, k: int) -> dict[str, Any]:
        wrong = int(errors[prompt, k])
        return {
            "word_errors": wrong,
            "char_errors": 3 * wrong,
            "similarity": round(float(cosines[prompt, k]), 6),
            "catastrophes": ("high_wer",) if wrong > 5 else (),
        }

    return row
