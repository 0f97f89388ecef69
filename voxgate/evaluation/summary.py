"""Aggregates of one voice's rows, for selection, reports and metrics; the gate forms its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from voxgate.evaluation.evidence import ItemScore
from voxgate.evaluation.rates import ErrorCounts, corpus_rate, mean_rate

__all__ = ["Summary", "summarise"]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Figures over all measured samples; None where nothing was measured.

    `wer` and `cer` are corpus rates, `mean_wer` is the mean of per-utterance rates; those that end
    in `_whisper` are counted after Whisper's normaliser, as published figures are. "Words" are the
    unit of the language (`Evidence.unit`); `wer_toneless` is the rate without tones.
    `critical_error_rate` is the share of the words that must not change and were not heard.
    `catastrophes` counts samples with at least one, `catastrophic_prompts` prompts with at least
    one in any of their samples.
    """

    items: int
    unmeasured: int
    prompts: int
    wer: float | None
    mean_wer: float | None
    cer: float | None
    wer_whisper: float | None
    mean_wer_whisper: float | None
    similarity: float | None
    similarity_p5: float | None
    duration_ratio: float | None
    critical_error_rate: float | None
    catastrophic_prompts: int
    catastrophes: int
    catastrophe_codes: dict[str, int]
    wer_toneless: float | None = None

    def as_json(self) -> dict[str, object]:
        """Return the figures as JSON values; a language without tones has no rate without them."""
        figures = asdict(self)
        if self.wer_toneless is None:
            del figures["wer_toneless"]
        return figures


def summarise(rows: Sequence[ItemScore]) -> Summary:
    """Aggregate rows; unmeasured ones are counted, not averaged."""
    measured = [row for row in rows if row.fault is None]
    words = [_counts(row.word_errors, row.ref_words) for row in measured]
    characters = [_counts(row.char_errors, row.ref_chars) for row in measured]
    whisper = [_counts(row.whisper_word_errors, row.whisper_ref_words) for row in measured]
    similarities = sorted(row.similarity for row in measured if row.similarity is not None)
    ratios = [row.duration_ratio for row in measured if row.duration_ratio is not None]
    codes = Counter(code for row in measured for code in row.catastrophes)
    return Summary(
        items=len(rows),
        unmeasured=len(rows) - len(measured),
        prompts=len({row.prompt_id for row in rows}),
        wer=_rounded(corpus_rate(words)),
        mean_wer=_rounded(mean_rate(words)),
        cer=_rounded(corpus_rate(characters)),
        wer_whisper=_rounded(corpus_rate(whisper)),
        mean_wer_whisper=_rounded(mean_rate(whisper)),
        similarity=_mean(similarities),
        similarity_p5=similarities[int(0.05 * len(similarities))] if similarities else None,
        duration_ratio=_mean(ratios),
        critical_error_rate=_rounded(_critical_rate(measured)),
        catastrophic_prompts=len({row.prompt_id for row in measured if row.catastrophes}),
        catastrophes=sum(1 for row in measured if row.catastrophes),
        catastrophe_codes=dict(sorted(codes.items())),
        wer_toneless=_rounded(_toneless_rate(measured)),
    )


def _toneless_rate(rows: Sequence[ItemScore]) -> float | None:
    return corpus_rate(
        _counts(row.toneless_errors, row.ref_words)
        for row in rows
        if row.toneless_errors is not None
    )


def _critical_rate(rows: Sequence[ItemScore]) -> float | None:
    asked = sum(row.critical_words or 0 for row in rows)
    return sum(row.critical_errors or 0 for row in rows) / asked if asked else None


def _counts(errors: int | None, reference: int | None) -> ErrorCounts:
    assert errors is not None
    assert reference is not None
    return ErrorCounts(errors=errors, reference=reference)


def _mean(values: Sequence[float]) -> float | None:
    return _rounded(sum(values) / len(values)) if values else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
