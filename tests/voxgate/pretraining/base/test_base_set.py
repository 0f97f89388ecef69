from functools import partial
from pathlib import Path

import numpy as np
import pytest

from voxgate.pretraining.base.base_set import read_base_set
from voxgate.pretraining.speech.teacher import HELD_OUT_VOICES
from voxgate.pretraining.speech.generate import generate
from voxgate.pretraining.speech.pack import make_pack
from voxgate.pretraining.base.prepare import prepare

from tests.voxgate.pretraining.conftest import ToneTeacher, tone_tokenizer


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    generate(folder, partial(ToneTeacher, shortest_s=2.0), hours=0.05)
    return folder


@pytest.fixture(scope="module")
def prepared(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare(corpus, folder, tone_tokenizer())
    return folder


def test_every_item_is_as_long_as_its_codes(prepared: Path) -> None:
    data = read_base_set(prepared)
    for item in (*data.train, *data.seen_voices, *data.unseen_voices):
        assert len(item.audio) == 640 * len(item.codes)
        assert len(item.pitch_hz) == 4 * len(item.codes)
        assert len(item.phones) + 2 <= 2 * len(item.codes)


def test_held_out_voices_are_never_trained_on(prepared: Path) -> None:
    data = read_base_set(prepared)
    assert {item.voice for item in data.unseen_voices} == set(HELD_OUT_VOICES)
    assert not {item.voice for item in data.train} & set(HELD_OUT_VOICES)


def test_a_batch_is_a_function_of_seed_and_step(prepared: Path) -> None:
    data = read_base_set(prepared)

    def ids(step: int, seed: int) -> list[int]:
        return [item.item_id for item in data.batch(step, seconds=20, seed=seed)]

    assert ids(3, 1) == ids(3, 1)
    assert ids(3, 1) != ids(4, 1)
    assert ids(3, 1) != ids(3, 2)


def test_a_prompt_is_of_the_same_voice(prepared: Path) -> None:
    data = read_base_set(prepared)
    items = data.batch(0, seconds=20, seed=1)
    prompts = data.prompts(items, 0, seed=1)
    assert [item.voice for item in items] == [item.voice for item in prompts]


def test_finished_shards_are_not_prepared_again(corpus: Path, prepared: Path) -> None:
    assert prepare(corpus, prepared, tone_tokenizer()) == 0


def test_audio_may_come_from_the_pack(corpus: Path, prepared: Path, tmp_path: Path) -> None:
    make_pack(corpus, tmp_path / "pack")
    prepare(corpus, tmp_path / "small", tone_tokenizer(), audio=False)
    with pytest.raises(ValueError, match="has no audio, here or in the pack"):
        read_base_set(tmp_path / "small")
    full, packed = (
        read_base_set(prepared),
        read_base_set(tmp_path / "small", pack=tmp_path / "pack"),
    )
    for a, b in zip(full.train, packed.train, strict=True):
        assert np.array_equal(a.codes, b.codes)
        assert len(a.audio) == len(b.audio)
        assert np.corrcoef(a.audio, b.audio)[0, 1] > 0.9


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no prepared shard; run `voxgate pretrain base`"):
        read_base_set(tmp_path)
