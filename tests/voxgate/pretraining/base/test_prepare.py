from pathlib import Path

import numpy as np
import pytest

from tests.voxgate.pretraining.conftest import ToneTeacher, tone_tokenizer
from voxgate.errors import TextError
from voxgate.pretraining.base import prepare as module
from voxgate.pretraining.base.base_set import read_base_set
from voxgate.pretraining.base.prepare import prepare
from voxgate.pretraining.speech.generate import Plan, generate
from voxgate.text.front_ends import open_front_end


def test_finished_shards_are_not_prepared_again(corpus: Path, prepared: Path) -> None:
    assert prepare(corpus, prepared, tone_tokenizer()) == 0


def test_languages_stand_beside_each_other(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = set()

    def english(language: str, **options: object) -> object:
        asked.add(language)
        return open_front_end("en", **options)  # type: ignore[arg-type]

    def read(text: str, front_end: object) -> object:
        if not text.isascii():
            text = "This was written in characters"
        return to_phonemes(text, front_end)  # type: ignore[arg-type]

    to_phonemes = module.to_phonemes
    monkeypatch.setattr(module, "open_front_end", english)
    monkeypatch.setattr(module, "to_phonemes", read)
    speech = tmp_path / "speech"
    generate(speech, lambda: ToneTeacher(shortest_s=2.0), hours=0.01, plan=Plan(language="zh"))
    out = tmp_path / "prepared"
    prepare(corpus, out, tone_tokenizer())
    made = prepare(speech, out, tone_tokenizer())
    assert made == len(list(out.glob("zh-*.npz"))) > 0
    assert asked == {"en", "zh"}
    data = read_base_set(out)
    assert {voice[0] for voice in data.voices.values()} == {"a", "b", "z"}
    assert len(data.pitch) == sum(_clips(path) for path in out.glob("*.npz"))


def test_texts_that_cannot_be_read_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_text: str, _front_end: object) -> object:
        raise TextError("no reading")

    speech = tmp_path / "speech"
    generate(speech, lambda: ToneTeacher(shortest_s=2.0), hours=0.01)
    monkeypatch.setattr(module, "to_phonemes", refuse)
    assert prepare(speech, tmp_path / "prepared", tone_tokenizer()) == 0
    assert "left out: no reading" in caplog.text


def _clips(path: Path) -> int:
    with np.load(path) as arrays:
        return len(arrays["item_ids"])
