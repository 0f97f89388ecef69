"""`speakers measure`: one profile, or every score that a promotion made stale.

What is stale follows from the register and the ledger alone: a usable profile with scores of a
preset, none of them of the voice that is live. So nothing has to be noted at a promotion, whoever
or whatever promoted, and nothing can be lost: the follow-up is done when nothing is stale.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tasks.speakers.bench import Bench
from tasks.speakers.measure import measure_profile
from voxgate.clock import utc_now
from voxgate.corpus.consent import ConsentScope
from voxgate.errors import (
    AssetError,
    ConsentError,
    EvaluatorError,
    ProfileStateError,
    ReferenceAudioError,
    TextError,
    UnknownPresetError,
    VoxgateError,
)
from voxgate.speakers.profiles import ProfileVersion
from voxgate.speakers.quality import QualityScore
from voxgate.speakers.reference_files import read_reference
from voxgate.speakers.register import Register
from voxgate.speakers.standing import stale_presets, standing_of
from voxgate.speakers.usage import require_usable
from voxgate.speaking.presets import SpeakingPreset

__all__ = ["measure_named", "measure_stale"]

_OF_ONE_PROFILE: tuple[type[VoxgateError], ...] = (
    AssetError,
    ConsentError,
    EvaluatorError,
    ProfileStateError,
    ReferenceAudioError,
    TextError,
    UnknownPresetError,
)
"""What keeps one profile from being measured, and says nothing about the others."""


def measure_named(
    bench: Bench, name: str, version: int | None, *, preset: str, prompts: int | None = None
) -> dict[str, Any]:
    """Measure a profile with the live voice and a preset, and note its score; JSON values.

    Raises:
        UnknownProfileError, UnknownPresetError: there is none.
        ProfileStateError, ConsentError: it may not be measured.
        AssetError, EvaluatorError, ReferenceAudioError, TextError, VoiceError: it has no score.
        LedgerError, RegistryError, ExternalServiceError: not now.
    """
    row = bench.presets.find(preset)
    profile = bench.register.read().require(name, version)
    score = _measure(bench, profile, row, bench.prompts if prompts is None else prompts)
    return _answer(bench, profile, row.digest, row.label, score)


def measure_stale(bench: Bench) -> list[dict[str, Any]]:
    """Measure every usable profile again whose scores are of other versions; JSON values.

    Killed at any moment and given again it goes on: each score is one event, and what was spoken
    and heard is kept. A profile that cannot be measured holds up no other; `fault` says why, and it
    stays stale.

    Raises:
        EvaluatorError, WeightsError, VoiceError: nothing can be measured: instruments or voice.
        LedgerError, RegistryError, ExternalServiceError: not now.
    """
    labels = {preset.digest: preset.label for preset in bench.presets.rows()}
    stale = list(_stale(bench.register.read(), bench.bar.model_digest, utc_now().date()))
    if stale:
        bench.sit(bench.prompts)  # what is wrong with the instruments is no fault of a profile
    results = []
    for profile, digest in stale:
        label = labels.get(digest, digest)
        try:
            row = bench.presets.find(label)
            score = _measure(bench, profile, row, bench.prompts)
        except _OF_ONE_PROFILE as error:
            results.append(_answer(bench, profile, digest, label, None, fault=str(error)))
        else:
            results.append(_answer(bench, profile, digest, label, score))
    return results


def _stale(register: Register, model_digest: str, today: date) -> list[tuple[ProfileVersion, str]]:
    return [
        (version, preset)
        for _, versions in sorted(register.profiles.items())
        for version in versions
        if _is_usable(version, today)
        for preset in stale_presets(version, model_digest=model_digest)
    ]


def _is_usable(profile: ProfileVersion, today: date) -> bool:
    try:
        require_usable(profile, ConsentScope.EVALUATION, today)
    except (ProfileStateError, ConsentError):
        return False
    return True


def _measure(
    bench: Bench, profile: ProfileVersion, preset: SpeakingPreset, prompts: int
) -> QualityScore:
    return measure_profile(
        bench.register,
        profile,
        read_reference(bench.references, profile.inputs.reference_sha256),
        bench.load_voice(preset),
        bench.sit(prompts),
        model_digest=bench.bar.model_digest,
        preset=preset,
        by=bench.by,
    )


def _answer(
    bench: Bench,
    profile: ProfileVersion,
    preset_digest: str,
    preset: str,
    score: QualityScore | None,
    *,
    fault: str | None = None,
) -> dict[str, Any]:
    now = bench.register.read().require(profile.name, profile.version)
    return {
        "profile": profile.label,
        "preset": preset,
        "version": bench.version,
        "standing": standing_of(now, preset_digest, bench.bar).value,
        "score": None if score is None else score.as_json(),
        "fault": fault,
    }
