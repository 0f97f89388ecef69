from pathlib import Path

import numpy as np
import pytest

from tests.voxgate.pretraining.conftest import tone_tokenizer
from voxgate.pretraining.base.base_set import BaseSet, read_base_set
from voxgate.pretraining.base.prepare import prepare
from voxgate.pretraining.speech.pack import make_pack
from voxgate.pretraining.speech.teacher import HELD_OUT_VOICES


def test_every_clip_is_as_long_as_its_tokens(data: BaseSet) -> None:
    for clip in (*data.train, *data.seen_voices, *data.unseen_voices):
        wave = clip.read_wave()
        assert wave.dtype == np.float32
        assert len(wave) == 640 * len(clip.tokens)
        assert len(data.pitch[clip.clip_id]) == 4 * len(clip.tokens)
        assert len(clip.phones) + 2 <= 2 * len(clip.tokens)


def test_held_out_voices_are_never_trained_on(data: BaseSet) -> None:
    assert {data.voices[clip.clip_id] for clip in data.unseen_voices} == set(HELD_OUT_VOICES)
    assert not {data.voices[clip.clip_id] for clip in data.train} & set(HELD_OUT_VOICES)


@pytest.mark.slow
def test_audio_may_come_from_a_pack_in_any_folder(
    corpus: Path, data: BaseSet, tmp_path: Path
) -> None:
    make_pack(corpus, tmp_path / "anywhere")
    prepare(corpus, tmp_path / "small", tone_tokenizer(), audio=False)
    with pytest.raises(ValueError, match="has no audio, here or in the pack"):
        read_base_set(tmp_path / "small")
    packed = read_base_set(tmp_path / "small", pack=tmp_path / "anywhere")
    for a, b in zip(data.train, packed.train, strict=True):
        assert np.array_equal(a.tokens, b.tokens)
        raw, packed_wave = a.read_wave(), b.read_wave()
        assert len(raw) == len(packed_wave)
        assert np.corrcoef(raw, packed_wave)[0, 1] > 0.9


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no prepared shard; run `voxgate pretrain base`"):
        read_base_set(tmp_path)
