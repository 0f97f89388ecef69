"""Judge the data set as a whole, and count what became of its clips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from voxgate.corpus.data_size import find_lacks
from voxgate.corpus.validation.dossiers import Dossier
from voxgate.corpus.validation.expectations import SuiteResult
from voxgate.corpus.validation.findings import Severity
from voxgate.params import SizesParams, ValidateParams
from voxgate.stage import Reason

__all__ = ["judge_data_set", "report"]

REPORT_SCHEMA = 1
_SHOWN = 20
"""Speakers that get a reason each: people read all of them."""


def judge_data_set(
    dossiers: Sequence[Dossier],
    suites: Iterable[SuiteResult],
    *,
    consenting: Collection[str],
    params: ValidateParams,
    sizes: SizesParams,
) -> list[Reason]:
    """Return why the set must not be trained on; empty when it may.

    `consenting` names the speakers with a consent record.
    """
    reasons = _consent_faults(dossiers, consenting)
    usable = [dossier for dossier in dossiers if not dossier.rejected]
    reasons += find_lacks([dossier.kept_s for dossier in usable], sizes)
    quarantined = 1.0 - len(usable) / len(dossiers) if dossiers else 1.0
    if quarantined > params.max_quarantined_fraction:
        reasons.append(
            Reason(
                "too_much_quarantined",
                f"expected at most {params.max_quarantined_fraction:.0%} of the clips in "
                f"quarantine, got {quarantined:.0%}: the corpus or a threshold is wrong; see "
                "quarantine.csv",
            )
        )
    for suite in suites:
        reasons += [
            Reason("expectation_failed", f"{failure}; see data_docs/index.html")
            for failure in suite.failures()
        ]
    return reasons


def _consent_faults(dossiers: Iterable[Dossier], consenting: Collection[str]) -> list[Reason]:
    speakers = {dossier.clip.recording.speaker_id for dossier in dossiers}
    missing = sorted(speakers - set(consenting))
    whose = [f"speaker {speaker_id!r} has" for speaker_id in missing[:_SHOWN]]
    if further := missing[_SHOWN:]:
        whose.append(f"{len(further)} more speakers, {further[0]!r} to {further[-1]!r}, have")
    return [
        Reason(
            "speaker_without_consent",
            f"{who} recordings but no record in data/consent.yaml; add the record, or remove the "
            "recordings",
        )
        for who in whose
    ]


def report(dossiers: Sequence[Dossier]) -> dict[str, Any]:
    """Return counts and medians as JSON values.

    `wer_heard` is the corpus WER of everything that the recogniser heard, `wer_usable` that of what
    is kept: the latter is low by selection, and no figure of the recogniser's quality.
    """
    usable = [dossier for dossier in dossiers if not dossier.rejected]
    by_status = Counter(dossier.status for dossier in dossiers)
    return {
        "schema": REPORT_SCHEMA,
        "rows": len(dossiers),
        "accepted": by_status["accepted"],
        "fixed": by_status["fixed"],
        "quarantined": by_status["quarantined"],
        "accepted_s": round(sum(dossier.kept_s for dossier in usable), 3),
        "reasons": _counts(dossiers, Severity.REJECT),
        "warnings": _counts(usable, Severity.WARN),
        "fixes": _counts(usable, Severity.FIX),
        "heard": sum(dossier.rates is not None for dossier in dossiers),
        "wer_heard": _corpus_wer(dossiers),
        "wer_usable": _corpus_wer(usable),
        "medians": _medians(usable),
    }


def _counts(dossiers: Iterable[Dossier], severity: Severity) -> Mapping[str, int]:
    return dict(Counter(code for dossier in dossiers for code in dossier.codes(severity)))


def _corpus_wer(dossiers: Iterable[Dossier]) -> float | None:
    measured = [dossier.rates for dossier in dossiers if dossier.rates]
    words = sum(rates.words for rates in measured)
    errors = sum(rates.word_errors for rates in measured)
    return round(errors / words, 4) if words else None


def _medians(dossiers: Sequence[Dossier]) -> dict[str, float | None]:
    signals = [d.signal for d in dossiers if d.signal]
    return {
        "snr_db": _median(signal.snr_db for signal in signals),
        "bandwidth_hz": _median(signal.bandwidth_hz for signal in signals),
        "cer": _median(d.rates.cer for d in dossiers if d.rates),
        "speech_rate": _median(d.speech_rate for d in dossiers),
        "speaker_cosine": _median(d.speaker_cosine for d in dossiers),
    }


def _median(figures: Iterable[float | None]) -> float | None:
    values = sorted(figure for figure in figures if figure is not None)
    return round(float(values[len(values) // 2]), 4) if values else None
