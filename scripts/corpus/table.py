"""Figures of several recordings as Markdown: the import beside the plain way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scripts.corpus.measures import Score, WordRate
from scripts.corpus.watching import Took
from scripts.load.rows import Bound, at_least, at_most

__all__ = ["Case", "Made", "render"]

_PERCENT = 100.0
_HEAD = (
    "| | what | N | import | | target | plain `whisper.transcribe` |",
    "|---|---|---|---|---|---|---|",
)


@dataclass(frozen=True, kw_only=True)
class Made:
    """What one way made of a recording, and what it took; `took` is None where nobody looked."""

    score: Score
    took: Took | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """One recording, `minutes` of it by what sounds; a way that was not gone is None."""

    name: str
    minutes: Mapping[str, float]
    ours: Made | None = None
    plain: Made | None = None

    @property
    def duration_s(self) -> float:
        """Length of the recording."""
        return self.minutes["all"] * 60


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A line of the table: `value` of a way and the recording's seconds, `count` what it rests on.

    Only the import has a target.
    """

    what: str
    value: Callable[[Made, float], float | None]
    target: Bound | None = None
    count: Callable[[Score], int] | None = None


def render(cases: Sequence[Case]) -> str:
    """Return one table of all cases, and under it where the speech went that was not kept."""
    lines = [*_HEAD]
    for case in cases:
        lines += [
            f"| {case.name if line is _LINES[0] else ''} | {' | '.join(_cells(case, line))} |"
            for line in _LINES
        ]
    return "\n".join([*lines, "", *map(_told, cases), ""])


def _rate(rate: WordRate) -> float | None:
    return None if rate.rate is None else rate.rate * _PERCENT


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1e3


_LINES = (
    _Line(
        what="time, x the recording",
        value=lambda made, seconds: made.took.wall_s / seconds if made.took else None,
        target=at_most(1),
    ),
    _Line(
        what="processor time, x the recording",
        value=lambda made, seconds: made.took.cpu_s / seconds if made.took else None,
    ),
    _Line(what="peak memory, MB", value=lambda made, _: made.took.peak_mb if made.took else None),
    _Line(
        what="edge error, median, ms",
        value=lambda made, _: _ms(made.score.edges.median_s),
        target=at_most(50),
        count=lambda score: score.edges.edges,
    ),
    _Line(
        what="edge error, 95th percentile, ms",
        value=lambda made, _: _ms(made.score.edges.p95_s),
        target=at_most(200),
    ),
    _Line(what="edges amid speech", value=lambda made, _: made.score.edges.inside),
    _Line(
        what="speech kept, %",
        value=lambda made, _: made.score.kept_share * _PERCENT,
        target=at_least(97),
    ),
    _Line(
        what="speech kept or doubtful, %",
        value=lambda made, _: made.score.text_share * _PERCENT,
    ),
    _Line(
        what="others' speech in what is kept, %",
        value=lambda made, _: made.score.wrong_speaker_share * _PERCENT,
        target=at_most(0.5),
    ),
    _Line(
        what="WER of kept texts, %",
        value=lambda made, _: _rate(made.score.wer_kept),
        target=at_most(2),
        count=lambda score: score.wer_kept.words,
    ),
    _Line(
        what="WER of everything, %",
        value=lambda made, _: _rate(made.score.wer_everything),
        count=lambda score: score.wer_everything.words,
    ),
    _Line(
        what="WER where the speaker speaks, %",
        value=lambda made, _: _rate(made.score.wer_speaker),
    ),
    _Line(
        what="true words in no text, %",
        value=lambda made, _: made.score.words_lost / made.score.words_all * _PERCENT,
    ),
)


def _cells(case: Case, line: _Line) -> tuple[str, ...]:
    ours = line.value(case.ours, case.duration_s) if case.ours else None
    plain = line.value(case.plain, case.duration_s) if case.plain else None
    ruling = ""
    if line.target is not None and ours is not None:
        ruling = "met" if line.target.holds(ours) else "**missed**"
    return (
        line.what,
        str(line.count(case.ours.score)) if line.count and case.ours else "",
        _number(ours),
        ruling,
        f"{line.target.sign} {_number(line.target.number)}" if line.target else "",
        _number(plain),
    )


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3g}" if abs(value) < _PERCENT else f"{value:.0f}"


def _told(case: Case) -> str:
    minutes = (f"{name.replace('_', ' ')} {value:g}" for name, value in case.minutes.items())
    line = f"* {case.name}, minutes: {', '.join(minutes)}"
    if case.ours is None:
        return line
    score, took = case.ours.score, case.ours.took
    line += f"; {score.kept} kept, {score.doubtful} doubtful"
    for title, part in (
        ("seconds", score.seconds),
        ("speech without a text, seconds", score.lost),
        ("doubtful speech, seconds", score.doubts),
    ):
        told = ", ".join(f"{name} {value:.1f}" for name, value in part.items())
        line += f"; {title}: {told or 'none'}"
    return line + (f"; {took.machine}" if took else "")
