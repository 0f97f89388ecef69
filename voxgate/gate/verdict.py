"""The verdict: a pure function of the evidence, the thresholds and the calibration record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from voxgate.evaluation.evidence import Evidence
from voxgate.gate.advice import Advice, advise
from voxgate.gate.arm import build_arm
from voxgate.gate.calibration import Calibration
from voxgate.gate.comparability import distrust_comparison
from voxgate.gate.comparison import compare_arms, judge_comparison
from voxgate.gate.completeness import distrust
from voxgate.gate.criterion import Criterion, Ruling, worst
from voxgate.gate.floors import describe_arm, judge_floors
from voxgate.gate.languages import gather_criteria, gravest_advice, missing_languages
from voxgate.gate.slices import find_slices, judge_slice_floors, judge_slice_regressions
from voxgate.gate.small_data import is_small, judge_small_data
from voxgate.gate.sound import hear_arm, judge_sound, judge_sound_floors
from voxgate.gate.sound_figures import ResampledSound, describe_sound
from voxgate.gate.sound_limits import find_own, find_ranges
from voxgate.gate.standing import Standing, distrust_standing
from voxgate.gate.statistics import order_statistic
from voxgate.gate.terms import judge_terms
from voxgate.gate.thresholds import Thresholds
from voxgate.gate.trade import apply_trade

__all__ = ["RIVALS", "VERDICT_SCHEMA", "Case", "Verdict", "judge", "judge_language"]

VERDICT_SCHEMA = 1
GOLD = "gold"
RIVALS = ("champion", GOLD)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything that a verdict may depend on. `rivals` holds `champion` and `gold` if any.

    `standing` is what the ledger and the checkout said of the day's limits, record and trade.
    Of a voice of several languages this is the case in its own; `further` has those in the others,
    by code, and `unjudged` why there is none of one.
    """

    challenger: Evidence
    thresholds: Thresholds
    rivals: Mapping[str, Evidence] = field(default_factory=dict)
    calibration: Calibration | None = None
    standing: Standing | None = None
    further: Mapping[str, Case] = field(default_factory=dict)
    unjudged: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer, every criterion that led to it, and what it is about.

    `figures` are the voice's numbers with their bounds, for people; None when they were not
    computed because the evidence cannot be trusted. `rivals` in it are the means of theirs. Of a
    voice of several languages the figures are those in its own, and `languages` has the verdict
    in each; where there is but one it is empty.
    """

    ruling: Ruling
    criteria: tuple[Criterion, ...]
    needs_approval_by_person: bool
    consent_scope: str | None
    model_digest: str | None
    rivals: tuple[str, ...]
    look: int
    advice: Advice | None
    figures: Mapping[str, Any] | None
    languages: Mapping[str, Verdict] = field(default_factory=dict)

    @property
    def decision(self) -> str:
        """PASS, FAIL, INCONCLUSIVE or HOLD."""
        return self.ruling.value

    @property
    def reasons(self) -> tuple[Criterion, ...]:
        """Every criterion that is not a PASS, the gravest first."""
        troubled = [c for c in self.criteria if c.ruling is not Ruling.PASS]
        return tuple(sorted(troubled, key=lambda c: -list(Ruling).index(c.ruling)))

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as JSON values."""
        advice = self.advice
        return {
            "schema": VERDICT_SCHEMA,
            "verdict": self.ruling.value,
            "reasons": [criterion.as_json() for criterion in self.reasons],
            "criteria": [criterion.as_json() for criterion in self.criteria],
            "needs_approval_by_person": self.needs_approval_by_person,
            "consent_scope": self.consent_scope,
            "model_digest": self.model_digest,
            "compared_with": list(self.rivals),
            "look": self.look,
            "advice": None if advice is None else vars(advice),
            "figures": self.figures,
            **({"languages": self._by_language()} if self.languages else {}),
        }

    def _by_language(self) -> dict[str, Any]:
        return {
            language: {
                "verdict": verdict.ruling.value,
                "compared_with": list(verdict.rivals),
                "figures": verdict.figures,
            }
            for language, verdict in self.languages.items()
        }


def judge(case: Case) -> Verdict:
    """Judge a case in every language of the voice; the gravest ruling is that of the voice.

    The same case gives the same verdict, to the last byte, anywhere.
    """
    own = judge_language(case)
    language = case.challenger.language
    missing = missing_languages(case.challenger, {language, *case.further}, case.unjudged)
    if not case.further and not missing:
        return own
    verdicts = {
        language: own,
        **{code: judge_language(other) for code, other in sorted(case.further.items())},
    }
    criteria = gather_criteria({code: v.criteria for code, v in verdicts.items()}, missing)
    ruling = worst(criterion.ruling for criterion in criteria)
    advice = gravest_advice(verdict.advice for verdict in verdicts.values())
    return replace(
        own,
        ruling=ruling,
        criteria=criteria,
        needs_approval_by_person=ruling is not Ruling.PASS
        or any(verdict.needs_approval_by_person for verdict in verdicts.values()),
        advice=advice if ruling is Ruling.INCONCLUSIVE else None,
        languages=verdicts,
    )


