from dataclasses import replace

import numpy as np
import pytest

from models.gpt_sovits.presets import MINI, V2
from tests.fakes.training_clips import clip
from voxgate.audio.shards import ShardReader, ShardWriter
from voxgate.errors import TrainingError
from voxgate.training.objectives.waves import clip_spectrogram, clip_wave, fit_wave


def test_a_wave_is_fitted_to_its_tokens():
    assert fit_wave(np.ones(700, dtype=np.float32), 640).tolist() == [1.0] * 640
    assert fit_wave(np.ones(600, dtype=np.float32), 640).tolist() == [1.0] * 600 + [0.0] * 40


def test_a_spectrogram_has_two_frames_a_token():
    assert clip_spectrogram(clip("a", 10), MINI).shape == (513, 20)


def test_a_clip_that_cannot_be_loaded_is_an_error_and_never_silence(tmp_path):
    with ShardWriter(tmp_path) as writer:
        place = writer.add(np.zeros(6400, dtype=np.int16))
    (shard,) = tmp_path.iterdir()
    shard.write_bytes(shard.read_bytes()[:-2000])
    reader = ShardReader(tmp_path)
    broken = replace(clip("ab12", 10), read_wave=lambda: reader.read(place))

    with pytest.raises(TrainingError, match=r"clip ab12: its audio cannot be read: .*shard-000"):
        clip_wave(broken, MINI)


def test_audio_at_another_rate_than_the_presets_is_refused():
    with pytest.raises(
        TrainingError, match=r"clip a: its 10 tokens are 12800 samples at the 32000"
    ):
        clip_wave(clip("a", 10), V2)
