"""The judge's windows beside Whisper's own 30 s: the same words, where it is easy and where not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.fakes.full_windows import PARAMS, SPOILINGS, hard_prompts, judge, read_record
from voxgate.adapters.whisper.encoding import FULL_WINDOW, WindowPolicy
from voxgate.adapters.whisper.recogniser import WhisperRecogniser
from voxgate.evaluation.rates import corpus_rate, count_errors
from voxgate.wiring.evaluators import text_normaliser

pytestmark = [pytest.mark.slow, pytest.mark.assets]

POLICY = WindowPolicy(tuple(PARAMS.recogniser_windows_s), PARAMS.recogniser_margin_s)
EVERY_TENTH = slice(None, None, 10)


@pytest.fixture(scope="module")
def short(assets_dir: Path) -> WhisperRecogniser:
    return judge(assets_dir, POLICY)


@pytest.fixture(scope="module")
def full(assets_dir: Path) -> WhisperRecogniser:
    return judge(assets_dir, FULL_WINDOW)


@pytest.mark.parametrize(
    ("name", "agreement", "points"),
    [("as it is", 0.90, 0.01), ("in silence", 0.95, 0.01), ("in babble", 0.25, 0.05)],
)
def test_the_judges_windows_hear_what_30_s_hear(
    short: WhisperRecogniser, name: str, agreement: float, points: float
) -> None:
    """`agreement` is the least share of equal texts, `points` how far the WER may move.

    On windows of 10 s 37 of these 40 texts are those of 30 s (on windows from 15 s it were 19 of
    20), with as many errors. Where four others talk, 30 s errs in every fifth word, and each window
    in words of its own: the texts say little there, the error rate is what a verdict reads.
    """
    prompts = hard_prompts()
    waves = SPOILINGS[name]([prompt.wave for prompt in prompts])
    assert all(POLICY.window_s(len(wave)) < 30 for wave in waves)
    spell = text_normaliser()

    heard = {
        "30 s": [spell(text) for text in read_record(prompts)[name]],
        "short": [spell(t.text) for t in short.transcribe(waves)],
    }

    wer = {
        windows: corpus_rate(
            count_errors(spell(p.text), text)[0] for p, text in zip(prompts, texts, strict=True)
        )
        for windows, texts in heard.items()
    }
    equal = [a == b for a, b in zip(heard["30 s"], heard["short"], strict=True)]
    assert np.mean(equal) >= agreement
    assert abs((wer["short"] or 0.0) - (wer["30 s"] or 0.0)) <= points


@pytest.mark.parametrize("name", SPOILINGS)
def test_what_was_recorded_is_what_30_s_hear_today(full: WhisperRecogniser, name: str) -> None:
    """Three of four at least: processors differ in last bits, which greedy decoding may follow."""
    prompts = hard_prompts()
    waves = SPOILINGS[name]([prompt.wave for prompt in prompts])
    heard = [t.text for t in full.transcribe(waves[EVERY_TENTH])]
    recorded = read_record(prompts)[name][EVERY_TENTH]
    assert sum(a == b for a, b in zip(heard, recorded, strict=True)) >= len(recorded) - 1
