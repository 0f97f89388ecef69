"""How loose a limit may ever be, and whether one is looser than it was.

What a verdict is measured against is text in params.yaml that anybody can edit. So each limit has a
bound here, in code: beyond it there is no verdict. Within it a limit may be moved, and `loosened`
says which were. A tighter limit is always allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from voxgate.evaluation.evidence import Evidence
from voxgate.gate.criterion import Criterion, hold
from voxgate.gate.numbers import is_number
from voxgate.gate.statistics import clopper_pearson
from voxgate.gate.thresholds import Thresholds

__all__ = [
    "LIMITS",
    "SELF_TEST",
    "Limit",
    "distrust_limits",
    "limits_in_force",
    "loosened",
    "self_test_checks",
]

_NO_LIMITS = (
    "model_name", "benchmark_digest", "prompts", "weights", "look", "candidate", "first_block",
    "trade",
)  # fmt: skip
"""Fields of the thresholds that say what is judged, not how strictly; a trade has a signature."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Where a limit ends: `at_most` where a greater figure is looser, else `at_least`.

    One without either has no direction: any change of it counts as looser.
    """

    at_most: float | None = None
    at_least: float | None = None

    def admits(self, value: Any) -> bool:
        """Tell whether a figure is on the strict side of the bound; what is no number is not."""
        if not is_number(value):
            return False
        high = float("inf") if self.at_most is None else self.at_most
        low = float("-inf") if self.at_least is None else self.at_least
        return low <= value <= high

    def loosens(self, before: float, now: float) -> bool:
        """Tell whether `now` lets more pass than `before`."""
        if self.at_most is not None:
            return now > before
        return now < before if self.at_least is not None else now != before

    def __str__(self) -> str:
        """Say the bound."""
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        return f"at least {self.at_least:g}" if self.at_least is not None else "any number"


SELF_TEST: Mapping[str, tuple[str, Limit]] = {
    "known_transcripts_wer": ("max_known_wer", Limit(at_most=0.25)),
    "wrong_transcripts_wer": ("min_wrong_wer", Limit(at_least=0.60)),
    "speaker_equal_error_rate": ("max_equal_error_rate", Limit(at_most=0.10)),
    "speaker_separation": ("min_separation", Limit(at_least=0.05)),
}
"""The checks that the instruments must have passed, by code: the parameter, and its bound."""

_RULES = {
    "catastrophe_wer": Limit(at_most=0.75),
    "min_duration_ratio": Limit(at_least=0.33),
    "max_duration_ratio": Limit(at_most=3.0),
    "wrong_language_probability": Limit(at_most=0.9),
    "max_audio_ratio": Limit(at_most=5.0),
    "max_tokens_per_second": Limit(at_most=25.0),
}
"""Bounds that turn a measurement into a catastrophe; they travel in the protocol."""

LIMITS: Mapping[str, Limit] = {
    "gate.wer_margin": Limit(at_most=0.03),
    "gate.similarity_margin": Limit(at_most=0.05),
    "gate.max_wer": Limit(at_most=0.50),
    "gate.max_catastrophe_rate": Limit(at_most=0.30),
    # Cosines of two encoders are two scales: that a floor keeps strangers out is asked of the
    # evidence (`floor_admits_impostors`), and a lower one is seen as loosened.
    "gate.min_similarity": Limit(at_least=0.2),
    "evaluate.similarity_floor": Limit(at_least=0.2),
    "gate.max_share_below_floor": Limit(at_most=0.50),
    "gate.max_sound_outlier_rate": Limit(at_most=0.50),
    "gate.slice_max_wer": Limit(at_most=1.0),
    "gate.slice_max_catastrophe_rate": Limit(at_most=0.75),
    "gate.min_slice_prompts": Limit(at_most=20),
    # A day's block of monitoring has few prompts by design: params.yaml refuses less than 20.
    "gate.min_prompts": Limit(at_least=1),
    "gate.max_prompts": Limit(at_most=10_000),
    "gate.max_looks": Limit(at_most=5),
    "gate.confidence": Limit(at_least=0.90),
    "gate.bootstrap_draws": Limit(at_least=1_000),
    # Another seed draws other bounds: whoever may try seeds finds one that passes.
    "gate.bootstrap_seed": Limit(),
    "gate.catastrophe_alpha": Limit(at_least=0.01),
    "evaluate.gate_seeds": Limit(at_least=1),
    **{f"evaluate.{name}": limit for name, limit in _RULES.items()},
    **{f"evaluate.self_test.{name}": limit for name, limit in SELF_TEST.values()},
}
"""Every limit by its name in params.yaml. The reasons are in docs/evaluation.md."""

_RATES = ("gate.max_catastrophe_rate", "gate.max_sound_outlier_rate")
_NAMES = {"similarity_floor": "evaluate.similarity_floor", "seeds": "evaluate.gate_seeds"}


def limits_in_force(thresholds: Thresholds, evidence: Evidence) -> dict[str, Any]:
    """Return every limit that a verdict on this evidence is measured against, by its name.

    Those that were applied while measuring are read from the evidence, where they were written.
    """
    document = thresholds.as_json()
    found = {
        _NAMES.get(name, f"gate.{name}"): document[name]
        for name in Thresholds.__dataclass_fields__
        if name not in _NO_LIMITS
    }
    rules = evidence.protocol.get("rules")
    stated = rules if isinstance(rules, dict) else {}
    found |= {f"evaluate.{name}": stated.get(name) for name in _RULES}
    bounds = {check["code"]: check.get("bound") for check in self_test_checks(evidence)}
    found |= {
        f"evaluate.self_test.{name}": bounds.get(code) for code, (name, _) in SELF_TEST.items()
    }
    return found


def self_test_checks(evidence: Evidence) -> list[dict[str, Any]]:
    """Return the checks that evidence has, without what is none."""
    stored = evidence.self_test.get("checks")
    checks = stored if isinstance(stored, list) else []
    return [check for check in checks if isinstance(check, dict) and "code" in check]


def loosened(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Say which limits let more pass than they did; one that is new or no number counts."""
    return tuple(
        f"{name}: {_plain(before.get(name))} became {_plain(now.get(name))}"
        for name in sorted(before.keys() | now.keys())
        if _lets_more_pass(name, before.get(name), now.get(name))
    )


