"""From a recording and a consent to the inputs of a profile version; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.decoding import DecodingBounds, decode_file
from voxgate.corpus.consent import Consent
from voxgate.errors import ProfileRefusedError, RecordingError
from voxgate.ports import SpeakerEncoder
from voxgate.speakers.checks import Check, check_reference, require_passed
from voxgate.speakers.profiles import ConsentTerms, ProfileInputs
from voxgate.speakers.recipe import REFERENCE_1, Recipe, prepare_recording
from voxgate.speakers.reference_files import digest_pcm

__all__ = ["Enrolment", "EnrolmentRequest", "prepare_enrolment"]

_BOUNDS = DecodingBounds(max_duration_s=60.0, min_sample_rate_hz=16_000)
"""A minute holds any reference; telephone speech lacks half of the timbre."""


@dataclass(frozen=True, kw_only=True)
class EnrolmentRequest:
    """What is to become a profile version. `text` is what the recording says, if it is known."""

    name: str
    speaker_id: str
    recording: Path
    text: str | None
    consent: Consent


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """A recording that passed every check. pcm: (T,) int16 at 16 kHz."""

    inputs: ProfileInputs
    pcm: NDArray[np.int16] = field(repr=False)
    duration_s: float
    checks: tuple[Check, ...]
    actions: tuple[str, ...]
    """What was done to the recording, in words."""

    @property
    def figures(self) -> dict[str, float | None]:
        """The measured value of each check."""
        return {check.name: check.measured for check in self.checks}


def prepare_enrolment(
    request: EnrolmentRequest, encoder: SpeakerEncoder, *, recipe: Recipe = REFERENCE_1
) -> Enrolment:
    """Decode a recording, apply the recipe, take every check.

    Raises:
        ProfileRefusedError: it cannot be decoded, or checks failed; names all that did.
        EvaluatorError: the encoder failed.
    """
    where = f"recording {request.recording.name}"
    try:
        decoded = decode_file(request.recording, _BOUNDS)
    except RecordingError as error:
        raise ProfileRefusedError(where, [f"{error.code}: {error}"]) from error
    prepared = prepare_recording(decoded.samples, decoded.sample_rate_hz, recipe)
    checks = check_reference(
        prepared,
        recipe,
        clipped_fraction=max(decoded.flattened[channel] for channel in prepared.used_channels),
        encoder=encoder,
    )
    require_passed(where, checks)
    text, actions = request.text, prepared.actions
    if text is not None and prepared.cut:
        # A prompt whose text says more than its sound leaks into the speech.
        text = None
        actions = (*actions, "its text was left out: it says more than what is left")
    return Enrolment(
        inputs=ProfileInputs(
            name=request.name,
            speaker_id=request.speaker_id,
            recipe_digest=recipe.digest,
            reference_sha256=digest_pcm(prepared.pcm),
            text=text,
            consent=ConsentTerms.of(request.consent),
        ),
        pcm=prepared.pcm,
        duration_s=round(prepared.duration_s, 6),
        checks=checks,
        actions=actions,
    )
