"""Good clips of a voice, and clips that are bad on purpose: what the limits are set by.

Another value costs nothing: a good clip is held against a sentence that it does not say. The rest
is spoken, or damaged at 16 kHz by the functions of the drills.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from voxgate.audio.silence import find_sound
from voxgate.campaigns.quality.checking import hear_wave
from voxgate.campaigns.quality.expected import ExpectedSentence, Segment, expect_sentence
from voxgate.campaigns.quality.material import FilledSentence
from voxgate.evaluation.drills.damage.anatomy import as_wave, samples_of
from voxgate.evaluation.drills.damage.level import overdrive
from voxgate.evaluation.drills.damage.noise import add_noise
from voxgate.evaluation.drills.damage.pitch import shift_pitch
from voxgate.evaluation.drills.damage.timing import insert_gaps
from voxgate.serving.requests import SpokenSentence
from voxgate.text.front_end import FrontEnd
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["BAD_KINDS", "Clip", "Speak", "bad_clips", "good_clips", "other_values"]

Speak = Callable[[str], SpokenSentence]
"""Speak one sentence as the campaign would: its voice, profile, preset and seed."""

_FRAME_WORD = re.compile(r"[A-Za-z]{3,}")
_CUT_S = 0.3
_FULL_SCALE = 32767


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A spoken sentence, what it should say, and the good sentence that it was made of."""

    origin: int
    spoken: SpokenSentence = field(repr=False)
    expected: ExpectedSentence


def good_clips(
    sentences: Sequence[FilledSentence], speak: Speak, front_end: FrontEnd
) -> list[Clip]:
    """Let the voice speak every sentence once.

    Raises:
        TextError, VoiceError: a sentence cannot be read or spoken.
    """
    return [
        Clip(
            origin=origin,
            spoken=speak(sentence.text),
            expected=expect_sentence(sentence.segments, front_end),
        )
        for origin, sentence in enumerate(sentences)
    ]


def other_values(
    sentences: Sequence[FilledSentence], good: Sequence[Clip], front_end: FrontEnd
) -> dict[str, list[Clip]]:
    """Hold good clips against sentences with another value.

    The kinds are `other_name`, `near_name` (which sounds much like it) and `other_value`.
    """
    found: dict[str, list[Clip]] = {"other_name": [], "near_name": [], "other_value": []}
    for clip, sentence in zip(good, sentences, strict=True):
        for segments in sentence.others:
            expected = expect_sentence(segments, front_end)
            found[f"other_{expected.kind}"].append(replace(clip, expected=expected))
        if sentence.near is not None:
            expected = expect_sentence(sentence.near, front_end)
            found["near_name"].append(replace(clip, expected=expected))
    return found


def bad_clips(
    sentences: Sequence[FilledSentence],
    good: Sequence[Clip],
    speak: Speak,
    *,
    each: int = 20,
    impostor: Speak | None = None,
) -> dict[str, list[Clip]]:
    """Make `each` bad clips of every kind that needs other samples, spread over the sentences.

    `impostor` speaks as somebody else: the kind `impostor`, where one is at hand.

    Raises:
        TextError, VoiceError: a changed sentence cannot be read or spoken.
    """
    chosen = _spread(len(good), each)
    bad: dict[str, list[Clip]] = {
        name: [
            replace(good[at], spoken=speak(change(sentences[at].segments, number)))
            for number, at in enumerate(chosen)
        ]
        for name, change in _CHANGED_TEXTS.items()
    }
    for name, damage in _DAMAGES.items():
        bad[name] = [replace(good[at], spoken=_damaged(good[at].spoken, damage)) for at in chosen]
    if impostor is not None:
        bad["impostor"] = [replace(good[at], spoken=impostor(sentences[at].text)) for at in chosen]
    return bad


def _spread(count: int, wanted: int) -> list[int]:
    return sorted({round(place) for place in np.linspace(0, count - 1, min(wanted, count))})


def _leave_word_out(segments: Sequence[Segment], number: int) -> str:
    before, _, after = _parted(segments, number)
    return f"{before.rstrip()}{after}".lstrip()


def _double_word(segments: Sequence[Segment], number: int) -> str:
    before, word, after = _parted(segments, number)
    return f"{before}{word} {word}{after}"


def _parted(segments: Sequence[Segment], number: int) -> tuple[str, str, str]:
    """Part a text around one of its frame words of three letters or more, in turn."""
    words = [
        (at, match)
        for at, segment in enumerate(segments)
        if segment.slot is None
        for match in _FRAME_WORD.finditer(segment.text)
    ]
    at, match = words[number % len(words)]
    text = segments[at].text
    before = "".join(segment.text for segment in segments[:at]) + text[: match.start()]
    after = text[match.end() :] + "".join(segment.text for segment in segments[at + 1 :])
    return before, match.group(), after


def _damaged(spoken: SpokenSentence, damage: Callable[[Wave], Wave]) -> SpokenSentence:
    wave = damage(hear_wave(spoken))
    pcm = np.round(np.clip(wave, -1, 1) * _FULL_SCALE).astype(np.int16)
    return replace(spoken, place=0, pcm=pcm, sample_rate_hz=HEARING_RATE_HZ)


def _cut_end(wave: Wave) -> Wave:
    """Cut off the silence after the sound, and the last 0.3 s of the sound."""
    return wave[: max(1, find_sound(wave, HEARING_RATE_HZ).end - samples_of(_CUT_S))]


def _repeat_endlessly(wave: Wave) -> Wave:
    """Say the last third three times more."""
    return as_wave(np.concatenate([wave, *[wave[-len(wave) // 3 :]] * 3]))


_CHANGED_TEXTS: Mapping[str, Callable[[Sequence[Segment], int], str]] = {
    "word_left_out": _leave_word_out,
    "word_doubled": _double_word,
}

_DAMAGES: Mapping[str, Callable[[Wave], Wave]] = {
    "cut_end": _cut_end,
    "silence_inside": insert_gaps,
    "noise": add_noise,
    "clipping": overdrive,
    "other_pitch": shift_pitch,
    "endless_repeat": _repeat_endlessly,
}

BAD_KINDS = ("other_name", "near_name", "other_value", *_CHANGED_TEXTS, *_DAMAGES)
"""Every kind that a calibration has without an impostor."""