def distrust_limits(
    evidence: Evidence, subject: str, thresholds: Thresholds
) -> Iterator[Criterion]:
    """Yield every limit that is looser than any verdict may have it.

    Bounds of the self-test are not among them: its checks are judged by the gate's own.
    """
    for name, value in sorted(limits_in_force(thresholds, evidence).items()):
        limit = _reachable(name, len(thresholds.prompts))
        own = name.startswith("evaluate.self_test.")
        if limit is not None and not own and not limit.admits(value):
            yield hold(
                "limit_out_of_bounds",
                subject,
                f"{name} is {_plain(value)}; a verdict needs it {limit}. Correct params.yaml",
                measured=value,
                threshold=limit.at_most if limit.at_least is None else limit.at_least,
            )


def _reachable(name: str, prompts: int) -> Limit | None:
    """Return a limit, no stricter than a voice without any fault can meet on so few prompts."""
    limit = LIMITS.get(name)
    if name not in _RATES or limit is None or limit.at_most is None:
        return limit
    spotless = clopper_pearson(0, max(prompts, 1), confidence=0.96).high
    return Limit(at_most=max(limit.at_most, round(spotless, 2)))


def _lets_more_pass(name: str, before: Any, now: Any) -> bool:
    if before == now:
        return False
    if not is_number(before) or not is_number(now):
        return True
    return LIMITS.get(name, Limit()).loosens(before, now)


def _plain(value: Any) -> str:
    return f"{value:g}" if is_number(value) else "absent" if value is None else str(value)
