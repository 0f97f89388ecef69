"""`judge`: set the candidate against what is live and against gold, and offer it for a decision."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NamedTuple

from tasks.measuring.extension import MeasureBlocks
from tasks.measuring.rescore import Measure
from tasks.release.comparison import compare
from tasks.release.languages import MeasureIn
from tasks.release.report import publish_report
from voxgate.params import Params
from voxgate.release import candidates
from voxgate.release.desk import Desk
from voxgate.release.records import UNDECIDED, Judgement, Release

__all__ = ["Judged", "judge_candidate"]

_log = logging.getLogger(__name__)


class Judged(NamedTuple):
    """The verdict, its report in Markdown, and what people decided against the voice before."""

    verdict: str
    report: str
    objections: tuple[str, ...] = ()


def judge_candidate(
    desk: Desk,
    params: Params,
    version: int,
    *,
    measure: Measure | None = None,
    extend: MeasureBlocks | None = None,
    extend_in: MeasureIn | None = None,
    tell: Callable[[str], None] = _log.info,
) -> Judged:
    """Write the evidence bundle, judge it, and bind the verdict to the version in the ledger.

    An INCONCLUSIVE verdict is looked at again with the next block of prompts, as long as the gate
    advises it: all voices of the comparison speak what they have not spoken yet. Every look is in
    the ledger; the last one is the verdict. The bundle is named by the candidate, by what it was
    compared with, and by the look: the same comparison gives the same folders and the same bytes,
    so that a run which was killed between looks ends like a whole one.

    A rival that was measured in another frame speaks again (`measure` replaces how, `extend` how
    more prompts are spoken, `extend_in` how in a further language of `evaluate.prompts`; `tell` is
    told of each further look). A candidate is judged on the
    measurements that it was registered with: the last decimals of a second measuring are no news.
    About a decided version the verdict that it was decided on stands.

    Raises:
        UnknownVersionError: the candidate is not registered.
        GateError: a compared version has no evidence, or cannot speak more prompts.
        ExternalServiceError: MLflow or the ledger could not be reached.
    """
    book = desk.ledger.read(desk.model)
    release = book.require(version)
    objected = candidates.objections(book, version)
    if release.state not in UNDECIDED and release.judgement is not None:
        desk.follow()
        desk.notify()
        report = _standing_report(desk, release, release.judgement)
        return Judged(release.judgement.verdict, report + _said(objected), objected)
    comparison = compare(
        desk, params, book, release, measure=measure, extend=extend, extend_in=extend_in
    )
    look = 1
    found = comparison.judge(look)
    while found.goes_on:
        tell(comparison.note(found))
        look += 1
        tell(comparison.announce(look))
        found = comparison.judge(look)
    comparison.offer(found)
    publish_report(desk, params, version)
    desk.follow()
    desk.notify()
    return Judged(found.judgement.verdict, found.report + _said(objected), objected)


def _said(objected: tuple[str, ...]) -> str:
    lines = [f"- {each}" for each in objected]
    return "\n".join(["", "## Decided before", "", *lines, ""]) if lines else ""


def _standing_report(desk: Desk, release: Release, judgement: Judgement) -> str:
    path = desk.workspace.root / judgement.bundle / "report.md"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    return f"# {judgement.verdict}\n\nversion {release.version} is {release.state.value}\n"