def judge_language(case: Case) -> Verdict:
    """Judge a case in its own language alone.

    HOLD > FAIL > INCONCLUSIVE > PASS. When the challenger's own evidence is not sound nothing is
    computed from it. Without a champion only floors (and gold) are judged, and a PASS needs a
    person; so does one under limits that are looser than before, and one of a voice of little data.
    """
    distrusted = distrust(case.challenger, "challenger", case.thresholds)
    if distrusted:
        return _verdict(case, distrusted, figures=None)
    slices = find_slices(case.challenger, case.thresholds)
    arm = build_arm(case.challenger, similarity_floor=case.thresholds.similarity_floor)
    ranges = find_ranges(case.challenger.ceiling)
    sound = hear_arm(case.challenger, ranges, case.thresholds)
    criteria = [
        *judge_floors(arm, case.thresholds),
        *judge_sound_floors(sound, ranges, case.thresholds),
        *judge_slice_floors(case.challenger, slices, case.thresholds),
    ]
    voice = describe_arm(arm, case.thresholds)
    criteria += judge_small_data(case.challenger, voice["similarity"], case.thresholds)
    criteria += judge_terms(case.challenger)
    beside: dict[str, dict[str, Any]] = {}
    for subject in RIVALS:
        if subject in case.rivals:
            found = _judge_rival(case, subject, sound)
            criteria += found.criteria
            beside[subject] = found.figures
    intervals = {**voice, **describe_sound(sound)}
    figures: dict[str, Any] = {name: value.as_json() for name, value in intervals.items()}
    figures["rivals"] = beside
    figures["similarity_p5"] = order_statistic(arm.similarities, 0.05) / 1_000_000
    figures["prompts"], figures["samples"] = len(arm.prompts), int(arm.samples.sum())
    return _verdict(case, criteria, figures=figures)


@dataclass(frozen=True, kw_only=True)
class _Comparison:
    criteria: Sequence[Criterion]
    figures: dict[str, Any] = field(default_factory=dict)


def _judge_rival(case: Case, subject: str, sound: ResampledSound) -> _Comparison:
    rival, thresholds, calibration = case.rivals[subject], case.thresholds, case.calibration
    distrusted = [
        *distrust(rival, subject, thresholds),
        *distrust_comparison(
            case.challenger, rival, subject, thresholds=thresholds, calibration=calibration
        ),
        *distrust_standing(case.standing),
    ]
    if distrusted or calibration is None:
        return _Comparison(criteria=distrusted)
    floor = thresholds.similarity_floor
    differences = compare_arms(
        build_arm(case.challenger, similarity_floor=floor),
        build_arm(rival, similarity_floor=floor),
        thresholds,
    )
    heard = hear_arm(rival, find_ranges(case.challenger.ceiling), thresholds)
    judged = judge_comparison(differences, subject, thresholds=thresholds, calibration=calibration)
    signed = None if case.standing is None else case.standing.trade
    criteria = [
        *apply_trade(judged, differences, subject, signed=signed),
        *judge_sound(
            sound,
            heard,
            subject,
            thresholds=thresholds,
            calibration=calibration,
            # Gold is the base before adaptation: it does not sound like the speaker.
            own=find_own(case.challenger.ceiling) if subject == GOLD else None,
        ),
        *judge_slice_regressions(
            case.challenger,
            rival,
            find_slices(case.challenger, thresholds),
            subject=subject,
            thresholds=thresholds,
            calibration=calibration,
        ),
    ]
    figures = {name: value.as_json() for name, value in describe_sound(heard).items()}
    return _Comparison(criteria=criteria, figures=figures)


def _verdict(
    case: Case, criteria: Sequence[Criterion], *, figures: Mapping[str, Any] | None
) -> Verdict:
    ruling = worst(criterion.ruling for criterion in criteria)
    return Verdict(
        ruling=ruling,
        criteria=tuple(criteria),
        needs_approval_by_person=_needs_person(case, ruling),
        consent_scope=case.challenger.consent_scope,
        model_digest=_text(case.challenger.model.get("digest")),
        rivals=tuple(subject for subject in RIVALS if subject in case.rivals),
        look=case.thresholds.look,
        advice=advise(criteria, case.thresholds) if ruling is Ruling.INCONCLUSIVE else None,
        figures=figures,
    )


def _needs_person(case: Case, ruling: Ruling) -> bool:
    loosened = case.standing is not None and bool(case.standing.loosened)
    small = is_small(case.challenger)
    return loosened or small or ruling is not Ruling.PASS or "champion" not in case.rivals


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
