"""What an importer made of a recording, held against the truth: seconds, words, edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from scripts.corpus.assignment import assign_words
from scripts.corpus.cuts import Cut
from scripts.corpus.edge_errors import EdgeErrors, measure_edges
from scripts.corpus.truth import Kind, Truth
from scripts.corpus.wording import Wording
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Status
from voxgate.evaluation.rates import ErrorCounts
from voxgate.types import HEARING_RATE_HZ

__all__ = ["Score", "WordRate", "score_cuts"]

_WITH_TEXT = frozenset({Status.KEPT, Status.DOUBTFUL})


@dataclass(frozen=True, kw_only=True)
class WordRate:
    """Word errors over `words` true words; `rate` is None where there are none."""

    errors: int
    words: int

    @property
    def rate(self) -> float | None:
        """Errors a true word."""
        return self.errors / self.words if self.words else None


@dataclass(frozen=True, kw_only=True)
class Score:
    """Figures of one recording. Speech is that of the wanted speaker, without its pauses.

    edges: of kept cuts in which the wanted speaker speaks longest.
    wer_kept, wer_everything: of kept texts, and of kept and doubtful ones, with every word of
        anybody else that they hold; wer_speaker: of those in which the wanted speaker speaks
        longest.
    words_lost: true words in no text; words_all: true words there are.
    speech_s: seconds of speech by the status in which they are; `nowhere` is in no cut.
    lost: seconds of speech that no text has, by status and first reason.
    doubts: seconds of doubtful speech by reason; a cut counts in each of its reasons.
    wrong_speaker_kept_s, sounds_kept_s: seconds of others' speech and of sounds in kept cuts.
    seconds: of the recording by status.
    """

    edges: EdgeErrors
    wer_kept: WordRate
    wer_everything: WordRate
    wer_speaker: WordRate
    words_lost: int
    words_all: int
    speech_s: Mapping[str, float]
    lost: Mapping[str, float]
    doubts: Mapping[str, float]
    wrong_speaker_kept_s: float
    sounds_kept_s: float
    seconds: Mapping[str, float]
    kept: int
    doubtful: int

    @property
    def kept_share(self) -> float:
        """Share of the speech that is in kept cuts."""
        return self.speech_s.get(Status.KEPT, 0.0) / sum(self.speech_s.values())

    @property
    def text_share(self) -> float:
        """Share of the speech that is in kept or doubtful cuts."""
        texts = sum(self.speech_s.get(status, 0.0) for status in _WITH_TEXT)
        return texts / sum(self.speech_s.values())

    @property
    def wrong_speaker_share(self) -> float:
        """Share of the kept seconds in which somebody else speaks."""
        kept = self.seconds.get(Status.KEPT, 0.0)
        return self.wrong_speaker_kept_s / kept if kept else 0.0

    def as_json(self) -> dict[str, object]:
        """Return everything, shares and rates too, as JSON values."""
        rates = {
            name: {**asdict(rate), "rate": rate.rate}
            for name in ("wer_kept", "wer_everything", "wer_speaker")
            if isinstance(rate := getattr(self, name), WordRate)
        }
        shares = ("kept_share", "text_share", "wrong_speaker_share")
        return {**asdict(self), **rates, **{name: getattr(self, name) for name in shares}}


def score_cuts(truth: Truth, cuts: Sequence[Cut], wording: Wording, *, room_s: float) -> Score:
    """Measure cuts (in order, apart) against the truth; `room_s` is what they leave at edges."""
    wanted = [span for event in truth.wanted for span in event.speech]
    others = [span for event in truth.others for span in event.speech]
    sounds = [event.span for event in truth.events if event.kind is not Kind.SPEECH]
    said = [(_overlap(cut.span, wanted), _overlap(cut.span, others)) for cut in cuts]
    mine = {place for place, (own, other) in enumerate(said) if own > other}
    assigned = assign_words(truth.wanted, cuts, wording)
    kept = [place for place, cut in enumerate(cuts) if cut.status is Status.KEPT]
    everything = [place for place, cut in enumerate(cuts) if cut.status in _WITH_TEXT]
    rates = {
        name: _rate(assigned.counts, places)
        for name, places in (
            ("wer_kept", kept),
            ("wer_everything", everything),
            ("wer_speaker", [place for place in everything if place in mine]),
        )
    }
    return Score(
        edges=measure_edges(truth, [cuts[place] for place in kept if place in mine], room_s=room_s),
        **rates,
        words_lost=assigned.lost,
        words_all=assigned.lost + sum(count.reference for count in assigned.counts.values()),
        speech_s=_by_status(wanted, cuts, [own for own, _ in said]),
        lost=_by_reason((c, own) for c, (own, _) in zip(cuts, said, strict=True)),
        doubts=_doubts((c, own) for c, (own, _) in zip(cuts, said, strict=True)),
        wrong_speaker_kept_s=_seconds(sum(said[place][1] for place in kept)),
        sounds_kept_s=_seconds(sum(_overlap(cuts[place].span, sounds) for place in kept)),
        seconds=_seconds_by(Counter(), ((c.status.value, c.span.n_samples) for c in cuts)),
        kept=len(kept),
        doubtful=len(everything) - len(kept),
    )


def _rate(counts: Mapping[int, ErrorCounts], places: Iterable[int]) -> WordRate:
    chosen = [counts[place] for place in places]
    return WordRate(
        errors=sum(count.errors for count in chosen), words=sum(one.reference for one in chosen)
    )


def _by_status(
    wanted: Sequence[Span], cuts: Sequence[Cut], said: Sequence[int]
) -> dict[str, float]:
    nowhere = sum(span.n_samples for span in wanted) - sum(said)
    by_status = ((cut.status.value, own) for cut, own in zip(cuts, said, strict=True))
    return _seconds_by(Counter({"nowhere": nowhere} if nowhere else {}), by_status)


def _by_reason(said: Iterable[tuple[Cut, int]]) -> dict[str, float]:
    return _seconds_by(
        Counter(),
        (
            (": ".join([cut.status.value, *cut.reasons[:1]]), own)
            for cut, own in said
            if cut.status not in _WITH_TEXT
        ),
    )


def _doubts(said: Iterable[tuple[Cut, int]]) -> dict[str, float]:
    doubtful = [(cut, own) for cut, own in said if cut.status is Status.DOUBTFUL]
    return _seconds_by(
        Counter(), ((code, own) for cut, own in doubtful for code in set(cut.reasons))
    )


def _seconds_by(samples: Counter[str], more: Iterable[tuple[str, int]]) -> dict[str, float]:
    for name, count in more:
        samples[name] += count
    return {name: _seconds(count) for name, count in sorted(samples.items()) if count}


def _overlap(span: Span, others: Sequence[Span]) -> int:
    return sum(span.overlap(other) for other in others)


def _seconds(samples: int) -> float:
    return round(samples / HEARING_RATE_HZ, 3)
