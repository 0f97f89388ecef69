"""The verdict as one HTML file: what the bundle says, and beside it what is around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from voxgate.evaluation.evidence import ItemScore
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.gate.bundle import Bundle
from voxgate.gate.criterion import Criterion, Ruling
from voxgate.gate.verdict import Case, Verdict, judge
from voxgate.reporting.choice import choose_samples
from voxgate.reporting.document import Clip, PromptText, Surroundings
from voxgate.reporting.environment import open_templates
from voxgate.reporting.figures import Figure, bounds_of, find_figures, voices
from voxgate.reporting.numbers import bounds, is_figure, plain, title_of
from voxgate.reporting.pictures import IntervalPicture, draw_intervals, draw_spread
from voxgate.reporting.slices import find_slice_rows
from voxgate.reporting.spread import find_spreads
from voxgate.reporting.words import Word, align_words
from voxgate.text.counting_units import CountingUnit

__all__ = ["render_page"]

_SENTENCES = {
    Ruling.PASS: "The voice may be released: every criterion is met.",
    Ruling.FAIL: "The voice may not be released: it is worse than it is allowed to be.",
    Ruling.INCONCLUSIVE: "The samples cannot decide whether the voice is good enough.",
    Ruling.HOLD: "Nothing is decided: what was measured cannot be trusted.",
}


_DRAWN_FIRST = 6
"""Differences that are drawn in any case; whatever is not a PASS is drawn before."""


@dataclass(frozen=True, kw_only=True)
class _Sample:
    """One sample beside what the rivals said at the same prompt and seed."""

    row: ItemScore
    prompt: PromptText | None
    clips: tuple[tuple[str, ItemScore | None, Clip, list[Word]], ...]


def render_page(bundle: Bundle, around: Surroundings) -> str:
    """Return the page; the same bundle and surroundings give the same bytes, anywhere."""
    case = bundle.case
    verdict = judge(case)
    own = verdict.languages.get(case.challenger.language, verdict)
    figures, silent = find_figures(case, own)
    spreads, unmeasured = find_spreads(voices(case))
    choice = choose_samples(case.challenger, bundle.digest)
    differences = sorted(
        _differences(own, case.challenger.unit),
        key=lambda pair: pair[0].ruling is Ruling.PASS,
    )
    open_ones = sum(criterion.ruling is not Ruling.PASS for criterion, _ in differences)
    return open_templates().get_template("page.html.j2").render(
        sentence=_SENTENCES[verdict.ruling],
        verdict=verdict,
        case=case,
        bundle=bundle,
        around=around,
        subjects=list(voices(case)),
        figures=figures,
        figure_pictures=[_figure_picture(f) for f in figures if f.name not in MEASURES],
        rate=case.challenger.unit.rate,
        differences=differences,
        drawn_first=max(open_ones, _DRAWN_FIRST),
        spreads=[draw_spread(spread) for spread in spreads],
        worst=[_sample(case, row, around) for row in choice.worst],
        random=[_sample(case, row, around) for row in choice.random],
        slices=find_slice_rows(case, own) if verdict.figures is not None else [],
        checkpoints=_checkpoints(case),
        missing=list(_missing(case, around, silent, unmeasured)),
        bounds=bounds,
        plain=plain,
        is_figure=is_figure,
    )  # fmt: skip


def _figure_picture(figure: Figure) -> IntervalPicture:
    beside = {"real": figure.real, "strangers": figure.strangers}
    marks = [("limit", at) for at in figure.limits]
    marks += [(what, at) for what, at in beside.items() if at is not None]
    return draw_intervals(
        figure.title,
        {who: value for who, value in figure.values.items() if is_figure(value)},
        marks,
        name=figure.name,
    )


def _differences(
    verdict: Verdict, unit: CountingUnit
) -> Iterator[tuple[Criterion, IntervalPicture]]:
    """Yield the intervals of criteria that set the challenger beside a rival."""
    for criterion in verdict.criteria:
        if criterion.subject in verdict.rivals and is_figure(criterion.measured):
            marks = [("no difference", 0.0)]
            marks += [("margin", at) for at in bounds_of(criterion.threshold)]
            name = criterion.code.partition("_versus_")[0]
            title = f"{title_of(name, unit)}: challenger minus"
            yield (
                criterion,
                draw_intervals(
                    f"{title} {criterion.subject}",
                    {"difference": criterion.measured},
                    marks,
                    name=criterion.code,
                ),
            )


def _sample(case: Case, row: ItemScore, around: Surroundings) -> _Sample:
    prompt = around.prompts.get(row.prompt_id)
    beside = []
    for subject, evidence in voices(case).items():
        clip = around.clips.get((subject, *row.item))
        if clip is None:
            if subject == "gold" and "champion" in case.rivals:
                continue  # the champion is what it is heard beside
            clip = Clip(missing="the recording was not given to this report")
        found = next((other for other in evidence.rows if other.item == row.item), None)
        words = align_words(prompt.words, clip.words) if prompt is not None else []
        beside.append((subject, found, clip, words))
    return _Sample(row=row, prompt=prompt, clips=tuple(beside))


def _checkpoints(case: Case) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the columns and the rows of how each checkpoint did; digests are in provenance."""
    found = case.challenger.selection.get("checkpoints")
    rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    columns: dict[str, None] = {}
    for row in rows:
        for name, value in row.items():
            if name not in {"digest", "chosen"} and not isinstance(value, (dict, list)):
                columns[name] = None
    return list(columns), rows


def _missing(
    case: Case, around: Surroundings, silent: tuple[str, ...], unmeasured: tuple[str, ...]
) -> Iterator[str]:
    yield from silent
    if unmeasured:
        yield f"not measured in this evidence: {', '.join(unmeasured)}"
    if "champion" not in case.rivals:
        yield "there was no champion to compare with"
    if case.calibration is None:
        yield "there was no calibration record"
    yield from around.missing
