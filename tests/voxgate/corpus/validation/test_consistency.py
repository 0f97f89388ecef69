"""Clips against the speaker's other clips."""

from dataclasses import replace

import numpy as np
import pytest

from tests.fakes.clips import ingested_clip
from tests.fakes.ingested_corpus import RATE, small_params
from tests.fakes.speaker_encoder import FakeSpeakerEncoder
from voxgate.audio.shards import Place
from voxgate.content_cache import ContentCache
from voxgate.corpus.validation.consistency import (
    MIN_GROUP,
    embed_clips,
    judge_speakers,
    judge_speech_rates,
    leave_one_out_cosines,
)
from voxgate.corpus.validation.dossiers import Dossier
from voxgate.corpus.validation.quality import Signal

PARAMS = small_params().validate_
SIGNAL = Signal(
    snr_db=40.0,
    bandwidth_hz=8_000.0,
    leading_silence_s=0.2,
    trailing_silence_s=0.3,
    tonal_fraction=0.1,
    flatness=0.001,
    loud_db=-20.0,
    hum_hz=None,
)


def clip(n, *, text="some words here", seconds=2.0, language="en"):
    samples = int(seconds * RATE)
    ingested = ingested_clip(
        f"r{n}", place=Place(0, 0, samples), language=language, sha256=f"{n:064d}"
    )
    return Dossier(clip=ingested, train_text=text, trim_end=samples, signal=SIGNAL)


def codes(dossier):
    return [finding.code for finding in dossier.findings]


def test_rate_is_letters_and_digits_over_the_sounding_part():
    dossier = clip(1, text="it's 42!", seconds=2.5)
    judge_speech_rates([dossier], PARAMS)
    assert dossier.speech_rate == pytest.approx(5 / 2.0)


def test_silence_that_was_trimmed_away_is_not_counted_twice():
    dossier = clip(1, text="ab cd", seconds=2.5)
    dossier.trim_start, dossier.signal = RATE, replace(SIGNAL, leading_silence_s=1.2)
    judge_speech_rates([dossier], PARAMS)
    assert dossier.speech_rate == pytest.approx(4 / (1.5 - 0.2 - 0.3))


def test_an_unusual_rate_is_judged_within_the_language():
    usual = [clip(n, seconds=2.0 + n / 50) for n in range(MIN_GROUP)]
    other = [clip(100 + n, text="much longer texts are spoken here", language="fr") for n in (1, 2)]
    judge_speech_rates([*usual, *other], PARAMS)
    assert not any(map(codes, [*usual, *other]))
    fast = clip(50, text="much longer texts are spoken here")
    judge_speech_rates([*usual, fast], PARAMS)
    assert codes(fast) == ["speech_rate_outlier"]


def test_few_clips_say_nothing_about_what_is_usual():
    clips = [clip(n, seconds=1.0 + n) for n in range(MIN_GROUP - 1)]
    judge_speech_rates(clips, PARAMS)
    assert not any(map(codes, clips))


def test_a_clip_is_compared_with_the_others_only():
    rows = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    assert leave_one_out_cosines(rows) == pytest.approx([2**-0.5, 2**-0.5, 0.0])


def test_a_stranger_is_rejected_and_a_lone_clip_unverified():
    clips = [clip(n) for n in range(9)]
    lone = clip(20, language="fr")
    rows = np.zeros((10, 3), dtype=np.float32)
    rows[:8, 0] = rows[8, 1] = rows[9, 2] = 1.0
    judge_speakers([*clips, lone], rows, params=PARAMS)
    assert codes(clips[8]) == ["other_speaker"]
    assert codes(lone) == ["speaker_unverified"]
    assert lone.speaker_cosine is None
    assert not any(map(codes, clips[:8]))


def test_embeddings_are_kept_by_content_and_instrument(tmp_path):
    cache, encoder = ContentCache(tmp_path, "speakers"), FakeSpeakerEncoder()
    waves = {f"r{n}": np.full(RATE, 0.1 + n, dtype=np.float32) for n in range(3)}

    def embed(clips):
        return embed_clips(clips, encoder, cache=cache, read=lambda d: waves[d.recording_id])

    first = embed([clip(0), clip(1)])
    assert np.array_equal(embed([clip(1), clip(0)]), first[::-1])
    assert encoder.calls == [1, 1]
    encoder.weights_sha256 = "0" * 64
    embed([clip(0), clip(1), clip(2)])
    assert encoder.calls == [1] * 5
    assert embed([]).shape == (0, 0)


def test_an_encoder_that_parts_waves_gets_several_and_those_alone_that_are_missing(tmp_path):
    cache, encoder = ContentCache(tmp_path, "speakers"), FakeSpeakerEncoder()

    def embed(clips, at_once):
        return embed_clips(clips, encoder, cache=cache, read=wave_of, at_once=at_once)

    embed([clip(1), clip(4)], 9)
    rows = embed([clip(n) for n in range(6)], 3)
    assert encoder.calls == [2, 3, 1]
    one_by_one = [FakeSpeakerEncoder().embed([wave_of(clip(n))])[0] for n in range(6)]
    assert np.array_equal(rows, one_by_one)


def test_without_clips_nobody_asks_the_encoder(tmp_path):
    cache = ContentCache(tmp_path, "speakers")
    assert embed_clips([], None, cache=cache, read=wave_of).shape == (0, 0)


def wave_of(dossier):
    return np.full(RATE, 0.1 + int(dossier.recording_id[1:]), dtype=np.float32)


def test_mixed_texts_are_as_fast_as_those_of_one_script():
    pure, mixed = (
        clip(0, text="我们一起走", seconds=2.5),
        clip(1, text="我们一起 go home", seconds=2.5),
    )
    for dossier in (pure, mixed):
        judge_speech_rates([dossier], PARAMS)
    assert pure.speech_rate == pytest.approx(17.5 / 2.0)
    assert mixed.speech_rate == pytest.approx((14 + 6) / 2.0)
