"""What arithmetic says of one clip."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from tests.fakes.ingested_corpus import RATE, make_speech, small_params
from voxgate.audio.shards import to_pcm16
from voxgate.corpus.validation.clip_screening import (
    Screened,
    ScreeningClips,
    ScreeningRules,
    UnscreenedClip,
    screen_clip,
)
from voxgate.corpus.validation.duplicates import fingerprint
from voxgate.errors import TextError
from voxgate.types import Wave

QUIET = np.zeros(RATE, dtype=np.float32)


def rules(**changes: Any) -> ScreeningRules:
    return ScreeningRules.of(small_params(**changes).validate_)


def screened(wave: Wave, text: str = "some words", **changes: Any) -> Screened:
    clip = UnscreenedClip(
        text=text,
        language=changes.pop("language", "en"),
        languages=(),
        pcm=to_pcm16(wave),
        sample_rate_hz=RATE,
        clipped_fraction=changes.pop("clipped_fraction", 0.0),
    )
    return screen_clip(clip, rules(**changes))


def codes(found: Screened) -> list[str]:
    return [finding.code for finding in found.findings]


def test_a_good_clip_is_kept_whole() -> None:
    wave = make_speech(1)
    found = screened(wave)
    assert (found.train_text, found.trim, codes(found)) == ("some words", (0, len(wave)), [])
    assert found.signal is not None
    assert found.fingerprint is not None
    np.testing.assert_array_equal(found.fingerprint, fingerprint(wave, RATE))


def test_what_is_compared_is_what_is_kept() -> None:
    found = screened(np.concatenate([QUIET, make_speech(1)]), '"some words..."')
    assert codes(found)[-1] == "silence_trimmed"
    start, end = found.trim
    assert 0 < start < end == 3 * RATE
    kept = np.concatenate([QUIET, make_speech(1)])[start:end]
    assert found.fingerprint is not None
    np.testing.assert_array_equal(found.fingerprint, fingerprint(kept, RATE))


def test_what_its_text_rejects_is_measured_and_neither_trimmed_nor_compared() -> None:
    found = screened(np.concatenate([QUIET, make_speech(1)]), "[laughs]")
    assert codes(found) == ["text_is_remark"]
    assert found.trim == (0, 3 * RATE)
    assert found.signal is not None
    assert found.fingerprint is None


def test_too_little_to_measure_is_too_short() -> None:
    found = screened(make_speech(1)[:700])
    assert (codes(found), found.signal, found.fingerprint) == (["too_short"], None, None)


def test_findings_come_in_the_order_of_the_checks() -> None:
    found = screened(make_speech(2, 0.7), "... *", clipped_fraction=0.5, warn_snr_db=99.0)
    assert codes(found) == [
        "ellipsis_removed", "symbols_spoken", "moderate_snr", "too_short", "clipped",
    ]  # fmt: skip


def test_length_is_judged_after_trimming() -> None:
    wave = np.concatenate([QUIET, make_speech(3, 1.2)])
    assert "too_short" not in codes(screened(wave, min_duration_s=1.2))
    assert "too_short" in codes(screened(wave, min_duration_s=1.5))


def test_a_language_without_a_front_end_is_an_error() -> None:
    with pytest.raises(TextError, match="'fr'"):
        screened(make_speech(1), language="fr")


def test_rules_are_what_the_checks_read_and_no_more() -> None:
    assert rules() == rules(max_cer=0.9, min_speaker_cosine=0.1)
    assert rules() != rules(max_silence_s=0.6)
    assert rules() != rules(spoken_symbols={"star": "*"})


def test_the_work_and_its_answers_travel() -> None:
    work = pickle.loads(pickle.dumps(ScreeningClips(rules())))
    assert work == ScreeningClips(rules())
    with work.open() as screen:
        clip = UnscreenedClip(
            text="some words", language="en", languages=(), pcm=to_pcm16(make_speech(1)),
            sample_rate_hz=RATE, clipped_fraction=0.0,
        )  # fmt: skip
        found = pickle.loads(pickle.dumps(screen(pickle.loads(pickle.dumps(clip)))))
    assert found.signal == screened(make_speech(1)).signal
