from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.evaluation_workspace import noise
from tests.fakes.speech_tokenizer import LetterPhonemiser, LoudnessTokenizer
from voxgate.audio.shards import Place
from voxgate.content_cache import ContentCache
from voxgate.features.clip_features import (
    AcceptedClip,
    ClipFeatures,
    DroppedClip,
    compute_features,
    encode_reference,
)
from voxgate.types import Wave

CLIP = AcceptedClip(
    clip_id="c0",
    recording_id="r0",
    speaker_id="ann",
    language="en",
    text="A few words of it",
    audio_sha256="0" * 64,
    sample_rate_hz=16_000,
    trim_start=0,
    trim_end=40_000,
    place=Place(0, 0, 40_000),
    duration_s=2.5,
    snr_db=30.0,
    alignment_log_probability=-0.2,
)


def clips(count: int) -> list[AcceptedClip]:
    return [replace(CLIP, clip_id=f"c{n}", audio_sha256=f"{n:064d}") for n in range(count)]


def read_wave(clip: AcceptedClip) -> Wave:
    return noise(int(clip.audio_sha256))


def compute(
    wanted: list[AcceptedClip], folder: Path, tokenizer: LoudnessTokenizer
) -> tuple[list[ClipFeatures], list[DroppedClip]]:
    return compute_features(
        wanted,
        read_wave,
        phonemiser=LetterPhonemiser(),
        tokenizer=tokenizer,
        cache=ContentCache(folder, "featurize"),
    )


def test_features_come_in_the_order_of_the_clips(tmp_path: Path) -> None:
    wanted = clips(20)
    wanted[3] = replace(wanted[3], text="...")
    compute(wanted[8:12], tmp_path, LoudnessTokenizer())
    kept, dropped = compute(wanted, tmp_path, LoudnessTokenizer())
    assert [entry.clip for entry in kept] == [c for c in wanted if c is not wanted[3]]
    assert [(entry.clip, entry.code) for entry in dropped] == [(wanted[3], "no_phones")]


def test_what_was_heard_before_a_crash_is_not_heard_again(tmp_path: Path) -> None:
    class Crashing(LoudnessTokenizer):
        def encode(self, waves):  # type: ignore[no-untyped-def]
            if self.encoded:
                raise RuntimeError
            return super().encode(waves)

    with pytest.raises(RuntimeError):
        compute(clips(20), tmp_path, Crashing())
    tokenizer = LoudnessTokenizer()
    compute(clips(20), tmp_path, tokenizer)
    assert tokenizer.encoded == 4


def test_a_reference_is_heard_once_with_the_silence_of_a_prompt(tmp_path: Path) -> None:
    cache, tokenizer = ContentCache(tmp_path, "featurize"), LoudnessTokenizer()
    tokens = encode_reference(CLIP, read_wave, tokenizer=tokenizer, cache=cache)
    assert tokens == [int(token) for token in tokenizer.encode_prompt(read_wave(CLIP))]

    def unread(_clip: AcceptedClip) -> Wave:
        raise AssertionError

    assert encode_reference(CLIP, unread, tokenizer=tokenizer, cache=cache) == tokens
    silent = LoudnessTokenizer(sha256="u" * 64, prompt_silence_samples=640)
    assert len(encode_reference(CLIP, read_wave, tokenizer=silent, cache=cache)) == len(tokens) + 1
