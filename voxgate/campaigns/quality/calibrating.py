"""The whole calibration of one voice: speak, damage, listen, choose."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from voxgate.campaigns.quality.calibration import (
    CalibrationSubject,
    QualityCalibration,
    Sample,
    calibrate,
)
from voxgate.campaigns.quality.checking import Ears, Reference, compare, listen
from voxgate.campaigns.quality.material import FilledSentence, read_material
from voxgate.campaigns.quality.sampling import Clip, Speak, bad_clips, good_clips, other_values
from voxgate.speaking.presets import SpeakingPreset

__all__ = ["calibrate_voice", "measure_clips"]


def calibrate_voice(
    speak: Speak,
    *,
    ears: Ears,
    reference: Reference,
    voice_digest: str,
    preset: SpeakingPreset,
    profile_sha256: str | None = None,
    impostor: Speak | None = None,
    sentences: Sequence[FilledSentence] | None = None,
) -> QualityCalibration:
    """Let a voice speak the sentences that ship, and set its limits.

    Args:
        speak: speaks one sentence with the voice, profile and preset.
        ears: the instruments that will check the campaign.
        reference: whom the voice should sound like.
        voice_digest: of the voice package's card.
        preset: how it speaks.
        profile_sha256: of the profile's prepared reference; None is the voice's own.
        impostor: speaks as somebody else, where somebody is at hand.
        sentences: others than those that ship.

    Raises:
        ConfigError: the sentences cannot be read.
        TextError, VoiceError: one of them cannot be spoken.
        EvaluatorError: an instrument failed.
    """
    material = read_material() if sentences is None else tuple(sentences)
    good = good_clips(material, speak, ears.front_end)
    bad = {
        **other_values(material, good, ears.front_end),
        **bad_clips(material, good, speak, impostor=impostor),
    }
    clips = [*good, *(clip for kind in bad.values() for clip in kind)]
    samples = iter(measure_clips(clips, ears=ears, reference=reference))
    return calibrate(
        list(islice(samples, len(good))),
        {kind: list(islice(samples, len(of))) for kind, of in bad.items()},
        subject=CalibrationSubject(
            voice=voice_digest,
            reference=profile_sha256,
            preset=preset.digest,
            ears=ears.digest,
        ),
        ears=ears.identity,
    )


def measure_clips(clips: Sequence[Clip], *, ears: Ears, reference: Reference) -> list[Sample]:
    """Measure clips, one sample each, in order; samples that several clips share are heard once.

    Raises:
        EvaluatorError: an instrument failed.
    """
    distinct = {id(clip.spoken): clip.spoken for clip in clips}
    heard = listen(list(distinct.values()), ears=ears, reference=reference)
    listened = dict(zip(distinct, heard, strict=True))
    return [
        Sample(
            origin=clip.origin,
            figures=compare(listened[id(clip.spoken)], clip.expected, ears=ears),
        )
        for clip in clips
    ]
