"""The judge's windows beside Whisper's own 30 s: the same words, where it is easy and where not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.spoken_prompts import spoken_prompts
from voxgate.adapters.whisper.encoding import FULL_WINDOW, WindowPolicy
from voxgate.adapters.whisper.recogniser import WhisperRecogniser, load_recogniser
from voxgate.evaluation.rates import corpus_rate, count_errors
from voxgate.params import load_params
from voxgate.types import HEARING_RATE_HZ, Wave
from voxgate.wiring.evaluators import text_normaliser

PARAMS = load_params(Path(__file__).parents[4] / "params.yaml").evaluate
VOICES, CLIPS = 20, 2  # in 360 words an error of one is .3 points
BABBLE_VOICES = 4
BABBLE_DB = -5.0  # of the babble beside the clip


def as_it_is(waves: list[Wave]) -> list[Wave]:
    return waves


def in_silence(waves: list[Wave]) -> list[Wave]:
    before, after = (np.zeros(s * HEARING_RATE_HZ, dtype=np.float32) for s in (3, 6))
    return [np.concatenate([before, wave, after]) for wave in waves]


def in_babble(waves: list[Wave]) -> list[Wave]:
    return [_with_babble(waves, at) for at in range(len(waves))]


def _with_babble(waves: list[Wave], at: int) -> Wave:
    wave = waves[at]
    others = [waves[(at + k) % len(waves)] for k in range(1, BABBLE_VOICES + 1)]
    babble = np.sum([np.resize(other, len(wave)) for other in others], axis=0)
    level = np.sqrt(np.mean(wave**2) / np.mean(babble**2)) * 10 ** (BABBLE_DB / 20)
    mixed = wave + level * babble
    return np.asarray(mixed * min(1.0, 0.99 / np.abs(mixed).max()), dtype=np.float32)


def judge(assets_dir: Path, windows: WindowPolicy) -> WhisperRecogniser:
    return load_recogniser(
        PARAMS.evaluators[PARAMS.transcriber],
        assets_dir=assets_dir,
        threads=PARAMS.threads,
        batch_size=PARAMS.batch_size,
        windows=windows,
    )


@pytest.mark.slow
@pytest.mark.assets
@pytest.mark.parametrize(
    ("spoil", "agreement", "points"),
    [(as_it_is, 0.90, 0.01), (in_silence, 0.95, 0.01), (in_babble, 0.25, 0.05)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_the_judges_windows_hear_what_30_s_hear(
    assets_dir: Path,
    spoil: Callable[[list[Wave]], list[Wave]],
    agreement: float,
    points: float,
) -> None:
    """`agreement` is the least share of equal texts, `points` how far the WER may move.

    On windows of 10 s 37 of these 40 texts are those of 30 s (on windows from 15 s it were 19 of
    20), with as many errors. Where four others talk, 30 s errs in every fifth word, and each window
    in words of its own: the texts say little there, the error rate is what a verdict reads.
    """
    prompts = spoken_prompts(speakers=VOICES, each=CLIPS)
    waves = spoil([prompt.wave for prompt in prompts])
    policy = WindowPolicy(tuple(PARAMS.recogniser_windows_s), PARAMS.recogniser_margin_s)
    assert all(policy.window_s(len(wave)) < 30 for wave in waves)
    spell = text_normaliser()

    heard = {
        windows: [spell(t.text) for t in judge(assets_dir, windows).transcribe(waves)]
        for windows in (FULL_WINDOW, policy)
    }

    full, short = heard[FULL_WINDOW], heard[policy]
    wer = {
        windows: corpus_rate(
            count_errors(spell(p.text), text)[0] for p, text in zip(prompts, texts, strict=True)
        )
        for windows, texts in heard.items()
    }
    assert np.mean([a == b for a, b in zip(full, short, strict=True)]) >= agreement
    assert abs((wer[policy] or 0.0) - (wer[FULL_WINDOW] or 0.0)) <= points
