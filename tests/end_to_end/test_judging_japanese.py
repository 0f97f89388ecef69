"""A voice that speaks right is heard right: HTS speech, real Whisper, counted in kana."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voxgate.audio.resampling import resample
from voxgate.evaluation.rates import corpus_rate, count_character_errors, count_unit_errors
from voxgate.params import load_params
from voxgate.settings import Settings
from voxgate.types import Wave
from voxgate.wiring.evaluators import build_recogniser, text_normaliser

TEXTS = (
    "今日は天気がいいので、公園を散歩しました。",
    "会議は午後三時から始まります。",
    "駅の前に新しい喫茶店ができました。",
    "この本は三百五十円です。",
    "明日の朝、七時に起きなければなりません。",
    "彼女は毎日、日記を書いています。",
)


def spoken(text: str) -> Wave:
    pyopenjtalk = pytest.importorskip("pyopenjtalk")
    wave, rate = pyopenjtalk.tts(text)
    peak = float(np.abs(wave).max())
    return resample((0.5 * wave / peak).astype(np.float32), rate, 16_000)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Dictionary.create:DeprecationWarning")
@pytest.mark.assets
def test_right_japanese_costs_few_kana_and_many_characters(assets_dir: Path) -> None:
    params = load_params(Path("params.yaml"))
    recogniser = build_recogniser(params.evaluate, Settings(assets_dir=assets_dir), language="ja")
    judged = text_normaliser("ja")
    heard = recogniser.transcribe([spoken(text) for text in TEXTS])
    assert {transcript.language for transcript in heard} == {"ja"}
    pairs = [(text, transcript.text) for text, transcript in zip(TEXTS, heard, strict=True)]
    kana = corpus_rate(count_unit_errors(judged(a), judged(b)) for a, b in pairs)
    written = corpus_rate(
        count_character_errors(judged.characters(a), judged.characters(b)) for a, b in pairs
    )

    assert kana is not None
    assert written is not None
    assert kana < 0.08
    assert kana < written
