"""Figures and judgements of sentences that nobody spoke."""

from __future__ import annotations

from voxgate.campaigns.quality.expected import SentenceKind
from voxgate.campaigns.quality.figures import MEASURES, SentenceFigures
from voxgate.campaigns.quality.rules import QualityRules, QualityState, SentenceQuality

__all__ = ["figures", "quality", "wide_rules"]


def wide_rules(**limits: float) -> QualityRules:
    """Rules that refuse nothing but what the given limits do."""
    wide = {m.fault: 1e6 if m.above else -1e6 for m in MEASURES}
    return QualityRules(limits={**wide, **limits})


def figures(
    *certain: str, kind: SentenceKind = SentenceKind.FRAME, **values: float
) -> SentenceFigures:
    """Figures of a sentence in which "hello" was heard."""
    return SentenceFigures(kind=kind, certain=certain, values=values, heard="hello")


def quality(*faults: str, **values: float) -> SentenceQuality:
    """The judgement of a sentence, which passed without faults."""
    return SentenceQuality(
        state=QualityState.FAILED if faults else QualityState.PASSED,
        kind=SentenceKind.FRAME,
        faults=faults,
        figures=values,
        rules_digest="0" * 64,
        heard_sha256=None,
    )
