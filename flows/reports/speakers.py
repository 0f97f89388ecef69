"""Speaker profiles in words, of what `tasks.speakers.show` gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = [
    "describe_enrolment",
    "describe_measurements",
    "describe_profile",
    "describe_profiles",
]

_DIGEST_SHOWN = 12
_STANDINGS = {
    "good": "good",
    "poor": "POOR: the similarity is below the floor",
    "unfit": "UNFIT: the similarity surely is below the floor; nothing is spoken",
    "stale": "stale: not measured with the voice that is live (voxgate speakers measure)",
}


def describe_profiles(profiles: Sequence[Mapping[str, Any]]) -> str:
    """Return one line a version."""
    if not profiles:
        return "no speaker profile yet; make one: voxgate speakers enrol NAME RECORDING --consent …"
    return "\n".join(_line(profile) for profile in profiles)


def describe_profile(profile: Mapping[str, Any]) -> str:
    """Return a version with its reference, checks and scores."""
    reference = profile["reference"]
    text = "with its text" if reference["has_text"] else "timbre only"
    lines = [
        _line(profile),
        f"  speaker    {profile['speaker_id']}",
        f"  reference  {reference['duration_s']:.2f} s, {text}, {reference['sha256']}",
        f"  recipe     {reference['recipe_digest'][:_DIGEST_SHOWN]}",
        f"  consent    {_consent(profile['consent'])}",
    ]
    if profile["why"]:
        lines.append(f"  because    {profile['why']}")
    lines += [f"  {name:<16} {_figure(value)}" for name, value in reference["checks"].items()]
    lines += [_score(score) for score in profile["quality"]]
    lines += [
        f"  quality    preset {preset[:_DIGEST_SHOWN]}: {_STANDINGS[standing]}"
        for preset, standing in profile["standing"].items()
    ]
    return "\n".join(lines)


def describe_enrolment(profile: Mapping[str, Any], actions: Sequence[str], *, added: bool) -> str:
    """Return what became of a recording, and what to do next."""
    label = f"{profile['name']}@{profile['version']}"
    if not added:
        return f"{label} is this recording under this consent already; nothing was added"
    lines = [f"enrolled {label} as a draft", *(f"  {action}" for action in actions)]
    lines.append(
        f"let it be used: voxgate speakers activate {profile['name']} --version "
        f"{profile['version']} --by … --reason …"
    )
    return "\n".join(lines)


def describe_measurements(results: Sequence[Mapping[str, Any]]) -> str:
    """Return one line a profile and preset: its figures, or why there are none."""
    return "\n".join(map(_measurement, results)) or "no score is stale; nothing was measured"


def _measurement(result: Mapping[str, Any]) -> str:
    where = f"{result['profile']:<24} {result['preset']}"
    if result["fault"] is not None:
        return f"{where}: NOT MEASURED: {result['fault']}"
    return f"{where}, version {result['version']}: {result['standing']}\n{_score(result['score'])}"


def _line(profile: Mapping[str, Any]) -> str:
    label = f"{profile['name']}@{profile['version']}"
    usable = ", ".join(profile["usable_for"]) or "nothing today"
    doubts = sorted(set(profile["standing"].values()) - {"good"})
    return f"{label:<24} {profile['state']:<10} usable for {usable}" + (
        f"; quality: {', '.join(doubts)}" if doubts else ""
    )


def _consent(consent: Mapping[str, Any]) -> str:
    until = "" if consent["expires_on"] is None else f", until {consent['expires_on']}"
    return f"{consent['scope']}{until}, record {consent['digest'][:_DIGEST_SHOWN]}"


def _figure(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.4g}"


def _score(score: Mapping[str, Any]) -> str:
    return (
        f"  score      model {score['model_digest'][:_DIGEST_SHOWN]}, preset "
        f"{score['preset_digest'][:_DIGEST_SHOWN]}: similarity {score['similarity_p50']:.3f} "
        f"(5 % below {score['similarity_p05']:.3f}), WER {score['wer']:.1%}, self-similarity "
        f"{score['self_similarity']:.3f}, SNR {score['snr_db']:.1f} dB, N {score['n']}"
    )
